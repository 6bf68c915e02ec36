"""Try settings of matching on the tenant's own decisions before they are saved."""

from __future__ import annotations

from companies import matching
from companies.enums import NameFormKind, NameSource, Standing, Verdict
from companies.matching.tuning import Tuning, build
from companies.models import CompanyMerge, CompanyName, MatchTuning, NameVerdict
from companies.trying import Outcome, Reviewed, Scored, judge

MOST_PAIRS = 200
MOST_NAMES = 60
"""At most so many decisions and typed names, the newest first, so that an answer takes seconds."""


def reviewed_pairs() -> list[Reviewed]:
    """Return what people decided about names, the newest first: merged, told apart, other names."""
    merged = (
        CompanyMerge.objects.filter(undone_at=None)
        .select_related("loser", "winner")
        .order_by("-pk")[:MOST_PAIRS]
    )
    apart = (
        NameVerdict.objects.filter(verdict=Verdict.DIFFERENT)
        .select_related("low", "high")
        .order_by("-pk")[:MOST_PAIRS]
    )
    spelled = (
        CompanyName.objects.filter(
            form=NameFormKind.MAIN,
            active=True,
            source__in=(NameSource.CONFIRMED, NameSource.ALIAS),
            company__standing=Standing.CONFIRMED,
        )
        .select_related("company")
        .order_by("-pk")[: 4 * MOST_PAIRS]
    )
    found = [Reviewed(row.loser.name, row.winner.name, True) for row in merged]
    found += [Reviewed(row.low.name, row.high.name, False) for row in apart]
    found += [Reviewed(row.raw, row.company.name, True) for row in spelled]
    return [pair for pair in dict.fromkeys(found) if pair.one != pair.other][: 2 * MOST_PAIRS]


def try_settings(tuned: Tuning) -> Outcome:
    """Return what settings do on reviewed pairs, and how much they flag of what was typed lately."""
    least = matching.least_shown(tuned)
    scored = [
        Scored(pair, matching.compare(pair.one, pair.other, tuned=tuned))
        for pair in reviewed_pairs()
    ]
    return judge(scored, least, (_flags(row, tuned) for row in _typed()))


def _typed() -> list[CompanyName]:
    rows = CompanyName.objects.filter(form=NameFormKind.MAIN, active=True)
    return list(rows.select_related("company").order_by("-pk")[:MOST_NAMES])


def _flags(row: CompanyName, tuned: Tuning) -> int:
    query = matching.CompanyQuery(
        row.raw, country=row.company.country, exclude_company_id=row.company_id
    )
    return len(matching.find(query, tuned=tuned))


def in_force() -> MatchTuning:
    """Return the settings in force; neutral ones until somebody changes them."""
    return MatchTuning.objects.first() or MatchTuning()


def settings_of(row: MatchTuning) -> Tuning:
    """Return a version's settings, ready to match with."""
    return build(row.threshold_offset, row.stop_words, row.equivalences)
