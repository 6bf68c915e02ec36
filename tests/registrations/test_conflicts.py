"""Scope and kind of conflicts: pure rules over values."""

from hypothesis import given
from hypothesis import strategies as st

from registrations.conflicts import Claim, Resemblance, Scope, judge
from registrations.enums import ConflictKind

OURS = Scope(frozenset({1}), frozenset({7}))
OWN = Resemblance(100, 100, "OPEN")
scopes = st.builds(
    Scope,
    st.frozensets(st.integers(1, 4), max_size=3),
    st.frozensets(st.integers(1, 4), max_size=3),
)


def kinds(*claims, found=(OWN,), partner=1):
    return [flag.kind for flag in judge(OURS, partner, found, claims)]


def test_a_rivals_protection_matters():
    assert kinds(Claim(ConflictKind.PROTECTED, 100, OURS, partner=2, registration=5)) == [
        "PROTECTED"
    ]


def test_another_product_line_does_not():
    other = Scope(frozenset({2}), frozenset({7}))
    assert kinds(Claim(ConflictKind.PROTECTED, 100, other, partner=2)) == []


def test_another_place_does_not():
    other = Scope(frozenset({1}), frozenset({8}))
    assert kinds(Claim(ConflictKind.PENDING, 100, other, partner=2)) == []


def test_an_unknown_company_does_not():
    assert kinds(Claim(ConflictKind.PENDING, 101, OURS, partner=2)) == []


def test_the_same_partner_is_an_own_duplicate():
    assert kinds(Claim(ConflictKind.PENDING, 100, OURS, partner=1)) == ["OWN_DUPLICATE"]


def test_a_related_company_is_only_related():
    found = (OWN, Resemblance(200, 80, "OPEN", related=True))
    claim = Claim(ConflictKind.PROTECTED, 200, OURS, partner=2, registration=9)
    assert kinds(claim, found=found) == ["RELATED"]


def test_designation_matters_whatever_the_scope():
    assert kinds(found=(Resemblance(100, 100, "VENDOR_DIRECT"),)) == ["VENDOR_DIRECT"]
    assert kinds(found=(Resemblance(100, 100, "RESTRICTED"),)) == ["RESTRICTED"]


def test_a_protection_says_more_than_the_registration_that_holds_it():
    claims = [
        Claim(ConflictKind.PENDING, 100, OURS, partner=2, registration=5),
        Claim(ConflictKind.PROTECTED, 100, OURS, partner=2, registration=5),
    ]
    assert kinds(*claims) == ["PROTECTED"]


def test_flags_are_ordered_surest_first():
    found = (OWN, Resemblance(200, 60, "OPEN"))
    claims = [
        Claim(ConflictKind.PENDING, 200, OURS, partner=2, registration=2),
        Claim(ConflictKind.PENDING, 100, OURS, partner=3, registration=3),
    ]
    assert [flag.score for flag in judge(OURS, 1, found, claims)] == [100, 60]


@given(scopes, scopes)
def test_overlap_is_symmetric(one, other):
    assert one.overlaps(other) == other.overlaps(one)


@given(scopes)
def test_everything_overlaps_with_all(scope):
    assert Scope().overlaps(scope)
