#!/usr/bin/env python3
"""Fit the tables of points with which names are compared (`companies/matching/data/points.json`).

    python scripts/fit_matching.py --aliases aliases.csv.gz --leave-out queries.csv.gz
        --directory names100k.txt --directory scale_real.txt.gz scale_pad.txt.gz --out points.json

Each --directory becomes a scratch tenant of the product's own tables; the aliases are asked of it, and
the facts about what is found are what the trees learn from. Aliases of entities in --leave-out are not
used, so that `match_bench` on these stays honest. Needs lightgbm and numpy, which are no dependencies
of the product, and a PostgreSQL; without one that answers it starts the private one. How and why:
docs/matching.md.
"""

from __future__ import annotations

import csv
import gzip
import importlib
import json
import os
import random
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prm.settings.dev")

import django  # noqa: E402 - the path comes first

django.setup()

from django.db import OperationalError, connection, transaction  # noqa: E402

from benchmarks.matching import scratch  # noqa: E402
from companies import matching  # noqa: E402
from companies.matching import candidates, engine, facts, points, rating, rivals, tuning  # noqa: E402
from companies.matching.beside import Beside  # noqa: E402
from companies.matching.keys import query_keys  # noqa: E402
from companies.matching.values import CompanyQuery  # noqa: E402

CLOSE = 15
"""So many of the companies found teach the comparison of two names; all of them teach the rivals."""
FOR = {"rare", "second", "rest", "head", "lead", "spelling", "letters", "worst", "short", "same",
       "tail", "margin", "likeness"}  # fmt: skip
AGAINST = {"missing_new", "missing_old", "heavy_new", "heavy_old", "aside", "numbers", "least",
           "most", "free_new", "free_old", "gap", "near", "near_more", "crowd"}  # fmt: skip
"""The sign that the slope of a fact must have; the others are free."""
NAMES = {"num_iterations": 300, "learning_rate": 0.06, "min_data_in_leaf": 60}
RIVALS = {"num_iterations": 250, "learning_rate": 0.05, "min_data_in_leaf": 100}
TREES = {
    "objective": "binary", "verbosity": -1, "num_threads": 2, "lambda_l2": 5, "max_depth": 2,
    "num_leaves": 4, "max_bin": 32, "monotone_constraints_method": "advanced", "seed": 1,
}  # fmt: skip
TEN = 10.0
"""Points for one unit of log-odds."""
DROP = 0.3
"""A table of two facts that never reaches so many points is left out."""


@dataclass(slots=True)
class Case:
    """One alias with the companies that were found for it, best at first glance first."""

    entity: str
    values: Any
    hits: Any


class _Collecting(rating.Rater):
    """Measures what is found instead of rating it."""

    def best(self, found: Iterable[candidates.Candidate], limit: int) -> list[matching.Match]:
        """Keep the facts of the likeliest; known aliases have nothing to teach about names."""
        for glance in self._closely(found)[: rating.RIVALS]:
            if glance.left is not None and glance.aligned is not None and not glance.alias:
                measured = facts.measure(glance.left, glance.right, glance.aligned)
                _seen.append((measured, glance.one.compact))
        return []


_seen: list[tuple[tuple[float, ...], str]] = []


class _Search(engine._Search):
    def _rater(self) -> rating.Rater:
        usual = super()._rater()
        return _Collecting(
            usual.query, usual.forms, usual.beside, usual.tuned, usual.known, usual.names
        )


def main() -> None:
    """Fit and write, or run again on private servers."""
    asked = _arguments()
    try:
        connection.ensure_connection()
    except OperationalError:
        _on_private_servers()
        return
    if asked.packages:
        sys.path.append(str(asked.packages))
    try:
        learner = Learner()
    except ImportError as error:
        raise SystemExit(f"{error.name} is needed to fit: install lightgbm and numpy.") from error
    pairs = training_pairs(asked.aliases, asked.leave_out, asked.limit)
    _say(f"{len(pairs)} aliases of other entities")
    cases = [case for files in asked.directory for case in _collect(files, pairs, learner)]
    found = fit(cases, learner)
    asked.out.write_text(json.dumps(found, separators=(",", ":")), encoding="utf-8")
    _say(f"written to {asked.out}")


def _arguments() -> Namespace:
    parser = ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--aliases", type=Path, required=True, metavar="FILE")
    parser.add_argument("--leave-out", type=Path, metavar="QUERIES")
    parser.add_argument("--directory", nargs="+", type=Path, action="append", required=True,
                        metavar="FILE", help="names, one a line; repeat for other sizes")  # fmt: skip
    parser.add_argument("--limit", type=int, default=8_000, help="aliases, one an entity")
    parser.add_argument("--packages", type=Path, metavar="FOLDER",
                        help="where lightgbm and numpy are, if not beside the product's packages")  # fmt: skip
    parser.add_argument("--out", type=Path, required=True, metavar="FILE")
    return parser.parse_args()


def _on_private_servers() -> None:
    """Run again where the launch kit has brought a PostgreSQL up."""
    if os.environ.get("FIT_MATCHING_APART"):
        raise SystemExit("No PostgreSQL answers.")
    again = (
        f"import runpy,sys; sys.argv={sys.argv!r}; runpy.run_path({__file__!r},run_name='__main__')"
    )
    words = [sys.executable, "-m", "launch", "apart", "shell", "-v", "0", "-c", again]
    env = {**os.environ, "FIT_MATCHING_APART": "1"}
    raise SystemExit(subprocess.run(words, cwd=ROOT, check=False, env=env).returncode)


def training_pairs(aliases: Path, leave_out: Path | None, limit: int) -> list[tuple[str, str, str]]:
    """(entity, stored name, other name) of entities that occur in no query, one an entity, shuffled."""
    used = {_entity(row) for row in _rows(leave_out)} if leave_out else set()
    named = {row["target_name"] for row in _rows(leave_out)} if leave_out else set()
    rows = [row for row in _rows(aliases) if _entity(row) not in used]
    rows = [row for row in rows if row["primary_name"] not in named]
    random.Random(11).shuffle(rows)
    one = {_entity(row): row for row in rows}
    found = [(key, row["primary_name"], row["alias_name"]) for key, row in one.items()]
    return found[:limit]


def _rows(path: Path) -> list[dict[str, str]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _entity(row: Mapping[str, str]) -> str:
    return f"{row.get('set', '')}:{row.get('entity_id', row.get('primary_name', ''))}"


def _collect(
    files: Sequence[Path], pairs: Sequence[tuple[str, str, str]], learner: Learner
) -> list[Case]:
    """Ask every alias of a directory that holds the files' names and the entities'."""
    stored = dict.fromkeys(scratch_names(files))
    stored |= dict.fromkeys(name for _entity, name, _alias in pairs)
    cases = []
    with scratch.tenant("fit_matching", list(stored), keep=False, say=_say):
        for entity, target, alias in pairs:
            compact = matching.compact_of(target)
            measured = _measured(alias)
            if measured and compact:
                values = learner.array([one for one, _compact in measured])
                hits = learner.array([float(other == compact) for _one, other in measured])
                cases.append(Case(entity, values, hits))
    _say(f"{len(cases)} asked among {len(stored)} names")
    return cases


def scratch_names(files: Sequence[Path]) -> Iterable[str]:
    """Every name of the files, as the bench reads them."""
    from benchmarks.matching import files as reading  # noqa: PLC0415 - `files` is our own word here

    return reading.names(files)


def _measured(alias: str) -> list[tuple[tuple[float, ...], str]]:
    _seen.clear()
    forms = matching.normalise(alias)[: engine.MAX_FORMS]
    keys = list(dict.fromkeys(key for form in forms for key in query_keys(form)))
    if keys:
        with transaction.atomic(), connection.cursor() as cursor:
            search = _Search(
                CompanyQuery(alias), {matching.newest(): forms}, Beside(), cursor, tuning.NEUTRAL
            )
            search.run(keys, 1, candidates.PATIENT)
    return list(_seen)


class Learner:
    """LightGBM and numpy, looked up when they are needed. Raises ImportError."""

    def __init__(self) -> None:
        self.trees: Any = importlib.import_module("lightgbm")
        self.np: Any = importlib.import_module("numpy")

    def array(self, values: Any) -> Any:
        """Numbers as an array of doubles."""
        return self.np.array(values, dtype=float)

    def learn(
        self,
        names: Sequence[str],
        values: Any,
        hits: Any,
        more: Mapping[str, Any],
        start: Any = None,
    ) -> Any:
        """Boosted trees of depth two; each is a function of two facts at most."""
        signs = [1 if name in FOR else -1 if name in AGAINST else 0 for name in names]
        data = self.trees.Dataset(values, hits, init_score=start, feature_name=list(names))
        return self.trees.train({**TREES, **more, "monotone_constraints": signs}, data)


def fit(cases: Sequence[Case], learner: Learner) -> dict[str, Any]:
    """Both sets of tables: for two names, and for one among its rivals."""
    trees = learner.learn(facts.NAMES, *_stacked(cases, CLOSE, learner), NAMES)
    names = tables(trees, facts.NAMES, _stacked(cases, CLOSE, learner)[0], learner)
    _say(f"two names: {len(names['pairs'])} tables of two facts")
    halves = [[case for case in cases if _half(case) == half] for half in (0, 1)]
    values, hits = [], []
    for own, other in ((halves[0], halves[1]), (halves[1], halves[0])):
        blind = learner.learn(facts.NAMES, *_stacked(other, CLOSE, learner), NAMES)
        for case in own:  # scored by trees that have not seen the entity
            likeness = blind.predict(case.values, raw_score=True) * TEN
            order = learner.np.argsort(-likeness, kind="stable")
            values += rivals.measure([float(score) for score in likeness[order]])
            hits += list(case.hits[order])
    among = learner.array(values)
    second = learner.learn(
        rivals.NAMES, among, learner.array(hits), RIVALS, start=among[:, -1] / TEN
    )
    return {"names": names, "rivals": tables(second, rivals.NAMES, among, learner)}


def _half(case: Case) -> int:
    return random.Random(case.entity).randrange(2)


def _stacked(cases: Sequence[Case], most: int, learner: Learner) -> tuple[Any, Any]:
    values = learner.np.concatenate([case.values[:most] for case in cases])
    return values, learner.np.concatenate([case.hits[:most] for case in cases])


def tables(trees: Any, names: Sequence[str], seen: Any, learner: Learner) -> dict[str, Any]:
    """The trees as tables of points: one per fact, one per pair of facts, summing to the same score."""
    made = _Tables(trees.dump_model()["tree_info"], names, learner.np)
    made.centre(seen)
    stored = made.stored()
    built = points.build(stored)
    exact = trees.predict(seen[:500], raw_score=True) * TEN
    error = max(
        abs(built.start + sum(built.shares(row)) - score)
        for row, score in zip(seen[:500].tolist(), exact, strict=True)
    )
    _say(f"tables differ from the trees by {error:.1f} points at most")
    return stored


class _Tables:
    """Leaves of trees, added up cell by cell."""

    def __init__(self, trees: Sequence[Any], names: Sequence[str], np: Any) -> None:
        self.np, self.names = np, list(names)
        self.edges: list[list[float]] = [sorted(found) for found in _thresholds(trees, len(names))]
        self.single = [np.zeros(len(edges) + 1) for edges in self.edges]
        self.pairs: dict[tuple[int, int], Any] = {}
        self.start = 0.0
        for tree in trees:
            self._add(tree["tree_structure"])

    def _add(self, root: Any) -> None:
        if "split_feature" not in root:
            self.start += root["leaf_value"] * TEN
            return
        one, left = self._side(root)
        for side, child in ((left, root["left_child"]), (~left, root["right_child"])):
            if "split_feature" not in child:
                self.single[one][side] += child["leaf_value"] * TEN
                continue
            two, below = self._side(child)
            for part, leaf in ((below, child["left_child"]), (~below, child["right_child"])):
                self._leaf(one, side, two, part, leaf["leaf_value"] * TEN)

    def _side(self, node: Any) -> tuple[int, Any]:
        """The fact of a node, and which of its bins go to the left."""
        fact = node["split_feature"]
        bins = self.np.arange(len(self.edges[fact]) + 1)
        return fact, bins <= self.edges[fact].index(node["threshold"])

    def _leaf(self, one: int, side: Any, two: int, part: Any, worth: float) -> None:
        if one == two:
            self.single[one][side & part] += worth
            return
        if one > two:
            one, side, two, part = two, part, one, side
        size = (len(self.edges[one]) + 1, len(self.edges[two]) + 1)
        cells = self.pairs.setdefault((one, two), self.np.zeros(size))
        cells[self.np.ix_(side, part)] += worth

    def centre(self, seen: Any) -> None:
        """Move means from pairs to single facts and from these to the start, weighed by what occurs:
        a table of two facts then tells only what the two do not tell by themselves."""
        bins = [
            self.np.searchsorted(self.np.array(edges), seen[:, at], side="left")
            for at, edges in enumerate(self.edges)
        ]
        for (one, two), cells in self.pairs.items():
            seen_in = self.np.zeros_like(cells)
            self.np.add.at(seen_in, (bins[one], bins[two]), 1)
            for _again in range(20):
                for axis, fact in ((1, one), (0, two)):
                    total = seen_in.sum(axis)
                    mean = (cells * seen_in).sum(axis) / self.np.maximum(total, 1e-9)
                    cells -= self.np.expand_dims(mean, axis)
                    self.single[fact] += mean
        for at, found in enumerate(bins):
            mean = self.single[at][found].mean()
            self.single[at] -= mean
            self.start += float(mean)

    def stored(self) -> dict[str, Any]:
        """As the product reads them: tenths of a point."""
        return {
            "start": round(self.start, 1),
            "facts": [
                {
                    "name": name,
                    "edges": [float(f"{edge:.5g}") for edge in edges],
                    "points": self.np.round(single, 1).tolist(),
                }
                for name, edges, single in zip(self.names, self.edges, self.single, strict=True)
            ],
            "pairs": [
                {
                    "one": self.names[one],
                    "other": self.names[two],
                    "cells": self.np.round(cells, 1).tolist(),
                }
                for (one, two), cells in self.pairs.items()
                if self.np.abs(cells).max() >= DROP
            ],
        }


def _thresholds(trees: Sequence[Any], many: int) -> list[set[float]]:
    found: list[set[float]] = [set() for _fact in range(many)]
    nodes = [tree["tree_structure"] for tree in trees]
    while nodes:
        node = nodes.pop()
        if "split_feature" in node:
            found[node["split_feature"]].add(node["threshold"])
            nodes += [node["left_child"], node["right_child"]]
    return found


def _say(text: str) -> None:
    print(f"# {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
