"""What the rules of engagement may ask about a registration, and what they may grant.

Every field is a column as well as a fact, so that one rule decides a case and finds all like it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import CatalogEntry, Industry, ProductLine, Territory, Tier
from companies.enums import Designation
from partners.models import Partner
from prm import countries
from prm.access import Audience
from prm.rules import Field, Kind
from prm.rules.fields import Text
from registrations.enums import LIVE_STAGES, Eligibility, Exclusivity
from users.models import User

KIND = "registrations.engagement"

MANAGER = "MANAGER"
"""The reviewer that a rule names when it means whoever looks after the partner."""

DEFAULTS: dict[str, Any] = {
    "eligibility": Eligibility.ELIGIBLE.value,
    "exclusivity": Exclusivity.PRODUCTS_PLACES.value,
    "reviewer": MANAGER,
    "auto_approve": False,
    "decision_days": "2",
    "escalation_days": "1",
    "protection_days": "90",
    "extension_days": "60",
    "extensions_most": "1",
    "extension_evidence": True,
    "prod_days": "30",
    "notice_days": ["60", "30", "14", "3"],
    "after_days": "1",
    "open_limit": "0",
    "open_limit_per_win": "0",
}
"""The usual figures of the field, DESIGN section 5. Days are calendar days but for the decision's and
the escalation's, which are working days; a limit of 0 is none."""


def _entries(model: type[CatalogEntry]) -> Callable[[], Mapping[str, str]]:
    """Every entry, retired ones too: a published rule must stay readable."""
    return lambda: {entry.code: entry.label for entry in model.objects.all()}


def _partners() -> Mapping[str, str]:
    return dict(Partner.objects.values_list("reference", "name"))


def _reviewers() -> Mapping[str, Text]:
    staff = User.objects.filter(audience=Audience.VENDOR).order_by("name")
    names = {str(uid): name for uid, name in staff.values_list("uid", "name")}
    return {MANAGER: _("the partner's channel manager"), **names}


def _has_line(code: str | None) -> Q:
    named = {} if code is None else {"code": code}
    holds = ProductLine.registrations.through.objects.filter(
        **{f"productline__{name}": value for name, value in named.items()}
    )
    return Q(pk__in=holds.values("registration_id"))


FIELDS = (
    Field(
        "country",
        Kind.CHOICE,
        _("the country of the customer"),
        path="country",
        choices=lambda: dict(countries.choices()),
    ),
    Field(
        "place",
        Kind.CHOICE,
        _("the territory"),
        path="place__code",
        choices=_entries(Territory),
    ),
    Field(
        "product_lines",
        Kind.SET,
        _("the product lines"),
        member=_has_line,
        choices=_entries(ProductLine),
    ),
    Field("value", Kind.MONEY, _("the value"), path="value", currency_path="currency"),
    Field("expected_close", Kind.DATE, _("the expected close"), path="expected_close"),
    Field(
        "stage",
        Kind.CHOICE,
        _("the sales stage"),
        path="stage",
        choices={stage.value: stage.label for stage in LIVE_STAGES},
    ),
    Field("is_tender", Kind.YES_NO, _("a public tender"), path="is_tender"),
    Field("partner", Kind.CHOICE, _("the partner"), path="partner__reference", choices=_partners),
    Field(
        "tier",
        Kind.CHOICE,
        _("the partner's tier"),
        path="partner__tier__code",
        choices=_entries(Tier),
    ),
    Field(
        "designation",
        Kind.CHOICE,
        _("the designation of the customer"),
        path="company__designation",
        choices=dict(Designation.choices),
    ),
    Field(
        "industry",
        Kind.CHOICE,
        _("the industry of the customer"),
        path="company__industry__code",
        choices=_entries(Industry),
    ),
    Field(
        "contact_days",
        Kind.NUMBER,
        _("the number of days since our own last contact with the customer"),
        path="contact_days",
    ),
    Field("conflicts", Kind.NUMBER, _("the number of conflicts found"), path="conflict_count"),
)

OUTCOMES = (
    Field("eligibility", Kind.CHOICE, _("the deal is"), choices=dict(Eligibility.choices)),
    Field("exclusivity", Kind.CHOICE, _("a deal claims"), choices=dict(Exclusivity.choices)),
    Field("reviewer", Kind.CHOICE, _("the reviewer is"), choices=_reviewers),
    Field("auto_approve", Kind.YES_NO, _("approve at once if nothing collides")),
    Field("decision_days", Kind.NUMBER, _("working days until the decision")),
    Field("escalation_days", Kind.NUMBER, _("working days until somebody else is told")),
    Field("protection_days", Kind.NUMBER, _("days of protection")),
    Field("extension_days", Kind.NUMBER, _("days that one extension adds")),
    Field("extensions_most", Kind.NUMBER, _("extensions per deal at most")),
    Field("extension_evidence", Kind.YES_NO, _("an extension needs evidence")),
    Field("prod_days", Kind.NUMBER, _("days without a sign of life until a reminder")),
    Field("notice_days", Kind.SET, _("days before the end on which a notice goes out")),
    Field("after_days", Kind.NUMBER, _("days after the end on which a last notice goes out")),
    Field("open_limit", Kind.NUMBER, _("open deals per partner at most (0: no limit)")),
    Field("open_limit_per_win", Kind.NUMBER, _("further open deals for each deal won in a year")),
)
