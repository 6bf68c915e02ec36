"""Reading what the bench is given: names, queries, labelled pairs, remembered aliases."""

import csv
import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

HUMAN = "nk_human"
"""The set of pairs that people labelled one by one; all others come from registers."""


@dataclass(frozen=True, slots=True)
class Query:
    """One spelling, and the name under which the same organisation is stored."""

    kind: str
    stratum: str
    source: str
    target: str
    typed: str


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """Two names, and whether they are one organisation."""

    one: str
    other: str
    same: bool
    source: str
    kind: str

    @property
    def human(self) -> bool:
        return self.source == HUMAN


@dataclass(frozen=True, slots=True)
class Alias:
    """Another name that somebody confirmed for a stored one."""

    primary: str
    alias: str


def names(paths: Sequence[Path]) -> Iterator[str]:
    """Every line of the files that has something on it."""
    for path in paths:
        with _open(path) as file:
            yield from (line for line in (raw.strip() for raw in file) if line)


def queries(path: Path) -> list[Query]:
    """The rows of a file with kind, set, target_name, query_name and stratum."""
    with _open(path) as file:
        return [
            Query(row["kind"], row["stratum"], row["set"], row["target_name"], row["query_name"])
            for row in csv.DictReader(file)
        ]


def pairs(path: Path) -> list[LabelledPair]:
    """The rows of a file with name1, name2, label, set and kind."""
    with _open(path) as file:
        return [
            LabelledPair(row["name1"], row["name2"], row["label"] == "1", row["set"], row["kind"])
            for row in csv.DictReader(file)
        ]


def aliases(path: Path) -> list[Alias]:
    """The rows of a file with primary_name and alias_name."""
    with _open(path) as file:
        return [Alias(row["primary_name"], row["alias_name"]) for row in csv.DictReader(file)]


def _open(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8", newline="")
    return path.open(encoding="utf-8", newline="")
