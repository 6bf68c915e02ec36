"""CSV: nothing in a cell can run, and the file opens in any spreadsheet."""

import csv as reader
from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prm.ui import csv

RISKY = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0=1", "＝1", "＠x"]


@pytest.mark.parametrize("text", RISKY)
def test_guard_disarms_formulas(text):
    assert csv.guard(text).startswith("'")


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (-5, "-5"),
        (Decimal("-1.50"), "-1.50"),
        ("Initech", "Initech"),
        ("a=b", "a=b"),
        (True, "True"),
    ],
)
def test_guard_leaves_the_rest_alone(value, cell):
    assert csv.guard(value) == cell


@given(st.text())
def test_guarded_text_never_starts_a_formula(text):
    assert not csv.guard(text).startswith(("=", "+", "-", "@", "\t", "\r", "\0"))


def test_guard_writes_times_in_the_readers_zone():
    assert csv.guard(datetime(2026, 11, 21, 9, 30, tzinfo=UTC)) == "2026-11-21T09:30+00:00"


@given(
    st.lists(st.tuples(st.text(alphabet=st.characters(exclude_categories=["Cs"])), st.integers()))
)
def test_lines_come_back_as_they_went(rows):
    text = "".join(csv.lines(["Name", "Value"], rows)).removeprefix(csv.BOM)
    back = list(reader.reader(StringIO(text, newline="")))
    assert back == [["Name", "Value"], *([csv.guard(cell) for cell in row] for row in rows)]


def test_lines_come_in_chunks():
    rows = [[number] for number in range(csv.ROWS_A_CHUNK * 2 + 1)]
    assert len(list(csv.lines(["n"], rows))) == 3


def test_response_is_a_download_that_is_not_kept(db):
    response = csv.response("Deals: März", ["Name"], [["Initech"]])
    assert response["Content-Disposition"] == 'attachment; filename="deals-marz.csv"'
    assert response["Cache-Control"] == "no-store"
    assert b"".join(response).decode() == f"{csv.BOM}Name\r\nInitech\r\n"
