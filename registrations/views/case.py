"""One registration for its referee: the queue beside it, the evidence, and every way to decide."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from companies import matching
from companies import selectors as company_selectors
from companies.enums import Standing
from companies.selectors import Likely
from prm import clock, events
from prm.access import VENDOR_ROLES, Audience, access
from prm.events.entries import entries
from prm.http import PrmRequest
from prm.rules.showing import show_decision
from registrations import desk, evidence, policies, selectors, transitions, weighing
from registrations.comparing import compare
from registrations.desk import Tab
from registrations.enums import WAITING_STATES, Action, ConflictKind, Settlement, State
from registrations.forms import ApproveForm, QueueForm, RejectForm, SettleForm
from registrations.forms.desk import (
    AskMoreForm,
    AssignForm,
    DuplicateForm,
    HoldForm,
    JointForm,
    ReopenForm,
    SplitForm,
)
from registrations.models import Decision, Registration, RegistrationConflict
from registrations.services.splitting import BY_LINES
from registrations.views import extensions, files, messages
from registrations.views.common import reach, status_of

LAST = "desk.last"
"""In the session: the uid of the decision that this person made last on the desk."""
FORMS: dict[str, Any] = {
    "approve_form": ApproveForm,
    "reject_form": RejectForm,
    "queue_form": QueueForm,
    "ask_form": AskMoreForm,
    "hold_form": HoldForm,
    "reopen_form": ReopenForm,
    "assign_form": AssignForm,
}


@access(Audience.VENDOR, roles=VENDOR_ROLES)
@require_GET
def detail(request: PrmRequest, reference: str) -> HttpResponse:
    """One registration with its customer, its conflicts side by side, and the decision."""
    return show(request, reach(request, reference))


def case_url(row: Registration, tab: Tab = Tab.WAITING) -> str:
    """Return a case's page, with the tab of the queue that stands beside it."""
    page = reverse("registrations:manage-detail", args=[row.reference])
    return page if tab == Tab.WAITING else f"{page}?view={tab.value}"


def tab_in(request: PrmRequest) -> Tab:
    """Return the tab that a page or a sent form names."""
    return desk.tab_of(request.POST.get("view", "") or request.GET.get("view", ""))


def last_decision(request: PrmRequest) -> dict[str, Any] | None:
    """Return what this person decided last, in words, and until when it can be taken back."""
    uid = request.session.get(LAST)
    found = Decision.objects.filter(uid=uid) if uid else Decision.objects.none()
    decision = found.select_related("registration__partner").first()
    if decision is None or decision.undone_at is not None:
        return None
    row = decision.registration
    words = _done_words(decision) % {"company": row.company_name, "partner": row.partner.name}
    return {"decision": decision, "text": words, "row": row, "can_undo": _is_held(decision)}


def _is_held(decision: Decision) -> bool:
    at: datetime = clock.now()
    return decision.done_at is None and decision.effective_at > at


def _done_words(decision: Decision) -> str:
    if "beside" in decision.details:
        return _("Approved %(company)s for %(partner)s, jointly")
    return {
        Action.APPROVE.value: _("Approved %(company)s for %(partner)s"),
        Action.QUEUE.value: _("Put %(company)s for %(partner)s in line"),
        Action.REJECT.value: _("Declined %(company)s for %(partner)s"),
        Action.ASK.value: _("Asked %(partner)s about %(company)s"),
    }[decision.action]


def show(request: PrmRequest, row: Registration, status: int = 200, **forms: Any) -> HttpResponse:
    """Render a registration for staff; a refused form comes back with what was typed."""
    found = selectors.conflicts_of(row)
    lines = list(row.product_lines.all())
    protection = selectors.protection_of(row)
    holders = evidence.holders(row)
    context = {
        "row": row,
        "status": status_of(row),
        "lines": lines,
        "protection": protection,
        **_panels(found),
        "arrivals": evidence.arrivals(row, found, protection),
        "suggestion": evidence.suggestion(row, found, holders),
        "matched_rules": evidence.matched_rules(row),
        "ruled": show_decision(row.trace, row.rules) if row.trace else None,
        "timeline": entries(events.timeline(row).select_related("detail").order_by("-at", "-id")),
        "candidates": _candidates(row),
        "confirmed": bool(row.company and row.company.standing == Standing.CONFIRMED),
        "settle_choices": SettleForm.base_fields["settlement"].choices,  # type: ignore[attr-defined]
        **_desk(request, row),
        **_moves(request, row, bool(holders)),
        **_forms(row, found, lines, forms),
        **messages.panel(request, row),
        **files.panel(request, row),
        **extensions.panel(request, row),
    }
    return render(request, "registrations/manage/detail.html", context, status=status)


def _desk(request: PrmRequest, row: Registration) -> dict[str, Any]:
    """The queue beside the case, its neighbours, how much is left, and the last decision."""
    tab = tab_in(request)
    beside = desk.beside(request.user, tab, row)
    figures = desk.figures(request)
    return {
        "tab": tab,
        "queue": [(each, case_url(each, tab)) for each in beside.rows],
        "before_url": case_url(beside.before, tab) if beside.before else "",
        "after_url": case_url(beside.after, tab) if beside.after else "",
        "left": figures.tabs[tab],
        "today": figures.today.get(tab),
        "last": last_decision(request),
        "is_on_hold": row.held_until is not None and row.held_until > clock.now(),
    }


def _forms(
    row: Registration,
    found: list[RegistrationConflict],
    lines: list[Any],
    given: dict[str, Any],
) -> dict[str, Any]:
    """Every form of the page, at the version that is shown; those that came back as they came."""
    start = {"version": row.version}
    forms = {name: form(initial=start) for name, form in FORMS.items()}
    duplicates, rivals = candidates_of(row, found)
    if duplicates:
        forms["duplicate_form"] = DuplicateForm(initial=start, candidates=duplicates)
    if rivals:
        forms["joint_form"] = JointForm(initial=start, candidates=rivals)
    if len(lines) > 1 and row.exclusivity in BY_LINES:
        forms["split_form"] = SplitForm(initial=start, row=row)
    return {**forms, **given}


def candidates_of(
    row: Registration, found: list[RegistrationConflict] | None = None
) -> tuple[list[Registration], list[Registration]]:
    """Return of what a case collides with the partner's own deals, and those it could share with."""
    found = selectors.conflicts_of(row) if found is None else found
    others = {c.other.pk: c.other for c in found if c.other is not None}.values()
    own = [other for other in others if other.partner_id == row.partner_id]
    states = (*WAITING_STATES, State.APPROVED)
    rivals = [
        other
        for other in others
        if other.partner_id != row.partner_id
        and other.company_id == row.company_id
        and other.state in states
    ]
    return own, rivals


def _moves(request: PrmRequest, row: Registration, is_held: bool) -> dict[str, Any]:
    """What this person may do now; buttons and services ask the same questions."""
    allowed = transitions.actions(State(row.state))
    if row.state == State.SUBMITTED:
        allowed |= transitions.actions(State.IN_REVIEW)
    can = policies.can_decide(request.user, row)
    waits = can and row.state in WAITING_STATES
    held = can and Action.QUEUE in allowed and is_held
    return {
        "can_decide": can and bool(allowed & {Action.APPROVE, Action.REJECT, Action.ASK}),
        "can_approve": can and Action.APPROVE in allowed and not held,
        "can_queue": can and Action.QUEUE in allowed and held,
        "can_reject": can and Action.REJECT in allowed,
        "can_ask": can and Action.ASK in allowed,
        "can_take": waits and row.reviewer_id != request.user.pk,
        "can_settle": waits,
        "can_hold": waits,
        "can_revoke": can and row.state == State.APPROVED,
        "can_reopen": can and Action.REOPEN in allowed,
        "is_impartial": can or not policies.can_referee(request.user),
        "is_held": held,
    }


def _panels(found: list[RegistrationConflict]) -> dict[str, list[dict[str, Any]]]:
    """What it collides with, side by side; and what was looked at and does not matter, in a line."""
    known = weighing.names() if found else {}
    panels: dict[str, list[dict[str, Any]]] = {"conflicts": [], "filed": []}
    for one in found:
        account = weighing.account(one, known)
        if one.settlement == Settlement.OUT_OF_SCOPE:
            panels["filed"].append({"conflict": one, "account": account})
        else:
            panels["conflicts"].append({**_side_by_side(one), "account": account})
    panels["open_conflicts"] = [each for each in panels["conflicts"] if each["conflict"].is_open]
    return panels


def _side_by_side(conflict: Any) -> dict[str, Any]:
    ours, other = conflict.registration, conflict.other
    theirs = f"{other.partner.name}, {other.reference}" if other else conflict.company.name
    heads = ["", f"{ours.partner.name}, {ours.reference}", theirs]
    is_own = conflict.kind == ConflictKind.OWN_DUPLICATE
    return {"conflict": conflict, "rows": compare(conflict), "heads": heads, "is_own": is_own}


def _candidates(row: Registration) -> list[Likely]:
    """Companies that may be the customer, with the evidence in words; only until it is confirmed."""
    if row.company is None or row.company.standing == Standing.CONFIRMED:
        return []
    found = matching.find(
        matching.CompanyQuery(
            name=row.company_name,
            domain=row.website,
            country=row.country,
            exclude_company_id=row.company.pk,
        )
    )
    return company_selectors.present(found)
