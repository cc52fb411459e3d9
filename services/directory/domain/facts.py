"""What happened to a school. These classes are what the log stores: their names and fields are for ever."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A text in both languages; `en` may be empty."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What everybody may know of a school; what is not known for sure is None.

    `county` is a slug, `ror` the nine characters of a ROR id, `moe_code` the Ministry's four digits.
    """

    name: Text
    county: str
    ror: str | None = None
    moe_code: str | None = None
    website: str | None = None
    summary: Text | None = None


@dataclass(frozen=True, slots=True)
class SchoolAdmitted:
    """The school belongs to the network."""

    school: str
    profile: Profile


@dataclass(frozen=True, slots=True)
class SchoolDescribed:
    """The school's profile as it is from now on; `changed` names its fields that are new."""

    school: str
    profile: Profile
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SchoolRenamed:
    """The same school under another name."""

    school: str
    name: Text
    former_name: Text


@dataclass(frozen=True, slots=True)
class SchoolSuspended:
    """The school takes no part until it is reinstated."""

    school: str
    reason: str


@dataclass(frozen=True, slots=True)
class SchoolReinstated:
    """The school takes part again."""

    school: str


@dataclass(frozen=True, slots=True)
class SchoolMerged:
    """The school lives on in another one. Nothing happens to it after this."""

    school: str
    into: str


@dataclass(frozen=True, slots=True)
class WindowAppointed:
    """The person speaks for the school."""

    school: str
    person: str


@dataclass(frozen=True, slots=True)
class WindowDismissed:
    """The person no longer speaks for the school."""

    school: str
    person: str


Fact = (
    SchoolAdmitted
    | SchoolDescribed
    | SchoolRenamed
    | SchoolSuspended
    | SchoolReinstated
    | SchoolMerged
    | WindowAppointed
    | WindowDismissed
)

FACTS: tuple[type, ...] = (
    SchoolAdmitted,
    SchoolDescribed,
    SchoolRenamed,
    SchoolSuspended,
    SchoolReinstated,
    SchoolMerged,
    WindowAppointed,
    WindowDismissed,
)
