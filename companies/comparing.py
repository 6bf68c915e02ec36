"""Two companies side by side: same, similar or different per attribute, with the reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from companies import matching, selectors
from companies.differences import marked
from companies.matching import Match
from companies.models import Company
from prm import countries

SAME, SIMILAR, DIFFERENT, NONE = "same", "similar", "different", ""
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Line:
    """One attribute of both companies; `match` is empty where comparing means nothing."""

    label: str
    values: tuple[Any, Any]
    match: str = NONE
    why: str = ""


def compare(one: Company, other: Company) -> list[Line]:
    """Both companies attribute by attribute; some ten queries."""
    return [
        _name(one, other),
        _sets(_("All names"), _names(one), _names(other)),
        _plain(_("Country"), countries.name_of(one.country), countries.name_of(other.country)),
        _sets(_("Web domains"), _texts(one.domains.filter(active=True)), _texts(other.domains.filter(active=True))),
        _sets(_("Registration numbers"), _texts(one.numbers.all()), _texts(other.numbers.all())),
        _sets(_("Sites"), _texts(one.sites.all()), _texts(other.sites.all())),
        _plain(_("Industry"), _words(one.industry), _words(other.industry)),
        _plain(_("Parent"), _words(one.parent), _words(other.parent)),
        Line(_("Designation"), (one.get_designation_display(), other.get_designation_display())),
        Line(_("Standing"), (one.get_standing_display(), other.get_standing_display())),
    ]  # fmt: skip


def evidence(one: Company, other: Company) -> Match | None:
    """What speaks for and against the two being one, as the search for likely companies sees it."""
    for match in matching.find(selectors.query_for(one), limit=50):
        if match.company_id == other.pk:
            return match
    return None


def _name(one: Company, other: Company) -> Line:
    if one.name.casefold() == other.name.casefold():
        return Line(_("Name"), (one.name, other.name), SAME)
    if matching.compact_of(one.name) == matching.compact_of(other.name):
        why = _("Equal once capitals, punctuation and legal form are left out of account.")
        return Line(_("Name"), marked(one.name, other.name), SIMILAR, why)
    alike = set(_tokens(one.name)) & set(_tokens(other.name))
    return Line(_("Name"), marked(one.name, other.name), SIMILAR if alike else DIFFERENT)


def _tokens(name: str) -> Sequence[str]:
    forms = matching.normalise(name)
    return forms[0].tokens if forms else ()


def _plain(label: str, ours: str, theirs: str) -> Line:
    if not ours or not theirs:
        return Line(label, (ours or NOTHING, theirs or NOTHING))
    return Line(label, (ours, theirs), SAME if ours == theirs else DIFFERENT)


def _sets(label: str, ours: Sequence[str], theirs: Sequence[str]) -> Line:
    values = ("; ".join(ours) or NOTHING, "; ".join(theirs) or NOTHING)
    if not ours or not theirs:
        return Line(label, values)
    folded = ({text.casefold() for text in ours}, {text.casefold() for text in theirs})
    if folded[0] == folded[1]:
        return Line(label, values, SAME)
    return Line(label, values, SIMILAR if folded[0] & folded[1] else DIFFERENT)


def _names(company: Company) -> list[str]:
    raws = company.names.shown().order_by("pk").values_list("raw", flat=True)
    return list(dict.fromkeys(raws))


def _texts(rows: Any) -> list[str]:
    return [str(row) for row in rows]


def _words(row: Any) -> str:
    return str(row) if row is not None else ""
