"""The tabs above a partner's deals: what they wait for. Each is an address; all counts cost one query."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from prm.http import PrmRequest
from prm.ui.nav import NavLink
from registrations.enums import WAITING_STATES, State
from registrations.models import Registration, RegistrationQuerySet

SOON_DAYS = 30
"""From how many days before its end a protection ends soon."""

STATES: dict[str, tuple[Any, Sequence[State]]] = {
    "": (_("All"), tuple(State)),
    "drafts": (_("Drafts"), (State.DRAFT,)),
    "vendor": (_("With the vendor"), WAITING_STATES),
    "answer": (_("Answer needed"), (State.ACTION_REQUIRED,)),
    "line": (_("In line"), (State.QUEUED,)),
    "protected": (_("Protected"), (State.APPROVED,)),
    "ending": (_("Ending soon"), (State.APPROVED,)),
    "closed": (_("Closed"), (State.CLOSED, State.REJECTED, State.WITHDRAWN)),
}


def chosen(request: HttpRequest) -> str:
    """Return the tab that the address names; an unknown one is all."""
    asked = request.GET.get("view", "")
    return asked if asked in STATES else ""


def narrow(rows: RegistrationQuerySet, tab: str) -> RegistrationQuerySet:
    """Return the rows of a tab."""
    if tab == "ending":
        return rows.ending_within(SOON_DAYS)
    return rows.filter(state__in=STATES[tab][1]) if tab else rows


def of(request: PrmRequest, tab: str) -> Any:
    """Return the tabs with their counts, read when they are shown; one query."""
    return SimpleLazyObject(lambda: _links(request, tab))


def _links(request: PrmRequest, tab: str) -> list[NavLink]:
    rows = Registration.objects.visible_to(request.user)
    soon = Q(pk__in=rows.ending_within(SOON_DAYS).values("pk"))
    counted = list(
        rows.order_by()
        .values_list("state")
        .annotate(number=Count("pk"), soon=Count("pk", filter=soon))
    )
    by_state: dict[str, int] = {state: number for state, number, _soon in counted}
    ending = sum(soon for _state, _number, soon in counted)
    path = reverse("registrations:list")
    return [
        NavLink(
            label,
            f"{path}?{urlencode({'view': name})}" if name else path,
            "",
            ending if name == "ending" else sum(by_state.get(state, 0) for state in states),
            active=name == tab,
        )
        for name, (label, states) in STATES.items()
    ]
