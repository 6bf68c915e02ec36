"""What people said about pairs, kept until it no longer fits: nobody is asked twice.

"Different" holds while both companies have the names and domains that were compared; once one gets
another, the pair may be suggested again. A merge adds nothing new: who differs from one of the two
differs from both.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from companies.enums import Relation, Verdict
from companies.models import Company, CompanyDomain, CompanyName, DuplicatePair, NameVerdict
from companies.policies import can_manage_companies
from companies.registry import MergeRefused
from companies.services.families import join_family
from companies.services.writing import FAMILIES, locked_pair
from prm import clock, events
from prm.access import Actor, require


@transaction.atomic
def remember_different(
    one: Company, other: Company, *, actor: Actor, related: bool = False
) -> NameVerdict:
    """Remember that two companies are different (or related), so that the pair is not asked again.

    Records `company.told_apart` or `company.related` on both. Raises PermissionDenied,
    MergeRefused for a company and itself, CompanyMerged, Busy.
    """
    require(can_manage_companies(actor))
    one, other = _pair(one, other)
    return _remember(one, other, Verdict.RELATED if related else Verdict.DIFFERENT, actor)


@transaction.atomic
def remember_related(one: Company, other: Company, relation: str, *, actor: Actor) -> NameVerdict:
    """Remember that `other` is the parent, a subsidiary or a sister company of `one`.

    Parent and subsidiary become a link in the family; sister companies share a parent if one of
    them has one. Records `company.related` on both, `company.parent_changed` where a parent changes.
    Raises PermissionDenied, MergeRefused, FamilyCircle, CompanyMerged, Busy.
    """
    require(can_manage_companies(actor))
    one, other = _pair(one, other)
    join_family(one, other, Relation(relation), actor)
    return _remember(one, other, Verdict.RELATED, actor)


def outdate(companies: Iterable[int]) -> None:
    """Let "different" about these companies lapse where names or domains have changed since."""
    ids = list(companies)
    said = NameVerdict.objects.filter(Q(low__in=ids) | Q(high__in=ids), verdict=Verdict.DIFFERENT)
    lapsed = [row.pk for row in said if row.compared != digest(row.low_id, row.high_id)]
    if lapsed:
        NameVerdict.objects.filter(pk__in=lapsed).update(verdict=Verdict.OUTDATED)


def digest(low: int, high: int) -> str:
    """A digest of all names and domains of two companies."""
    parts = []
    for company in (low, high):
        names = CompanyName.objects.filter(company=company, active=True)
        domains = CompanyDomain.objects.filter(company=company, active=True)
        facts = {
            *names.values_list("raw", flat=True),
            *domains.values_list("domain", flat=True),
        }
        parts.append("\x1f".join(sorted(facts)))
    return blake2b("\x1e".join(parts).encode(), digest_size=16).hexdigest()


def _pair(one: Company, other: Company) -> tuple[Company, Company]:
    if one.pk == other.pk:
        raise MergeRefused(_("A company cannot be compared with itself."))
    return locked_pair(one, other, FAMILIES)


def _remember(one: Company, other: Company, verdict: Verdict, actor: Actor) -> NameVerdict:
    low, high = sorted((one.pk, other.pk))
    values = {
        "verdict": verdict,
        "by_id": actor.pk,
        "at": clock.now(),
        "compared": digest(low, high),
    }
    row, _new = NameVerdict.objects.update_or_create(low_id=low, high_id=high, defaults=values)
    DuplicatePair.objects.filter(low=low, high=high).delete()
    code = "company.related" if verdict == Verdict.RELATED else "company.told_apart"
    for about, beside in ((one, other), (other, one)):
        private = {"name": beside.name}
        data = {"other": str(beside.uid)}
        events.record(code, target=about, actor=actor, data=data, private=private)
    return row
