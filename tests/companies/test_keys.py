"""Keys: which names meet under one key, and how many there are."""

import pytest

from companies.matching.keys import (
    ACRONYM,
    INITIALS,
    MAX_KEYS,
    Key,
    initials,
    key_hash,
    query_keys,
    short_forms,
    sound,
    stored_keys,
)
from companies.matching.normalise import normalise
from companies.matching.seeds import groups


def meet(query, stored):
    asked = {key.hash for form in normalise(query) for key in query_keys(form)}
    return bool(asked & {key for form in normalise(stored) for key in stored_keys(form)})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("IBM", "International Business Machines Corp."),
        ("I.B.M.", "International Business Machines Corp."),
        ("P&G", "Procter & Gamble Company"),
        ("J&J", "Johnson & Johnson"),
        ("HPE", "Hewlett Packard Enterprise"),
        ("AMD", "Advanced Micro Devices, Inc."),
        ("KPMG", "Klynveld Peat Marwick Goerdeler"),
        ("Sask Power", "SaskPower"),
        ("Sovfracht", "Sovfrakht"),
        ("Van der Bilt Holding", "Vanderbilt Holding"),
        ("Acme Tools (formerly Ajax)", "Ajax GmbH"),
    ],
)
def test_names_of_one_company_share_a_key_both_ways(one, other):
    assert meet(one, other)
    assert meet(other, one)


def test_two_long_names_do_not_meet_by_their_initials_alone():
    assert not meet("Indian Bread Makers", "International Business Machines")


def test_initials_and_short_forms_ask_for_each_other():
    (form,) = normalise("International Business Machines Corp")
    assert initials(form) == ("ibm", "ibmc")
    (short,) = normalise("IBM")
    assert Key(INITIALS, "ibm") in query_keys(short)
    assert key_hash(ACRONYM, "ibm") in stored_keys(short)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("P&G", ("pg",)),
        ("AT&T", ("att",)),
        ("IBM Research", ("ibm",)),
        ("3M", ("3m",)),
        ("Initech", ("initech",)),
    ],
)
def test_short_forms(name, expected):
    (form,) = normalise(name)
    assert short_forms(form) == expected


def test_sound_is_equal_for_transliterations():
    assert sound("sovfracht") == sound("sovfrakht")
    assert sound("tchaikovsky") == sound("chaikovski")


def test_number_of_keys_is_bounded():
    for form in normalise(" ".join(f"word{n}" for n in range(60))):
        assert len(stored_keys(form)) <= MAX_KEYS
        assert len(query_keys(form)) <= MAX_KEYS


def test_hash_is_stable_and_fits_a_bigint():
    assert key_hash("w", "initech") == -3881372773782453633
    assert -(2**63) <= key_hash("w", "initech") < 2**63


def test_seed_groups_are_symmetric():
    assert groups("ibm") == groups("internationalbusinessmachine") == ("ibm",)
    assert groups("nosuchcompany") == ()
