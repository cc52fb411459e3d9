"""Templates, compiled once per language, and the addresses of what they link to.

A page is rendered from a view (plain values, see `views`) and a `Frame`; templates decide nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.compiler import CodeGenerator
from jinja2.compiler import Frame as CompilerFrame
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from gateway.web.assets import STATIC, addresses
from gateway.web.speech import Speech, speeches

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page.

    `person` is the name of who is signed in, `section` the part of the site one is in, `address` the path and
    query that signing in or changing the language comes back to, `in_office` whether they have a role besides staff,
    `toast` what was just done, in words. `as_of` is the time from which on changes may be missing, `later` says that
    what is asked for is answered later.
    """

    person: Markup | None
    section: str
    address: str
    demonstration: bool = False
    read_only: bool = False
    in_office: bool = False
    toast: str | None = None
    as_of: str | None = None
    later: bool = False


class Pages:
    """All templates in all languages."""

    def __init__(self) -> None:
        self.speeches = speeches()
        self._environments = {tag: _environment(speech) for tag, speech in self.speeches.items()}

    def speech(self, language: str) -> Speech:
        """The words of a language."""
        return self.speeches[language]

    def render(self, template: str, language: str, frame: Frame, /, **view: Any) -> str:
        """The page as HTML. A name that the template needs and the view lacks is an error, never a blank."""
        return self._environments[language].get_template(template).render(frame=frame, **view)


@cache
def pages() -> Pages:
    """The one set of templates of this process."""
    return Pages()


def mark_drawing() -> Markup:
    """Our mark as a part of a page, which so needs one request less."""
    drawing = (STATIC / "mark.svg").read_text(encoding="utf-8").strip()
    # Markup: a file of ours, no word in it is anybody else's.
    return Markup(drawing.replace("<svg ", '<svg class="mark" aria-hidden="true" ', 1))  # noqa: S704


def mark_address() -> str:
    """Our mark as an address that holds it."""
    return f"data:image/svg+xml,{quote((STATIC / 'mark.svg').read_text(encoding='utf-8').strip())}"


class _Translating(NodeTransformer):
    """Puts fixed words into the compiled template, so that no request looks them up."""

    def __init__(self, speech: Speech) -> None:
        self._speech = speech

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - the name jinja2 looks for
        self.generic_visit(node)
        if not (isinstance(node.node, nodes.Name) and node.node.name == "_") or node.kwargs:
            return node
        (words,) = node.args
        if not isinstance(words, nodes.Const):
            return node
        return nodes.Const(self._speech.gettext(words.value), lineno=node.lineno)


def _environment(speech: Speech) -> Environment:
    class Generator(CodeGenerator):
        def visit_Template(self, node: nodes.Template, frame: CompilerFrame | None = None) -> None:  # noqa: N802
            super().visit_Template(_Translating(speech).visit(node), frame)

    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    environment.code_generator_class = Generator
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        speech.gettext, speech.ngettext, newstyle=True
    )
    environment.globals |= {
        "static": addresses(),
        "language": speech.language,
        "mark": mark_drawing(),
        "mark_address": mark_address(),
    }
    for name in environment.list_templates():
        environment.get_template(name)
    return environment
