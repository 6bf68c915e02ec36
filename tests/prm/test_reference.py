import re

import pytest

from prm.reference import ALPHABET, new_reference, normalise_reference


def test_new_reference_has_prefix_and_two_groups():
    assert re.fullmatch(rf"D-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", new_reference("D"))


def test_new_references_differ():
    assert len({new_reference("D") for _ in range(500)}) == 500


@pytest.mark.parametrize("prefix", ["", "d", "D1", "ABCDE", "D-"])
def test_new_reference_refuses_bad_prefix(prefix):
    with pytest.raises(ValueError, match="prefix"):
        new_reference(prefix)


@pytest.mark.parametrize(
    "typed",
    [
        "D-7KQ4-M91X",
        "d7kq4m91x",
        " D 7KQ4 M9LX ",
        "d-7kq4-m9ix",
        "D\u20137KQ4\u2013M91X",
        "D.7KQ4/M91X",
    ],
)
def test_normalise_reads_what_people_type(typed):
    assert normalise_reference(typed) == "D-7KQ4-M91X"


def test_normalise_keeps_letters_of_the_prefix():
    assert normalise_reference("l0000oooo") == "L-0000-0000"


def test_normalise_is_stable_for_new_references():
    reference = new_reference("PR")
    assert normalise_reference(reference) == reference


@pytest.mark.parametrize(
    "typed", ["", "D", "7KQ4-M9TX", "D-7KQ4-M9T", "D-7KQ4-M9UX", "D-7KQ4-M9T\u00c4"]
)
def test_normalise_refuses_what_cannot_be_a_reference(typed):
    with pytest.raises(ValueError, match="not a reference"):
        normalise_reference(typed)
