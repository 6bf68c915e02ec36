"""Who may read which words, and which names of records belong to whom."""

from dataclasses import dataclass

from companies.models import Company
from leads.models import Lead, Offer
from notifications.models import Message
from partners.models import Partner
from prm.tenancy import context
from registrations.models import Registration, RegistrationConflict
from tests.standing.seed import CAST
from tests.standing.words import WORDS, of_tenant
from users.models import Invitation, User

EVERY = frozenset().union(*(of_tenant(schema) for schema in WORDS))


@dataclass(frozen=True, slots=True)
class Reader:
    """A persona, where they read, and the words that they may come across."""

    persona: str
    schema: str
    may_read: frozenset[str]
    like: str  # the persona of the access table who gets the same

    @property
    def forbidden(self) -> frozenset[str]:
        """Every other word."""
        return EVERY - self.may_read

    def __str__(self) -> str:
        return f"{self.persona}@{self.schema}"


def _reader(persona: str, schema: str, *parts: str, like: str = "") -> Reader:
    words = WORDS.get(schema)
    may_read = frozenset(getattr(words, part) for part in parts)
    return Reader(persona, schema, may_read, like or persona)


LEADS = ("agent", "own_lead", "rival_lead")
STAFF = ("portal", "staff", "own", "rival", *LEADS)
READERS = (
    _reader("anon", "acme", "portal"),
    _reader("paula", "acme", "portal", "own", "own_lead"),
    _reader("sam", "acme", "portal", "rival", "rival_lead"),
    _reader("ada", "acme", *STAFF),
    _reader("ana", "acme", *STAFF),
    _reader("nadia", "acme", "portal"),
    _reader("lea", "acme", "portal", *LEADS),
    _reader("gerd", "globex", *STAFF, like="ada"),
    _reader("ada", "globex", "portal", like="anon"),
    _reader("olga", "ops"),
    _reader("ada", "ops", like="anon"),
)
PARTNERS = tuple(r for r in READERS if r.persona in {"paula", "sam"})


def names_of(schema: str, side: str) -> frozenset[str]:
    """Return the references, uids and addresses that belong to one partner of a tenant."""
    domain = CAST[schema][2 if side == "own" else 3][1].partition("@")[2]
    with context.entered(schema):
        partner = Partner.objects.get(memberships__user__email__endswith=f"@{domain}",
                                      memberships__role="PARTNER_ADMINISTRATOR")  # fmt: skip
        people = User.objects.filter(membership__partner=partner)
        deals = Registration.objects.filter(partner=partner)
        invitations = Invitation.objects.filter(organisation=partner.uid)
        found = {f"@{domain}", partner.reference, partner.uid}
        found |= set(people.values_list("uid", flat=True))
        found |= set(people.values_list("email", flat=True))
        found |= set(deals.values_list("uid", flat=True))
        found |= set(deals.values_list("reference", flat=True))
        found |= set(invitations.values_list("uid", flat=True))
        for name in ("uid", "reference"):
            found |= set(Offer.objects.filter(partner=partner).values_list(name, flat=True))
    return frozenset(str(name).lower() for name in found)


def vendors_names(schema: str) -> frozenset[str]:
    """Return names of records that no partner may ever be told: companies, conflicts, mails."""
    with context.entered(schema):
        found = {
            *Company.objects.values_list("uid", flat=True),
            *Lead.objects.values_list("uid", flat=True),
            *Lead.objects.values_list("reference", flat=True),
            *RegistrationConflict.objects.values_list("uid", flat=True),
            *Message.objects.values_list("uid", flat=True),
        }
    return frozenset(str(name) for name in found)
