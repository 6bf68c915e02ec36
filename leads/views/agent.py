"""The lead agent: own leads, entering one, qualifying it. Nothing here names a partner."""

import uuid
from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leads import policies, selectors, services
from leads.enums import HELD_STATES, Check, DisqualifyCode, Rating, State
from leads.forms import DisqualifyForm, LeadForm, QualifyForm
from leads.models import Lead
from leads.views.common import REFUSALS, reach, sentence_of, status_of
from prm import carry, portal
from prm.access import Audience, Role, access, require
from prm.http import PrmRequest, see_other
from prm.ui import cells, lists
from prm.ui.labels import label_of
from prm.ui.lists import Column, Empty

AGENT = (Role.LEAD_AGENT,)
PLAIN = (
    "company_name", "website", "country", "contact_name", "contact_email", "contact_phone",
    "address", "need", "currency", "source", "consent",
)  # fmt: skip
WITH_PARTNER = (State.OFFERED, *HELD_STATES)


def agent_status(row: Lead) -> tuple[str, str, str]:
    """Return how far a lead is, without whose it is or how often it was offered."""
    if row.state in WITH_PARTNER:
        return _("With a partner"), "success", "partner"
    if row.state == State.QUALIFIED:
        return _("Qualified"), "info", "check"
    return status_of(row)


COLUMNS = (
    Column(
        "company", gettext_lazy("Customer"), cells.text("__str__", "reference"), sort="company_name"
    ),
    Column("state", gettext_lazy("Status"), cells.status(agent_status), sort="state"),
    Column(
        "rating",
        gettext_lazy("Rating"),
        cells.text(lambda row: label_of(row, "rating").partition(":")[0]),
        sort="rating",
    ),
    Column("source", gettext_lazy("Source"), cells.text("source"), sort="source"),
    Column(
        "updated", gettext_lazy("Changed"), cells.moment("updated_at", "date"), sort="updated_at"
    ),
)


class AgentFilter(django_filters.FilterSet):
    """What an agent narrows its list by."""

    state = django_filters.MultipleChoiceFilter(label=gettext_lazy("Status"), choices=State.choices)
    rating = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Rating"), choices=Rating.choices
    )

    class Meta:
        model = Lead
        fields: tuple[str, ...] = ()


def search(rows: QuerySet[Lead], text: str) -> QuerySet[Lead]:
    """Narrow to leads whose customer, contact or reference contains the text."""
    return rows.filter(
        Q(company_name__icontains=text)
        | Q(contact_name__icontains=text)
        | Q(reference__icontains=text)
    )


@access(Audience.AGENT, roles=AGENT)
@require_GET
def leads(request: PrmRequest) -> HttpResponseBase:
    """The leads that this agent entered, newest change first."""
    page = lists.build(
        request,
        saved=True,
        queryset=Lead.objects.visible_to(request.user),
        columns=COLUMNS,
        filterset=AgentFilter,
        search=search,
        default_sort="-updated",
        row_url=lists.row_link("leads:agent-detail", "reference"),
        title=gettext_lazy("Leads"),
        empty=Empty(
            gettext_lazy("No leads yet"),
            gettext_lazy("Enter the first customer who wants to hear from somebody."),
            gettext_lazy("Enter a lead"),
            reverse("leads:agent-new"),
        ),
        export_name="leads",
    )
    return lists.respond(request, page, "leads/agent/list.html")


@access(Audience.AGENT, roles=AGENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PrmRequest) -> HttpResponse:
    """Enter a lead; the form's token makes sure that it becomes one lead."""
    require(policies.can_enter(request.user))
    if request.method != "POST":
        typed = carry.take(request)
        return _page(request, LeadForm(typed or None, initial=_initial(None)), None)
    form = LeadForm(request.POST)
    token = _token(request)
    leaving = "leave" in request.POST
    if leaving and not _begun(request):
        return see_other("leads:agent-list")
    if not form.is_valid() and not leaving:
        return _page(request, form, None, token=token, status=422)
    return _kept(request, form, services.start_lead(token, actor=request.user))


@access(Audience.AGENT, roles=AGENT)
@require_POST
def save_new(request: PrmRequest) -> HttpResponse:
    """The first automatic save: the lead begins with the first field that is filled in."""
    require(policies.can_enter(request.user))
    if not _begun(request):
        return HttpResponse(status=204)
    lead = services.start_lead(_token(request), actor=request.user)
    response = _saved(request, lead)
    response["Content-Location"] = reverse("leads:agent-edit", args=[lead.reference])
    response["X-Autosave-Url"] = reverse("leads:agent-save", args=[lead.reference])
    return response


@access(Audience.AGENT, roles=AGENT)
@require_POST
def save(request: PrmRequest, reference: str) -> HttpResponse:
    """Save what is valid, and say when."""
    return _saved(request, reach(request, reference))


@access(Audience.AGENT, roles=AGENT)
@require_GET
def detail(request: PrmRequest, reference: str) -> HttpResponse:
    """One own lead and how far it is; one that is only begun goes on where it was left."""
    row = reach(request, reference)
    if row.state == State.NEW:
        return see_other("leads:agent-edit", row.reference)
    context = {
        "row": row,
        "status": agent_status(row),
        "lines": row.product_lines.all(),
        "skills": row.skills.all(),
        "can_qualify": row.state == State.QUALIFYING,
        "is_with_partner": row.state in WITH_PARTNER,
    }
    return render(request, "leads/agent/detail.html", context)


@access(Audience.AGENT, roles=AGENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: PrmRequest, reference: str) -> HttpResponse:
    """Change a lead that is not qualified yet."""
    row = reach(request, reference)
    if not policies.can_edit(request.user, row):
        return see_other("leads:agent-detail", row.reference)
    if request.method != "POST":
        typed = carry.take(request)
        return _page(request, LeadForm(typed or None, initial=_initial(row)), row)
    form = LeadForm(request.POST)
    if not form.is_valid() and "leave" not in request.POST:
        _keep_valid(request, row, form)
        return _page(request, form, row, status=422)
    return _kept(request, form, row)


@access(Audience.AGENT, roles=AGENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def qualify(request: PrmRequest, reference: str) -> HttpResponse:
    """The questions, and the button that hands the lead over."""
    row = reach(request, reference)
    if row.state != State.QUALIFYING:
        return see_other("leads:agent-detail", row.reference)
    if request.method != "POST":
        return _qualify(request, row)
    form = QualifyForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        try:
            services.qualify_lead(
                row,
                checks=[Check(code) for code in values["checks"]],
                rating=Rating(values["rating"]),
                version=values["version"],
                actor=request.user,
            )
        except REFUSALS as error:
            form.add_error(None, sentence_of(error))
            row = reach(request, reference)
            form.read_again(row.version)
        else:
            messages.success(request, _("Qualified. A partner will be found for it."))
            return see_other("leads:agent-list")
    return _qualify(request, row, 422, form=form, qualify_form=form)


@access(Audience.AGENT, roles=AGENT)
@require_POST
def disqualify(request: PrmRequest, reference: str) -> HttpResponse:
    """Say that it goes nowhere, and why."""
    row = reach(request, reference)
    form = DisqualifyForm(request.POST)
    if form.is_valid():
        code = DisqualifyCode(form.cleaned_data["code"])
        try:
            services.disqualify_lead(
                row, code, actor=request.user, version=form.cleaned_data["version"]
            )
        except REFUSALS as error:
            form.add_error(None, sentence_of(error))
            row = reach(request, reference)
            form.read_again(row.version)
        else:
            messages.success(request, _("The lead is closed: %(why)s.") % {"why": code.label})
            return see_other("leads:agent-list")
    return _qualify(request, row, 422, form=form, disqualify_form=form)


@access(Audience.AGENT, roles=AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: PrmRequest, reference: str) -> HttpResponse:
    """Ask, then delete a lead that was only begun."""
    row = reach(request, reference)
    if request.method != "POST":
        require(row.state == State.NEW)
        return render(request, "leads/agent/discard.html", {"row": row})
    services.discard_lead(row, actor=request.user)
    messages.success(request, _("The lead is deleted."))
    return see_other("leads:agent-list")


def _qualify(request: PrmRequest, row: Lead, status: int = 200, **forms: Any) -> HttpResponse:
    seen = {"version": row.version}
    context = {
        "row": row,
        "lines": row.product_lines.all(),
        "skills": row.skills.all(),
        "missing": selectors.missing_fields(row),
        "qualify_form": QualifyForm(initial=seen),
        "disqualify_form": DisqualifyForm(initial=seen),
        **forms,
    }
    return render(request, "leads/agent/qualify.html", context, status=status)


def _kept(request: PrmRequest, form: LeadForm, row: Lead) -> HttpResponse:
    """Save what there is; go on to the questions, or leave. Nothing typed is dropped unsaid."""
    row = _keep_valid(request, row, form)
    if "leave" not in request.POST:
        services.begin_qualifying(row, actor=request.user)
        return see_other("leads:agent-qualify", row.reference)
    for name in [name for name in form.errors if not _typed(request, name)]:
        del form.errors[name]
    if form.errors:
        return _page(request, form, row, status=422)
    messages.success(request, _("The lead is saved."))
    return see_other("leads:agent-list")


def _keep_valid(request: PrmRequest, row: Lead, form: LeadForm) -> Lead:
    """Save the fields that are fine; the others stay on the page only."""
    form.is_valid()
    boxes = {"skills"} if "need" in request.POST else set()  # none ticked sends nothing
    sent = {name for name in form.cleaned_data if name in request.POST or name in boxes}
    values = {name: form.cleaned_data[name] for name in sent}
    lines, skills = values.pop("product_lines", None), values.pop("skills", None)
    return services.save_lead(row, values, actor=request.user, product_lines=lines, skills=skills)


def _saved(request: PrmRequest, row: Lead) -> HttpResponse:
    if not policies.can_edit(request.user, row):
        return HttpResponse(_("This lead has moved on already."), content_type="text/plain")
    row = _keep_valid(request, row, LeadForm(request.POST))
    at = date_format(localtime(row.updated_at), "TIME_FORMAT")
    return HttpResponse(
        _("Saved %(time)s") % {"time": at}, content_type="text/plain; charset=utf-8"
    )


def _page(
    request: PrmRequest,
    form: LeadForm,
    row: Lead | None,
    *,
    token: uuid.UUID | None = None,
    status: int = 200,
) -> HttpResponse:
    url = (
        reverse("leads:agent-save", args=[row.reference])
        if row
        else reverse("leads:agent-save-new")
    )
    context = {
        "form": form,
        "row": row,
        "token": None if row else token or uuid.uuid4(),
        "save_url": url,
    }
    return render(request, "leads/agent/form.html", context, status=status)


def _initial(row: Lead | None) -> dict[str, Any]:
    if row is None:
        return {"currency": portal.current().currency}
    initial: dict[str, Any] = {name: getattr(row, name) for name in PLAIN}
    initial["product_lines"] = list(row.product_lines.values_list("pk", flat=True))
    initial["skills"] = list(row.skills.values_list("pk", flat=True))
    if row.value is not None:
        initial["value"] = f"{row.value.normalize():f}"
    return initial


def _typed(request: PrmRequest, name: str) -> bool:
    return any(value.strip() for value in request.POST.getlist(name))


def _begun(request: PrmRequest) -> bool:
    """Whether there is anything to make a lead of."""
    return any(
        _typed(request, name) for name in ("company_name", "website", "contact_name", "need")
    )


def _token(request: PrmRequest) -> uuid.UUID:
    """The form's token; a form without a readable one gets a new one."""
    try:
        return uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        return uuid.uuid4()
