"""Merging and undoing restores every row, whatever the two companies had: byte for byte."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import combinations

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from psycopg import sql

from catalog.models import Industry
from companies import services
from companies.enums import Designation, Relation
from companies.models import Company, CompanyMerge, DuplicatePair, DuplicateScan
from companies.registry import MergeRefused
from registrations.models import Protection, Registration
from registrations.services import approve_registration
from tests.registrations.conftest import make_submitted

CHANGED_ON_PURPOSE = {"companies_companymerge"}  # the memory of it stays, and the events
WORDS = st.sampled_from(["Initech", "Initrode", "Hooli", "Vandelay", "Umbra", "Initech Works"])
FORMS = st.sampled_from(["", " GmbH", " Ltd", " Holding"])
NAMES = st.builds(lambda word, form: word + form, WORDS, FORMS)
COMPANIES = st.fixed_dictionaries(
    {
        "name": NAMES,
        "country": st.sampled_from(["", "DE", "US"]),
        "typed": st.booleans(),
        "aliases": st.lists(NAMES, max_size=3),
        "domains": st.lists(st.sampled_from(["a.example", "b.example", "c.example"]), max_size=2),
        "numbers": st.lists(st.sampled_from(["DUNS:123456789", "REGISTER:HRB 1"]), max_size=2),
        "sites": st.lists(st.sampled_from(["Berlin", "Bonn"]), max_size=2),
        "ids": st.lists(st.sampled_from(["1", "2"]), max_size=2),
        "designation": st.sampled_from(Designation.values),
        "industry": st.booleans(),
        "deals": st.integers(0, 2),
        "approved": st.booleans(),
        "child": st.booleans(),
        "earlier": st.booleans(),
    }
)
SAID = st.sampled_from(["", "different", "related", "PARENT", "SUBSIDIARY", "SIBLING"])


def tables() -> dict[str, list[str]]:
    """Every row of every table of the tenant, as the database writes it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'acme' "
            "AND tablename NOT LIKE 'prm_%%' ORDER BY 1"
        )
        names = [name for (name,) in cursor.fetchall() if name not in CHANGED_ON_PURPOSE]
        found = {}
        for name in names:
            table = sql.Identifier("acme", name)
            cursor.execute(sql.SQL("SELECT t::text FROM {} AS t ORDER BY 1").format(table))
            found[name] = [row for (row,) in cursor.fetchall()]
        return found


@contextmanager
def thrown_away() -> Iterator[None]:
    """Whatever is written inside is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def build(facts, mia, pat) -> Company:
    """A company as somebody typed or added it, with whatever it has."""
    if facts["typed"]:
        company = services.identify(name=facts["name"], country=facts["country"], actor=pat)
    else:
        company = services.add_company(name=facts["name"], country=facts["country"], actor=mia)
    for name in facts["aliases"]:
        services.add_name(company, name, actor=mia)
    for add, values in (
        (lambda value: services.add_domain(company, value, actor=mia), facts["domains"]),
        (lambda value: services.add_number(company, *value.split(":"), actor=mia), facts["numbers"]),
        (lambda value: services.add_external_id(company, "crm", value, actor=mia), facts["ids"]),
        (lambda value: services.add_site(company, services.Place(city=value), actor=mia), facts["sites"]),
    ):  # fmt: skip
        for value in values:
            try:
                add(value)
            except (services.DomainTaken, services.FactTaken):
                continue
    services.set_designation(company, facts["designation"], actor=mia)
    if facts["industry"]:
        services.set_industry(company, Industry.objects.get(), actor=mia)
    if facts["child"]:
        services.set_parent(services.add_company(name="Child", actor=mia), company, actor=mia)
    if facts["earlier"]:
        earlier = services.identify(name=f"Earlier {company.pk}", country="DE", actor=pat)
        if earlier != company:
            company = services.confirm_as(earlier, company, actor=mia)
    return company


def give_deals(company, facts, mia, pat, sam) -> None:
    """Deals of two partners at the company, one of them approved if the company is confirmed."""
    for number in range(facts["deals"]):
        row = make_submitted((pat, sam)[number], f"{facts['name']} {company.pk}")
        Registration.objects.filter(pk=row.pk).update(company=company)
    own = Registration.objects.filter(company=company).first()
    if own is not None and facts["approved"]:
        services.confirm_company(company, actor=mia)
        with transaction.atomic():
            approve_registration(own, actor=mia, overrule=True)


def say(said, one, other, mia) -> None:
    if said in Relation.values:
        services.remember_related(one, other, said, actor=mia)
    elif said:
        services.remember_different(one, other, related=said == "related", actor=mia)


@pytest.mark.django_db
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(COMPANIES, COMPANIES, COMPANIES, SAID, SAID, SAID, st.booleans(), st.booleans())
def test_merge_and_undo_restore_every_row(
    mia, pat, sam, one, other, third, said, said_one, said_other, outdated, suggested
):
    with thrown_away():
        facts = (one, other, third)
        loser, winner, beside = (build(each, mia, pat) for each in facts)
        assume(len({loser.pk, winner.pk, beside.pk}) == 3)
        for company, each in ((loser, one), (winner, other)):
            give_deals(company, each, mia, pat, sam)
        for words, pair in (
            (said, (loser, winner)), (said_one, (loser, beside)), (said_other, (winner, beside)),
        ):  # fmt: skip
            try:
                say(words, *pair, mia)
            except (services.FamilyCircle, MergeRefused):
                continue
        if outdated:
            services.add_name(beside, "Since Then", actor=mia)
        if suggested:
            scan = DuplicateScan.objects.create(by=mia)
            for low, high in combinations(sorted({loser.pk, winner.pk, beside.pk}), 2):
                DuplicatePair.objects.create(
                    low_id=low, high_id=high, score=60, level="likely", scan=scan
                )
        before = tables()
        try:
            services.confirm_as(loser, winner, actor=mia)
        except MergeRefused:
            assert tables() == before
            return
        during = tables()
        assert during != before
        services.undo_merge(CompanyMerge.objects.latest("pk"), actor=mia)
        after = tables()
        for name in before:
            assert after[name] == before[name], name
        # ... and merging again does what it did.
        services.confirm_as(loser, winner, actor=mia)
        again = tables()
        for name in (
            "registrations_registration",
            "companies_companyname",
            "companies_companydomain",
        ):
            assert again[name] == during[name], name


# --- what was changed since -----------------------------------------------------------------------


@pytest.fixture
def merged(mia, pat):
    """Inytek, merged into Initech."""
    initech = services.add_company(name="Initech GmbH", country="DE", actor=mia)
    inytek = services.identify(name="Inytek", domain="inytek.example", country="DE", actor=pat)
    services.confirm_as(inytek, initech, actor=mia)
    return CompanyMerge.objects.get()


def refused(merge, actor) -> str:
    with pytest.raises(MergeRefused) as error:
        services.undo_merge(merge, actor=actor)
    return error.value.reason


def test_undo_is_done_once(merged, mia):
    first = services.undo_merge(merged, actor=mia)
    assert services.undo_merge(merged, actor=mia) == first
    assert first.merged_into is None


def test_undo_waits_for_the_undo_of_the_winners_merge(merged, mia):
    other = services.add_company(name="Hooli", actor=mia)
    services.confirm_as(merged.winner, other, actor=mia)
    assert refused(merged, mia) == (
        "Initech GmbH was merged into Hooli since. Undo that merge first."
    )
    services.undo_merge(CompanyMerge.objects.latest("pk"), actor=mia)
    services.undo_merge(merged, actor=mia)


def test_a_domain_that_is_elsewhere_since_is_named(merged, mia):
    domain = merged.winner.domains.get()
    services.remove_domain(merged.winner, domain, actor=mia)
    other = services.add_company(name="Hooli", domains=["inytek.example"], actor=mia)
    assert refused(merged, mia) == "The domain inytek.example belongs to Hooli since."
    services.remove_domain(other, other.domains.get(), actor=mia)
    assert services.undo_merge(merged, actor=mia).domains.get().active


def test_what_was_split_off_since_is_named(merged, mia):
    name = merged.winner.names.get(raw="Inytek")
    services.split_company(merged.winner, services.Parting(frozenset({name.pk})), actor=mia)
    assert refused(merged, mia) == (
        "“Inytek” was changed or removed since the merge, so it cannot be undone."
    )


def test_a_designation_of_since_stays(merged, mia):
    services.set_designation(merged.winner, "RESTRICTED", actor=mia)
    services.undo_merge(merged, actor=mia)
    merged.winner.refresh_from_db()
    assert merged.winner.designation == "RESTRICTED"


def test_a_deal_that_was_approved_since_stands_in_the_way(mia, pat):
    deal = make_submitted(pat, "Inytek")
    initech = services.add_company(name="Initech GmbH", country="US", actor=mia)
    services.confirm_as(deal.company, initech, actor=mia)
    merge = CompanyMerge.objects.get()
    deal.refresh_from_db()
    approve_registration(deal, actor=mia, overrule=True)
    assert refused(merge, mia) == (
        f"Inytek ({deal.reference}) was approved since the merge, so it cannot be undone."
    )
    assert Protection.objects.get().company == initech


def test_a_grandparent_is_not_merged_into_its_grandchild(mia):
    top, middle, low = (
        services.add_company(name=name, actor=mia) for name in ("Top", "Mid", "Low")
    )
    services.set_parent(middle, top, actor=mia)
    services.set_parent(low, middle, actor=mia)
    with pytest.raises(MergeRefused):
        services.confirm_as(top, low, actor=mia)
