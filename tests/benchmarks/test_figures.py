"""The lines that benchmarks print and keep."""

import io
import json

import pytest

from benchmarks.figures import LATEST, Figure, Sheet, median, quantile


def test_line_is_json_with_the_six_fields():
    line = Figure("list.p50", 12.34567, "ms", 80, conditions={"rows": 80}).line()
    assert "\n" not in line
    assert json.loads(line) == {
        "name": "list.p50",
        "value": 12.346,
        "unit": "ms",
        "bar": "at most 80",
        "holds": True,
        "conditions": {"rows": 80},
    }


@pytest.mark.parametrize(
    ("value", "side", "holds"),
    [(120, "at least", True), (119, "at least", False), (120, "at most", True), (121, "at most", False)],
)  # fmt: skip
def test_bar_is_inclusive_on_its_side(value, side, holds):
    assert Figure("x", value, "u", 120, side).holds is holds


def test_figure_without_a_bar_neither_holds_nor_fails():
    sheet = Sheet(out=io.StringIO())
    sheet.add(Figure("x", 1, "u"))
    assert sheet.figures[0].holds is None
    assert sheet.failed == []


def test_sheet_keeps_the_newest_line_of_every_name(tmp_path):
    for value in (1, 2):
        sheet = Sheet(tmp_path, io.StringIO())
        sheet.add(Figure(f"only.{value}", value, "u"))
        sheet.add(Figure("both", value, "u", 1))
        sheet.keep()
    kept = [json.loads(line) for line in (tmp_path / LATEST).read_text().splitlines()]
    assert [(line["name"], line["value"]) for line in kept] == [
        ("both", 2),
        ("only.1", 1),
        ("only.2", 2),
    ]
    assert [figure.name for figure in sheet.failed] == ["both"]


@pytest.mark.parametrize(("share", "value"), [(0.0, 1), (0.5, 5), (0.75, 8), (0.95, 10), (1.0, 10)])
def test_quantile_is_one_of_the_values(share, value):
    assert quantile(list(range(10, 0, -1)), share) == value


def test_median_of_an_odd_number_is_the_middle_one():
    assert median([9, 1, 5]) == 5


def test_quantile_of_nothing_is_refused():
    with pytest.raises(ValueError, match="no values"):
        quantile([], 0.5)
