"""Yesterday the channel manager acted for a seller who was on the telephone: both names on one event."""

from datetime import datetime, timedelta

from partners import acting
from partners.models import Membership
from prm import clock
from registrations import services
from registrations.enums import LIVE_STAGES, Stage, State
from registrations.models import Registration
from tenants.demo import travel
from users.acting import LONGEST
from users.models import User

REASONS = {
    "en": "On the telephone: {name} is at a fair and asked me to move a deal on.",
    "de": "Am Telefon: {name} ist auf einer Messe und bat mich, ein Geschäft weiterzuführen.",
}


def plant(language: str, referee: User, agenda: travel.Agenda, present: datetime) -> None:
    """Put it on the agenda of yesterday."""
    agenda.add(present - timedelta(days=1, hours=2), lambda: _act(language, referee))


def _act(language: str, referee: User) -> None:
    deal = (
        Registration.objects.filter(state=State.APPROVED, stage__in=LIVE_STAGES)
        .exclude(stage=Stage.COMMITTED)
        .filter(owner__is_active=True, owner__membership__partner__ended_at=None)
        .order_by("partner__name", "pk")
        .first()
    )
    if deal is None:
        return
    membership = Membership.objects.select_related("user", "partner").get(user=deal.owner_id)
    person = membership.user
    reason = REASONS[language].format(name=person.name)
    acting.start(membership, reason=reason, until=clock.now() + LONGEST, actor=referee)
    person.acted_by = referee
    services.move_stage(deal, Stage.COMMITTED, actor=person)
    acting.end(membership, actor=person)
