"""Two companies turn out to be one, and how that is taken back."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from companies import journal, registry
from companies.enums import NameSource, Standing, Verdict
from companies.journal import FORCE, SOFT, Journal
from companies.models import (
    Company,
    CompanyDomain,
    CompanyMerge,
    CompanyName,
    CompanyNumber,
    DuplicatePair,
    NameVerdict,
)
from companies.policies import can_manage_companies
from companies.registry import MergeRefused
from companies.services.designating import COLUMNS, settle, stronger
from companies.services.memory import digest
from companies.services.writing import FAMILIES, locked_pair
from prm import clock, events, locks
from prm.access import Actor, require


@transaction.atomic
def confirm_as(provisional: Company, company: Company, *, actor: Actor) -> Company:
    """Say that a company is another one: merge it into that one and return that one, confirmed.

    Names become aliases; domains, numbers, sites, ids of other systems, subsidiaries and verdicts
    move, and every room re-points its rows through `companies.registry`. A person's designation stays
    before a list's before a rule's, then the stricter one. A `CompanyMerge` keeps what `undo_merge` needs. Records `company.merged` on both. Raises
    PermissionDenied, MergeRefused (also for a company and itself), CompanyMerged, Busy.
    """
    require(can_manage_companies(actor))
    if provisional.pk == company.pk:
        raise MergeRefused(_("A company cannot be compared with itself."))
    loser, winner = locked_pair(provisional, company, FAMILIES)
    _refuse_ancestor(loser, winner)
    notes = Journal()
    before = journal.pointing_at(loser)
    registry.repoint(loser, winner)
    notes.note_moved(before, loser, winner)
    _move_names(notes, loser, winner)
    _move_facts(notes, loser, winner)
    _move_family(notes, loser, winner)
    _move_verdicts(notes, loser, winner)
    _join(notes, loser, winner)
    merge = CompanyMerge.objects.create(
        loser=loser, winner=winner, by_id=actor.pk, journal=notes.entries
    )
    _record_merge(merge, actor)
    return settle(winner)


@transaction.atomic
def undo_merge(merge: CompanyMerge, *, actor: Actor) -> Company:
    """Take a merge back and return the company that was merged away; undone already is fine.

    Every row that moved returns as it was. What was decided about the winner since stays with it.
    Records `company.unmerged` and `company.released`. Raises PermissionDenied, Busy; MergeRefused
    with a sentence where something that moved was changed since.
    """
    require(can_manage_companies(actor))
    keys = [f"company:{merge.loser_id}", f"company:{merge.winner_id}", FAMILIES]
    locks.hold(*keys)
    merge = CompanyMerge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    loser, winner = merge.loser, merge.winner
    if merge.undone_at is not None:
        return loser
    if winner.merged_into is not None:
        names = {"winner": winner.name, "other": winner.merged_into.name}
        raise MergeRefused(
            _("%(winner)s was merged into %(other)s since. Undo that merge first.") % names,
            winner.merged_into.get_absolute_url(),
        )
    registry.check_unmerge(loser, winner, journal.moved_rows(merge.journal))
    _take_back(merge)
    merge.undone_at, merge.undone_by_id = clock.now(), actor.pk
    merge.save(update_fields=["undone_at", "undone_by"])
    loser.refresh_from_db()
    _record_undo(merge, actor)
    winner.refresh_from_db()
    settle(winner)
    return settle(loser)


def _take_back(merge: CompanyMerge) -> None:
    """Undo the journal; whatever stands in its way becomes a sentence."""
    try:
        with transaction.atomic():
            journal.take_back(merge.journal)
    except journal.ChangedSince as error:
        what = str(error.row) if error.row is not None else _("Something that moved")
        raise MergeRefused(
            _("“%(what)s” was changed or removed since the merge, so it cannot be undone.")
            % {"what": what}
        ) from error
    except IntegrityError as error:
        raise MergeRefused(_obstacle(merge)) from error


def _obstacle(merge: CompanyMerge) -> str:
    """Why the database refused: a domain or name is elsewhere now, or the family would be a circle."""
    moved = journal.moved_rows(merge.journal)
    for domain in CompanyDomain.objects.filter(pk__in=moved.get("companies.CompanyDomain", ())):
        owner = Company.objects.at_domain(domain.domain).exclude(pk=merge.winner_id).first()
        if owner is not None:
            names = {"domain": domain.domain, "name": owner.name}
            return _("The domain %(domain)s belongs to %(name)s since.") % names
    return _("The families of both companies were changed since, so the merge cannot be undone.")


def _refuse_ancestor(loser: Company, winner: Company) -> None:
    """A company that owns another through a third cannot become part of it."""
    between = winner.parent
    while between is not None and between.parent_id is not None:
        if between.parent_id == loser.pk:
            names = {"winner": winner.name, "loser": loser.name, "between": between.name}
            raise MergeRefused(
                _("%(loser)s owns %(between)s, which owns %(winner)s. Change its parent first.")
                % names,
                between.get_absolute_url(),
            )
        between = between.parent


def _move_names(notes: Journal, loser: Company, winner: Company) -> None:
    """Names become aliases of the winner; those it has already are switched off."""
    active = CompanyName.objects.filter(company=loser, active=True)
    held = winner.names.filter(active=True)
    known = set(held.values_list("compact", "norm_version"))
    rows = list(active.values_list("pk", "compact", "norm_version"))
    fresh = [pk for pk, *name in rows if tuple(name) not in known]
    notes.update(active.exclude(pk__in=fresh), FORCE, active=False)
    moving = CompanyName.objects.filter(pk__in=fresh)
    notes.update(moving, FORCE, active=True)
    notes.update(moving, SOFT, source=NameSource.ALIAS)
    notes.update(moving, company_id=winner.pk)
    typed = CompanyName.objects.filter(company=winner, source=NameSource.TYPED)
    notes.update(typed, SOFT, source=NameSource.CONFIRMED)


def _move_facts(notes: Journal, loser: Company, winner: Company) -> None:
    """Domains, numbers, sites and ids of other systems move as they are."""
    domains = CompanyDomain.objects.filter(company=loser, active=True)
    keys = notes.update(domains, company_id=winner.pk)
    moved = CompanyDomain.objects.filter(pk__in=keys)
    notes.update(moved, FORCE, active=True)
    notes.update(moved, SOFT, source=NameSource.CONFIRMED)
    typed = CompanyDomain.objects.filter(company=winner, source=NameSource.TYPED)
    notes.update(typed, SOFT, source=NameSource.CONFIRMED)
    for rows in (loser.numbers.all(), loser.sites.all(), loser.external_ids.all()):
        notes.update(rows, company_id=winner.pk)
    checked = CompanyNumber.objects.filter(company=winner, source=NameSource.TYPED)
    notes.update(checked, SOFT, source=NameSource.CONFIRMED)


def _move_family(notes: Journal, loser: Company, winner: Company) -> None:
    """The winner takes the loser's place among the companies that own and are owned."""
    place = loser.parent_id if loser.parent_id != winner.pk else None
    if winner.parent_id == loser.pk or (
        winner.parent_id is None and place is not None and not _is_above(winner, loser)
    ):
        notes.update(_only(winner), SOFT, parent_id=place)
    if loser.parent_id is not None:
        notes.update(_only(loser), parent_id=None)
    notes.update(Company.objects.filter(parent=loser), parent_id=winner.pk)
    winner.refresh_from_db(fields=["parent"])


def _move_verdicts(notes: Journal, loser: Company, winner: Company) -> None:
    """What was said about the loser holds for the winner, unless something was said about that."""
    notes.delete(DuplicatePair.objects.filter(low=loser) | DuplicatePair.objects.filter(high=loser))
    for row in NameVerdict.objects.about(loser):
        other_id = row.high_id if row.low_id == loser.pk else row.low_id
        low, high = sorted((winner.pk, other_id))
        taken = NameVerdict.objects.filter(low=low, high=high).exists()
        notes.delete(NameVerdict.objects.filter(pk=row.pk))
        if other_id != winner.pk and not taken:
            notes.create(
                NameVerdict(
                    low_id=low, high_id=high, verdict=row.verdict, by_id=row.by_id, at=row.at
                )
            )
    for row in NameVerdict.objects.about(winner).filter(verdict=Verdict.DIFFERENT):
        fresh = digest(row.low_id, row.high_id)
        notes.update(NameVerdict.objects.filter(pk=row.pk), SOFT, compared=fresh)


def _join(notes: Journal, loser: Company, winner: Company) -> None:
    """The loser becomes a signpost; the winner is confirmed and takes what it lacks."""
    now = clock.now()
    notes.update(Company.objects.filter(merged_into=loser), SOFT, merged_into_id=winner.pk)
    notes.update(_only(loser), merged_into_id=winner.pk, merged_at=now)
    notes.update(_only(loser), SOFT, updated_at=now)
    kept = stronger(winner, loser)
    notes.update(_only(winner), SOFT, standing=Standing.CONFIRMED)
    notes.update(_only(winner), SOFT, **{name: getattr(kept, name) for name in COLUMNS})
    if winner.industry_id is None and loser.industry_id is not None:
        notes.update(_only(winner), SOFT, industry_id=loser.industry_id)
    contacts = [day for day in (winner.contacted_on, loser.contacted_on) if day]
    if contacts and max(contacts) != winner.contacted_on:
        notes.update(_only(winner), SOFT, contacted_on=max(contacts))
    notes.update(_only(winner), SOFT, updated_at=now)
    winner.refresh_from_db()
    loser.refresh_from_db()


def _record_merge(merge: CompanyMerge, actor: Actor) -> None:
    loser, winner = merge.loser, merge.winner
    events.record(
        "company.merged",
        target=loser,
        actor=actor,
        data={"other": str(winner.uid), "merge": str(merge.uid)},
        private={"name": winner.name},
    )
    events.record(
        "company.absorbed",
        target=winner,
        actor=actor,
        data={"other": str(loser.uid), "merge": str(merge.uid)},
        private={"name": loser.name},
    )


def _record_undo(merge: CompanyMerge, actor: Actor) -> None:
    pairs = (
        ("company.unmerged", merge.loser, merge.winner),
        ("company.released", merge.winner, merge.loser),
    )
    for code, about, beside in pairs:
        data = {"other": str(beside.uid), "merge": str(merge.uid)}
        events.record(code, target=about, actor=actor, data=data, private={"name": beside.name})


def _only(company: Company) -> QuerySet[Company]:
    return Company.objects.filter(pk=company.pk)


def _is_above(one: Company, other: Company) -> bool:
    """Whether one company owns the other, directly or further down."""
    above = other.parent
    while above is not None:
        if above.pk == one.pk:
            return True
        above = above.parent
    return False
