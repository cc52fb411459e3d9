"""What happened to schools and roles. These classes are what the log stores: their names and fields are for ever."""

from dataclasses import dataclass
from datetime import date

from directory.domain.actor import Actor


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
class RoleGranted:
    """The person holds the role at the school `scope`, or in the network if that is `center`, in place of any term
    there was. The days belong to the term; None: at once, until it is revoked."""

    scope: str
    person: str
    role: str
    starts_on: date | None
    ends_on: date | None
    by: Actor


@dataclass(frozen=True, slots=True)
class RoleRevoked:
    """The person no longer holds the role."""

    scope: str
    person: str
    role: str
    reason: str
    by: Actor


Fact = SchoolAdmitted | SchoolDescribed | SchoolRenamed | SchoolSuspended | SchoolReinstated | SchoolMerged
RoleFact = RoleGranted | RoleRevoked

FACTS: tuple[type, ...] = (
    SchoolAdmitted,
    SchoolDescribed,
    SchoolRenamed,
    SchoolSuspended,
    SchoolReinstated,
    SchoolMerged,
)
ROLE_FACTS: tuple[type, ...] = (RoleGranted, RoleRevoked)
