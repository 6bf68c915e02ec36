"""Charts: nothing is cut from zero, nothing leaves the picture."""

from hypothesis import given
from hypothesis import strategies as st

from prm.ui import charts

values = st.lists(st.floats(0, 1e9, allow_nan=False), max_size=30)


@given(values)
def test_bars_are_shares_of_the_longest(numbers):
    bars = charts.bars([(f"row {at}", number) for at, number in enumerate(numbers)])
    assert all(0 <= bar.share <= 100 for bar in bars)
    if any(numbers):
        assert max(bar.share for bar in bars) == 100


@given(values)
def test_a_line_stays_inside_its_picture(numbers):
    line = charts.line([(str(at), number) for at, number in enumerate(numbers)])
    places = [
        part.lstrip("ML").split(" ") for part in line.path.replace(" L", "|L").split("|") if part
    ]
    assert len(places) == len(numbers)
    assert all(0 <= float(y) <= line.height for _x, y in places)


def test_empty_charts_have_no_path():
    assert charts.line([]).path == charts.spark([]) == ""
    assert charts.bars([]) == ()


def test_shown_text_wins_over_the_number():
    assert charts.bars([("Harbor", 1200.0, "€1,200")])[0].shown == "€1,200"
    assert charts.bars([("Harbor", 12.0)])[0].shown == "12"
