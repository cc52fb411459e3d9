"""How people sign in, and where they are signed in, as the API takes and shows it."""

from __future__ import annotations

from marshmallow import RAISE
from marshmallow import fields as plain

from gongxue_contracts import fields
from gongxue_contracts.contract import Contract, Part

HASH = r"^[0-9a-f]{64}$"


class OwnSession(Contract):
    """`provider` is the school at which one signed in, `agent` what the browser calls itself, `here` this one."""

    id = fields.Matching(HASH)
    provider = fields.Line(60)
    agent = fields.Line(60, blank=True)
    begun = fields.Time()
    seen = fields.Time()
    expires = fields.Time()
    here = fields.Flag()


class OwnSessions(Contract):
    items = plain.List(Part(OwnSession), required=True)


class Way(Contract):
    """One way in which one signs in: the subject of an issuer."""

    id = fields.Matching(HASH)
    issuer = fields.Line(300)
    subject = fields.Line(255)
    linked_at = fields.Time()


class Ways(Contract):
    items = plain.List(Part(Way), required=True)


class NewSignIn(Contract):
    """`issuer` is null for a school without a provider. `client_secret`: left out, the one there is stays.

    `mail_domains` are those of the school's addresses; with `mail_links` links are mailed besides the provider.
    """

    issuer = fields.Line(300, allow_none=True)
    client_id = fields.Line(200, blank=True, required=False, load_default="")
    client_secret = fields.Line(500, blank=True, required=False)
    name_claim = fields.Line(100, required=False, load_default="name")
    email_claim = fields.Line(100, required=False, load_default="email")
    mail_domains = fields.Items(fields.Line(253), most=20)
    mail_links = fields.Flag(required=False, load_default=False)


class SignInOfSchool(Contract):
    """What is set, without the secret, and the addresses that the provider must be told."""

    school = fields.Matching(fields.SLUG)
    issuer = fields.Line(300, allow_none=True)
    client_id = fields.Line(200, blank=True)
    has_client_secret = fields.Flag()
    name_claim = fields.Line(100)
    email_claim = fields.Line(100)
    mail_domains = plain.List(fields.Line(253), required=True)
    mail_links = fields.Flag()
    checked_at = fields.Time(allow_none=True)
    redirect_uri = fields.Line(400)
    backchannel_logout_uri = fields.Line(400)
    post_logout_redirect_uri = fields.Line(400)


OWN_SESSIONS = OwnSessions()
WAYS = Ways()
NEW_SIGN_IN = NewSignIn(unknown=RAISE)
SIGN_IN_OF_SCHOOL = SignInOfSchool()
