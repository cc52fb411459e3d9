"""What a letter about a SIG says. The English texts are the message ids of the catalogues below `locale`."""

from __future__ import annotations

from gettext import NullTranslations

from notification.domain.letter import Letter

_TERM_ENDED = "term_ended"
"""The reason in the fact when nobody closed it."""


def told(letter: Letter, texts: NullTranslations) -> tuple[str, list[str]]:
    """Subject and paragraphs."""
    _ = texts.gettext
    subject, words = {
        "sig_chartered": (
            _("SIG chartered"),
            _("The Promotion Center has chartered the SIG that you proposed."),
        ),
        "sig_sent_back": (
            _("Proposal sent back"),
            _("The Promotion Center has sent your proposal back. Please revise it on its page."),
        ),
        "sig_declined": (_("Proposal declined"), _("The Promotion Center has declined your proposal.")),
        "sig_asked": (
            _("Somebody asks to join"),
            _("Somebody asks to join the SIG that you convene. Please decide on its page."),
        ),
        "sig_admitted": (_("You are a member"), _("A convenor has granted your request to join.")),
        "sig_invited": (
            _("You are invited"),
            _(
                "A convenor invites you to join. You can do so on the SIG’s page, without being asked anything."
            ),
        ),
        "sig_ended": (
            _("No longer a member"),
            _("Your membership, your request or your invitation has been ended by a convenor or the Center."),
        ),
        "sig_convenor": (
            _("You convene a SIG"),
            _("You have been named a convenor. Your term is on the SIG’s page."),
        ),
        "sig_renewed": (_("SIG renewed"), _("The Promotion Center has renewed the SIG that you convene.")),
        "sig_not_renewed": (
            _("SIG not renewed"),
            _("The Promotion Center has not renewed the SIG. Its term stays what it is; you may ask again."),
        ),
        "sig_closed": (_("SIG closed"), _("The SIG that you convene has been closed. It stays on show.")),
        "sig_reopened": (_("SIG reopened"), _("The Promotion Center has reopened the SIG that you convene.")),
    }[letter.delivery.kind]
    if letter.delivery.kind == "sig_closed" and letter.reason == _TERM_ENDED:
        return subject, [
            _("The term of the SIG that you convene ended without a renewal. It stays on show."),
            _("The Promotion Center can reopen it."),
        ]
    reason = _("The reason: %(reason)s") % {"reason": letter.reason}
    return subject, [words, reason] if letter.reason.strip() else [words]
