"""One page of a list: what `ui/_list.html` shows, and the addresses that lead on from it.

Rooms use `prm.ui.lists`, which builds and answers these pages.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.functional import cached_property
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from prm.ui import savedviews
from prm.ui.cells import Cell
from prm.ui.filters import ActiveFilter, Filters

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Label: TypeAlias = "str | _StrPromise"

SIZES = (10, 25, 50, 80, 100)
DEFAULT_SIZE = 25
MAX_PAGE_DIGITS = 7


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `sort` names the database fields that its header sorts by."""

    key: str
    label: Label
    cell: Cell
    sort: str | tuple[str, ...] = ()
    align: Literal["start", "end"] = "start"

    @property
    def fields(self) -> tuple[str, ...]:
        """The database fields to sort by; none means that the header is no link."""
        return (self.sort,) if isinstance(self.sort, str) else self.sort


@dataclass(frozen=True, slots=True)
class Empty:
    """What a list says when there is nothing in it yet: what, why, and one action."""

    title: Label
    text: Label = ""
    action: Label = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Bulk:
    """One action on chosen rows: POSTs `selected` keys, or `all_matching`, to a preview page."""

    label: Label
    url: str
    tone: str = "secondary"


@dataclass(frozen=True, slots=True)
class Header:
    """A column's head: where its link sorts to, and how the list is sorted by it now."""

    label: Label
    align: str
    url: str
    direction: Literal["", "ascending", "descending"]


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its key for bulk actions, its cells as HTML, and the object itself."""

    key: str
    html: SafeString
    item: Any


@dataclass
class ListPage:
    """Everything that `ui/_list.html` shows."""

    request: HttpRequest
    title: Label
    columns: Sequence[Column]
    queryset: QuerySet[Any]
    filters: Filters
    search: str
    searchable: bool
    sort: str
    size: int
    row_url: Callable[[Any], str] | None
    key: Callable[[Any], str]
    empty: Empty | None
    bulk: Sequence[Bulk]
    views: Sequence[Any]
    export_name: str
    pdf: bool = False
    saves: bool = False
    sizes: Sequence[int] = SIZES
    defaults: dict[str, str] = field(default_factory=dict)

    @cached_property
    def paginator(self) -> "Paginator[Any]":
        """Count once, exactly."""
        return Paginator(self.queryset, self.size)

    @cached_property
    def page(self) -> "Page[Any]":
        """The page asked for; past the end means the last one."""
        asked = self.request.GET.get("page", "1")
        number = asked if asked.isascii() and asked.isdigit() else "1"
        return self.paginator.get_page(
            max(1, min(int(number[:MAX_PAGE_DIGITS]), self.paginator.num_pages))
        )

    @property
    def total(self) -> int:
        """How many rows match."""
        return self.paginator.count

    @property
    def is_narrowed(self) -> bool:
        """Whether a search or filter is active: then nothing found is not the same as nothing there."""
        return bool(self.search) or bool(self.filters.active)

    @cached_property
    def rows(self) -> list[Row]:
        """The rows of this page, their cells written out in one pass (no template per cell)."""
        return list(self._rows(self.page.object_list))

    @cached_property
    def headers(self) -> list[Header]:
        """The columns' heads with their sort links."""
        current, descending = self.sort.lstrip("-"), self.sort.startswith("-")
        heads = []
        for column in self.columns:
            now = column.key == current
            next_sort = column.key if not now or descending else f"-{column.key}"
            url = self.url(sort=next_sort) if column.fields else ""
            direction: Any = ("descending" if descending else "ascending") if now else ""
            heads.append(Header(column.label, column.align, url, direction))
        return heads

    @cached_property
    def sort_choices(self) -> list[tuple[str, SafeString, bool]]:
        """The sort orders as a list to choose from, for a phone."""
        choices = []
        for column in self.columns:
            for value, arrow in (
                ((column.key, "↑"), (f"-{column.key}", "↓")) if column.fields else ()
            ):
                choices.append(
                    (value, format_html("{} {}", column.label, arrow), value == self.sort)
                )
        return choices

    @property
    def page_links(self) -> list[tuple[int | None, str]]:
        """Page numbers with their links; None stands for a gap."""
        numbers = self.paginator.get_elided_page_range(self.page.number, on_each_side=1, on_ends=1)
        return [(n, self.url(page=n)) if isinstance(n, int) else (None, "") for n in numbers]

    @property
    def previous_url(self) -> str:
        """The page before, or nothing."""
        return self.url(page=self.page.number - 1) if self.page.has_previous() else ""

    @property
    def next_url(self) -> str:
        """The page after, or nothing."""
        return self.url(page=self.page.number + 1) if self.page.has_next() else ""

    @property
    def size_links(self) -> list[tuple[int, str]]:
        """How many rows a page may have."""
        return [(size, self.url(size=size)) for size in self.sizes]

    @cached_property
    def saved(self) -> savedviews.SavedViews | None:
        """One's saved views of this list, if it offers them; one query."""
        if not self.saves:
            return None
        return savedviews.of_list(self.request, self.url().partition("?")[2])

    @property
    def export_url(self) -> str:
        """The same list as a CSV file."""
        return self.url(export="csv") if self.export_name else ""

    @property
    def pdf_url(self) -> str:
        """The same list as a PDF, where the page offers one."""
        return self.url(export="pdf") if self.pdf else ""

    @property
    def clear_url(self) -> str:
        """The same list without search and filters."""
        kept = {
            name: value for name, value in self._state.items() if name in ("sort", "size", "view")
        }
        return self._address(kept)

    @property
    def clear_search_url(self) -> str:
        """The same list without the search."""
        return self.url(q=None)

    @property
    def active_filters(self) -> list[tuple[ActiveFilter, str]]:
        """What narrows the list, each with the address that drops it."""
        return [(each, self.url(**dict.fromkeys(each.parameters))) for each in self.filters.active]

    def url(self, **changes: Any) -> str:
        """Return this list's address with some state changed; anything but `page` goes to page one."""
        state: dict[str, Any] = {**self._state, **changes}
        return self._address(
            {name: value for name, value in state.items() if value not in (None, "")}
        )

    @cached_property
    def _state(self) -> dict[str, Any]:
        """The state worth an address: nothing empty, nothing that is the default, no page."""
        state: dict[str, Any] = {
            name: self.request.GET.getlist(name) for name in self.filters.parameters
        }
        state["q"] = self.search
        state["view"] = self.request.GET.get("view", "")
        state["sort"] = self.sort if self.sort != self.defaults.get("sort") else ""
        state["size"] = self.size if self.size != DEFAULT_SIZE else ""
        return {name: value for name, value in state.items() if value and value != [""]}

    @property
    def hidden(self) -> list[tuple[str, Any]]:
        """State that the filter form must carry along."""
        return [(name, self._state[name]) for name in ("size", "view") if name in self._state]

    @property
    def canonical_url(self) -> str:
        """This very page, in its shortest form."""
        return self.url(page=self.page.number if self.page.number > 1 else None)

    def export_rows(self) -> Iterator[list[Any]]:
        """Every matching row in the order seen, read from the database in batches."""
        for item in self.queryset.iterator(chunk_size=1000):
            yield [column.cell.plain(item) for column in self.columns]

    def _address(self, state: Mapping[str, Any]) -> str:
        query = QueryDict(mutable=True)
        for name, value in state.items():
            query.setlist(
                name, [str(v) for v in value] if isinstance(value, list) else [str(value)]
            )
        return f"{self.request.path}?{query.urlencode()}" if query else self.request.path

    def _rows(self, items: Any) -> Iterator[Row]:
        cells = [
            (self._opening(at, column), column.cell.show, column.cell.below)
            for at, column in enumerate(self.columns)
        ]
        for item in items:
            parts: list[str] = []
            for at, (opening, show, below) in enumerate(cells):
                content = _escaped(show(item))
                if at == 0 and self.row_url is not None:
                    content = f'<a href="{_escaped(self.row_url(item))}">{content}</a>'
                parts += (opening, content)
                if below is not None and (line := below(item)):
                    parts += (" <small>", _escaped(line), "</small>")
                parts.append("</td>")
            yield Row(self.key(item), mark_safe("".join(parts)), item)  # noqa: S308 - each part is escaped

    @staticmethod
    def _opening(at: int, column: Column) -> SafeString:
        css = " ".join(
            filter(None, ["first" if at == 0 else "", "end" if column.align == "end" else ""])
        )
        return format_html(
            '<td role="cell"{} data-label="{}">',
            format_html(' class="{}"', css) if css else "",
            column.label,
        )


def _escaped(value: Any) -> str:
    """Escape what is not safe; the two usual types take a shorter way than `conditional_escape`."""
    kind = type(value)
    if kind is SafeString:
        return value  # type: ignore[no-any-return]
    return escape(value) if kind is str else conditional_escape(value)
