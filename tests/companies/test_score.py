"""Alignment, facts, points and the ledger of evidence, without a database."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companies.matching import background, explain, facts, ledger, points, rivals, score
from companies.matching.align import (
    ABBREVIATED,
    GLUED,
    SAME,
    SHORT,
    SOUND,
    TYPO,
    Side,
    align,
    similar,
)
from companies.matching.ledger import Compared
from companies.matching.normalise import normalise
from companies.matching.values import Evidence, Level

NAMES = 10_000


def side(name):
    form = normalise(name)[0]
    weights = tuple(background.rarity(token, 1, NAMES) for token in form.tokens)
    return Side(form.tokens, weights, form.words, form.compact)


def compare(one, other):
    left, right = side(one), side(other)
    aligned = align(left, right)
    tables, _ = points.shipped()
    values = facts.measure(left, right, aligned)
    known = dict(zip(tables.facts, values, strict=True))
    shares = dict(zip(tables.facts, tables.shares(values), strict=True))
    return Compared(left, right, aligned, known, shares, tables.start + score.SHIFT)


def total(one, other):
    return compare(one, other).total


@pytest.mark.parametrize(
    ("one", "other", "hows"),
    [
        ("Initech", "Initech GmbH", {SAME}),
        ("Sask Power", "SaskPower Corp", {GLUED}),
        ("New Sask Power", "New SaskPower Group", {SAME, GLUED}),
        ("IBM Research", "International Business Machines Research", {SAME, SHORT}),
        ("P&G", "Procter Gamble", {SHORT}),
        ("Securitization Partners", "Securitisation Partners", {SAME, TYPO}),
        ("Sovfracht", "Sovfrakht", {TYPO}),
        ("Tchaikovsky Trading", "Chajkowski Trading", {SAME}),
        ("Pharmacist Supply", "Pharmacists Guild Supply", {SAME}),
    ],
)
def test_words_are_paired_from_certain_to_doubtful(one, other, hows):
    assert {pair.how for pair in compare(one, other).aligned.pairs} == hows


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("initech", "intech", TYPO),
        ("initceh", "initech", TYPO),
        ("biotech", "biotechnological", ABBREVIATED),
        ("hldngz", "initech", ""),
        ("mtrl", "material", ABBREVIATED),
        ("sovrakht", "sovrahta", SOUND),
        ("fund3", "fund4", ""),
        ("12", "13", ""),
        ("a", "acme", ABBREVIATED),
        ("ab", "abc", ""),
    ],
)
def test_similar_words(one, other, how):
    assert similar(one, other)[0] in (how, TYPO if how == SOUND else how)
    assert similar(one, other)[1] == similar(other, one)[1]


def test_common_words_that_differ_by_a_letter_are_two_words():
    assert similar("state", "estate")[1] < similar("zyntax", "zyntaxo")[1]


@pytest.mark.parametrize(
    ("query", "better", "worse"),
    [
        ("Initech GmbH", "Initech", "Initech Foods"),
        ("Initech Systems", "Initech System", "Globex Systems"),
        ("Zebulon Group", "Zebulon", "Meridian Group"),
        ("Fund 3 Meridian", "Meridian Fund 3", "Meridian Fund 4"),
        ("American Securitization Partners", "Securitization Partners", "American Partners"),
        ("IBMX", "Initech Business Machine Xperts", "Initech Business"),
    ],
)
def test_better_match_has_more_points(query, better, worse):
    assert total(query, better) > total(query, worse)


def test_equal_names_are_strong_whatever_their_words():
    least = score.threshold(NAMES)
    assert score.level_of(total("Initech GmbH", "INITECH"), least) == Level.STRONG
    assert score.level_of(total("Technology Services", "Technology Services Ltd"), least)


def test_threshold_rises_with_the_number_of_names():
    assert (
        score.threshold(0)
        == score.threshold(1000)
        < score.threshold(10**5)
        < score.threshold(10**6)
    )


def test_names_that_differ_by_a_place_are_marked():
    assert ledger.only_place_differs(compare("Initech Germany", "Initech France"))
    assert ledger.only_place_differs(compare("Initech UK", "Initech"))
    assert not ledger.only_place_differs(compare("Initech Foods", "Initech"))
    assert not ledger.only_place_differs(compare("Initech", "Initech GmbH"))


def test_weights_have_the_sign_of_their_fact():
    against = {"missing_new", "missing_old", "clash", "numbers", "aside"}
    assert {name for name, weight in score.WEIGHTS.items() if weight < 0} == against


def test_tables_fit_the_facts():
    names, among = points.shipped()
    assert names.facts == facts.NAMES
    assert among.facts == rivals.NAMES
    for tables in (names, among):
        for edges, cells in zip(tables.edges, tables.single, strict=True):
            assert list(edges) == sorted(edges)
            assert len(cells) == len(edges) + 1
        for one, other, cells in tables.pairs:
            assert len(cells) == len(tables.edges[one]) + 1
            assert {len(row) for row in cells} == {len(tables.edges[other]) + 1}


def test_shares_of_the_facts_sum_to_one_cell_per_table():
    tables = points.build(
        {
            "start": -5.0,
            "facts": [
                {"name": "one", "edges": [0.5], "points": [0, 7]},
                {"name": "other", "edges": [], "points": [2]},
            ],
            "pairs": [{"one": "one", "other": "other", "cells": [[1], [3]]}],
        }
    )
    assert tables.shares([0.5, 9]) == [1, 2]
    assert tables.shares([0.6, 9]) == [10, 2]


def test_a_name_is_worth_less_among_others_that_fit_as_well():
    def added(scores):
        _, tables = points.shipped()
        return tables.start + sum(tables.shares(rivals.measure(scores)[0]))

    alone, between_two, in_a_crowd = added([0.0]), added([0.0] * 2), added([0.0] * 12)
    assert alone > between_two > in_a_crowd


words = st.sampled_from(
    ["initech", "initec", "globex", "group", "services", "svcs", "ibm", "international", "business",
     "machines", "the", "of", "and", "3", "4", "uk", "germany", "gmbh", "a", "sask", "power", "saskpower"]
)  # fmt: skip
names = st.lists(words, min_size=1, max_size=7).map(" ".join).filter(normalise)


@settings(max_examples=300, deadline=None)
@given(names, names)
def test_lines_sum_exactly_to_the_score_and_can_be_read(one, other):
    compared = compare(one, other)
    lines = ledger.name_lines(compared, {}, NAMES)
    assert sum(points for _, _, points in lines) == pytest.approx(compared.total)
    evidence = ledger.settle(lines)
    assert sum(line.points for line in evidence) == round(compared.total)
    assert all(explain.line(line) for line in evidence)


@settings(max_examples=200, deadline=None)
@given(names)
def test_a_name_is_nearest_to_itself(name):
    assert total(name, name) >= total(name, f"{name} zyx") - 1e-9


@settings(max_examples=200, deadline=None)
@given(names, names)
def test_pairs_use_each_word_once(one, other):
    aligned = compare(one, other).aligned
    for at, free in ((1, aligned.left), (2, aligned.right)):
        used = [n for pair in aligned.pairs for n in (pair.left if at == 1 else pair.right)]
        assert len(used) == len(set(used))
        assert not set(used) & set(free)


def test_every_line_of_evidence_has_words():
    params = {
        "word": "initech", "seen": 12, "names": 1_000_000, "new": "a", "old": "b", "words": "c, d",
        "short": "IBM", "long": "x y z", "percent": 93, "forms": "GMBH", "name": "n", "domain": "d.e",
        "count": 2, "scheme": "VAT", "number": "DE1", "city": "Bonn",
    }  # fmt: skip
    for code in explain.CODES:
        line = explain.line(Evidence(code, params, 1))
        assert "%(" not in line
        assert line.endswith(".")


def test_rarity_is_said_in_numbers():
    line = explain.line(Evidence("shared_word", {"word": "x", "seen": 1234, "names": 10**6}, 5))
    assert line == "“x” is in 1,234 of 1,000,000 names."
    few = explain.line(Evidence("shared_word", {"word": "x", "seen": 0, "names": 10**6}, 5))
    assert few == "“x” is in fewer than 4 of 1,000,000 names."


def test_evidence_survives_storage():
    evidence = Evidence("same_name", {}, 15)
    assert Evidence.from_json(evidence.as_json()) == evidence
    assert explain.lines([evidence.as_json(), {"code": "gone"}]) == [explain.line(evidence)]


def test_background_is_small_and_licensed():
    from pathlib import Path

    folder = Path(background.__file__).parent / "data"
    assert (folder / "words.tsv").stat().st_size < 300_000
    notice = (folder / "NOTICE.md").read_text()
    assert "CC0" in notice
    assert "public domain" in notice
