"""Who a typed customer is, and what people say about companies."""

import pytest
from django.core.exceptions import PermissionDenied

from companies import matching, registry, services
from companies.enums import Designation, NameSource, Standing, Verdict
from companies.matching import CompanyQuery
from companies.models import Company, CompanyDomain, NameVerdict
from companies.selectors import known_company, likely_duplicates, lock_keys
from prm.due.models import DueRow
from prm.events import timeline


def identify(name, *, actor, domain="", country="DE"):
    return services.identify(name=name, domain=domain, country=country, actor=actor)


def codes(company):
    return [event.code for event in timeline(company)]


def names(company):
    return list(company.names.filter(active=True).values_list("raw", flat=True))


@pytest.fixture
def initech(mia):
    return services.add_company(
        name="Initech GmbH", country="DE", domains=["initech.example"], actor=mia
    )


@pytest.fixture
def no_registry(monkeypatch):
    """Merges re-point nothing but this room's rows."""
    monkeypatch.setattr(registry, "_functions", [])


# --- identify ------------------------------------------------------------------------------------


def test_unknown_customer_becomes_a_provisional_company(pat):
    company = identify("  Initech\u200b GmbH ", domain="https://www.initech.example/x", actor=pat)
    assert (company.name, company.country, company.standing) == (
        "Initech GmbH", "DE", Standing.PROVISIONAL,
    )  # fmt: skip
    assert company.sort_key == "initech gmbh"
    assert [row.source for row in company.names.all()] == [NameSource.TYPED]
    assert [row.domain for row in company.domains.all()] == ["initech.example"]
    assert codes(company) == ["company.added"]


def test_own_domain_links_whatever_the_name(pat, initech):
    assert (
        identify("Otherwise Ltd", domain="mail.initech.example", country="US", actor=pat) == initech
    )


def test_second_partner_with_the_same_domain_gets_the_same_company(pat, sam):
    first = identify("Hooli Inc", domain="hooli.example", actor=pat)
    assert identify("Hooli Incorporated", domain="hooli.example", actor=sam) == first


@pytest.mark.parametrize("typed", ["INITECH", "Initech AG", "initech g.m.b.h."])
def test_confirmed_name_with_its_country_links(pat, initech, typed):
    assert identify(typed, actor=pat) == initech


def test_confirmed_name_in_another_country_does_not_link(pat, initech):
    assert identify("Initech", country="US", actor=pat) != initech


def test_confirmed_name_without_country_does_not_link(pat, initech):
    assert identify("Initech", country="", actor=pat) != initech


def test_name_with_another_domain_does_not_link(pat, initech):
    assert identify("Initech", domain="initech-foods.example", actor=pat) != initech


def test_typed_name_alone_does_not_link(pat, sam):
    assert identify("Hooli Inc", actor=pat) != identify("Hooli Inc", actor=sam)


def test_name_of_two_companies_does_not_link(pat, mia, initech):
    services.add_company(name="Initech AG", country="DE", actor=mia)
    assert identify("Initech", actor=pat).standing == Standing.PROVISIONAL


def test_alias_with_country_links(pat, mia, initech):
    services.add_name(initech, "Inscrutable Brand", actor=mia)
    assert identify("INSCRUTABLE BRAND LTD", actor=pat) == initech


def test_free_mail_is_not_kept_as_a_domain(pat):
    assert not identify("Hooli", domain="someone@gmail.com", actor=pat).domains.exists()


@pytest.mark.parametrize(
    "typed", ["", "   ", "\u200f", "😀", "x" * 201, "x" * 50_000, "\x00", "!!!"]
)
def test_unusable_name_is_refused_with_a_sentence(pat, typed):
    with pytest.raises(services.NameUnusable) as refused:
        identify(typed, actor=pat)
    assert str(refused.value).endswith(".")
    assert not Company.objects.exists()


def test_unknown_country_is_refused(pat):
    with pytest.raises(services.CountryUnusable):
        identify("Hooli", country="XX1", actor=pat)


def test_committed_name_is_found_by_the_next_search(pat):
    company = identify("Hooli Incorporated", actor=pat)
    assert matching.find(CompanyQuery("Hooli"))[0].company_id == company.pk


def test_operator_does_not_identify(olga):
    with pytest.raises(PermissionDenied):
        identify("Hooli", actor=olga)


def test_first_company_asks_for_counting_once(pat):
    identify("Hooli", actor=pat)
    identify("Hooli Two", actor=pat)
    assert DueRow.objects.filter(kind="companies.recount").count() == 1


# --- add, confirm, designate, rename -------------------------------------------------------------


def test_added_company_is_confirmed_with_names_and_domains(mia):
    company = services.add_company(
        name="International Business Machines",
        country="US",
        designation=Designation.VENDOR_DIRECT,
        domains=["ibm.com", "https://www.ibm.com/"],
        aliases=["Big Blue", "IBM"],
        actor=mia,
    )
    assert (company.standing, company.designation) == (Standing.CONFIRMED, "VENDOR_DIRECT")
    assert names(company) == ["International Business Machines", "Big Blue", "IBM"]
    assert [row.domain for row in company.domains.all()] == ["ibm.com"]


def test_domain_belongs_to_one_company(mia, initech):
    with pytest.raises(services.DomainTaken) as taken:
        services.add_company(name="Rival", domains=["initech.example"], actor=mia)
    assert taken.value.company == initech
    with pytest.raises(services.DomainUnusable):
        services.add_company(name="Rival", domains=["gmail.com"], actor=mia)


@pytest.mark.parametrize("person", ["pat", "paula", "fin", "lex", "ana", "lea", "nadia"])
def test_only_channel_managers_and_administrators_write(request, person, initech, pat):
    actor = request.getfixturevalue(person)
    other = identify("Hooli", actor=pat)
    for write in (
        lambda: services.add_company(name="X Y", actor=actor),
        lambda: services.confirm_company(other, actor=actor),
        lambda: services.confirm_as(other, initech, actor=actor),
        lambda: services.remember_different(other, initech, actor=actor),
        lambda: services.set_designation(initech, "RESTRICTED", actor=actor),
        lambda: services.rename(initech, "X Y", actor=actor),
        lambda: services.add_name(initech, "X Y", actor=actor),
        lambda: services.add_domain(initech, "x.example", actor=actor),
    ):
        with pytest.raises(PermissionDenied):
            write()


def test_confirming_makes_names_count(pat, ada):
    company = identify("Hooli Inc", domain="hooli.example", actor=pat)
    services.confirm_company(company, actor=ada)
    services.confirm_company(company, actor=ada)
    assert codes(company) == ["company.added", "company.confirmed"]
    assert identify("HOOLI", actor=pat) == company


def test_designation_changes_once(mia, initech):
    services.set_designation(initech, "RESTRICTED", actor=mia)
    company = services.set_designation(initech, "RESTRICTED", actor=mia)
    assert company.designation == "RESTRICTED"
    assert codes(initech).count("company.designated") == 1


def test_old_name_stays_when_renamed(mia, pat, initech):
    company = services.rename(initech, "Initrode SE", country="AT", actor=mia)
    assert (company.name, company.sort_key, company.country) == ("Initrode SE", "initrode se", "AT")
    assert names(company) == ["Initech GmbH", "Initrode SE"]
    assert identify("Initech", country="AT", actor=pat) == company
    services.rename(company, "Initrode SE", actor=mia)
    assert codes(initech).count("company.renamed") == 1


def test_same_name_or_domain_again_changes_nothing(mia, initech):
    services.add_name(initech, "INITECH", actor=mia)
    services.add_domain(initech, "www.initech.example", actor=mia)
    assert names(initech) == ["Initech GmbH"]
    assert codes(initech) == ["company.added"]


def test_number_of_names_is_bounded(mia, initech, monkeypatch):
    monkeypatch.setattr("companies.services.writing.MAX_NAMES", 1)
    with pytest.raises(services.TooManyNames):
        services.add_name(initech, "Another", actor=mia)


# --- merge and verdicts --------------------------------------------------------------------------


def test_merge_keeps_names_and_domains_and_points_on(pat, mia, initech, no_registry):
    typed = identify("Inytek", domain="inytek.example", actor=pat)
    earlier = identify("Inytec", actor=pat)
    services.confirm_as(earlier, typed, actor=mia)
    winner = services.confirm_as(typed, initech, actor=mia)
    assert winner == initech
    assert names(initech) == ["Initech GmbH", "Inytek", "Inytec"]
    assert set(initech.domains.values_list("domain", flat=True)) == {
        "initech.example", "inytek.example",
    }  # fmt: skip
    for gone in (typed, earlier):
        gone.refresh_from_db()
        assert gone.merged_into == initech
        assert gone.merged_at is not None
        assert names(gone) == []
    assert identify("INYTEK", actor=pat) == initech
    assert codes(typed)[-1] == "company.merged"
    assert codes(initech)[-1] == "company.absorbed"


def test_merge_into_a_provisional_company_confirms_it(pat, sam, mia, no_registry):
    one, other = identify("Hooli Inc", actor=pat), identify("Hooli", actor=sam)
    winner = services.confirm_as(other, one, actor=mia)
    assert winner.standing == Standing.CONFIRMED
    assert identify("Hooli", actor=sam) == winner


def test_stricter_designation_stays(pat, mia, initech, no_registry):
    services.set_designation(initech, "VENDOR_DIRECT", actor=mia)
    other = services.add_company(name="Other", designation="RESTRICTED", actor=mia)
    assert services.confirm_as(other, initech, actor=mia).designation == "RESTRICTED"
    third = identify("Third", actor=pat)
    assert services.confirm_as(third, initech, actor=mia).designation == "RESTRICTED"


def test_rooms_above_repoint_or_refuse(pat, mia, initech, no_registry):
    typed = identify("Inytek", actor=pat)
    seen = []

    def repoint(loser, winner):
        seen.append((loser, winner))

    def refuse(loser, winner):
        raise services.MergeRefused("Two protections overlap.", url="/conflict/")

    registry.on_merge(repoint)
    registry.on_merge(repoint)
    services.confirm_as(typed, initech, actor=mia)
    assert seen == [(typed, initech)]

    registry.on_merge(refuse)
    other = identify("Inytok", actor=pat)
    with pytest.raises(services.MergeRefused) as refused:
        services.confirm_as(other, initech, actor=mia)
    assert (str(refused.value), refused.value.url) == ("Two protections overlap.", "/conflict/")
    other.refresh_from_db()
    assert other.merged_into is None


def test_company_is_not_merged_with_itself_or_twice(pat, mia, initech, no_registry):
    typed = identify("Inytek", actor=pat)
    with pytest.raises(services.MergeRefused):
        services.confirm_as(initech, initech, actor=mia)
    services.confirm_as(typed, initech, actor=mia)
    with pytest.raises(services.CompanyMerged) as merged:
        services.confirm_as(typed, initech, actor=mia)
    assert merged.value.company == initech
    with pytest.raises(services.CompanyMerged):
        services.add_name(typed, "Later", actor=mia)


def test_different_is_remembered_and_not_asked_again(pat, mia, initech):
    typed = identify("Initech Foods", actor=pat)
    assert [found.company for found in likely_duplicates(typed)] == [initech]
    row = services.remember_different(typed, initech, actor=mia)
    assert (row.verdict, row.by) == (Verdict.DIFFERENT, mia)
    assert likely_duplicates(typed) == likely_duplicates(initech) == []
    assert codes(initech)[-1] == codes(typed)[-1] == "company.told_apart"


def test_related_can_replace_different(pat, mia, initech):
    typed = identify("Initech Foods", actor=pat)
    services.remember_different(typed, initech, actor=mia)
    services.remember_different(initech, typed, related=True, actor=mia)
    assert NameVerdict.objects.get().verdict == Verdict.RELATED
    assert likely_duplicates(typed) == []


def test_verdicts_move_with_a_merge(pat, mia, initech, no_registry):
    one, other = identify("Initech Foods", actor=pat), identify("Initech Food", actor=pat)
    services.remember_different(one, initech, actor=mia)
    services.remember_different(other, initech, actor=mia)
    services.remember_different(one, other, related=True, actor=mia)
    services.confirm_as(other, one, actor=mia)
    (row,) = NameVerdict.objects.all()
    assert {row.low, row.high} == {one, initech}


# --- locks and hard evidence ---------------------------------------------------------------------


def test_lock_keys_join_what_could_be_the_same_customer(initech):
    query = CompanyQuery("Initech AG", "www.initech.example", "DE")
    assert lock_keys(query) == [
        "company-name:initech", "company-domain:initech.example", f"company:{initech.pk}",
    ]  # fmt: skip
    assert lock_keys(initech) == [f"company:{initech.pk}"]
    assert lock_keys(CompanyQuery("😀")) == []


def test_known_company_reads_without_writing(initech):
    assert known_company(CompanyQuery("Initech", country="DE")) == initech
    assert known_company(CompanyQuery("Initech")) is None
    assert CompanyDomain.objects.count() == 1
