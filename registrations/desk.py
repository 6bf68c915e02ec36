"""What a referee's desk shows: the queue in its tabs, how much is left, and who comes next."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery, TextChoices
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from prm import clock, portal
from prm.http import PrmRequest
from registrations.enums import WAITING_STATES, ExtensionState, State
from registrations.models import Extension, Registration, RegistrationConflict

if TYPE_CHECKING:
    from users.models import User

BESIDE = 30
"""So many cases stand beside the one that is open."""


class Tab(TextChoices):
    """The parts of the queue; the value is what stands in the address."""

    WAITING = "waiting", _("All waiting")
    MINE = "mine", _("Mine")
    UNASSIGNED = "unassigned", _("Unassigned")
    HELD = "held", _("On hold")
    PARTNER = "partner", _("Waiting for partner")
    MORE_TIME = "more-time", _("More time asked")
    LINE = "line", _("In line")


DECIDABLE = (Tab.WAITING, Tab.MINE, Tab.UNASSIGNED)


def _tab(tab: Tab, user: "User") -> Q:
    waiting = Q(state__in=WAITING_STATES)
    held = waiting & Q(held_until__gt=clock.now())
    asked = Extension.objects.filter(registration=OuterRef("pk"), state=ExtensionState.PENDING)
    return {
        Tab.WAITING: waiting & ~held,
        Tab.MINE: waiting & ~held & Q(reviewer=user),
        Tab.UNASSIGNED: waiting & ~held & Q(reviewer=None),
        Tab.HELD: held,
        Tab.PARTNER: Q(state=State.ACTION_REQUIRED),
        Tab.MORE_TIME: Q(state=State.APPROVED) & Q(Exists(asked)),
        Tab.LINE: Q(state=State.QUEUED),
    }[tab]


def tab_of(text: str) -> Tab:
    """Return the tab that an address names; the first one for anything else."""
    return Tab(text) if text in Tab.values else Tab.WAITING


def queue(user: "User", tab: Tab = Tab.WAITING) -> QuerySet[Registration]:
    """Return a tab's cases by due time, then value, with `open_conflicts`."""
    open_ = (
        RegistrationConflict.objects.filter(registration=OuterRef("pk"), settled_at=None)
        .order_by()
        .values("registration")
        .annotate(n=Count("pk"))
        .values("n")
    )
    rows = Registration.objects.visible_to(user).filter(_tab(tab, user))
    return (
        rows.select_related("partner", "company", "owner", "reviewer")
        .annotate(open_conflicts=Coalesce(Subquery(open_), 0))
        .order_by("due_at", "-home_value", "-value", "id")
    )


@dataclass(frozen=True, slots=True)
class Figures:
    """How many cases each tab has, and how many of one's own view are due by the end of the day."""

    tabs: dict[Tab, int]
    today: dict[Tab, int]

    @property
    def waiting(self) -> int:
        """All that waits for the vendor, on hold or not."""
        return self.tabs[Tab.WAITING] + self.tabs[Tab.HELD]


def figures(request: PrmRequest) -> Figures:
    """Count every tab, once per request; two queries over what is not decided."""
    known: Figures | None = getattr(request, "_desk_figures", None)
    if known is None:
        known = _count(request.user)
        request._desk_figures = known  # type: ignore[attr-defined]
    return known


def _count(user: "User") -> Figures:
    tomorrow = clock.today(portal.zone()) + timedelta(days=1)
    midnight = datetime.combine(tomorrow, time.min, tzinfo=portal.zone())
    undecided = [tab for tab in Tab if tab != Tab.MORE_TIME]
    wanted: dict[str, Any] = {tab.name: Count("pk", filter=_tab(tab, user)) for tab in undecided}
    wanted |= {
        f"today_{tab.name}": Count("pk", filter=_tab(tab, user) & Q(due_at__lt=midnight))
        for tab in DECIDABLE
    }
    states = (*WAITING_STATES, State.ACTION_REQUIRED, State.QUEUED)
    rows = Registration.objects.visible_to(user).filter(state__in=states).order_by()
    asked = Extension.objects.filter(
        state=ExtensionState.PENDING, registration__state=State.APPROVED
    )
    many = asked.order_by().values("state").annotate(n=Count("pk")).values("n")
    found = rows.aggregate(**wanted, more=Max(Coalesce(Subquery(many), 0)))
    tabs: dict[Tab, int] = {tab: found[tab.name] for tab in undecided}
    # without any row that waits there is nothing to aggregate over, so that is asked by itself
    tabs[Tab.MORE_TIME] = asked.count() if found["more"] is None else found["more"]
    return Figures(tabs, {tab: found[f"today_{tab.name}"] for tab in DECIDABLE})


@dataclass(frozen=True, slots=True)
class Beside:
    """The queue beside an open case: the first rows, and its neighbours."""

    tab: Tab
    rows: list[Registration]
    before: Registration | None
    after: Registration | None


def beside(user: "User", tab: Tab, row: Registration) -> Beside:
    """Return the rows of a tab to stand beside a case; a case that has left it leads to the first."""
    rows = list(queue(user, tab)[:BESIDE])
    keys = [each.pk for each in rows]
    if row.pk not in keys:
        return Beside(tab, rows, None, rows[0] if rows else None)
    at = keys.index(row.pk)
    return Beside(
        tab,
        rows,
        rows[at - 1] if at else None,
        rows[at + 1] if at + 1 < len(rows) else None,
    )


def next_after(user: "User", tab: Tab, row: Registration) -> Registration | None:
    """Return the case that follows one in a tab, else the first other one; None when all is clear."""
    found = beside(user, tab, row)
    if found.after is not None:
        return found.after
    return next((each for each in found.rows if each.pk != row.pk), None)
