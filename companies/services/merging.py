"""What a person says about two companies: the same, different, related."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from companies import registry
from companies.enums import Designation, NameSource, Standing, Verdict
from companies.models import Company, CompanyDomain, CompanyName, NameVerdict
from companies.policies import can_manage_companies
from companies.registry import MergeRefused
from companies.services.writing import locked_pair
from prm import clock, events
from prm.access import Actor, require

_STRICTNESS = (Designation.OPEN, Designation.VENDOR_DIRECT, Designation.RESTRICTED)


@transaction.atomic
def confirm_as(provisional: Company, company: Company, *, actor: Actor) -> Company:
    """Say that a company is another one: merge it into that one and return that one, confirmed.

    Names become aliases, domains move, verdicts move, and every room re-points its rows through
    `companies.registry`. The stricter designation stays. Records `company.merged` on both. Raises
    PermissionDenied, MergeRefused (also for a company and itself), CompanyMerged, Busy.
    """
    require(can_manage_companies(actor))
    if provisional.pk == company.pk:
        raise MergeRefused(_("A company cannot be compared with itself."))
    loser, winner = locked_pair(provisional, company)
    registry.repoint(loser, winner)
    moved = _move_identity(loser, winner)
    _move_verdicts(loser, winner)
    Company.objects.filter(merged_into=loser).update(merged_into=winner)
    loser.change(merged_into=winner, merged_at=clock.now())
    designation = max(loser.designation, winner.designation, key=_strictness)
    winner.change(standing=Standing.CONFIRMED, designation=designation)
    data = {"other": str(winner.uid), "moved": moved}
    events.record("company.merged", target=loser, actor=actor, data=data)
    events.record(
        "company.absorbed",
        target=winner,
        actor=actor,
        data={"other": str(loser.uid)},
        private={"name": loser.name},
    )
    return winner


@transaction.atomic
def remember_different(
    one: Company, other: Company, *, actor: Actor, related: bool = False
) -> NameVerdict:
    """Remember that two companies are different (or related), so that the pair is not asked again.

    Records `company.told_apart` or `company.related` on both. Raises PermissionDenied,
    MergeRefused for a company and itself, CompanyMerged, Busy.
    """
    require(can_manage_companies(actor))
    if one.pk == other.pk:
        raise MergeRefused(_("A company cannot be compared with itself."))
    one, other = locked_pair(one, other)
    low, high = sorted((one, other), key=lambda company: company.pk)
    verdict = Verdict.RELATED if related else Verdict.DIFFERENT
    values = {"verdict": verdict, "by_id": actor.pk, "at": clock.now()}
    row, _new = NameVerdict.objects.update_or_create(low=low, high=high, defaults=values)
    code = "company.related" if related else "company.told_apart"
    for about, beside in ((one, other), (other, one)):
        private = {"name": beside.name}
        data = {"other": str(beside.uid)}
        events.record(code, target=about, actor=actor, data=data, private=private)
    return row


def _move_identity(loser: Company, winner: Company) -> dict[str, Any]:
    """Give the loser's names and domains to the winner; returns the ids, so it can be undone."""
    known = winner.names.filter(active=True).values("compact")
    names = loser.names.filter(active=True).exclude(compact__in=known)
    moved = {
        "names": list(names.values_list("pk", flat=True)),
        "domains": list(loser.domains.filter(active=True).values_list("pk", flat=True)),
    }
    CompanyName.objects.filter(pk__in=moved["names"]).update(
        company=winner, source=NameSource.ALIAS
    )
    loser.names.filter(active=True).update(active=False)
    CompanyDomain.objects.filter(pk__in=moved["domains"]).update(
        company=winner, source=NameSource.CONFIRMED
    )
    winner.names.filter(source=NameSource.TYPED).update(source=NameSource.CONFIRMED)
    winner.domains.filter(source=NameSource.TYPED).update(source=NameSource.CONFIRMED)
    return moved


def _move_verdicts(loser: Company, winner: Company) -> None:
    """What was said about the loser holds for the winner, unless something was said about that."""
    for row in NameVerdict.objects.about(loser):
        other_id = row.high_id if row.low_id == loser.pk else row.low_id
        low, high = sorted((winner.pk, other_id))
        taken = NameVerdict.objects.filter(low=low, high=high).exists()
        if other_id == winner.pk or taken:
            row.delete()
        else:
            row.low_id, row.high_id = low, high
            row.save(update_fields=["low", "high"])


def _strictness(designation: str) -> int:
    return _STRICTNESS.index(Designation(designation))
