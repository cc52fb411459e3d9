"""Words for the codes of SIGs. The English is the key of the catalogue."""

from __future__ import annotations

from gateway.web.speech import mark

STATUSES = {
    "proposed": mark("Seeking support"),
    "sent_back": mark("Being revised"),
    "declined": mark("Declined"),
    "active": mark("Active"),
    "closed": mark("Closed"),
}
BADGES = {
    "proposed": "waiting",
    "sent_back": "waiting",
    "declined": "cancelled",
    "active": "confirmed",
    "closed": "over",
}
"""Which badge of `words.STATUSES` looks like it."""
JOINING = {
    "open": mark("Open to everyone."),
    "request": mark("One asks to join, and a convenor decides."),
    "invitation": mark("The convenors invite."),
}
STANDINGS = {
    "member": mark("You are a member."),
    "requested": mark("You have asked to join; a convenor decides."),
    "invited": mark("You are invited."),
}
KINDS = {"minutes": mark("Minutes"), "output": mark("Output")}
HOW = {
    "proposer": mark("proposed it"),
    "open": mark("joined"),
    "school": mark("joined with their school"),
    "request": mark("asked and was admitted"),
    "invitation": mark("was invited"),
}
REASONS = {"term_ended": mark("Its term ended without a renewal.")}
"""Reasons that nobody wrote."""
DONE = {
    "proposed": mark("Proposed"),
    "revised": mark("Charter revised"),
    "supported": mark("%(school)s supports it"),
    "withdrew": mark("%(school)s supports it no longer"),
    "chartered": mark("Chartered until %(until)s"),
    "sent_back": mark("Sent back to be revised"),
    "declined": mark("Declined"),
    "school_joined": mark("%(school)s joined as a whole"),
    "school_withdrew": mark("%(school)s is no longer in as a whole"),
    "submitted": mark("Renewal submitted"),
    "renewed": mark("Renewed until %(until)s"),
    "not_renewed": mark("Not renewed"),
    "closed": mark("Closed"),
    "reopened": mark("Reopened until %(until)s"),
}
