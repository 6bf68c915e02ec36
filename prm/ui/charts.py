"""Geometry of the charts, which the templates write as SVG attributes. Pure; no colours, no words."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 640
ROW = 36
LABEL = 168
VALUE = 88
LINE_HEIGHT = 200
SPARK = (96, 24)


@dataclass(frozen=True, slots=True)
class BarRow:
    """One horizontal bar: label, shown value, place."""

    label: str
    shown: str
    y: int
    text_y: int
    width: float
    value_x: float


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar chart of a fixed width that scales with its column."""

    height: int
    left: int
    track: int
    rows: tuple[BarRow, ...]
    width: int = WIDTH


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a line: where, what it is called, what is shown."""

    x: float
    y: float
    label: str
    shown: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its area and its guides."""

    points: tuple[Point, ...]
    path: str
    area: str
    guides: tuple[float, ...]
    top: str
    height: int = LINE_HEIGHT
    width: int = WIDTH


Datum = tuple[str, float] | tuple[str, float, str]


def bars(data: Sequence[Datum]) -> Bars:
    """Place horizontal bars; the longest fills the track, nothing is cut from zero."""
    track = WIDTH - LABEL - VALUE
    largest = max((float(each[1]) for each in data), default=0) or 1.0
    rows = []
    for at, each in enumerate(data):
        width = round(max(0.0, float(each[1])) / largest * track, 1)
        rows.append(BarRow(each[0], _shown(each), at * ROW + 8, at * ROW + 23, width, LABEL + width + 8))
    return Bars(height=len(data) * ROW + 4, left=LABEL, track=track, rows=tuple(rows))


def line(data: Sequence[Datum]) -> Line:
    """Place a line over equal steps, from zero up."""
    values = [float(each[1]) for each in data]
    top = _nice(max(values, default=0))
    left, right, high, low = 8.0, WIDTH - 8.0, 24.0, LINE_HEIGHT - 28.0
    step = (right - left) / max(1, len(values) - 1)
    points = []
    for at, each in enumerate(data):
        x, y = round(left + at * step, 1), round(low - values[at] / top * (low - high), 1)
        anchor = "start" if at == 0 else "end" if at == len(values) - 1 else "middle"
        points.append(Point(x, y, each[0], _shown(each), anchor))
    path = " ".join(f"{'M' if at == 0 else 'L'}{p.x} {p.y}" for at, p in enumerate(points))
    area = f"{path} L{points[-1].x} {low} L{points[0].x} {low} Z" if points else ""
    guides = tuple(round(low - share * (low - high), 1) for share in (0, 0.5, 1))
    return Line(tuple(points), path, area, guides, f"{top:g}")


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
