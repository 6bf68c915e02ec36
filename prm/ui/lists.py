"""The list kit: one way to search, filter, sort, page and export, with all state in the URL.

    COLUMNS = (
        Column("reference", _("Reference"), cells.text("reference"), sort="reference"),
        Column("company", _("Customer"), cells.text("company.name"), sort="company__sort_name"),
        Column("value", _("Value"), cells.money("value", "currency"), sort="value", align="end"),
    )

    @access(Audience.PARTNER)
    def deals(request):
        page = lists.build(
            request, queryset=Registration.objects.visible_to(request.user).select_related("company"),
            columns=COLUMNS, filterset=DealFilter, promoted=("state",), search=search_deals,
            default_sort="-submitted", row_url=row_link("registrations:detail", "reference"), title=_("Deals"),
            empty=Empty(_("No deals yet"), _("Register the first one."), _("Register a deal"), url),
        )
        return lists.respond(request, page, "registrations/partner/list.html", {...})

The page's template shows it with `{% include "ui/_list.html" %}`; htmx receives that very fragment.
One count and one page query, whatever the number of rows. `?export=csv` streams what is seen.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import get_urlconf, reverse
from django.utils.cache import patch_vary_headers

from prm.ui import csv
from prm.ui.filters import Filters
from prm.ui.listpage import DEFAULT_SIZE, SIZES, Bulk, Column, Empty, Label, ListPage

__all__ = [
    "MAX_SEARCH",
    "Bulk",
    "Column",
    "Empty",
    "ListPage",
    "build",
    "respond",
    "row_link",
    "wants_fragment",
]

MAX_SEARCH = 200


def build(
    request: HttpRequest, *, queryset: QuerySet[Any], columns: Sequence[Column], title: Label,
    filterset: Any = None, promoted: Sequence[str] = (), search: Callable[[QuerySet[Any], str], QuerySet[Any]] | None = None,
    default_sort: str = "", tie: str = "pk", row_url: Callable[[Any], str] | None = None, key: Callable[[Any], str] = lambda row: str(row.uid),
    empty: Empty | None = None, bulk: Sequence[Bulk] = (), views: Sequence[Any] = (), export_name: str = "list", pdf: bool = False,
    saved: bool = False,
) -> ListPage:  # fmt: skip
    """Read the list's state from the URL and return the page; nothing is queried before it is shown.

    Unknown or broken state is ignored, never an error. `search` gets the queryset and the text.
    `pdf` offers `?export=pdf`, which the view answers itself. `tie` makes every order total; grouped rows name what they are grouped by.
    `saved` lets people keep views of it under a name, see `prm.ui.savedviews`.
    `key` names a row in bulk actions (never the pk where partners see it). Empty `export_name`: no CSV.
    """
    data = _clean(request.GET)
    filters = Filters.read(filterset, data, queryset, request, promoted)
    queryset = filters.queryset
    text = data.get("q", "").strip()[:MAX_SEARCH] if search else ""
    if search and text:
        queryset = search(queryset, text)
    sort = _sort(data.get("sort", ""), columns) or default_sort
    queryset = _ordered(queryset, sort, columns, tie)
    size = data.get("size", "")
    return ListPage(
        request=request, title=title, columns=columns, queryset=queryset, filters=filters, search=text,
        searchable=search is not None, sort=sort, size=int(size) if size in map(str, SIZES) else DEFAULT_SIZE,
        row_url=row_url, key=key, empty=empty, bulk=bulk, views=views, export_name=export_name, pdf=pdf,
        saves=saved,
        defaults={"sort": default_sort},
    )  # fmt: skip


def row_link(name: str, attribute: str) -> Callable[[Any], str]:
    """Return a `row_url` for a named URL with one argument; resolved once, not once per row."""
    shapes: dict[Any, str] = {}

    def link(row: Any) -> str:
        value = quote(str(getattr(row, attribute)))
        urlconf = get_urlconf()
        if urlconf not in shapes:  # the argument comes last, so its last place is the right one
            before, _value, after = reverse(name, args=[value]).rpartition(value)
            shapes[urlconf] = f"{before}\0{after}"
        return shapes[urlconf].replace("\0", value)

    return link


def respond(
    request: HttpRequest, page: ListPage, template: str, context: Mapping[str, Any] | None = None
) -> HttpResponseBase:
    """Answer with the whole page, with the fragment for htmx, or with the CSV file."""
    if page.export_name and request.GET.get("export") == "csv":
        return csv.response(page.export_name, [c.label for c in page.columns], page.export_rows())
    fragment = wants_fragment(request)
    names = {**(context or {}), "list": page}
    response = render(request, "ui/_list.html" if fragment else template, names)
    patch_vary_headers(response, ("HX-Request", "HX-History-Restore-Request"))
    if fragment:
        response[_history_header(request, page)] = page.canonical_url
    return response


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page (a restored history entry wants all of it)."""
    headers = request.headers
    return "HX-Request" in headers and "HX-History-Restore-Request" not in headers


def _history_header(request: HttpRequest, page: ListPage) -> str:
    """Typing in the search box replaces the history entry; every other change adds one."""
    _path, _mark, query = request.headers.get("HX-Current-URL", "").partition("?")
    before, after = QueryDict(query, mutable=True), QueryDict(mutable=True)
    after.update(QueryDict(page.canonical_url.partition("?")[2]))
    changed = before.get("q", "") != after.get("q", "")
    for state in (before, after):
        state.pop("q", None)
        state.pop("page", None)
    return "HX-Replace-Url" if changed and before == after else "HX-Push-Url"


def _clean(data: QueryDict) -> QueryDict:
    """Return the parameters without NUL characters, which the database refuses."""
    cleaned = QueryDict(mutable=True)
    for name, values in data.lists():
        cleaned.setlist(name, [value.replace("\0", "") for value in values])
    return cleaned


def _sort(asked: str, columns: Sequence[Column]) -> str:
    known = {column.key for column in columns if column.fields}
    return asked if asked.removeprefix("-") in known else ""


def _ordered(
    queryset: QuerySet[Any], sort: str, columns: Sequence[Column], tie: str
) -> QuerySet[Any]:
    """Sort by the column's fields, then by key, so that pages never overlap."""
    fields = next((c.fields for c in columns if c.key == sort.removeprefix("-")), ())
    if not fields:
        return queryset if queryset.ordered else queryset.order_by(f"-{tie}")
    sign = "-" if sort.startswith("-") else ""
    return queryset.order_by(*(f"{sign}{name}" for name in fields), f"{sign}{tie}")
