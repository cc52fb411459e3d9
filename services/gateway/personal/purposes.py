"""What people's data are used for: what is necessary and why, and what anybody may agree to or not.

A wording is never changed: other words are another version, so that it stays known what somebody agreed to.
"""

from __future__ import annotations

from dataclasses import dataclass

from gateway.read_model.documents import Text


@dataclass(frozen=True, slots=True)
class Purpose:
    """What for, in which words (`wording` names their version), and on what basis of law if it is not consent."""

    id: str
    wording: str
    title: Text
    words: Text


NECESSARY = (
    Purpose(
        "account",
        "2026-11",
        {"zh": "讓您登入並認得您", "en": "Knowing who you are"},
        {
            "zh": "姓名、學校、電子郵件與語言，讓您能登入，主辦單位也能在名單上認得您。",
            "en": "Your name, school, e-mail address and language let you sign in, and let hosts know you on a roster.",
        },
    ),
    Purpose(
        "registration",
        "2026-11",
        {"zh": "報名與相關通知", "en": "Registrations and notices about them"},
        {
            "zh": "您報名的活動、名額或候補順位，以及確認、異動與取消的通知。",
            "en": "What you register for, your seat or place in line, and notices of confirmations, changes and "
            "cancellations.",
        },
    ),
)
"""Without these there is no registration: PDPA article 19 (1) 2, GDPR article 6 (1) b."""

OPTIONAL = (
    Purpose(
        "photos",
        "2026-11",
        {"zh": "活動照片與影片", "en": "Photos and films of activities"},
        {
            "zh": "主辦單位與推動中心可將我出現其中的活動照片與影片用於成果報告與網站。",
            "en": "Hosts and the Promotion Center may use photos and films of activities that show me in reports and "
            "on websites.",
        },
    ),
    Purpose(
        "newsletter",
        "2026-11",
        {"zh": "電子報", "en": "Newsletter"},
        {
            "zh": "推動中心可寄給我跨校活動與案例的電子報。",
            "en": "The Promotion Center may send me a newsletter about activities and cases of all schools.",
        },
    ),
)
"""Only with consent: PDPA article 19 (1) 5, GDPR article 6 (1) a."""
