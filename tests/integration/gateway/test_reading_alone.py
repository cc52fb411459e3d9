"""With everything behind the gateway stopped its pages go on, and say that changes wait."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from toys.waiting import eventually

from onemachine.services import CONSUMERS, Settings
from onemachine.stack import Stack, stop_together

PAGES = ("/", "/activities", "/schools", "/activities/{activity}", "/schools/nchu")
WAITS, LATER, READ_ONLY = "Changes wait", "Answers come later", "Reading only"


@pytest.fixture(scope="module")
def stack(new_stack: Callable[..., Stack]) -> Stack:
    """With demo data, and nobody else's: most of it is stopped."""
    from onemachine import demo

    found = new_stack(Settings())
    demo.load(found)
    return found


def look(stack: Stack, path: str) -> httpx.Response:
    with httpx.Client(base_url=stack.url, headers={"accept-language": "en"}, timeout=10) as nobody:
        return nobody.get(path, follow_redirects=True)


def says(stack: Stack, words: str) -> bool:
    answer = look(stack, "/schools")
    assert answer.status_code == 200
    return words in answer.text


def test_pages_go_on_and_say_that_changes_wait_until_all_is_back(stack: Stack) -> None:
    listed = look(stack, "/api/v1/activities").json()["items"]
    pages = [path.format(activity=listed[0]["id"]) for path in PAGES]
    before = {path: look(stack, path) for path in pages}
    assert {path: answer.status_code for path, answer in before.items()} == dict.fromkeys(pages, 200)
    assert not any(
        notice in answer.text for answer in before.values() for notice in (WAITS, LATER, READ_ONLY)
    )

    registration = stack.process("registration")
    registration.stop()
    eventually(lambda: says(stack, LATER), 30)
    assert not says(stack, WAITS)

    stop_together(stack.process(name) for name in CONSUMERS)
    eventually(lambda: says(stack, WAITS), 40)

    stack.process("broker").kill9()
    eventually(lambda: says(stack, READ_ONLY), 30)
    for path in pages:
        answer = look(stack, path)
        assert (path, answer.status_code) == (path, 200)
        assert WAITS in answer.text
        assert listed[0]["title"]["en"] in answer.text or "activit" not in path

    stack.process("broker").start()
    stack.process("broker").wait_ready(60)
    for name in CONSUMERS:
        stack.process(name).start()
    stack.wait_ready()
    eventually(lambda: not any(says(stack, notice) for notice in (WAITS, LATER, READ_ONLY)), 60)
