"""What waits in this room, for the home page: tiles, and the list below them."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from prm.home import MOST_ITEMS, Feed, Item, Tile
from prm.http import PrmRequest
from prm.ui.html import Tone
from prm.ui.lists import Empty
from registrations import selectors
from registrations.enums import State
from registrations.models import Registration
from registrations.views.common import status_of
from registrations.views.manage import CONFLICTS_OPEN, OVERDUE, nothing_waits

SOON = 14
"""Days before its end from which a protection waits for somebody."""


def for_partners(request: PrmRequest) -> Iterator[Tile]:
    """What a partner's person must answer, what ends soon, what is unfinished or with the vendor."""
    own = selectors.partner_figures(request.user)
    yield _tile(
        _("Waiting for your answer"),
        _deals(state=State.ACTION_REQUIRED),
        own.asked,
        "warning",
        _("Answer needed"),
    )
    yield _ending(request, "registrations:list")
    yield _tile(_("Drafts"), _deals(state=State.DRAFT), own.drafts, "info", _("Not registered yet"))
    yield _tile(
        _("With the vendor"),
        _deals(state=[State.SUBMITTED, State.IN_REVIEW]),
        own.in_review,
        "info",
        _("Decision to come"),
    )
    yield _tile(_("In line"), _deals(state=State.QUEUED), own.queued, "info", _("Waiting"))


def for_referees(request: PrmRequest) -> Iterator[Tile]:
    """What the vendor must decide, what is late, what collides, what ends soon."""
    every = selectors.waiting_figures(request)
    yield _waiting(every)
    yield _tile(
        _("Past the promised time"), _queue(due=OVERDUE), every.overdue, "danger", _("Overdue")
    )
    yield _tile(
        _("With open conflicts"),
        _queue(conflicts=CONFLICTS_OPEN),
        every.conflicts,
        "warning",
        _("Compare first"),
    )
    yield _ending(request, "registrations:manage-list")


def for_readers(request: PrmRequest) -> Iterator[Tile]:
    """What those who only read may want to follow."""
    yield _waiting(selectors.waiting_figures(request))
    yield _ending(request, "registrations:manage-list")
    queued = Registration.objects.visible_to(request.user).filter(state=State.QUEUED).count()
    url = _address("registrations:manage-list", state=State.QUEUED)
    yield _tile(_("In line"), url, queued, "info", _("Waiting"))


def lately(request: PrmRequest) -> Feed:
    """A partner's deals that changed last; a newcomer is led to the first registration."""
    rows = Registration.objects.visible_to(request.user).order_by("-updated_at", "-id")
    items = [
        Item(str(row), _page(row, "detail"), row.updated_at, status_of(row), row.reference)
        for row in rows[:MOST_ITEMS]
    ]
    empty = Empty(
        _("Register your first deal"),
        _("Once it is approved, the customer is protected for you."),
        _("Register a deal"),
        reverse("registrations:new"),
    )
    url = reverse("registrations:list")
    return Feed(
        _("Changed lately"), items, empty, _("All deals"), url, str(empty.action), empty.url
    )


def next_decisions(request: PrmRequest) -> Feed:
    """What must be decided next, by the vendor's own clock."""
    rows = (
        Registration.objects.visible_to(request.user)
        .waiting()
        .select_related("partner")
        .order_by("due_at", "id")
    )
    items = [
        Item(str(r), _page(r, "manage-detail"), r.due_at, None, r.partner.name, is_deadline=True)
        for r in rows[:MOST_ITEMS]
    ]
    url = reverse("registrations:manage-queue")
    empty = Empty("") if items else nothing_waits(request)  # asks the database what is missing
    return Feed(_("Decide next"), items, empty, _("All decisions"), url)


def registered_lately(request: PrmRequest) -> Feed:
    """The newest registrations, for those who only read."""
    rows = (
        Registration.objects.visible_to(request.user)
        .select_related("partner")
        .order_by("-submitted_at", "id")
    )
    items = [
        Item(str(r), _page(r, "manage-detail"), r.submitted_at, status_of(r), r.partner.name)
        for r in rows[:MOST_ITEMS]
    ]
    empty = Empty(_("No deals yet"), _("Deals appear here once partners register them."))
    url = reverse("registrations:manage-list")
    return Feed(_("Registered lately"), items, empty, _("All deals"), url)


def _waiting(every: selectors.WaitingFigures) -> Tile:
    return _tile(_("Decisions waiting"), _queue(), every.waiting, "info", _("Your clock runs"))


def _ending(request: PrmRequest, name: str) -> Tile:
    rows = Registration.objects.visible_to(request.user).ending_within(SOON)
    label = _("Protection ends within %(days)d days") % {"days": SOON}
    return _tile(label, _address(name, ending=SOON), rows.count(), "warning", _("Ends soon"))


def _tile(label: str, url: str, count: int, tone: Tone, hint: str) -> Tile:
    """A tile that is calm when nothing waits."""
    return (
        Tile(label, url, count, tone, hint) if count else Tile(label, url, 0, "neutral", _("None"))
    )


def _deals(**state: object) -> str:
    return _address("registrations:list", **state)


def _queue(**state: object) -> str:
    return _address("registrations:manage-queue", **state)


def _address(name: str, **state: object) -> str:
    query = urlencode(state, doseq=True)
    return f"{reverse(name)}?{query}" if query else reverse(name)


def _page(row: Registration, name: str) -> str:
    return reverse(f"registrations:{name}", args=[row.reference])
