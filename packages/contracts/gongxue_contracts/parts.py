"""What the contracts of several services speak of: counties, text in two languages, and who acts."""

from gongxue_contracts import fields
from gongxue_contracts.contract import Contract

COUNTIES = (
    "keelung", "taipei", "new-taipei", "taoyuan", "hsinchu-city", "hsinchu-county", "miaoli", "taichung",
    "changhua", "nantou", "yunlin", "chiayi-city", "chiayi-county", "tainan", "kaohsiung", "pingtung",
    "yilan", "hualien", "taitung", "penghu", "kinmen", "lienchiang",
)  # fmt: skip
"""The 22 counties and cities of Taiwan, from north to south, then east, then the islands."""


class Text(Contract):
    """One line in two languages. zh-Hant is always there, English may be empty."""

    zh = fields.Line(300)
    en = fields.Line(300, blank=True)


class LongText(Contract):
    """Paragraphs in two languages. zh-Hant is always there, English may be empty."""

    zh = fields.Prose(10_000)
    en = fields.Prose(10_000, blank=True)


class Actor(Contract):
    """Who gives a command: in which role, and for which school (`center` for the Promotion Center)."""

    person = fields.Matching(fields.ID)
    school = fields.Matching(fields.SLUG)
    role = fields.Choice("staff", "window", "host", "center", "operator")
