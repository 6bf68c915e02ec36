"""Why a conflict matters, in words: the lines whose factors make its weight."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from catalog.models import ProductLine, Territory
from registrations.conflicts import WEIGHTS
from registrations.enums import ConflictKind
from registrations.models import RegistrationConflict

Names = Mapping[str, Mapping[int, str]]


@dataclass(frozen=True, slots=True)
class Reason:
    """One line of the account: what is the case, and what that does to the weight."""

    text: str
    effect: str


def names() -> Names:
    """Return what grounds speak of, by id: product lines and places; two queries."""
    return {
        "products": {line.pk: line.label for line in ProductLine.objects.all()},
        "places": {place.pk: place.label for place in Territory.objects.all()},
    }


def account(conflict: RegistrationConflict, known: Names) -> list[Reason]:
    """Return the lines of a conflict's weight: what its kind weighs, then a factor per ground."""
    kind = ConflictKind(conflict.kind)
    base = Reason(str(kind.label), str(WEIGHTS[kind]))
    return [base, *(_reason(ground, known) for ground in conflict.grounds)]


def _reason(ground: Mapping[str, Any], known: Names) -> Reason:
    factor = ground["factor"]
    return Reason(_text(ground["code"], ground["params"], known), f"× {factor / 100:g}")


def _text(code: str, params: Mapping[str, Any], known: Names) -> str:
    what, _sep, how = code.partition("_")
    if how == "shared":
        both = _listed(params["both"], known[what])
        if what == "products":
            return _("Product lines in common: %(names)s") % {"names": both}
        return _("Places in common: %(names)s") % {"names": both}
    if how == "differ":
        sides = {side: _listed(params[side], known[what]) for side in ("ours", "theirs")}
        if what == "products":
            return _("Product lines differ (%(ours)s; %(theirs)s): no conflict") % sides
        return _("Territory differs (%(ours)s; %(theirs)s): no conflict") % sides
    if code == "ends_first":
        day = date_format(date.fromisoformat(params["until"]))
        return _("Protected until %(day)s, before this deal is to close") % {"day": day}
    if code == "designated":
        return _("Of the same family: %(as)s") % {"as": ConflictKind(params["as"]).label}
    return _("The companies are in different industries")


def _listed(ids: Iterable[int], known: Mapping[int, str]) -> str:
    return ", ".join(known.get(pk, "–") for pk in ids) or _("all")
