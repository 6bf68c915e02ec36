"""One run of the bench, from files to the JSON that other tools read."""

import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.db import connection

from benchmarks.figures import quantile
from benchmarks.matching import acronyms, baselines, engine, files, measuring, scratch
from benchmarks.matching.files import LabelledPair, Query
from benchmarks.matching.measuring import Outcome, Thresholds
from companies import matching

Json = dict[str, Any]
LONG = 4
"""Short forms of so many letters are enough to tell companies apart among a million."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command was asked for."""

    names: Sequence[Path]
    queries: Path
    fit_queries: Path | None
    pairs: Path | None
    aliases: Path | None
    baselines: bool
    tenant: str
    keep: bool
    raw: Path | None
    say: scratch.Say


@dataclass(frozen=True, slots=True)
class Method:
    """What one method found: for the queries that are reported, and those that set thresholds."""

    outcomes: Sequence[Outcome]
    fitted_on: Sequence[Outcome]
    pairs: Sequence[tuple[LabelledPair, float]]


def run(wanted: Wanted) -> Json:
    """Load, ask, measure; returns everything that is reported."""
    asked = files.queries(wanted.queries)
    fitting = files.queries(wanted.fit_queries) if wanted.fit_queries else None
    pairs = files.pairs(wanted.pairs) if wanted.pairs else []
    targets = [query.target for query in (*asked, *(fitting or ()))]
    names = list(dict.fromkeys([*files.names(wanted.names), *targets, *acronyms.NAMES]))
    with scratch.tenant(wanted.tenant, names, keep=wanted.keep, say=wanted.say) as seconds:
        report: Json = {"conditions": _conditions(wanted, len(names), seconds)}
        size = engine.sizes(len(names))
        if wanted.aliases:
            report["aliases"] = engine.remember(files.aliases(wanted.aliases))
        wanted.say("asking the product")
        method = _product(asked, fitting, pairs)
        report |= _figures(method)
        if wanted.raw:
            _keep_raw(wanted.raw, method)
        report["acronyms"] = _acronyms(method.outcomes)
        report["seeded_acronyms"] = acronyms.check(engine.product)
        wanted.say("writing")
        cost = _write_cost(names)
        for part in _parts(report):
            part |= {"bytes_per_name": size["bytes_per_name"], **cost}
        report["bytes"] = size
        if wanted.baselines:
            report["baselines"] = dict(_baselines(wanted, len(names), asked, fitting, pairs))
            _compare(report)
    return report


def _product(
    asked: Sequence[Query], fitting: Sequence[Query] | None, pairs: Sequence[LabelledPair]
) -> Method:
    ask = partial(engine.outcomes, search=engine.ranked, named=engine.own_names)
    outcomes = list(ask(asked))
    fitted_on = list(ask(fitting, rounds=1)) if fitting else outcomes
    return Method(outcomes, fitted_on, list(zip(pairs, engine.pair_scores(pairs), strict=True)))


def _figures(method: Method) -> Json:
    """All figures of a method: resolvable queries, strata of the main ones, kinds, thresholds."""
    thresholds = measuring.fit(method.fitted_on)
    main = [o for o in method.outcomes if o.query.kind == "main"]
    strata = sorted({o.query.stratum for o in main})
    kinds = sorted({o.query.kind for o in method.outcomes})
    pairs = _pairs(method, thresholds)
    registry = {"pairs_ap": pairs["registry"]["ap"], "pairs_ap_human": pairs["human"]["ap"]}
    flags = {
        "fitted": thresholds.flags,
        "seen": {name: measuring.false_flags(main, least) for name, least in thresholds.at.items()},
    }
    return {
        "resolvable": {
            **measuring.figures(measuring.resolvable(method.outcomes), thresholds), **registry,
        },
        "strata": {
            name: {
                **measuring.figures([o for o in main if o.query.stratum == name], thresholds),
                "pairs_ap": _ap_of_kind(method.pairs, name),
            }
            for name in strata
        },
        "kinds": {
            name: {
                **measuring.figures(
                    [o for o in method.outcomes if o.query.kind == name], thresholds
                ),
                "pairs_ap": registry["pairs_ap"] if name == "main" else None,
            }
            for name in kinds
        },
        "pairs": pairs,
        "thresholds": thresholds.at,
        "false_flags_per_query": flags,
    }  # fmt: skip


def _pairs(method: Method, thresholds: Thresholds) -> Json:
    """Average precision; precision, recall and F1 at the working threshold and at the best one."""
    found: Json = {"working_threshold": thresholds.at["1_flag"]}
    for name, human in (("registry", False), ("human", True)):
        rated = [(score, pair.same) for pair, score in method.pairs if pair.human is human]
        best = measuring.best_threshold(rated)
        found[name] = {
            "pairs": len(rated),
            "ap": measuring.average_precision(rated),
            **measuring.at_threshold(rated, thresholds.at["1_flag"]),
            "best": {"threshold": best, **measuring.at_threshold(rated, best)},
        }
    return found


def _ap_of_kind(pairs: Iterable[tuple[LabelledPair, float]], stratum: str) -> float | None:
    """Average precision of the positives of one stratum against all negatives of the registers."""
    return measuring.average_precision(
        (score, pair.same)
        for pair, score in pairs
        if not pair.human and (not pair.same or pair.kind == stratum)
    )


def _acronyms(outcomes: Sequence[Outcome]) -> Json:
    """Short forms by their number of letters, main and extra queries together."""
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        if outcome.query.stratum == "acronym":
            sides = (outcome.query.typed, outcome.query.target)
            letters = min(len(matching.compact_of(side)) for side in sides)
            name = "5_or_more" if letters > LONG else str(letters)
            groups.setdefault(name, []).append(outcome)
            if letters >= LONG:
                groups.setdefault("4_or_more", []).append(outcome)
    return {
        name: {
            "queries": len(found),
            "recall_at_1": sum(o.place() == 1 for o in found) / len(found),
            "recall_at_10": sum(o.place() > 0 for o in found) / len(found),
        }
        for name, found in sorted(groups.items())
    }


def _write_cost(names: Sequence[str]) -> Json:
    times = [seconds * 1000 for seconds in engine.write_times(names)]
    return {
        f"write_p{round(share * 100)}_ms": quantile(times, share) if times else None
        for share in (0.5, 0.95, 0.99)
    }


def _baselines(
    wanted: Wanted,
    size: int,
    asked: Sequence[Query],
    fitting: Sequence[Query] | None,
    pairs: Sequence[LabelledPair],
) -> Iterable[tuple[str, Json]]:
    most = 600 if size > 300_000 else 10_000
    wanted.say(f"asking {baselines.TRIGRAMS}")
    search = baselines.trigrams()
    few = _some(asked, most)
    scores = baselines.trigram_pairs(pairs)
    yield baselines.TRIGRAMS, _baseline(search, few, _some(fitting, most), pairs, scores)
    for name, scorer in baselines.SCORERS.items():
        few = _some(asked, baselines.most_queries(size))
        wanted.say(f"asking {name} ({len(few)} queries)")
        scores = baselines.scored_pairs(pairs, scorer)
        fit = _some(fitting, baselines.most_queries(size))
        yield name, _baseline(baselines.brute_force(scorer), few, fit, pairs, scores)


def _baseline(
    search: engine.Found,
    few: Sequence[Query],
    fitting: Sequence[Query],
    pairs: Sequence[LabelledPair],
    scores: Sequence[float],
) -> Json:
    outcomes = list(engine.outcomes(few, search, rounds=1))
    fitted_on = list(engine.outcomes(fitting, search, rounds=1)) if fitting else outcomes
    found = _figures(Method(outcomes, fitted_on, list(zip(pairs, scores, strict=True))))
    return {
        **found["resolvable"],
        "asked": len(outcomes),
        **found,
        "acronyms": _acronyms(outcomes),
    }


def _some(queries: Sequence[Query] | None, most: int) -> list[Query]:
    """At most so many queries, evenly from every part of the list; main ones first."""
    every = list(queries or ())
    main = [query for query in every if query.kind == "main"]
    rest = [query for query in every if query.kind != "main"]
    kept = main[:: max(1, -(-len(main) // most))]
    room = max(0, most - len(kept))
    return kept + (rest[:: max(1, -(-len(rest) // room))] if room else [])


def _compare(report: Json) -> None:
    """How many times the best that trigrams reach, in this run."""
    trigrams, ours = report["baselines"][baselines.TRIGRAMS], report["resolvable"]
    report["against_pg_trgm"] = {
        name: ours[name] / trigrams[name] if trigrams[name] else None
        for name in ("recall_at_1", "recall_at_10", "recall_at_half_flag", "recall_at_1_flag",
                     "recall_at_3_flags", "p50_ms", "p95_ms", "p99_ms")
    }  # fmt: skip


def _parts(report: Json) -> Iterable[Json]:
    yield report["resolvable"]
    yield from report["strata"].values()
    yield from report["kinds"].values()


def _conditions(wanted: Wanted, names: int, seconds: float | None) -> Json:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
    return {
        "names": names,
        "tenant": wanted.tenant,
        "thresholds_fitted_on": "--fit-queries" if wanted.fit_queries else "--queries themselves",
        "seconds_to_load": seconds,
        "norm_version": matching.NORM_VERSION,
        "postgresql": version,
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "latency": "best of two rounds per query, one process; baselines: one round",
        "false_flags": "over all main queries; lists of at most ten names",
    }


def _keep_raw(path: Path, method: Method) -> None:
    """Write every outcome of the product, one line of JSON each."""
    import json  # noqa: PLC0415 - only here

    with path.open("w", encoding="utf-8") as file:
        for o in method.outcomes:
            shown = [[one.score, int(one.hit)] for one in o.shown]
            line = {"kind": o.query.kind, "stratum": o.query.stratum, "set": o.query.source,
                    "target": o.query.target, "typed": o.query.typed, "shown": shown,
                    "ms": round(o.seconds * 1000, 2)}  # fmt: skip
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
