"""Registration numbers, city and industry as evidence: who is meant, and what the lines say."""

import pytest
from django.db import connection
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog import services as catalog
from catalog.enums import Kind
from catalog.models import Industry
from companies import matching, numbers, services
from companies.enums import NameSource, Standing
from companies.matching import CompanyQuery, Evidence, Level, candidates, score
from companies.models import Company, CompanyNumber
from companies.numbers import Number
from companies.selectors import known_company, lock_keys, query_for, search
from prm.events import timeline

VAT, OTHER_VAT = "DE129273398", "DE136695976"
FRENCH = "FR40303265045"
LEI = "529900T8BM49AURSDO55"
HOSTILE = [
    "", " ", "x" * 10_000, "1" * 10_000, "\u200f\u202eDE129273399", "😀", "😀😀12", "a\x00b", "\ud800",
    "'; DROP TABLE companies_company; --", "<script>alert(1)</script>", "%", "{}", "((((", "١٢٣",
    "ß" * 60,
]  # fmt: skip


@pytest.fixture
def initech(mia):
    company = services.add_company(
        name="Initech GmbH", country="DE", domains=["initech.example"], actor=mia
    )
    return services.add_number(company, "VAT", VAT, actor=mia)


@pytest.fixture
def hooli(mia):
    return services.add_company(name="Hooli", country="DE", domains=["hooli.example"], actor=mia)


def identify(name, *, actor, number=VAT, scheme="VAT", **more):
    return services.identify(
        name=name, country="DE", numbers=[(scheme, number)] if number else [], actor=actor, **more
    )


def find(name="", **more):
    return matching.find(CompanyQuery(name, **more))


def points(match):
    return {line.code: line.points for line in match.evidence}


def held(company):
    return set(company.numbers.values_list("scheme", "value", "validated", "source"))


# --- who is meant --------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", [VAT, "DE 129 273 398", "de-129.273.398", "129273398"])
def test_validated_number_links_whatever_the_name(pat, initech, typed):
    assert identify("Totally Otherwise", number=typed, actor=pat) == initech


def test_unchecked_number_links_nobody(pat, mia, initech):
    services.add_number(initech, "DUNS", "123456789", actor=mia)
    assert identify("Totally Otherwise", scheme="DUNS", number="123456789", actor=pat) != initech


def test_number_is_kept_with_a_new_company_and_meets_the_next(pat, sam):
    first = identify("Globex", actor=pat)
    assert first.standing == Standing.PROVISIONAL
    assert held(first) == {("VAT", VAT, True, NameSource.TYPED)}
    assert identify("Massive Dynamic", domain="massive.example", actor=sam) == first
    assert [event.code for event in timeline(first)].count("company.number_added") == 1


def test_number_is_kept_with_a_provisional_company_that_the_domain_leads_to(pat, sam):
    first = identify("Globex", number="", domain="globex.example", actor=pat)
    assert identify("Globex", domain="globex.example", actor=pat) == first
    assert identify("Massive Dynamic", actor=sam) == first


def test_number_is_not_kept_with_a_confirmed_company(pat, hooli):
    """A partner's word must not become hard evidence about a company that the vendor confirmed."""
    assert identify("Hooli", domain="hooli.example", actor=pat) == hooli
    assert not hooli.numbers.exists()


def test_confirming_makes_typed_numbers_the_staffs(pat, mia):
    company = services.confirm_company(identify("Globex", actor=pat), actor=mia)
    assert held(company) == {("VAT", VAT, True, NameSource.CONFIRMED)}


def test_merging_moves_typed_numbers(pat, mia, hooli):
    typed = identify("Globex", actor=pat)
    services.confirm_as(typed, hooli, actor=mia)
    assert held(hooli) == {("VAT", VAT, True, NameSource.CONFIRMED)}
    assert identify("Whoever", actor=pat) == hooli


def test_number_and_domain_of_two_companies_link_neither(pat, initech, hooli):
    company = identify("Somebody", domain="hooli.example", actor=pat)
    assert company not in (initech, hooli)
    assert (held(company), company.domains.count()) == (set(), 0)
    query = CompanyQuery("Somebody", "hooli.example", "DE", company.pk, numbers=(("VAT", VAT),))
    assert {match.company_id for match in matching.find(query)} == {initech.pk, hooli.pk}


def test_another_number_of_the_kind_contradicts_domain_and_name(pat, initech):
    for typed in ({"domain": "initech.example"}, {}):
        company = identify("Initech GmbH", number=OTHER_VAT, actor=pat, **typed)
        assert company != initech


def test_number_of_another_country_contradicts_nothing(pat, initech):
    company = identify("Initech GmbH", number=FRENCH, domain="initech.example", actor=pat)
    assert company == initech


@pytest.mark.parametrize("typed", HOSTILE)
def test_what_is_no_number_changes_nothing(pat, initech, typed):
    assert numbers.usable([("VAT", typed), (typed, VAT), ("LEI", typed), ("DUNS", typed)]) == ()
    assert identify("Initech", number=typed, actor=pat) == initech
    company = services.identify(name="Otherwise", numbers=[("ABC", typed)] * 50, actor=pat)
    assert not company.numbers.exists()


def test_lock_keys_hold_validated_numbers_only(initech):
    query = CompanyQuery(
        "Hooli", numbers=(("VAT", "129273398"), ("DUNS", "123456789")), country="DE"
    )
    assert lock_keys(query) == [
        "company-name:hooli", f"company-number:VAT:{VAT}", f"company:{initech.pk}",
    ]  # fmt: skip
    assert known_company(query) == initech


def test_query_without_numbers_reads_none(initech, queries):
    with queries() as counted:
        known_company(CompanyQuery("Initech", "initech.example", "DE"))
    assert not any("companynumber" in sql for sql in counted.sql)


# --- evidence ------------------------------------------------------------------------------------


def test_number_alone_finds(initech):
    (match,) = find(numbers=(("VAT", VAT),))
    assert (match.company_id, match.level) == (initech.pk, Level.STRONG)
    assert points(match) == {"same_number": score.SAME_NUMBER, "legal_form": 0}


def test_unchecked_number_finds_too_and_counts_less(mia, initech):
    services.add_number(initech, "REGISTER", "HRB 123 B", actor=mia)
    services.add_number(initech, "DUNS", "123456789", actor=mia)
    (match,) = find(numbers=(("register", " hrb  123 b"),))
    assert points(match)["same_number"] == score.SAME_NUMBER_UNCHECKED
    (match,) = find(numbers=(("DUNS", "12-345-6789"),))
    assert points(match)["same_number"] == score.SAME_NUMBER


def test_another_number_of_the_kind_speaks_against(initech):
    (same,), (other,), (foreign,) = (
        find("Initech", numbers=(("VAT", typed),)) for typed in (VAT, OTHER_VAT, FRENCH)
    )
    assert points(other)["other_number"] == score.OTHER_NUMBER
    assert points(same)["same_number"] == score.SAME_NUMBER
    assert same.score > foreign.score > other.score
    assert not {"same_number", "other_number"} & set(points(foreign))


def test_cities_are_compared_with_all_sites(mia, initech):
    for city in ("Köln", "Bonn"):
        services.add_site(initech, services.Place(city=city), actor=mia)
    (here,), (there,) = (
        find("Initech", city=" KOLN"),
        find("Initech", city="Ulm"),
    )
    assert points(here)["same_city"] == score.SAME_CITY
    assert points(there)["other_city"] == score.OTHER_CITY
    assert "same_city" not in points(find("Initech")[0])


def test_city_of_a_company_without_sites_says_nothing(initech):
    assert not {"same_city", "other_city"} & set(points(find("Initech", city="Ulm")[0]))


def test_industries_are_compared(mia, ada, initech):
    one = Industry.objects.first()
    other = catalog.add_entry(Kind.INDUSTRIES, name="Banking", actor=ada)
    services.set_industry(initech, one, actor=mia)
    assert points(find("Initech", industry=one.pk)[0])["same_industry"] == score.SAME_INDUSTRY
    assert points(find("Initech", industry=other.pk)[0])["other_industry"] == score.OTHER_INDUSTRY


def test_lines_sum_to_the_score(mia, initech):
    services.add_site(initech, services.Place(city="Bonn"), actor=mia)
    industry = Industry.objects.first()
    services.set_industry(initech, industry, actor=mia)
    for number in (VAT, OTHER_VAT):
        for city in ("Bonn", "Ulm"):
            for name in ("", "Initech", "Initek Foods", "Otherwise"):
                query = CompanyQuery(
                    name, country="DE", numbers=(("VAT", number),), city=city, industry=industry.pk
                )
                for match in matching.find(query):
                    assert sum(line.points for line in match.evidence) == match.score


def test_query_without_facts_runs_the_statement_it_always_ran(initech, queries):
    with queries() as counted:
        find("Initech", country="DE", domain="other.example")
    assert not any("companynumber" in sql or "companysite" in sql for sql in counted.sql)
    assert len(counted) <= 4
    with queries() as counted:
        find("Initech", numbers=(("VAT", VAT),), city="Bonn", industry=1)
    assert len(counted) <= 4


def test_statement_with_facts_is_the_plain_one_with_more(initech):
    assert candidates._PICK_FACTS.count("%s") == candidates._PICK.count("%s") + 2


@pytest.mark.parametrize("typed", HOSTILE)
def test_bad_numbers_and_cities_are_no_match_and_no_error(initech, typed):
    many = ((typed, typed), ("VAT", typed), ("ABC", typed), (typed, VAT))
    assert find(numbers=many) == []
    assert [m.company_id for m in find("Initech", numbers=many, city=typed)] == [initech.pk]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.sampled_from(["VAT", "LEI", "DUNS", "ABC"]) | st.text(max_size=20), st.text(max_size=80))
def test_no_text_raises(initech, scheme, value):
    for match in find("Initech", numbers=((scheme, value),), city=value, country=scheme[:2]):
        assert sum(line.points for line in match.evidence) == match.score


def test_query_for_a_company_tells_all_that_is_known(mia, initech):
    services.add_site(initech, services.Place(city="Bonn"), actor=mia)
    assert query_for(initech) == CompanyQuery(
        "Initech GmbH", "initech.example", "DE", initech.pk, (("VAT", VAT),), "Bonn", None
    )


def test_statement_uses_the_index_of_numbers(initech):
    """A directory with a million numbers is asked by value, not read through."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT 1 FROM unnest(%s::text[], %s::text[]) AS typed (scheme, value) JOIN "
            "companies_companynumber AS held ON held.value = typed.value AND "
            "held.scheme = typed.scheme",
            [["VAT"], [VAT]],
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Index" in plan
    assert "Seq Scan on companies_companynumber" not in plan


@pytest.mark.parametrize("typed", [VAT, "DE 129 273 398", "de129273398", "hrb 12 b"])
def test_directory_is_searched_by_number(mia, initech, hooli, typed):
    services.add_number(initech, "REGISTER", "HRB 12 B", actor=mia)
    assert list(search(Company.objects.all(), typed)) == [initech]


# --- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scheme", "words"),
    [
        ("VAT", "Same VAT number: 1."),
        ("LEI", "Same LEI: 1."),
        ("DUNS", "Same D-U-N-S number: 1."),
        ("REGISTER", "Same number in the trade register: 1."),
        ("TAX", "Same tax number: 1."),
        ("ABN", "Same registration number: ABN 1."),
    ],
)
def test_same_number_in_words(scheme, words):
    with translation.override("en"):
        params = {"scheme": scheme, "number": "1"}
        assert matching.line(Evidence("same_number", params, 90)) == words


@pytest.mark.parametrize(
    ("code", "params", "words"),
    [
        (
            "other_number",
            {"scheme": "VAT", "new": "1", "old": "2"},
            "The VAT numbers differ: 1 and 2.",
        ),
        ("other_number", {"scheme": "LEI", "new": "1", "old": "2"}, "The LEIs differ: 1 and 2."),
        ("same_city", {"city": "Bonn"}, "Same city: Bonn."),
        ("other_city", {"old": "Bonn"}, "Known sites are in other cities, such as Bonn."),
        ("same_industry", {}, "Same industry."),
        ("other_industry", {}, "The industries differ."),
    ],
)
def test_other_facts_in_words(code, params, words):
    with translation.override("en"):
        assert matching.line(Evidence(code, params, 1)) == words


# --- numbers themselves --------------------------------------------------------------------------


def test_numbers_contradict_only_within_their_kind():
    german, other, french = (Number("VAT", value, True) for value in (VAT, OTHER_VAT, FRENCH))
    unchecked = Number("VAT", "DE1", False)
    assert numbers.contradicts([german], [other]) == (german, other)
    for typed, known in (
        ([german], [german, other]), ([german], [french]), ([german], [unchecked]),
        ([unchecked], [german]), ([], [german]), ([german], []),
        ([german], [Number("LEI", LEI, True)]),
    ):  # fmt: skip
        assert numbers.contradicts(typed, known) is None


def test_number_is_taken_without_what_cannot_be_seen(mia, initech):
    services.add_number(initech, "abc", "\u200f12\x00 \u202e3", actor=mia)
    assert CompanyNumber.objects.filter(scheme="ABC", value="12 3").exists()


def test_number_that_grows_in_capitals_is_refused(mia, initech):
    with pytest.raises(services.NumberUnusable):
        services.add_number(initech, "ABC", "ß" * 60, actor=mia)
