"""A deal's page as its partner sees it: where it stands, what it may do next, what happened."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import get_current_timezone_name

from prm import clock, events
from prm.events.entries import Entry, entries
from prm.http import PrmRequest
from registrations import reading, selectors, services, transitions
from registrations.enums import OPEN_STATES, Action, ExtensionState, State
from registrations.forms import AnswerForm, StageForm
from registrations.labels import STAFF_ONLY
from registrations.models import Registration
from registrations.views import files, messages
from registrations.views.common import status_of
from registrations.views.drafting import today


def show(request: PrmRequest, row: Registration, status: int = 200, **forms: Any) -> HttpResponse:
    """Render the page; `forms` are those that came back with errors."""
    allowed = transitions.actions(State(row.state))
    context = {
        "row": row,
        "status": status_of(row),
        "lines": row.product_lines.all(),
        "timeline": _happened(row),
        "next_in_line": selectors.line_position(row),
        "can_withdraw": Action.WITHDRAW in allowed,
        "can_answer": Action.ANSWER in allowed,
        "can_hand_over": row.state in {*OPEN_STATES, State.APPROVED},
        "is_running": row.state == State.APPROVED,
        "stage_form": StageForm(initial={"stage": row.stage}),
        "answer_form": forms.get("answer_form") or answer_form(row),
        **_standing(row),
        **files.panel(request, row, forms.get("file_form")),
        **messages.panel(request, row, forms.get("message_form")),
        **{name: form for name, form in forms.items() if name in {"form", "stage_form"}},
    }
    return render(request, "registrations/partner/detail.html", context, status=status)


def answer_form(row: Registration, data: Any = None, sent: Any = None) -> AnswerForm | None:
    """Return the form that answers the vendor's question, with the open fields as they are now."""
    if row.state != State.ACTION_REQUIRED:
        return None
    initial: dict[str, Any] = {name: getattr(row, name) for name in _PLAIN}
    initial["product_lines"] = list(row.product_lines.values_list("pk", flat=True))
    if row.value is not None:
        initial["value"] = f"{row.value.normalize():f}"
    if row.expected_close:
        initial["expected_close"] = f"{row.expected_close:%Y-%m}"
    return AnswerForm(data, sent, initial=initial, today=today(), kept=row)


_PLAIN = (
    "version", "company_name", "website", "country", "site", "number_scheme", "number", "currency",
    "stage", "contact_name", "contact_email", "competitor", "is_tender", "description",
)  # fmt: skip


def _standing(row: Registration) -> dict[str, Any]:
    """Return what is known of the clock, the protection, more time, the rules, and how it ended."""
    now, extension = clock.now(), reading.last_extension(row)
    over = row.state in {State.CLOSED, State.WITHDRAWN}
    refusal = services.may_ask(row) if row.state == State.APPROVED else None
    return {
        "protection": selectors.protection_of(row),
        "zone": get_current_timezone_name(),
        "is_late": row.due_at is not None and row.due_at <= now,
        "extension": extension,
        "extension_pending": extension is not None and extension.state == ExtensionState.PENDING,
        "extension_late": bool(extension and extension.due_at and extension.due_at <= now),
        "may_extend": row.state == State.APPROVED and refusal is None,
        "applied": reading.applied(row) if row.rules else [],
        "ending": reading.ending_of(row) if over else None,
    }


def _happened(row: Registration) -> list[Entry]:
    """Return what the partner may know of its deal's history: that, when and by whom; no details."""
    every = events.timeline(row).exclude(code__in=STAFF_ONLY).order_by("-at", "-id")
    shown = selectors.without_undone(row, every)
    return entries(shown.select_related("detail"), details=False)
