"""The gallery: every component with invented content, in light, dark, right-to-left and 320 px.

Each file in `templates/styleguide/samples/` is one component; the page shows it and its source.
The gallery is for those who build pages and speaks English only.
"""

import operator
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_GET

from prm import clock
from prm.access import Audience, access
from prm.ui import brand, cells, lists
from prm.ui.forms import PlainFormMixin
from prm.ui.lists import Column
from prm.ui.nav import NavLink

SAMPLES = Path(__file__).resolve().parents[2] / "templates" / "styleguide" / "samples"
TITLES = {
    "colour": "Colour", "type": "Type", "icon": "Icon", "button": "Button", "status": "Status and deadline",
    "alert": "Alert", "form": "Form: error summary and fields", "autosave": "Autosave",
    "check_answers": "Check answers", "task_list": "Task list", "tabs": "View tabs",
    "list": "List kit", "compare": "Compare", "timeline": "Timeline", "facts": "Facts rail",
    "stat": "Stat tiles", "chart": "Charts", "progress": "Progress", "dialog": "Dialog and menu",
    "empty": "Empty states", "page_header": "Page header", "time": "Time, money, copy",
}  # fmt: skip
TOKENS = (
    "canvas", "surface", "raised", "hover", "text", "text-2", "text-3", "border", "control", "primary",
    "primary-hover", "link", "link-hover", "accent-bg", "accent-text", "success", "success-text", "success-bg",
    "danger", "danger-text", "danger-bg", "warning", "warning-text", "warning-bg", "info", "info-text", "info-bg",
    "neutral", "neutral-text", "neutral-bg",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sample:
    """One component of the gallery."""

    name: str
    title: str
    source: str

    @property
    def template(self) -> str:
        """The sample's own template."""
        return f"styleguide/samples/{self.name}.html"


@dataclass(slots=True)
class Deal:
    """An invented row for the list kit."""

    reference: str
    company: str
    value: Decimal
    state: tuple[str, str]
    submitted_at: datetime
    due_at: datetime
    currency: str = "EUR"

    def __str__(self) -> str:
        return self.reference


@dataclass
class Rows:
    """A few rows in memory that answer what the list kit asks of a queryset."""

    items: list[Any] = field(default_factory=list)
    ordered: bool = True

    def count(self) -> int:
        """How many there are."""
        return len(self.items)

    def __getitem__(self, which: slice) -> list[Any]:
        return self.items[which]

    def order_by(self, *names: str) -> Self:
        """Sort by the first name."""
        name, down = names[0].removeprefix("-"), names[0].startswith("-")
        return type(self)(sorted(self.items, key=operator.attrgetter(name), reverse=down))

    def iterator(self, chunk_size: int = 0) -> Iterator[Any]:
        """All of them."""
        return iter(self.items)


class SampleForm(PlainFormMixin, forms.Form):
    """One field of each kind."""

    company = forms.CharField(label="Company", help_text="As it appears on their letterhead.")
    website = forms.CharField(label="Website", required=False)
    country = forms.ChoiceField(
        label="Country", choices=[("", "Choose one"), ("DE", "Germany"), ("FR", "France")]
    )
    kind = forms.ChoiceField(
        label="How did you meet?",
        choices=[("ref", "They called us"), ("fair", "At a fair")],
        widget=forms.RadioSelect,
    )
    products = forms.MultipleChoiceField(
        label="Products",
        required=False,
        choices=[("a", "Analytics"), ("b", "Backup")],
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    agree = forms.BooleanField(label="The customer knows about this registration")


COLUMNS = (
    Column("reference", "Reference", cells.text("reference"), sort="reference"),
    Column("company", "Customer", cells.text("company"), sort="company"),
    Column("state", "Status", cells.status(lambda deal: deal.state)),
    Column("value", "Value", cells.money("value", "currency"), sort="value", align="end"),
    Column("submitted", "Submitted", cells.moment("submitted_at", "date"), sort="submitted_at"),
    Column("due", "Decision", cells.sla("due_at", started="submitted_at"), sort="due_at"),
)
NAMES = (
    "Initech",
    "Umbrella Logistics",
    "Stark Metallbau",
    "Wayne Textiles",
    "Hooli Research",
    "Tyrell Optics",
)
STATES = (
    ("Draft", "neutral"),
    ("In review", "info"),
    ("Action required", "warning"),
    ("Approved", "success"),
    ("Rejected", "danger"),
)


def deals() -> Rows:
    """Return thirty-one invented deals."""
    now = clock.now()
    return Rows([
        Deal(
            reference=f"D-7K{at:02d}-M9TX", company=NAMES[at % len(NAMES)], value=Decimal(12_500 * (at + 1)),
            state=STATES[at % len(STATES)], submitted_at=now - timedelta(days=at), due_at=now + timedelta(hours=9 * at - 20),
        )
        for at in range(31)
    ])  # fmt: skip


def find(rows: Any, text: str) -> Any:
    """Search the invented deals."""
    return Rows(
        [
            deal
            for deal in rows.items
            if text.casefold() in f"{deal.company} {deal.reference}".casefold()
        ]
    )


@lru_cache(maxsize=1)
def samples() -> tuple[Sample, ...]:
    """Return every component with its source."""
    return tuple(
        Sample(name, title, (SAMPLES / f"{name}.html").read_text().strip())
        for name, title in TITLES.items()
    )


@access(Audience.SIGNED_IN)
@require_GET
def index(request: HttpRequest) -> HttpResponseBase:
    """Show the gallery; `?theme=dark`, `?dir=rtl`, `?width=320`, `?only=button` change how."""
    with translation.override("en"):
        page = lists.build(
            request, queryset=deals(), columns=COLUMNS, title="Deals", search=find, default_sort="-submitted",  # type: ignore[arg-type]
            row_url=lambda deal: "#list", key=str, export_name="deals",
            bulk=[lists.Bulk("Approve", "#"), lists.Bulk("Decline", "#", "danger")],
            views=[NavLink("All", "?", "", 31, active=True), NavLink("Mine", "?", "", 4)],
        )  # fmt: skip
        if lists.wants_fragment(request) or "export" in request.GET:
            return lists.respond(request, page, "styleguide/index.html")
        return _gallery(request, page)


def _gallery(request: HttpRequest, page: lists.ListPage) -> HttpResponse:
    now, only = clock.now(), request.GET.get("only", "")
    look = {k: request.GET[k] for k in ("theme", "dir", "width") if k in request.GET}
    names: dict[str, Any] = {
        "samples": [s for s in samples() if not only or s.name == only], "list": page, "only": only,
        "html_lang": "en", "html_dir": "rtl" if look.get("dir") == "rtl" else "ltr",
        "narrow": look.get("width") == "320", "tokens": TOKENS, "icons": sorted(_icons()),
        "sample_form": SampleForm(), "wrong_form": _wrong(), "now": now, "later": now + timedelta(hours=5),
        "soon": now + timedelta(minutes=25), "late": now - timedelta(hours=3), "yesterday": now - timedelta(days=1),
        "month": now + timedelta(days=82), "day": date(2027, 3, 14), "amount": Decimal("1250000"),
        "bars": [("Harbor", 42.0), ("Summit", 31.0), ("Northwind", 12.0), ("Meridian", 5.0)],
        "points": [("Jun", 4.0), ("Jul", 7.0), ("Aug", 6.0), ("Sep", 11.0), ("Oct", 9.0), ("Nov", 14.0)],
        "spark": [3, 5, 4, 8, 7, 12], "heads": ["", "This deal", "The other deal"],
        "tabs": [NavLink("Needs a decision", "#tabs", "", 12, active=True), NavLink("Waiting", "#tabs", "", 3), NavLink("Done", "#tabs", "")],
        "names": (["Initech GmbH", "Initech AG"]), "sites": ["initech.example", "initech.example"], "values": ["€ 50,000", "€ 12,000"],
        "status": ("In review", "info"), "brands": [(c, brand.tokens(c)) for c in ("#1b57b8", "#0f7b4f", "#ffd400", "#7a1fa2")],
    }  # fmt: skip
    if look.get("theme") in ("light", "dark"):
        names["theme"] = look["theme"]
    return render(request, "styleguide/index.html", names)


def _wrong() -> SampleForm:
    form = SampleForm(
        {"company": "", "country": "DE", "website": "initech.example"}, prefix="wrong"
    )
    form.errors["country"] = form.error_class(["We do not sell in this country."])
    return form


def _icons() -> list[str]:
    text = (settings.BASE_DIR / "static" / "icons.svg").read_text()
    return [part.split('"', 1)[0] for part in text.split('<symbol id="')[1:]]
