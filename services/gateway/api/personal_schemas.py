"""People's own data as the API takes and shows them."""

from __future__ import annotations

from marshmallow import RAISE
from marshmallow import fields as plain

from gateway.personal.erasures import SERVICES, STATES
from gateway.personal.purposes import OPTIONAL
from gongxue_contracts import fields
from gongxue_contracts.contract import Contract, Part

EXPORT_ID = r"^[0-9a-f]{32}$"
SECRET = r"^[A-Za-z0-9_-]{32}$"  # noqa: S105 - the form of one
PURPOSES = tuple(purpose.id for purpose in OPTIONAL)


class NewConsents(Contract):
    """Whether one agrees to each purpose."""

    photos = fields.Flag()
    newsletter = fields.Flag()


class Consent(Contract):
    """`at` and `wording` are null for a purpose that one was never asked about; that counts as not given."""

    purpose = fields.Choice(*PURPOSES)
    given = fields.Flag()
    at = fields.Time(allow_none=True)
    wording = fields.Line(40, allow_none=True)


class Consents(Contract):
    """One for each purpose."""

    items = plain.List(Part(Consent), required=True)


class Calendar(Contract):
    """`address` is secret; null if there is none."""

    address = fields.Address("website", allow_none=True)


class Export(Contract):
    """`data` is null until every service has answered; see /schemas/personal-data.v1.json."""

    id = fields.Matching(EXPORT_ID)
    asked_at = fields.Time()
    complete = fields.Flag()
    data = fields.Open(allow_none=True)


class NewErasure(Contract):
    """`person` is one's own id: nobody erases themselves by mistake."""

    person = fields.Matching(fields.ID)


class BegunErasure(Contract):
    """`erasure` is secret: whoever has it sees how far it has got, signed in or not."""

    erasure = fields.Matching(SECRET)


class ServiceAnswer(Contract):
    """One of our services. `answered_at` is when it had done its part; null: it has not, or not said so."""

    service = fields.Choice(*SERVICES)
    answered_at = fields.Time(allow_none=True)


class Erasure(Contract):
    """How far it has got. `given_back` registrations were cancelled, `sigs_left` memberships, requests and invitations
    ended, `proposals_withdrawn` proposals of SIGs; `partners_told_at` is null until they are."""

    state = fields.Choice(*STATES)
    asked_at = fields.Time()
    done_at = fields.Time(allow_none=True)
    given_back = fields.Count()
    sigs_left = fields.Count()
    proposals_withdrawn = fields.Count()
    partners_told_at = fields.Time(allow_none=True)
    services = plain.List(Part(ServiceAnswer), required=True)


NEW_CONSENTS = NewConsents(unknown=RAISE)
CONSENTS = Consents()
CALENDAR = Calendar()
EXPORT = Export()
NEW_ERASURE = NewErasure(unknown=RAISE)
BEGUN_ERASURE = BegunErasure()
ERASURE = Erasure()
