"""The referee's desk this morning: a case on hold, one split, two shared, one twice, one handed over."""

from datetime import datetime, timedelta

from catalog.models import ProductLine
from prm import clock, portal
from registrations import services
from registrations.enums import WAITING_STATES, CloseCode, ConflictKind, DeclineCode, State
from registrations.models import Registration, RegistrationConflict
from registrations.services import Refused
from tenants.demo import travel
from tenants.demo.people import Cast

WORDS = {
    "en": {
        "hold": "Waits for the quarterly planning with our own sales team.",
        "twice": "You have registered this customer already; go on with that deal.",
        "revoke": "The customer has asked us in writing to work with somebody else.",
    },
    "de": {
        "hold": "Wartet auf die Quartalsplanung mit dem eigenen Vertrieb.",
        "twice": "Sie haben diesen Kunden schon registriert; führen Sie jenes Geschäft weiter.",
        "revoke": "Der Kunde hat uns schriftlich gebeten, mit jemand anderem zu arbeiten.",
    },
}
OPEN = Registration.objects.filter(state__in=WAITING_STATES, held_until=None)


def plant(language: str, cast: Cast, agenda: travel.Agenda, present: datetime) -> None:
    """Put it on the agenda of the last two hours."""
    words = WORDS[language]
    moves = (
        lambda: _hold(words["hold"], cast),
        lambda: _hand_over(cast),
        lambda: _share(cast),
        lambda: _twice(words["twice"], cast),
        lambda: _split(cast),
        lambda: _away(cast),
        lambda: _revoke(words["revoke"], cast),
    )
    for number, move in enumerate(moves):
        agenda.add(present - timedelta(hours=2, minutes=-7 * number), move)


def _quiet() -> Registration | None:
    """A waiting case without an open conflict."""
    rows = OPEN.exclude(conflicts__settled_at=None, conflicts__isnull=False)
    return rows.select_related("company").order_by("ledger_number").first()


def _hold(note: str, cast: Cast) -> None:
    row = _quiet()
    if row is not None:
        day = clock.today(portal.zone()) + timedelta(days=6)
        services.hold_registration(row, day, actor=cast.referee, note=note)


def _hand_over(cast: Cast) -> None:
    row = _quiet()
    if row is not None:
        services.assign_registration(row, cast.administrator, actor=cast.referee)


def _pairs(kind: ConflictKind) -> list[RegistrationConflict]:
    found = RegistrationConflict.objects.filter(
        kind=kind, settled_at=None, registration__in=OPEN, other__isnull=False
    )
    rows = found.select_related("registration__company", "other__company").order_by("pk")
    return list(rows)


def _spare(found: list[RegistrationConflict]) -> list[RegistrationConflict]:
    """All but the first two customers': somebody who tries the demo decides those."""
    kept = list(dict.fromkeys(one.company_id for one in found))[:2]
    return [one for one in found if one.company_id not in kept]


def _share(cast: Cast) -> None:
    """Two who wait for one customer share it, half and half."""
    for conflict in _spare(_pairs(ConflictKind.PENDING)):
        row, other = conflict.registration, conflict.other
        assert other is not None
        if other.state not in WAITING_STATES:
            continue
        row = services.confirm_customer(row, other.company, actor=cast.referee)
        other.refresh_from_db()
        try:
            services.approve_jointly(row, other, actor=cast.referee, share=60, overrule=True)
        except Refused:
            continue
        return


def _twice(note: str, cast: Cast) -> None:
    for conflict in _spare(_pairs(ConflictKind.OWN_DUPLICATE))[:1]:
        services.reject_registration(
            conflict.registration,
            actor=cast.referee,
            code=DeclineCode.DUPLICATE,
            note=note,
            duplicate_of=conflict.other,
        )


def _split(cast: Cast) -> None:
    """A case with two product lines becomes two."""
    for row in OPEN.select_related("company").order_by("ledger_number"):
        lines = list(ProductLine.objects.filter(registrations=row).order_by("code"))
        if len(lines) > 1 and row.value is not None:
            half = (row.value / 2).quantize(row.value)
            services.split_registration(row, lines[1:], actor=cast.referee, value=half)
            return


def _away(cast: Cast) -> None:
    today = clock.today(portal.zone())
    services.plan_absence(
        cast.referee,
        today + timedelta(days=9),
        today + timedelta(days=16),
        deputy=cast.administrator,
        actor=cast.referee,
    )


def _revoke(note: str, cast: Cast) -> None:
    row = (
        Registration.objects.filter(state=State.APPROVED, holdings__share=100)
        .exclude(partner__in=cast.partners[:2])
        .select_related("company")
        .order_by("ledger_number")
        .first()
    )
    if row is not None:
        services.revoke_registration(row, CloseCode.REVOKED, actor=cast.referee, note=note)
