"""What every write to partners shares: the row lock, the event, and the errors."""

from collections.abc import Mapping
from typing import Any

from partners.models import Partner
from prm import events
from prm.events import Event
from users.invitations import CannotJoin
from users.models import User


class PartnerNameTaken(Exception):
    """Another partner has that name; `partner` is it, perhaps ended."""

    def __init__(self, partner: Partner) -> None:
        super().__init__(partner.name)
        self.partner = partner


class PartnerRefused(ValueError):
    """A name, a country, a manager or a role that a partner cannot have."""


class PartnerEnded(CannotJoin):
    """The partnership has ended; nobody joins and nothing is edited until it is reopened."""


class WorksElsewhere(CannotJoin):
    """The person belongs to a partner already, or is not on the partners' side."""


class LastAdministrator(Exception):
    """The partner's own people would be left without an administrator."""


def locked(partner: Partner) -> Partner:
    """Return the row re-read FOR UPDATE."""
    return (
        Partner.objects.select_for_update(of=("self",)).select_related("manager").get(pk=partner.pk)
    )


def active(partner: Partner) -> Partner:
    """Return the row locked; raise PartnerEnded when the partnership has ended."""
    partner = locked(partner)
    if partner.ended_at is not None:
        raise PartnerEnded
    return partner


def record(
    code: str,
    partner: Partner,
    *,
    actor: User | None,
    data: Mapping[str, Any] | None = None,
    private: Mapping[str, Any] | None = None,
) -> Event:
    """Record one event about a partner: codes in `data`, names and texts in `private`."""
    return events.record(code, target=partner, actor=actor, data=data, private=private)
