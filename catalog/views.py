"""Pages of the catalog: a list per kind in its own order, a form per entry."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog import services
from catalog.enums import Kind
from catalog.forms import EntryForm
from catalog.models import MODELS, CatalogEntry
from prm import countries
from prm.access import Audience, Role, access
from prm.http import PrmRequest, SeeOther, posted, see_other
from prm.locks import Busy

PAGE_SIZE = 50
for_administrators = access(Audience.VENDOR, roles={Role.ADMINISTRATOR})
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@for_administrators
@require_safe
def index(request: PrmRequest) -> HttpResponse:
    """Go to the first kind."""
    return redirect("catalog:entries", kind=Kind.PRODUCT_LINES)


@for_administrators
@require_safe
def entries(request: PrmRequest, kind: Kind) -> HttpResponse:
    """The entries of a kind in their order, retired ones last."""
    rows = MODELS[kind].objects.order_by(F("retired_at").asc(nulls_first=True), "position", "name")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "kind": kind,
        "page": page,
        "tabs": [_tab(each, kind) for each in Kind],
        "rows": [(entry, countries.spell(getattr(entry, "countries", []))) for entry in page],
    }
    return render(request, "catalog/entries.html", context)


@for_administrators
@get_or_post
def add(request: PrmRequest, kind: Kind) -> HttpResponse:
    """A new entry."""
    form = EntryForm(posted(request), kind=kind)
    if form.is_bound and form.is_valid() and _save(form, request, kind):
        messages.success(request, _("%(name)s added.") % {"name": form.cleaned_data["name"]})
        return see_other("catalog:entries", kind=kind)
    return _form_page(request, form, kind, _("Add to: %(kind)s") % {"kind": kind.label})


@for_administrators
@get_or_post
def edit(request: PrmRequest, kind: Kind, code: str) -> HttpResponse:
    """Rename an entry, change its words and countries."""
    entry = get_object_or_404(MODELS[kind], code=code)
    form = EntryForm(posted(request), initial=EntryForm.initial_of(entry), kind=kind)
    if form.is_bound and form.is_valid() and _save(form, request, kind, entry):
        messages.success(request, _("Saved."))
        return see_other("catalog:entries", kind=kind)
    return _form_page(request, form, kind, entry.label, entry)


@for_administrators
@require_POST
def retire(request: PrmRequest, kind: Kind, code: str) -> HttpResponse:
    """Take an entry out of every choice."""
    entry = get_object_or_404(MODELS[kind], code=code)
    services.retire_entry(entry, actor=request.user)
    messages.success(request, _("%(name)s can no longer be chosen.") % {"name": entry.label})
    return see_other("catalog:entries", kind=kind)


@for_administrators
@require_POST
def restore(request: PrmRequest, kind: Kind, code: str) -> HttpResponse:
    """Offer a retired entry again."""
    entry = get_object_or_404(MODELS[kind], code=code)
    services.restore_entry(entry, actor=request.user)
    messages.success(request, _("%(name)s can be chosen again.") % {"name": entry.label})
    return see_other("catalog:entries", kind=kind)


@for_administrators
@require_POST
def move(request: PrmRequest, kind: Kind, code: str) -> HttpResponse:
    """Move an entry up or down by one."""
    entry = get_object_or_404(MODELS[kind], code=code)
    try:
        services.move_entry(entry, up=request.POST.get("to") != "down", actor=request.user)
    except Busy:
        messages.error(request, _("Somebody else is changing this list. Please try again."))
    page = request.POST.get("page", "")
    address = reverse("catalog:entries", kwargs={"kind": kind})
    return SeeOther(f"{address}?page={page}" if page.isdigit() and page != "1" else address)


def _save(
    form: EntryForm, request: PrmRequest, kind: Kind, entry: CatalogEntry | None = None
) -> bool:
    """Call the service; a refusal becomes an error on the form."""
    values = {
        "name": form.cleaned_data["name"],
        "words": form.words,
        "country_codes": form.country_codes,
        "actor": request.user,
    }
    try:
        if entry is None:
            services.add_entry(kind, **values)
        else:
            services.edit_entry(entry, **values)
    except services.NameTaken as taken:
        retired = _("A retired entry has this name; offer it again instead.")
        form.add_error("name", retired if taken.entry.retired_at else _("This name is taken."))
    except services.EntryRefused:
        form.add_error(None, _("This cannot be saved. Check what you entered."))
    except Busy:
        form.add_error(None, _("Somebody else is changing this list. Please try again."))
    return not form.errors


def _form_page(
    request: PrmRequest,
    form: EntryForm,
    kind: Kind,
    title: str,
    entry: CatalogEntry | None = None,
) -> HttpResponse:
    context = {"form": form, "kind": kind, "title": title, "entry": entry}
    return render(request, "catalog/form.html", context, status=422 if form.is_bound else 200)


def _tab(kind: Kind, shown: Kind) -> dict[str, object]:
    url = reverse("catalog:entries", kwargs={"kind": kind})
    return {"label": kind.label, "url": url, "active": kind == shown}
