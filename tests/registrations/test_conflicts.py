"""Scope and kind of conflicts: pure rules over values."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from registrations.conflicts import Claim, Deal, Resemblance, Scope, dismissed, judge
from registrations.enums import ConflictKind

OURS = Scope(frozenset({1}), frozenset({7}))
OWN = Resemblance(100, 100, "OPEN")
scopes = st.builds(
    Scope,
    st.frozensets(st.integers(1, 4), max_size=3),
    st.frozensets(st.integers(1, 4), max_size=3),
)


def kinds(*claims, found=(OWN,), partner=1):
    return [flag.kind for flag in judge(Deal(OURS, partner), found, claims)]


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
    assert [flag.score for flag in judge(Deal(OURS, 1), found, claims)] == [100, 60]


@given(scopes, scopes)
def test_overlap_is_symmetric(one, other):
    assert one.overlaps(other) == other.overlaps(one)


@given(scopes)
def test_everything_overlaps_with_all(scope):
    assert Scope().overlaps(scope)


def weight(*claims, found=(OWN,), **deal):
    return [(f.kind, f.weight) for f in judge(Deal(OURS, 1, **deal), found, claims)]


def test_a_kind_has_its_weight_where_the_scopes_are_the_same():
    protected = Claim(ConflictKind.PROTECTED, 100, OURS, partner=2, registration=5)
    pending = Claim(ConflictKind.PENDING, 100, OURS, partner=3, registration=6)
    assert weight(protected, pending) == [("PROTECTED", 100), ("PENDING", 80)]


def test_part_of_the_product_lines_weighs_less():
    deal = Deal(Scope(frozenset({1, 2}), frozenset({7})), 1)
    claim = Claim(ConflictKind.PROTECTED, 100, OURS, partner=2, registration=5)
    (flag,) = judge(deal, (OWN,), [claim])
    assert flag.weight == 80
    assert [(g.code, g.params, g.factor) for g in flag.grounds] == [
        ("products_shared", {"both": [1]}, 80),
        ("places_shared", {"both": [7]}, 100),
    ]


def test_a_protection_that_ends_before_the_deal_is_sold_weighs_less():
    claim = Claim(ConflictKind.PROTECTED, 100, OURS, 2, 5, until=date(2030, 1, 31))
    assert weight(claim, expected_close=date(2030, 2, 1)) == [("PROTECTED", 60)]
    assert weight(claim, expected_close=date(2030, 1, 31)) == [("PROTECTED", 100)]


def test_another_trade_weighs_less_where_both_are_known():
    claim = Claim(ConflictKind.PENDING, 100, OURS, partner=2, registration=5)
    found = (Resemblance(100, 90, "OPEN", industry=3),)
    assert weight(claim, found=found, industry=4) == [("PENDING", 64)]
    assert weight(claim, found=found, industry=3) == [("PENDING", 80)]
    assert weight(claim, found=found) == [("PENDING", 80)]


def test_what_is_out_of_scope_is_dismissed_with_the_reason():
    other = Scope(frozenset({2}), frozenset({8}))
    claim = Claim(ConflictKind.PROTECTED, 100, other, partner=2, registration=5)
    (flag,) = dismissed(Deal(OURS, 1), (OWN,), [claim])
    assert [ground.code for ground in flag.grounds] == ["products_differ", "places_differ"]
    assert flag.weight == 0


def test_a_relatives_designation_is_only_a_relation():
    found = (OWN, Resemblance(200, 0, "VENDOR_DIRECT", related=True))
    assert kinds(found=found) == ["RELATED"]


@given(scopes, scopes)
def test_a_claim_either_matters_or_is_dismissed(ours, theirs):
    claim = Claim(ConflictKind.PENDING, 100, theirs, partner=2, registration=5)
    deal = Deal(ours, 1)
    matters, not_so = judge(deal, (OWN,), [claim]), dismissed(deal, (OWN,), [claim])
    assert len(matters) + len(not_so) == 1
    assert bool(matters) == ours.overlaps(theirs)
    assert all(0 < flag.weight <= 100 for flag in matters)
