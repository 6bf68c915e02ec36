"""Reads about one deal for the pages of both sides: what was sent, said, asked and applied."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from partners.models import Partner
from partners.selectors import partner_of
from prm import events
from prm.access import Audience
from prm.events import Event
from registrations import engagement
from registrations.engagement import TITLES
from registrations.enums import LostReason, Reader
from registrations.models import EvidenceFile, Extension, Message, Registration
from users.models import User

UNTOLD = frozenset({"conflicts", "contact_days", "designation", "reviewer"})
"""What a rule may ask that its partner must not learn: such a rule is not named to it."""


def colleagues(row: Registration) -> QuerySet[User]:
    """Return the active people of the deal's partner besides its owner, by name."""
    people = User.objects.filter(membership__partner=row.partner_id, is_active=True)
    return people.exclude(pk=row.owner_id).order_by("name", "pk")


def sellers() -> QuerySet[User]:
    """Return the active people of partners that have not ended: whoever may register a deal."""
    people = User.objects.filter(membership__partner__ended_at=None, membership__isnull=False)
    return people.filter(is_active=True).select_related("membership__partner")


def sellers_of(partner: Partner) -> QuerySet[User]:
    """Return whoever may register a deal for a partner, by name."""
    return sellers().filter(membership__partner=partner).order_by("name", "pk")


def files_of(row: Registration, user: User) -> QuerySet[EvidenceFile]:
    """Return the files that somebody who may see the deal may see, oldest first."""
    rows = row.files.select_related("by", "extension").order_by("at", "pk")
    return rows if user.audience == Audience.VENDOR else rows.filter(reader=Reader.BOTH)


def messages_of(row: Registration) -> QuerySet[Message]:
    """Return what both sides have written, oldest first."""
    return row.messages.filter(reader=Reader.BOTH).select_related("author").order_by("at", "pk")


def notes_of(row: Registration) -> QuerySet[Message]:
    """Return what the staff noted for themselves, oldest first; never for a partner."""
    return row.messages.filter(reader=Reader.STAFF).select_related("author").order_by("at", "pk")


def last_extension(row: Registration) -> Extension | None:
    """Return the latest request for more time."""
    return row.extensions.select_related("asked_by", "decided_by").order_by("-pk").first()


def submission_of(row: Registration) -> Event | None:
    """Return the event that the receipt is about; both halves of a split deal have the same one."""
    first = row
    while first.split_from is not None:
        first = first.split_from
    found = events.timeline(first).filter(code="registration.submitted")
    return found.select_related("detail").order_by("pk").first()


@dataclass(frozen=True, slots=True)
class Ending:
    """Why a deal is over, as far as somebody said so."""

    because: str
    note: str


def ending_of(row: Registration) -> Ending | None:
    """Return what was said when a deal was closed or withdrawn; None if it is not over."""
    codes = ("registration.closed", "registration.withdrawn")
    event = events.timeline(row).filter(code__in=codes).select_related("detail").last()
    if event is None:
        return None
    private = _private(event)
    known = dict(LostReason.choices)
    because = str(known.get(event.data.get("lost_because", ""), ""))
    return Ending(because, str(private.get("note") or private.get("reason") or ""))


@dataclass(frozen=True, slots=True)
class Applied:
    """One thing that the rules have decided about a deal, and the rule that did, if it may be named."""

    about: str
    what: str
    rule: str


def applied(row: Registration) -> list[Applied]:
    """Return what the vendor's rules grant a deal, in plain words, as it was decided when it was sent.

    A rule that asks about conflicts or the vendor's own business is not named: its title could tell
    a partner of others.
    """
    terms = engagement.terms_for(row)
    titles = _titles(row)

    def by(outcome: str) -> str:
        return titles.get(terms.decided_by.get(outcome, ""), "")

    days, held = terms.decision_days, terms.protection_days
    decision = ngettext("Within %(days)s working day", "Within %(days)s working days", days)
    protection = ngettext("%(days)s day", "%(days)s days", held)
    return [
        Applied(_("Decision"), decision % {"days": days}, by("decision_days")),
        Applied(_("Protection"), protection % {"days": held}, by("protection_days")),
        Applied(_("More time"), _extension_words(terms), by("extensions_most")),
    ]


def _extension_words(terms: engagement.Terms) -> str:
    if not terms.extensions_most or not terms.extension_days:
        return _("None")
    figures = {"times": terms.extensions_most, "days": terms.extension_days}
    if terms.extension_evidence:
        return _("At most %(times)s × %(days)s days, with evidence") % figures
    return _("At most %(times)s × %(days)s days") % figures


def _titles(row: Registration) -> Mapping[str, str]:
    """Return the titles of the rules that matched and may be named, in the reader's language."""
    if row.trace is None or row.rules is None:
        return {}
    untold = {rule["code"] for rule in row.rules.body.get("rules", []) if _asks_untold(rule)}
    language = (get_language() or "en")[:2]
    return {
        code: str(names.get(language) or next(iter(names.values()), ""))
        for code, names in row.trace.get(TITLES, {}).items()
        if code not in untold
    }


def _asks_untold(node: Any) -> bool:
    """Whether a stored rule asks, anywhere in its tree, about a field that is not for partners."""
    if isinstance(node, Mapping):
        return node.get("field") in UNTOLD or any(map(_asks_untold, node.values()))
    return isinstance(node, list) and any(map(_asks_untold, node))


def _private(event: Event) -> Mapping[str, Any]:
    detail = getattr(event, "detail", None)
    return (detail.private or {}) if detail else {}


def works_for(user: User, row: Registration) -> bool:
    """Whether somebody works for the deal's partner."""
    partner = partner_of(user)
    return partner is not None and partner.pk == row.partner_id
