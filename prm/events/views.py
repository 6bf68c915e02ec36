"""The audit list: every event of the portal, with the state of its ledger."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from prm.access import Audience, access
from prm.events import audit, checks, entries, labels, records
from prm.events.codes import describe
from prm.events.models import Event
from prm.events.policies import READERS
from prm.events.timeline import for_somebody
from prm.http import PrmRequest, see_other
from prm.ui import cells, html, lists

DIGEST_SHOWN = 12
for_readers = access(Audience.VENDOR, Audience.OPERATOR, roles=READERS)
Found = dict[tuple[str, UUID], records.Record]


@for_readers
@require_safe
def audit_list(request: PrmRequest) -> HttpResponseBase:
    """Every event, newest first; filters, search by record, CSV."""
    found: Found = {}
    page = lists.build(
        request,
        queryset=audit.events_to_audit().order_by("-at", "-id"),
        columns=_columns(found),
        title=_("Audit list"),
        filterset=audit.AuditFilter,
        promoted=("code", "actor"),
        search=audit.search,
        export_name="audit",
        empty=lists.Empty(_("Nothing has happened yet"), _("Every change will be listed here.")),
    )
    if request.GET.get("export") != "csv":
        found.update(records.of(page.page.object_list))
    return lists.respond(request, page, "events/audit.html", {"ledger": audit.ledger_state()})


@for_readers
@require_POST
def verify(request: PrmRequest) -> HttpResponse:
    """Check the whole chain now and say what was found."""
    verdict = checks.verify_now(actor=request.user)
    if verdict.holds:
        words = _("The ledger holds: %(count)d seals, all as they were written.")
        messages.success(request, words % {"count": verdict.count})
    else:
        words = _("The ledger is broken at seal %(number)d. Call the operator.")
        messages.error(request, words % {"number": verdict.count + 1})
    return see_other("events:list")


def _columns(found: Found) -> tuple[lists.Column, ...]:
    return (
        lists.Column("at", _("When"), cells.moment("at"), sort="at"),
        lists.Column("code", _("What happened"), cells.Cell(_what, _what_plain), sort="code"),
        lists.Column("actor", _("Who"), cells.Cell(_who, _who)),
        lists.Column(
            "record",
            _("Record"),
            cells.Cell(lambda event: _record(event, found), _record_plain),
        ),
        lists.Column(
            "number", _("Seal"), cells.Cell(_number, _number), sort="seal__number", align="end"
        ),
        lists.Column("digest", _("Digest"), cells.Cell(_digest, _digest_plain)),
    )


def _what(event: Event) -> SafeString:
    look = labels.look(event.code)
    said = entries.summary(event)
    small = format_html(" <small>{}</small>", said) if said else ""
    return format_html("<span>{} {}{}</span>", html.icon(look.icon), describe(event.code), small)


def _what_plain(event: Event) -> str:
    said = entries.summary(event)
    words = describe(event.code)
    return f"{words} ({event.code}): {said}" if said else f"{words} ({event.code})"


def _who(event: Event) -> str:
    if event.actor_uid is None:
        return _("The portal")
    actor = str(getattr(event, "actor_name", None) or _("A former user"))
    if event.acted_by_uid is None:
        return actor
    return for_somebody(str(getattr(event, "acted_by_name", None) or _("A former user")), actor)


def _record(event: Event, found: Found) -> Any:
    record = found.get((event.target_label, event.target_uid))
    kind = records.kind_name(event.target_label)
    if record is None:
        return kind
    name: Any = record.text
    if record.url:
        name = format_html('<a href="{}">{}</a>', record.url, record.text)
    if record.text == kind:
        return name
    return format_html("<span>{} <small>{}</small></span>", name, kind)


def _record_plain(event: Event) -> str:
    return f"{event.target_label} {event.target_uid}"


def _number(event: Event) -> Any:
    seal = getattr(event, "seal", None)
    return seal.number if seal else _("waiting")


def _digest(event: Event) -> Any:
    seal = getattr(event, "seal", None)
    if seal is None:
        return html.NOTHING
    return format_html('<code title="{}">{}</code>', seal.digest, seal.digest[:DIGEST_SHOWN])


def _digest_plain(event: Event) -> str:
    seal = getattr(event, "seal", None)
    return seal.digest if seal else ""
