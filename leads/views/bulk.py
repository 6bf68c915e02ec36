"""Distribute several leads: choose, see what would happen, do it."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from leads import selectors, services
from leads.enums import Reason, State
from leads.models import Lead
from leads.views.common import sentence_of
from leads.views.hand import DISTRIBUTORS
from leads.views.manage import LeadFilter, search_leads
from prm.access import Audience, access
from prm.http import PrmRequest, SeeOther, see_other
from prm.locks import Busy
from prm.ui.lists import MAX_SEARCH

MOST = 500
"""Leads in one go: a preview that nobody reads helps nobody."""


@access(Audience.VENDOR, roles=DISTRIBUTORS)
@require_POST
def choose(request: PrmRequest) -> HttpResponse:
    """Go from the list to the preview of what was chosen there."""
    chosen = QueryDict(mutable=True)
    if request.POST.get("all_matching"):
        chosen["all_matching"] = "1"
        chosen["query"] = request.POST.get("query", "")
    else:
        chosen.setlist("selected", request.POST.getlist("selected"))
    if not _chosen(request, chosen).exists():
        messages.error(request, _("Choose leads first."))
        return see_other("leads:manage-list")
    return SeeOther(f"{reverse('leads:manage-preview')}?{chosen.urlencode()}")


@access(Audience.VENDOR, roles=DISTRIBUTORS)
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: PrmRequest) -> HttpResponse:
    """Show who would get which lead, and who would get none and why; on POST, do it."""
    data = request.POST if request.method == "POST" else request.GET
    rows = list(_chosen(request, data)[:MOST])
    waiting = [row for row in rows if row.state == State.QUALIFIED]
    if request.method == "POST":
        return _distribute(request, waiting)
    found = services.preview(waiting)
    context = {
        "offered": [(lead, partner) for lead, _result, partner in found if partner],
        "nobody": [(lead, _why(result)) for lead, result, partner in found if not partner],
        "skipped": [row for row in rows if row.state != State.QUALIFIED],
        "hidden": [(name, value) for name in _STATE for value in data.getlist(name)],
    }
    return render(request, "leads/manage/preview.html", context)


_STATE = ("selected", "all_matching", "query")


def _distribute(request: PrmRequest, waiting: list[Lead]) -> HttpResponse:
    try:
        made = services.distribute_many(waiting, actor=request.user)
    except Busy as error:
        messages.error(request, sentence_of(error))
        return see_other("leads:manage-list")
    count = sum(1 for each in made if each.chosen_id)
    done = ngettext("%(count)d lead is offered.", "%(count)d leads are offered.", count)
    messages.success(request, done % {"count": count})
    if count < len(made):
        left = len(made) - count
        text = ngettext("%(count)d has nobody.", "%(count)d have nobody.", left)
        messages.warning(request, text % {"count": left})
    return see_other("leads:manage-list")


def _chosen(request: PrmRequest, data: QueryDict) -> QuerySet[Lead]:
    """Return the chosen leads: by reference, or all that the list's own query finds."""
    rows = selectors.staff_list(request.user).prefetch_related("product_lines", "skills")
    rows = rows.order_by("qualified_at", "pk")
    if not data.get("all_matching"):
        return rows.filter(reference__in=data.getlist("selected")[:MOST])
    query = QueryDict(data.get("query", "").replace("\0", ""))
    narrowed: Any = LeadFilter(query, queryset=rows).qs
    text = query.get("q", "").strip()[:MAX_SEARCH]
    found: QuerySet[Lead] = search_leads(narrowed, text) if text else narrowed
    return found


def _why(result: Any) -> list[str]:
    """Return the main reasons for which nobody gets a lead, each once."""
    reasons = dict.fromkeys(line.reasons[0] for line in result.lines)
    return [str(Reason(reason).label) for reason in reasons] or [_("There are no partners.")]
