"""The vendor's agreements: titles, drafts, preview, publishing, and who has accepted."""

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partners import services
from partners.filters import CoverageFilter, search
from partners.forms import AgreementForm, DraftForm, PublishForm
from partners.models import Agreement, AgreementVersion
from partners.policies import WRITERS, can_write_agreements
from partners.selectors import agreement_list, coverage_of, version_list
from partners.views.agreement_words import describe
from prm.access import VENDOR_ROLES, Audience, access
from prm.events import timeline
from prm.events.entries import entries
from prm.http import PrmRequest, posted, see_other
from prm.markdown import to_html
from prm.ui import cells, lists

SHOWN_EVENTS = 30
get_or_post = require_http_methods(["GET", "HEAD", "POST"])
for_staff = access(Audience.VENDOR, roles=VENDOR_ROLES)
for_writers = access(Audience.VENDOR, roles=WRITERS)


@for_staff
@require_safe
def index(request: PrmRequest) -> HttpResponseBase:
    """All agreements, by title."""
    may_write = can_write_agreements(request.user)
    add_url = reverse("partners:agreement-add") if may_write else ""
    page = lists.build(
        request,
        queryset=agreement_list(request.user),
        columns=_columns(),
        title=_("Agreements"),
        search=lambda rows, text: rows.filter(title__icontains=text),
        default_sort="title",
        row_url=lists.row_link("partners:agreement", "reference"),
        export_name="agreements",
        empty=lists.Empty(
            _("No agreements yet"),
            _("Write down what partners have to accept before they register deals or get leads."),
            _("Add an agreement") if may_write else "",
            add_url,
        ),
    )
    return lists.respond(request, page, "partners/manage/agreements.html", {"add_url": add_url})


@for_writers
@get_or_post
def add(request: PrmRequest) -> HttpResponse:
    """A new agreement; its text comes next."""
    form = AgreementForm(posted(request))
    if form.is_bound and form.is_valid():
        try:
            agreement = services.add_agreement(**form.values, actor=request.user)
        except services.AgreementRefused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            return see_other("partners:agreement-draft", agreement.reference)
    return _form_page(request, form, None, _("Add an agreement"), _("Continue to the text"))


@for_staff
@require_safe
def detail(request: PrmRequest, reference: str) -> HttpResponse:
    """Versions, the draft, what happened."""
    agreement = _agreement(request, reference)
    versions = list(agreement.versions.select_related("published_by").order_by("-number"))
    newest = timeline(agreement).newest_first()[:SHOWN_EVENTS]
    context = {
        "agreement": agreement,
        "draft": next((each for each in versions if each.published_at is None), None),
        "versions": [(each, *describe(each)) for each in versions if each.published_at],
        "may_write": can_write_agreements(request.user),
        "timeline": entries(newest),
    }
    return render(request, "partners/manage/agreement.html", context)


@for_writers
@get_or_post
def rename(request: PrmRequest, reference: str) -> HttpResponse:
    """Change the title."""
    agreement = _agreement(request, reference)
    form = AgreementForm(posted(request), initial=AgreementForm.initial_of(agreement))
    if form.is_bound and form.is_valid():
        try:
            services.rename_agreement(agreement, **form.values, actor=request.user)
        except services.AgreementRefused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Saved."))
            return see_other("partners:agreement", agreement.reference)
    return _form_page(request, form, agreement, _("Rename"), _("Save"))


@for_writers
@get_or_post
def draft(request: PrmRequest, reference: str) -> HttpResponse:
    """Write the next version; it starts from the last one."""
    agreement = _agreement(request, reference)
    last = agreement.versions.order_by("-number").first()
    initial = DraftForm.initial_of(last) if last else {}
    form = DraftForm(posted(request), initial=initial)
    if form.is_bound and form.is_valid():
        try:
            services.save_draft(agreement, form.draft, actor=request.user)
        except services.AgreementRefused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("The draft is saved. Read it as partners will."))
            return see_other("partners:agreement-preview", agreement.reference)
    number = last.number if last and last.published_at is None else (last.number if last else 0) + 1
    title = _("Text of version %(number)d") % {"number": number}
    return _form_page(request, form, agreement, title, _("Save and preview"))


@for_writers
@get_or_post
def preview(request: PrmRequest, reference: str) -> HttpResponse:
    """The draft as partners will read it, and the form that publishes it."""
    agreement = _agreement(request, reference)
    version = _draft(agreement)
    form = PublishForm(posted(request))
    if form.is_bound and form.is_valid():
        try:
            services.publish_version(version, effective_at=form.effective_at, actor=request.user)
        except services.AgreementRefused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Published. The partners concerned are told now."))
            return see_other("partners:agreement", agreement.reference)
    texts = [(code, to_html(text)) for code, text in version.texts.items()]
    who, gates = describe(version)
    context = {
        "form": form,
        "agreement": agreement,
        "version": version,
        "texts": texts,
        "who": who,
        "gates": gates,
    }
    status = 422 if form.is_bound else 200
    return render(request, "partners/manage/preview.html", context, status=status)


@for_writers
@require_POST
def discard(request: PrmRequest, reference: str) -> HttpResponse:
    """Delete the draft."""
    agreement = _agreement(request, reference)
    services.discard_agreement_draft(_draft(agreement), actor=request.user)
    messages.success(request, _("The draft is deleted."))
    return see_other("partners:agreement", agreement.reference)


@for_writers
@require_POST
def retire(request: PrmRequest, reference: str) -> HttpResponse:
    """Require it of nobody any more."""
    services.retire_agreement(_agreement(request, reference), actor=request.user)
    messages.success(request, _("The agreement is retired: nobody has to accept it."))
    return see_other("partners:agreement", reference)


@for_writers
@require_POST
def restore(request: PrmRequest, reference: str) -> HttpResponse:
    """Require it again."""
    services.restore_agreement(_agreement(request, reference), actor=request.user)
    messages.success(request, _("The agreement is in use again."))
    return see_other("partners:agreement", reference)


@for_staff
@require_safe
def version(request: PrmRequest, reference: str, number: int) -> HttpResponse:
    """A published text, fixed, with its digests."""
    found = _version(request, reference, number)
    who, gates = describe(found)
    texts = [(code, found.digests[code], to_html(text)) for code, text in found.texts.items()]
    context = {"version": found, "texts": texts, "who": who, "gates": gates}
    return render(request, "partners/manage/version.html", context)


@for_staff
@require_safe
def coverage(request: PrmRequest, reference: str, number: int) -> HttpResponseBase:
    """Which partners have accepted a version, and which are missing."""
    found = _version(request, reference, number)
    page = lists.build(
        request,
        queryset=coverage_of(found),
        columns=_coverage_columns(),
        title=_("Who has accepted"),
        filterset=CoverageFilter,
        promoted=("state",),
        search=search,
        default_sort="name",
        row_url=lists.row_link("partners:manage-detail", "reference"),
        export_name="acceptances",
        empty=lists.Empty(_("No partner has to accept this version.")),
    )
    return lists.respond(request, page, "partners/manage/coverage.html", {"version": found})


def _agreement(request: PrmRequest, reference: str) -> Agreement:
    found: Agreement = get_object_or_404(agreement_list(request.user), reference=reference)
    return found


def _draft(agreement: Agreement) -> AgreementVersion:
    found: AgreementVersion = get_object_or_404(
        agreement.versions.select_related("agreement"), published_at=None
    )
    return found


def _version(request: PrmRequest, reference: str, number: int) -> AgreementVersion:
    found: AgreementVersion = get_object_or_404(
        version_list(request.user),
        agreement__reference=reference,
        number=number,
        published_at__isnull=False,
    )
    return found


def _form_page(
    request: PrmRequest,
    form: django_forms.Form,
    agreement: Agreement | None,
    title: str,
    button: str,
) -> HttpResponse:
    if agreement is None:
        back, back_label = reverse("partners:agreements"), _("Agreements")
    else:
        back = reverse("partners:agreement", args=[agreement.reference])
        back_label = agreement.label
    context: dict[str, Any] = {
        "form": form,
        "title": title,
        "button": button,
        "back": back,
        "back_label": back_label,
    }
    status = 422 if form.is_bound else 200
    return render(request, "partners/manage/agreement_form.html", context, status=status)


def _columns() -> tuple[lists.Column, ...]:
    return (
        lists.Column("title", _("Title"), cells.text("label"), sort="title"),
        lists.Column("reference", _("Reference"), cells.text("reference"), sort="reference"),
        lists.Column("current", _("Version in force"), cells.text("current"), sort="current"),
        lists.Column("since", _("Since"), cells.moment("since", "date"), sort="since"),
        lists.Column("draft", _("Draft"), cells.text("draft"), sort="draft"),
        lists.Column("state", _("State"), cells.status(_state), sort="retired_at"),
    )


def _state(agreement: Any) -> tuple[str, str]:
    if agreement.retired_at is not None:
        return _("Retired"), "neutral"
    if agreement.current is None:
        return _("Not in force yet"), "info"
    return _("In force"), "success"


def _coverage_columns() -> tuple[lists.Column, ...]:
    return (
        lists.Column("name", _("Partner"), cells.text("name"), sort="name"),
        lists.Column("reference", _("Reference"), cells.text("reference"), sort="reference"),
        lists.Column("state", _("State"), cells.status(_standing), sort="accepted_number"),
        lists.Column("number", _("Version"), cells.text("accepted_number")),
        lists.Column("by", _("Accepted by"), cells.text("accepted_by"), sort="accepted_by"),
        lists.Column("at", _("Accepted at"), cells.moment("accepted_at"), sort="accepted_at"),
        lists.Column("receipt", _("Receipt"), cells.text("acceptance")),
    )


def _standing(partner: Any) -> tuple[str, str]:
    if partner.accepted_number is None:
        return _("Missing"), "warning"
    return _("Accepted"), "success"
