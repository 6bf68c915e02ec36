# ruff: noqa: RUF001 - names in other scripts are the point
"""The normaliser: what is ignored, what is kept, and that it is stable."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companies.matching import legal, words
from companies.matching.normalise import MAX_INPUT, clean, compact_of, normalise, sort_key


def core(name):
    forms = normalise(name)
    return forms[0].core if forms else ""


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("IBM", "ibm"),
        ("I.B.M.", "ibm"),
        ("I B M", "ibm"),
        ("I. B. M. Corp.", "ibm"),
        ("International Business Machines Corp.", "international business machines"),
        ("SIEMENS AKTIENGESELLSCHAFT", "siemens"),
        ("SiemensAG", "siemens"),
        ("Müller GmbH & Co. KG", "muller"),
        ("Novo Nordisk A/S", "novo nordisk"),
        ("L’Oréal S.A.", "loreal"),
        ("Yahoo! Inc.", "yahoo"),
        ("The Coca-Cola Company", "coca cola"),
        ("ООО «Ромашка»", "romashka"),
        ("株式会社日立製作所", "rilizhizuosuo"),
        ("Grupo Bimbo, S.A.B. de C.V.", "grupo bimbo"),
        ("Allegro Sp. z o.o.", "allegro"),
        ("Initech (UK) Ltd", "initech uk"),
        ("United States Steel Corporation", "us steel"),
        ("U.S. Steel", "us steel"),
        ("Procter & Gamble", "procter and gamble"),
        ("J.P. Morgan Chase & Co.", "jp morgan chase"),
        ("ACME\u200b\u200f Inc\u202e", "acme"),
        ("Acme™ Inc®", "acme"),
        ("Ａｃｍｅ　Ｌｔｄ", "acme"),
        ("Stark Industries, Limited Liability Company", "stark industries"),
        ("Zürich Versicherungs-Gesellschaft AG", "zurich versicherungs gesellschaft"),
        ("3M", "3m"),
    ],
)
def test_core_drops_case_accents_punctuation_and_legal_form(typed, expected):
    assert core(typed) == expected


@pytest.mark.parametrize(
    "name", ["GmbH", "The Limited", "S.A. de C.V.", "Inc. Ltd.", "The Company"]
)
def test_stripping_never_leaves_nothing(name):
    assert core(name)


@pytest.mark.parametrize(
    "name", ["", "   ", "😀😀", "\u200f\u202e", "!!! ???", "\x00\x01", "\ud800"]
)
def test_nothing_comparable_has_no_forms(name):
    assert normalise(name) == ()


def test_legal_form_is_kept_as_a_fact():
    (form,) = normalise("Initech GmbH")
    assert form.legal == ("gmbh",)


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        (
            "Acme Inc d/b/a Road Runner Traps LLC",
            [("MAIN", "acme"), ("TRADE", "road runner traps")],
        ),
        ("Acme t/a Traps", [("MAIN", "acme"), ("TRADE", "traps")]),
        ("Acme, formerly known as Ajax Ltd", [("MAIN", "acme"), ("FORMER", "ajax")]),
        ("Acme (Ajax Tools)", [("MAIN", "acme"), ("INSIDE", "ajax tools")]),
        ("DBA Luftfahrt", [("MAIN", "luftfahrt")]),
        ("dba", [("MAIN", "dba")]),
    ],
)
def test_trade_names_become_forms_of_their_own(name, kinds):
    assert [(form.kind, form.core) for form in normalise(name)] == kinds


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Intl Business Machines", "International Business Machines"),
        ("Acme Svcs", "Acme Services"),
        ("First National Bank", "1st Natl Bank"),
        ("Procter and Gamble", "Procter & Gamble Co"),
        ("Sask Power", "SaskPower"),
        ("AT&T", "AT and T Inc."),
    ],
)
def test_compact_is_equal_for_spellings_of_one_name(one, other):
    assert compact_of(one) == compact_of(other)


def test_long_input_is_cut_and_quick():
    (form,) = normalise("a" * 10_000)
    assert len(form.compact) <= MAX_INPUT


def test_abbreviations_lead_to_fixed_points():
    wrong = [k for k, v in words.ABBREVIATIONS.items() if words.canonical(v) != v]
    assert wrong == []


def test_every_legal_form_is_stripped_from_an_end():
    for form in legal.ENDINGS:
        left, _ = legal.strip(["zyx", *form])
        assert left == ["zyx"], form


def test_sort_key_folds_and_skips_the_article():
    assert sort_key("The Ängström GmbH") == "angstrom gmbh"
    assert len(sort_key("x" * 500)) == 200


def test_clean_keeps_letters_and_drops_what_cannot_be_seen():
    assert clean(" A\u200bcme\x00\tInc \ud800") == "Acme Inc"


text = st.text(max_size=60)
nameish = st.lists(
    st.sampled_from(
        ["the", "I.B.M.", "&", "Co", "GmbH", "d/b/a", "(UK)", "Sp. z o.o.", "a", "b", "SA", "and",
         "Acme", "united states", "t/a", "formerly", "1", "ii", "-", "Müller", "株式会社", "of"]
    ),
    max_size=9,
).map(" ".join)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.one_of(text, nameish))
def test_normalising_a_core_again_changes_nothing(name):
    for form in normalise(name):
        again = normalise(form.core)
        assert [one.core for one in again] == [form.core]
        assert again[0].compact == form.compact


@settings(max_examples=200, deadline=None)
@given(text)
def test_normaliser_answers_plain_ascii_words(name):
    for form in normalise(name):
        assert form.core.isascii()
        assert form.core == " ".join(form.core.split())
        assert form.compact == "".join(form.tokens) != ""
