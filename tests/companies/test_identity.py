"""Numbers, families, what is remembered about pairs, splits, the search for duplicates."""

import pytest
from django.db import IntegrityError, transaction

from companies import services
from companies.differences import differences, marked
from companies.enums import ScanState, Standing, Verdict
from companies.models import Company, DuplicatePair, DuplicateScan, NameVerdict
from companies.numbers import NumberUnusable, checked_number, from_text
from companies.registry import MergeRefused
from companies.selectors import Tree, family, family_tree, likely_duplicates
from companies.services import Parting, scanning
from prm import due
from prm.events import timeline


@pytest.fixture
def add(mia):
    """`add("Hooli")` is a confirmed company."""
    return lambda name, **more: services.add_company(name=name, actor=mia, **more)


def codes(company):
    return [event.code for event in timeline(company)]


# --- numbers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scheme", "typed", "country", "stored", "validated"),
    [
        ("VAT", "DE 129 273 398", "", "DE129273398", True),
        ("vat", "129273398", "DE", "DE129273398", True),
        ("VAT", "ATU 1201.1204", "", "ATU12011204", True),
        ("VAT", "EL 094259216", "", "EL094259216", True),
        ("VAT", "094259216", "GR", "EL094259216", True),
        ("VAT", "GB 980780684", "", "GB980780684", True),
        ("VAT", "ZZ12345", "", "ZZ12345", False),
        ("LEI", "213800 KUD8LAJWSQ9D15", "", "213800KUD8LAJWSQ9D15", True),
        ("DUNS", "15-048-3782", "", "150483782", False),
        ("Register", "hrb  4711 München", "", "HRB 4711 MÜNCHEN", False),
        ("SIREN", "552 100 554", "", "552 100 554", False),
    ],
)
def test_numbers_are_stored_in_one_form(scheme, typed, country, stored, validated):
    number = checked_number(scheme, typed, country)
    assert (number.value, number.validated) == (stored, validated)


@pytest.mark.parametrize(
    ("scheme", "typed"),
    [
        ("VAT", "DE129273399"), ("VAT", "12"), ("VAT", ""), ("LEI", "5493"), ("DUNS", "1"),
        ("X", "1"), ("TOO LONG A SCHEME OF", "1"), ("TAX", "x" * 65), ("TAX", "--"),
    ],
)  # fmt: skip
def test_a_number_that_is_wrong_is_refused_with_a_sentence(scheme, typed):
    with pytest.raises(NumberUnusable) as refused:
        checked_number(scheme, typed)
    assert str(refused.value).endswith(".")


def test_text_names_its_scheme_or_is_a_vat_number():
    assert from_text("duns: 150483782").scheme == "DUNS"
    assert from_text("DE129273398").scheme == "VAT"


def test_a_number_belongs_to_one_company(mia, add):
    one, other = add("Hooli"), add("Initech")
    services.add_number(one, "DUNS", "150483782", actor=mia)
    services.add_number(one, "DUNS", "15 048 3782", actor=mia)
    with pytest.raises(services.FactTaken) as taken:
        services.add_number(other, "DUNS", "150483782", actor=mia)
    assert taken.value.company == one
    assert codes(one).count("company.number_added") == 1
    services.remove_number(one, one.numbers.get(), actor=mia)
    services.add_number(other, "DUNS", "150483782", actor=mia)


def test_a_name_or_domain_that_is_removed_is_not_found_any_more(mia, add):
    company = add("Hooli", country="DE", domains=["hooli.example"], aliases=["Hooli Search"])
    services.remove_name(company, company.names.get(raw="Hooli Search"), actor=mia)
    services.remove_domain(company, company.domains.get(), actor=mia)
    assert services.identify(name="Hooli Search", country="DE", actor=mia) != company
    assert services.identify(name="X", domain="hooli.example", actor=mia) != company
    with pytest.raises(services.NameNeeded):
        services.remove_name(company, company.names.get(raw="Hooli"), actor=mia)


# --- families -------------------------------------------------------------------------------------


def test_nobody_is_their_own_ancestor(mia, add):
    one, two, three = add("One"), add("Two"), add("Three")
    services.set_parent(two, one, actor=mia)
    services.set_parent(three, two, actor=mia)
    for child, parent in ((one, three), (one, two), (one, one)):
        with pytest.raises(services.FamilyCircle):
            services.set_parent(child, parent, actor=mia)
    with pytest.raises(IntegrityError), transaction.atomic():
        Company.objects.filter(pk=one.pk).update(parent=three)
    with pytest.raises(IntegrityError), transaction.atomic():
        Company.objects.filter(pk=one.pk).update(parent=one)
    assert codes(two)[-1] == "company.parent_changed"


def test_family_is_parent_subsidiaries_and_sisters(mia, add, queries):
    top, one, two, below, friend, stranger = map(
        add, ("Top", "One", "Two", "Below", "Friend", "Stranger")
    )
    for child, parent in ((one, top), (two, top), (below, one)):
        services.set_parent(child, parent, actor=mia)
    services.remember_related(one, friend, "SIBLING", actor=mia)
    services.remember_different(one, stranger, actor=mia)
    friend.refresh_from_db()
    assert friend.parent == top
    with queries() as few:
        found = family([one.pk])
    with queries() as more:
        every = family([one.pk, top.pk, below.pk, stranger.pk])
    assert len(few) == len(more) == 3
    assert found == {one.pk: {top.pk, two.pk, below.pk, friend.pk}}
    assert every[top.pk] == {one.pk, two.pk, friend.pk}
    assert every[below.pk] == {one.pk}
    assert every[stranger.pk] == set()


@pytest.mark.parametrize("relation", ["PARENT", "SUBSIDIARY", "SIBLING"])
def test_related_companies_are_not_suggested_again(mia, add, relation):
    one, other = add("Initech Foods", country="DE"), add("Initech Media", country="DE")
    services.remember_related(one, other, relation, actor=mia)
    assert likely_duplicates(one) == []
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.parent == other, other.parent == one) == (
        relation == "PARENT", relation == "SUBSIDIARY",
    )  # fmt: skip


# --- memory ---------------------------------------------------------------------------------------


@pytest.fixture
def pair(add, mia):
    """Two companies that look alike and were told apart."""
    one, other = add("Initech GmbH", country="DE"), add("Initek GmbH", country="DE")
    assert likely_duplicates(one)
    services.remember_different(one, other, actor=mia)
    assert likely_duplicates(one) == likely_duplicates(other) == []
    return one, other


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize(
    "change",
    [
        lambda company, mia: services.add_name(company, "Initech Again", actor=mia),
        lambda company, mia: services.add_domain(company, "initech.example", actor=mia),
        lambda company, mia: services.rename(company, "Initech Works", actor=mia),
    ],
)
def test_different_is_asked_again_only_when_a_name_or_domain_changes(mia, pair, side, change):
    services.set_designation(pair[side], "RESTRICTED", actor=mia)
    services.rename(pair[side], pair[side].name, country="DE", actor=mia)
    assert likely_duplicates(pair[0]) == []
    change(pair[side], mia)
    assert NameVerdict.objects.get().verdict == Verdict.OUTDATED
    assert [likely.company for likely in likely_duplicates(pair[0])] == [pair[1]]
    services.remember_different(*pair, actor=mia)
    assert likely_duplicates(pair[0]) == []


def test_a_merge_asks_nothing_again(mia, pair, add):
    """Who is different from one of two that are the same is different from both."""
    one, other = pair
    alias = add("Initech Holding", country="DE")
    services.confirm_as(alias, one, actor=mia)
    assert NameVerdict.objects.get().verdict == Verdict.DIFFERENT
    assert likely_duplicates(other) == []


# --- splits ---------------------------------------------------------------------------------------


def test_split_moves_what_is_chosen_and_remembers(mia, pat, add):
    from tests.registrations.conftest import make_submitted

    company = add("Hooli", country="US", domains=["hooli.example"], aliases=["Aviato Inc"])
    services.add_domain(company, "aviato.example", actor=mia)
    services.add_number(company, "DUNS", "150483782", actor=mia)
    services.add_site(company, services.Place(city="Bonn"), actor=mia)
    stays, goes = (
        make_submitted(pat, name, website="hooli.example") for name in ("Hooli", "Aviato")
    )
    assert stays.company == goes.company == company
    parting = Parting(
        names=frozenset({company.names.get(raw="Aviato Inc").pk}),
        domains=frozenset({company.domains.get(domain="aviato.example").pk}),
        numbers=frozenset({company.numbers.get().uid}),
        records={"deals": frozenset({goes.reference})},
    )
    fresh = services.split_company(company, parting, actor=mia)
    assert (fresh.name, fresh.country, fresh.standing) == ("Aviato Inc", "US", Standing.CONFIRMED)
    assert [row.domain for row in fresh.domains.all()] == ["aviato.example"]
    assert fresh.numbers.count() == 1
    assert company.sites.count() == 1
    goes.refresh_from_db()
    stays.refresh_from_db()
    assert (goes.company, stays.company) == (fresh, company)
    assert NameVerdict.objects.between(company, fresh).get().verdict == Verdict.DIFFERENT
    assert codes(company)[-1] == "company.split"
    assert codes(fresh) == ["company.split_off"]


def test_a_company_keeps_its_own_name_and_the_new_one_needs_one(mia, add):
    company = add("Hooli", aliases=["Aviato"])
    for names in (frozenset(), frozenset({company.names.get(raw="Hooli").pk})):
        with pytest.raises(MergeRefused):
            services.split_company(company, Parting(names), actor=mia)


# --- the search for duplicates --------------------------------------------------------------------


def test_each_pair_is_found_once_and_answered_ones_are_left_out(mia, pair, add):
    add("Hooli Incorporated", country="US")
    add("Hooli Inc", country="US")
    scan = services.start_scan(actor=mia)
    with pytest.raises(services.ScanRunning):
        services.start_scan(actor=mia)
    due.drain()
    scan.refresh_from_db()
    assert (scan.state, scan.done) == (ScanState.FINISHED, 4)
    found = DuplicatePair.objects.get()
    assert {found.low.name, found.high.name} == {"Hooli Incorporated", "Hooli Inc"}
    services.confirm_as(found.low, found.high, actor=mia)
    assert not DuplicatePair.objects.exists()


def test_a_killed_search_goes_on_where_it_was(mia, add, monkeypatch):
    monkeypatch.setattr(scanning, "BATCH", 2)
    for name in ("Hooli Inc", "Initech", "Hooli Corp", "Vandelay", "Umbra"):
        add(name, country="US")
    services.start_scan(actor=mia)
    store, calls = scanning._store, []

    def die(*args):
        calls.append(1)
        if len(calls) == 2:
            raise SystemExit("killed")
        store(*args)

    monkeypatch.setattr(scanning, "_store", die)
    with pytest.raises(SystemExit):
        due.drain()
    assert DuplicateScan.objects.get().done == 2
    due.drain()
    scan = DuplicateScan.objects.get()
    assert (scan.state, scan.done, scan.pairs.count()) == (ScanState.FINISHED, 5, 1)


def test_a_search_can_be_stopped_and_forgets_what_it_does_not_find_again(mia, add):
    add("Hooli Inc", country="US")
    other = add("Hooli Corp", country="US")
    services.stop_scan(services.start_scan(actor=mia), actor=mia)
    due.drain()
    assert not DuplicatePair.objects.exists()
    services.start_scan(actor=mia)
    due.drain()
    assert DuplicatePair.objects.count() == 1
    services.rename(other, "Vandelay", actor=mia)
    services.remove_name(other, other.names.get(raw="Hooli Corp"), actor=mia)
    services.start_scan(actor=mia)
    due.drain()
    assert not DuplicatePair.objects.exists()


# --- marks ----------------------------------------------------------------------------------------


def test_differing_characters_are_marked():
    left, right = differences("Hazelden Plastics Inc.", "HAZELDNE Plastics")
    assert [(part.text, part.differs) for part in left][-1] == (" Inc.", True)
    assert "".join(part.text for part in right) == "HAZELDNE Plastics"
    one, _other = marked("Groß<b>", "Gross")
    assert "&lt;b&gt;" in one
    assert "visually-hidden" in one
    assert marked("Same", "same") == ("Same", "same")


def test_family_tree_says_who_is_what_in_few_queries(mia, queries):
    top, mother, child, sister, friend = (
        services.add_company(name=f"Family {at}x", actor=mia) for at in range(5)
    )
    for below, above in ((mother, top), (child, mother), (sister, top)):
        services.set_parent(below, above, actor=mia)
    for other in (friend, child):
        services.remember_different(mother, other, related=True, actor=mia)
    mother.refresh_from_db()
    assert mother.parent
    with queries() as counted:
        tree = family_tree(mother)
    assert tree == Tree((top,), (sister,), (child,), (friend,))
    assert len(counted) == 2
