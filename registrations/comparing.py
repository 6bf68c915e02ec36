"""Two registrations side by side: same, similar or different per attribute, with the reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from companies.differences import marked
from companies.matching.explain import lines as explained
from prm import countries
from prm.money import format_money
from prm.ui.dates import format_moment, format_second
from registrations.models import Registration, RegistrationConflict

SAME, SIMILAR, DIFFERENT, NONE = "same", "similar", "different", ""
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Likeness:
    """One attribute of both sides; `match` is empty where comparing means nothing."""

    label: str
    ours: str
    theirs: str
    match: str = NONE
    why: str = ""

    @property
    def values(self) -> tuple[str, str]:
        """Both sides, ours first."""
        return self.ours, self.theirs


def compare(conflict: RegistrationConflict) -> list[Likeness]:
    """Return a conflict's two sides attribute by attribute; the other may be only a company."""
    row, other = conflict.registration, conflict.other
    theirs_name = other.company_name if other else conflict.company.name
    lines = [_name(conflict, row.company_name, theirs_name), _country(row, conflict)]
    if other is None:
        designation = str(conflict.company.get_designation_display())
        return [*lines, Likeness(_("Designation"), NOTHING, designation)]
    return [
        *lines,
        _equal(_("Domain"), row.website, other.website),
        _equal(_("Registration number"), _number(row), _number(other)),
        _equal(_("Site"), row.site, other.site),
        _products(row, other),
        _equal(_("Place"), str(row.place or ""), str(other.place or "")),
        Likeness(_("Value"), _money(row), _money(other)),
        Likeness(_("Expected close"), _month(row), _month(other)),
        Likeness(_("Sales stage"), _stage(row), _stage(other)),
        _equal(_("Competitor"), row.competitor, other.competitor),
        Likeness(_("Registered"), _moment(row), _moment(other), why=_first(row, other)),
        Likeness(_("Last sign of life"), _touched(row), _touched(other), why=_livelier(row, other)),
    ]


def _name(conflict: RegistrationConflict, ours: str, theirs: str) -> Likeness:
    if ours.casefold() == theirs.casefold():
        return Likeness(_("Company"), ours, theirs, SAME)
    ours, theirs = marked(ours, theirs)
    same_company = conflict.company_id == conflict.registration.company_id
    why = " ".join(explain(conflict.evidence)) or (
        _("Confirmed as one customer, or linked by its domain.") if same_company else ""
    )
    return Likeness(_("Company"), ours, theirs, SAME if same_company else SIMILAR, why)


def explain(evidence: Iterable[dict[str, Any]]) -> list[str]:
    """Return stored evidence as plain lines, strongest first."""
    return explained(evidence)


def _country(row: Registration, conflict: RegistrationConflict) -> Likeness:
    theirs = conflict.other.country if conflict.other else conflict.company.country
    match = NONE if not theirs else SAME if theirs == row.country else DIFFERENT
    return Likeness(_("Country"), _country_name(row.country), _country_name(theirs), match)


def _country_name(code: str) -> str:
    return countries.name_of(code) if code else NOTHING


def _equal(label: str, ours: str, theirs: str) -> Likeness:
    if not ours or not theirs:
        return Likeness(label, ours or NOTHING, theirs or NOTHING)
    if ours.casefold() == theirs.casefold():
        return Likeness(label, ours, theirs, SAME)
    return Likeness(label, *marked(ours, theirs), DIFFERENT)


def _number(row: Registration) -> str:
    return f"{row.number_scheme} {row.number}".strip() if row.number else ""


def _stage(row: Registration) -> str:
    return str(row.get_stage_display())


def _touched(row: Registration) -> str:
    return format_moment(row.touched_at) if row.touched_at else NOTHING


def _livelier(row: Registration, other: Registration) -> str:
    """Whose deal was worked last; nothing where that is only when it was sent."""
    if not row.touched_at or not other.touched_at or row.touched_at == other.touched_at:
        return ""
    name = row.partner.name if row.touched_at > other.touched_at else other.partner.name
    return _("%(partner)s moved last") % {"partner": name}


def _products(row: Registration, other: Registration) -> Likeness:
    ours, theirs = set(row.product_lines.all()), set(other.product_lines.all())
    match = SAME if ours == theirs else SIMILAR if ours & theirs else DIFFERENT
    return Likeness(_("Product lines"), _names(ours), _names(theirs), match)


def _names(lines: set[Any]) -> str:
    return ", ".join(sorted(str(line) for line in lines)) or NOTHING


def _money(row: Registration) -> str:
    return format_money(row.money, get_language() or "en", whole=True) if row.money else NOTHING


def _month(row: Registration) -> str:
    return date_format(row.expected_close, "F Y") if row.expected_close else NOTHING


def _moment(row: Registration) -> str:
    return format_second(row.submitted_at) if row.submitted_at else NOTHING


def _first(row: Registration, other: Registration) -> str:
    """Who was first, in ledger order."""
    if row.ledger_number is None or other.ledger_number is None:
        return ""
    name = row.partner.name if row.ledger_number < other.ledger_number else other.partner.name
    return _("%(partner)s was first") % {"partner": name}
