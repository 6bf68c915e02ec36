"""What the rules of engagement may ask about a registration, and what they may grant.

Every field is a column as well as a fact, so that one rule decides a case and finds all like it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

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
        _("country of the customer"),
        path="country",
        choices=countries.names,
    ),
    Field(
        "place",
        Kind.CHOICE,
        _("territory"),
        path="place__code",
        choices=_entries(Territory),
    ),
    Field(
        "product_lines",
        Kind.SET,
        _("product lines"),
        member=_has_line,
        choices=_entries(ProductLine),
    ),
    Field(
        "value",
        Kind.MONEY,
        _("value"),
        path="value",
        currency_path="currency",
        home_path="home_value",
    ),
    Field("expected_close", Kind.DATE, _("expected close"), path="expected_close"),
    Field(
        "stage",
        Kind.CHOICE,
        _("sales stage"),
        path="stage",
        choices={stage.value: stage.label for stage in LIVE_STAGES},
    ),
    Field("is_tender", Kind.YES_NO, _("public tender"), path="is_tender"),
    Field("partner", Kind.CHOICE, _("partner"), path="partner__reference", choices=_partners),
    Field(
        "tier",
        Kind.CHOICE,
        _("tier of the partner"),
        path="partner__tier__code",
        choices=_entries(Tier),
    ),
    Field(
        "designation",
        Kind.CHOICE,
        _("designation of the customer"),
        path="company__designation",
        choices=dict(Designation.choices),
    ),
    Field(
        "industry",
        Kind.CHOICE,
        _("industry of the customer"),
        path="company__industry__code",
        choices=_entries(Industry),
    ),
    Field(
        "contact_days",
        Kind.NUMBER,
        _("days since our own last contact"),
        path="contact_days",
    ),
    Field("conflicts", Kind.NUMBER, _("number of conflicts found"), path="conflict_count"),
)


def _days(name: str, label: Text, phrase: Text, least: int = 0, most: int = 3_650) -> Field:
    """An outcome that is a whole number of days."""
    return Field(
        name, Kind.NUMBER, label, phrase=phrase, whole=True, least=least, most=most, unit=_("days")
    )


OUTCOMES = (
    Field(
        "eligibility",
        Kind.CHOICE,
        _("eligibility"),
        choices=dict(Eligibility.choices),
        phrase=_("the deal is %(value)s"),
        help=_("The partner reads the rule’s name as the reason."),
    ),
    Field(
        "exclusivity",
        Kind.CHOICE,
        _("what a deal claims at its customer"),
        choices=dict(Exclusivity.choices),
        phrase=_("it claims %(value)s"),
        help=_("Asked before conflicts are known: a condition on them does not hold here."),
    ),
    Field(
        "reviewer",
        Kind.CHOICE,
        _("reviewer"),
        choices=_reviewers,
        phrase=_("%(value)s reviews it"),
    ),
    Field(
        "auto_approve",
        Kind.YES_NO,
        _("approve at once"),
        phrase=_("it is approved at once if nothing collides"),
        phrase_no=_("a person approves it"),
        help=_("Never if anything collides, or if a rule wants a person to agree."),
    ),
    _days(
        "decision_days",
        _("working days until the decision"),
        ngettext_lazy(
            "it is decided within %(value)s working day",
            "it is decided within %(value)s working days",
            "count",
        ),
        most=60,
    ),
    _days(
        "escalation_days",
        _("working days until the administrators are told"),
        ngettext_lazy(
            "undecided after %(value)s working day, the administrators are told",
            "undecided after %(value)s working days, the administrators are told",
            "count",
        ),
        most=60,
    ),
    _days(
        "protection_days",
        _("days of protection"),
        ngettext_lazy(
            "it is protected for %(value)s day", "it is protected for %(value)s days", "count"
        ),
        least=1,
    ),
    _days(
        "extension_days",
        _("days that one extension adds"),
        ngettext_lazy(
            "an extension adds %(value)s day", "an extension adds %(value)s days", "count"
        ),
        least=1,
    ),
    Field(
        "extensions_most",
        Kind.NUMBER,
        _("extensions per deal at most"),
        phrase=ngettext_lazy(
            "%(value)s extension at most", "%(value)s extensions at most", "count"
        ),
        whole=True,
        least=0,
        most=20,
    ),
    Field(
        "extension_evidence",
        Kind.YES_NO,
        _("an extension needs evidence"),
        phrase=_("an extension needs evidence"),
        phrase_no=_("an extension needs no evidence"),
    ),
    _days(
        "prod_days",
        _("days without a sign of life until a reminder"),
        ngettext_lazy(
            "the partner is asked after %(value)s day without a sign of life",
            "the partner is asked after %(value)s days without a sign of life",
            "count",
        ),
        least=1,
    ),
    Field(
        "notice_days",
        Kind.SET,
        _("days before the end on which a notice goes out"),
        phrase=_("the end is announced %(value)s days ahead"),
        whole=True,
        least=1,
        most=365,
    ),
    _days(
        "after_days",
        _("days after the end on which a last notice goes out"),
        ngettext_lazy(
            "a last notice goes out %(value)s day after the end",
            "a last notice goes out %(value)s days after the end",
            "count",
        ),
        most=60,
    ),
    Field(
        "open_limit",
        Kind.NUMBER,
        _("deals under way per partner at most"),
        phrase=_("a partner has %(value)s deals under way at most"),
        phrase_no=_("a partner may have any number of deals under way"),
        help=_("0: no limit."),
        whole=True,
        least=0,
        most=100_000,
    ),
    Field(
        "open_limit_per_win",
        Kind.NUMBER,
        _("further deals under way for each one won in a year"),
        phrase=_("and %(value)s more for each one won in a year"),
        phrase_no=_("what a partner has won changes nothing about that"),
        whole=True,
        least=0,
        most=1_000,
    ),
)
