"""A partner's contacts: adding, editing, removing, and keeping those who can sign in true."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from partners.enums import FUNCTION_OF, Function
from partners.models import Contact, Membership, Partner
from partners.policies import can_edit_profile
from partners.selectors import contacts_of
from partners.services.core import PartnerRefused, active
from prm import clock, events
from prm.access import Role, acted_by, require
from prm.events import changes
from users.models import User

_CODES = ("functions", "signs")


class ContactTaken(Exception):
    """Another contact of the partner has that address."""


class CanSignIn(Exception):
    """The contact can sign in: their name, address and removal belong to the person's own page."""


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """What is written about a contact; name and address count only for who cannot sign in."""

    name: str
    email: str
    phone: str = ""
    functions: Iterable[Function] = field(default_factory=tuple)
    signs: bool = False


@transaction.atomic
def add_contact(partner: Partner, facts: ContactFacts, *, actor: User) -> Contact:
    """Add somebody who cannot sign in. Records partner.contact_added.

    Raises PermissionDenied, PartnerEnded, PartnerRefused, ContactTaken.
    """
    require(can_edit_profile(actor, partner))
    partner = active(partner)
    values = _checked(partner, facts)
    require(not (values["signs"] and acted_by(actor)))
    contact = Contact.objects.create(partner=partner, **values)
    _record("partner.contact_added", contact, actor=actor, changed={})
    return contact


@transaction.atomic
def edit_contact(contact: Contact, facts: ContactFacts, *, actor: User) -> Contact:
    """Change a contact, also whether they may sign for the partner; records what differs.

    Of somebody who can sign in, name and address stay. Raises PermissionDenied, PartnerEnded,
    PartnerRefused, ContactTaken.
    """
    contact = _locked(contact, actor)
    values = _checked(contact.partner, facts, contact)
    if contact.user_id is not None:
        values |= {"name": contact.name, "email": contact.email}
    changed = changes.between({name: getattr(contact, name) for name in values}, values)
    require(not ("signs" in changed and acted_by(actor)))  # nobody signs away what is not theirs
    if changed:
        contact.change(**{name: new for name, (_old, new) in changed.items()})
        _record("partner.contact_edited", contact, actor=actor, changed=changed)
    return contact


@transaction.atomic
def remove_contact(contact: Contact, *, actor: User) -> Contact:
    """Take somebody who cannot sign in off the profile; what they signed stays. Idempotent.

    Raises PermissionDenied, PartnerEnded, CanSignIn.
    """
    contact = _locked(contact, actor)
    if contact.user_id is not None:
        raise CanSignIn
    if contact.removed_at is None:
        contact.change(removed_at=clock.now(), signs=False)
        _record("partner.contact_removed", contact, actor=actor, changed={})
    return contact


def keep_contact_of(membership: Membership) -> Contact:
    """Make the contact of somebody who joined, or give them the one with their address.

    Part of `add_membership`; wants the partner locked and records nothing of its own.
    """
    user, partner = membership.user, membership.partner
    known = contacts_of(partner).filter(email__iexact=user.email, user=None).first()
    if known is not None:
        known.change(user=user, name=user.name, email=user.email)
        return known
    function = FUNCTION_OF[Role(membership.role)]
    return Contact.objects.create(
        partner=partner, user=user, name=user.name, email=user.email, functions=[function.value]
    )


def follow_new_name(user: User) -> None:
    """Call the contact what the person is called now; registered with `users`."""
    contact = Contact.objects.filter(user=user).first()
    if contact is not None:
        contact.change(name=user.name)


def _locked(contact: Contact, actor: User) -> Contact:
    """Check the right, lock the partner and re-read the contact."""
    require(can_edit_profile(actor, contact.partner))
    partner = active(contact.partner)
    contact = Contact.objects.select_related("user").get(pk=contact.pk)
    contact.partner = partner
    return contact


def _checked(
    partner: Partner, facts: ContactFacts, contact: Contact | None = None
) -> dict[str, object]:
    name, email = " ".join(facts.name.split()), facts.email.strip().lower()
    wanted = {Function(each) for each in facts.functions}
    if not name or "@" not in email or not wanted:
        raise PartnerRefused(name)
    others = contacts_of(partner).filter(email__iexact=email)
    if (others.exclude(pk=contact.pk) if contact else others).exists():
        raise ContactTaken
    return {
        "name": name,
        "email": email,
        "phone": " ".join(facts.phone.split()),
        "functions": [each.value for each in Function if each in wanted],
        "signs": bool(facts.signs),
    }


def _record(code: str, contact: Contact, *, actor: User, changed: Mapping[str, list[Any]]) -> None:
    """Record what happened to a contact: functions and authority chained, the person erasable."""
    codes = {name: pair for name, pair in changed.items() if name in _CODES}
    texts = {name: pair for name, pair in changed.items() if name not in _CODES}
    about = [contact.uid, *([contact.user.uid] if contact.user else [])]
    events.record(
        code,
        target=contact.partner,
        actor=actor,
        data={
            "contact": str(contact.uid),
            **(changes.payload(codes) or {"functions": contact.functions, "signs": contact.signs}),
        },
        private={"person": contact.name, **changes.payload(texts)},
        persons=about,
    )
