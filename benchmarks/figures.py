"""Figures: what a benchmark found, one JSON line each, and whether the bar holds."""

import json
import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Literal

RESULTS = Path(__file__).resolve().parent / "results"
LATEST = "latest.jsonl"

Side = Literal["at most", "at least"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its unit, its bar if it has one, and under which conditions it was taken."""

    name: str
    value: float
    unit: str
    bar: float | None = None
    side: Side = "at most"
    conditions: dict[str, Any] = field(default_factory=dict)

    @property
    def holds(self) -> bool | None:
        """Whether the value is on the right side of its bar; None without a bar."""
        if self.bar is None:
            return None
        return self.value <= self.bar if self.side == "at most" else self.value >= self.bar

    def line(self) -> str:
        """Return the figure as one line of JSON."""
        bar = None if self.bar is None else f"{self.side} {self.bar:g}"
        parts = {
            "name": self.name,
            "value": round(self.value, 3),
            "unit": self.unit,
            "bar": bar,
            "holds": self.holds,
            "conditions": self.conditions,
        }
        return json.dumps(parts, ensure_ascii=False)


@dataclass(slots=True)
class Sheet:
    """Prints figures as they come in, and keeps them beside those of benchmarks that did not run."""

    folder: Path = RESULTS
    out: IO[str] = field(default_factory=lambda: sys.stdout)
    figures: list[Figure] = field(default_factory=list)

    def add(self, figure: Figure) -> None:
        """Print one figure, and remember it."""
        self.figures.append(figure)
        print(figure.line(), file=self.out, flush=True)

    @property
    def failed(self) -> list[Figure]:
        """The figures whose bar does not hold."""
        return [figure for figure in self.figures if figure.holds is False]

    def keep(self) -> None:
        """Write the newest line of every figure to results/latest.jsonl, in order of name."""
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self.folder / LATEST
        lines: dict[str, str] = {}
        if file.exists():
            lines = {json.loads(line)["name"]: line for line in file.read_text().splitlines()}
        lines |= {figure.name: figure.line() for figure in self.figures}
        file.write_text("".join(f"{lines[name]}\n" for name in sorted(lines)))


def quantile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least this share of the values does not exceed."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("There are no values.")
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]


def median(values: Sequence[float]) -> float:
    """Return the middle value."""
    return quantile(values, 0.5)


def machine() -> dict[str, Any]:
    """Return what this machine is, and how busy it is with other things."""
    return {
        "cores": os.cpu_count() or 0,
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 1),
    }
