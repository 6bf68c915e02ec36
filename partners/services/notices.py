"""Who is told what about profiles and terms; the wording is in templates/notifications/."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _

from notifications import services as notifications
from partners.enums import Gate
from partners.models import Acceptance, AgreementVersion, Partner
from partners.selectors import signers_of
from prm import clock, links
from prm.access import Role
from users.models import User

CONFIRM = "partners.confirm-profile"
LINK_LIFE = timedelta(days=45)


def profile_ending(partner: Partner, end: datetime, days: int) -> None:
    """The profile stops counting on a day, or (`days` 0) has stopped: one button confirms it."""
    confirmed_at = partner.profile_confirmed_at
    assert confirmed_at is not None
    for person in administrators_of(partner):
        notifications.notify(
            "partners.profile_ending",
            recipients=[person],
            subject=partner,
            key=f"partners.profile_ending:{partner.uid}:{stamp_of(partner)}:{days}",
            context={
                "partner": partner.name,
                "ends_at": end,
                "ended": days == 0,
                "since_days": max(0, (clock.now() - confirmed_at).days),
                "page": reverse("partners:profile"),
                "links": {"confirm": _confirm_link(partner, person)},
            },
            reason=_("You keep your organisation's profile."),
        )


def terms_published(version: AgreementVersion, partner: Partner, step: str) -> None:
    """A version waits for the partner's acceptance; from a day on, gates close without it."""
    notifications.notify(
        "partners.terms_published",
        recipients=signers_and_administrators(partner),
        subject=partner,
        key=f"{terms_key(version, partner)}:{step}",
        context={
            "title": lazystr(version.agreement),
            "number": version.number,
            "effective_at": version.effective_at,
            "in_force": version.effective_at is not None and version.effective_at <= clock.now(),
            "gates": [Gate(gate).label for gate in version.gates],
            "page": reverse("partners:terms", args=[version.agreement.reference, version.number]),
        },
        reason=_("You sign for your organisation, or administer it."),
    )


def accepted(acceptance: Acceptance) -> None:
    """The receipt of an acceptance, to signers and administrators."""
    version, partner = acceptance.version, acceptance.partner
    notifications.notify(
        "partners.terms_accepted",
        recipients=signers_and_administrators(partner),
        subject=partner,
        key=f"partners.terms_accepted:{acceptance.uid}",
        context={
            "title": lazystr(version.agreement),
            "number": version.number,
            "reference": acceptance.reference,
            "accepted_at": acceptance.accepted_at,
            "name": acceptance.typed_name,
            "digest": acceptance.event_digest,
            "page": reverse("partners:acceptance", args=[acceptance.reference]),
        },
        reason=_("You sign for your organisation, or administer it."),
    )


def terms_key(version: AgreementVersion, partner: Partner) -> str:
    """Return the beginning of the keys of what asks a partner to accept a version."""
    return f"partners.terms_published:{version.uid}:{partner.uid}"


def administrators_of(partner: Partner) -> list[User]:
    """Return a partner's administrators who can sign in, by name."""
    people = User.objects.filter(
        is_active=True,
        membership__partner=partner,
        membership__role=Role.PARTNER_ADMINISTRATOR,
    )
    return list(people.order_by("name", "pk"))


def signers_and_administrators(partner: Partner) -> Iterable[User]:
    """Return who signs for a partner and who administers it, each once."""
    signers = [contact.user for contact in signers_of(partner) if contact.user]
    people = {person.pk: person for person in (*signers, *administrators_of(partner))}
    return list(people.values())


def stamp_of(partner: Partner) -> int:
    """Return what changes with every confirmation: a link to an older one no longer acts."""
    at = partner.profile_confirmed_at
    return int(at.timestamp()) if at else 0


def _confirm_link(partner: Partner, person: User) -> str:
    link = links.create(
        CONFIRM,
        subject=partner.uid,
        expires_at=clock.now() + LINK_LIFE,
        recipient_uid=person.uid,
        email=person.email,
        record_version=stamp_of(partner),
    )
    return str(link.uid)
