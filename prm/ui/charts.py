"""Geometry of the charts, which the templates write as SVG attributes. Pure; no colours, no words."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, HEAD = 640, 160, 12
SPARK = (96, 24)

Datum = tuple[str, float] | tuple[str, float, str]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, its number in text, its share of the longest in percent."""

    label: str
    shown: str
    share: float


@dataclass(frozen=True, slots=True)
class Point:
    """One step of a line: what it is called, what is shown."""

    label: str
    shown: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its area and its guides."""

    points: tuple[Point, ...]
    path: str
    area: str
    guides: tuple[float, ...]
    width: int = WIDTH
    height: int = HEIGHT


def bars(data: Sequence[Datum]) -> tuple[Bar, ...]:
    """Size bars; the longest fills the track, nothing is cut from zero."""
    largest = max((float(each[1]) for each in data), default=0) or 1.0
    return tuple(
        Bar(each[0], _shown(each), round(max(0.0, float(each[1])) / largest * 100, 2))
        for each in data
    )


def line(data: Sequence[Datum]) -> Line:
    """Place a line over equal steps, from zero up to a round number."""
    values = [float(each[1]) for each in data]
    top, low = _nice(max(values, default=0)), HEIGHT - 1.0
    step = WIDTH / max(1, len(values) - 1)
    places = [(at * step, low - value / top * (low - HEAD)) for at, value in enumerate(values)]
    path = " ".join(f"{'L' if at else 'M'}{x:.1f} {y:.1f}" for at, (x, y) in enumerate(places))
    area = f"{path} L{places[-1][0]:.1f} {low} L0 {low} Z" if places else ""
    guides = tuple(low - share * (low - HEAD) for share in (0.0, 0.5, 1.0))
    return Line(tuple(Point(each[0], _shown(each)) for each in data), path, area, guides)


def spark(values: Sequence[float]) -> str:
    """Return the path of a line the size of a word."""
    width, height = SPARK
    if not values:
        return ""
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    step = (width - 4) / max(1, len(values) - 1)
    return " ".join(
        f"{'M' if at == 0 else 'L'}{2 + at * step:.1f} {height - 3 - (value - low) / span * (height - 6):.1f}"
        for at, value in enumerate(values)
    )


def _shown(each: Datum) -> str:
    return each[2] if len(each) == 3 else f"{each[1]:g}"


def _nice(value: float) -> float:
    """Return the next round number at or above the value: 1, 2 or 5 with noughts."""
    if value <= 0:
        return 1.0
    size = 10.0 ** (len(str(int(value))) - 1) if value >= 1 else 1.0
    return next(step * size for step in (1, 2, 5, 10) if step * size >= value)
