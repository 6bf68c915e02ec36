"""`find`, against PostgreSQL: what meets, what does not, and that nothing breaks it."""

from pathlib import Path

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from companies import matching, services
from companies.matching import CompanyQuery, Level, candidates
from companies.models import KeyCount
from companies.tasks import recount_keys

DATA = Path(__file__).parent / "data"


@pytest.fixture
def directory(mia):
    """A few companies with look-alikes."""
    names = [
        ("International Business Machines Corp.", "US"),
        ("Procter & Gamble Company", "US"),
        ("Hewlett Packard Enterprise", "US"),
        ("Advanced Micro Devices, Inc.", "US"),
        ("Johnson & Johnson", "US"),
        ("Initech GmbH", "DE"),
        ("Initech Foods Ltd", "GB"),
        ("Meridian Fund 3", "US"),
        ("Globex Deutschland", "DE"),
        ("Globex France", "FR"),
        ("Zeta Quarry Works", "US"),
        ("Sovfracht Shipping", "RU"),
    ]
    return {
        name: services.add_company(name=name, country=country, actor=mia) for name, country in names
    }


def found(query, **more):
    return [match.name for match in matching.find(CompanyQuery(query, **more))]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("IBM", "International Business Machines Corp."),
        ("I.B.M.", "International Business Machines Corp."),
        ("Intl. Business Machines", "International Business Machines Corp."),
        ("P&G", "Procter & Gamble Company"),
        ("HPE", "Hewlett Packard Enterprise"),
        ("AMD", "Advanced Micro Devices, Inc."),
        ("J&J", "Johnson & Johnson"),
        ("initech", "Initech GmbH"),
        ("Inittech AG", "Initech GmbH"),
        ("INITECH FOODS", "Initech Foods Ltd"),
        ("Sovfrakht", "Sovfracht Shipping"),
    ],
)
def test_spellings_of_one_company_meet(directory, typed, name):
    assert found(typed)[0] == name


def test_every_spelling_of_one_company_meets_every_other(mia):
    spellings = ["IBM", "I.B.M.", "International Business Machines Corp."]
    for stored in spellings:
        company = services.add_company(name=stored, actor=mia)
        for typed in spellings:
            first = matching.find(CompanyQuery(typed))[0]
            assert first.company_id == company.pk
            assert first.level == Level.STRONG
        company.delete()


def test_two_or_three_letters_are_never_more_than_possible(directory):
    (match,) = matching.find(CompanyQuery("ZQW"))
    assert (match.name, match.level) == ("Zeta Quarry Works", Level.POSSIBLE)


def test_the_more_names_fit_a_short_form_the_less_each_counts(mia):
    scores = []
    for word in ("Alpha", "Arrow", "Amber", "Acorn", "Atlas"):
        services.add_company(name=f"{word} Quarry Works", actor=mia)
        found = matching.find(CompanyQuery("AQW"))
        assert {match.level for match in found} == {Level.POSSIBLE}
        scores.append(found[0].score)
    assert scores[0] > scores[1] > scores[4]


def test_points_of_the_evidence_sum_to_the_score(directory):
    for typed in ("IBM", "Initech Food", "Globex", "Meridian Fund 4", "Sovfrakht"):
        for match in matching.find(CompanyQuery(typed, country="DE", domain="globex.com")):
            assert sum(line.points for line in match.evidence) == match.score
            assert all(matching.line(line) for line in match.evidence)


@pytest.mark.parametrize("typed", ["Umbrella Pharma", "Ltd", "GmbH", "Foo", "The Company"])
def test_strangers_do_not_match(directory, typed):
    assert found(typed) == []


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "😀😀", "\u200f\u202e", "GmbH & Co. KG", "x" * 10_000, "a\x00b", "\ud800",
        "'; DROP TABLE companies_company; --", "<script>alert(1)</script>", "%", "{}", "\\", "((((",
        "ltd " * 500, "١٢٣", "\u0301" * 50,
    ],
)  # fmt: skip
def test_bad_input_is_no_match_and_no_error(directory, typed):
    assert found(typed, domain=typed, country="ZZ") == []


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=80), st.text(max_size=30), st.text(max_size=3))
def test_no_text_raises(directory, name, domain, country):
    for match in matching.find(CompanyQuery(name, domain, country)):
        assert sum(line.points for line in match.evidence) == match.score


def test_domain_is_evidence_without_a_likeness_of_names(directory, mia):
    services.add_domain(directory["Initech GmbH"], "initech.example", actor=mia)
    (match,) = matching.find(
        CompanyQuery("Totally Otherwise", domain="https://www.initech.example/x")
    )
    assert match.name == "Initech GmbH"
    assert "same_domain" in {line.code for line in match.evidence}


def test_free_mail_is_no_evidence(directory, mia):
    assert found("Totally Otherwise", domain="pat@gmail.com") == []


def test_country_and_domain_that_differ_count_against(directory, mia):
    services.add_domain(directory["Initech GmbH"], "initech.example", actor=mia)
    near = matching.find(CompanyQuery("Initech", country="DE"))[0]
    far = matching.find(CompanyQuery("Initech", country="US", domain="other.example"))[0]
    assert near.score > far.score
    assert {"other_country", "other_domain"} <= {line.code for line in far.evidence}


def test_domains_that_differ_in_their_ending_speak_for(directory, mia):
    services.add_domain(directory["Initech GmbH"], "initech.de", actor=mia)
    match = matching.find(CompanyQuery("Initech", domain="initech.com"))[0]
    assert {"sister_domain": 10}.items() <= {e.code: e.points for e in match.evidence}.items()


def test_evidence_shows_words_as_they_were_typed(directory):
    match = matching.find(CompanyQuery("INITECH Fööds Ltd"))[0]
    lines = [matching.line(one) for one in match.evidence]
    assert (
        "Words in common besides: Fööds." in lines or "Words in common besides: INITECH." in lines
    )


def test_own_company_is_left_out(directory):
    own = directory["Initech GmbH"]
    assert "Initech GmbH" not in found("Initech GmbH", exclude_company_id=own.pk)


def test_pair_that_was_told_apart_is_silent_and_related_is_marked(directory, mia):
    own, other = directory["Initech GmbH"], directory["Initech Foods Ltd"]
    assert "Initech Foods Ltd" in found("Initech GmbH", exclude_company_id=own.pk)
    services.remember_different(own, other, related=True, actor=mia)
    (match,) = matching.find(CompanyQuery("Initech GmbH", exclude_company_id=own.pk))
    assert match.related
    services.remember_different(own, other, actor=mia)
    assert found("Initech GmbH", exclude_company_id=own.pk) == []


def test_sister_companies_are_marked_as_related(directory):
    matches = {m.name: m for m in matching.find(CompanyQuery("Globex Deutschland GmbH"))}
    assert not matches["Globex Deutschland"].related
    assert matches["Globex France"].related


def test_remembered_alias_is_found(directory, mia):
    services.add_name(directory["Globex France"], "Société Machin", actor=mia)
    (match,) = matching.find(CompanyQuery("Societe Machin SA"))
    assert match.company_id == directory["Globex France"].pk
    assert "remembered" in {line.code for line in match.evidence}


def test_best_comes_first_and_limit_holds(directory):
    matches = matching.find(CompanyQuery("Initech"), limit=1)
    assert [m.name for m in matches] == ["Initech GmbH"]


def test_order_of_insertion_does_not_matter(mia):
    names = ["Initech", "Initech GmbH Foods", "Initeck", "Initech Systems"]
    first = {}
    for order in (names, names[::-1]):
        made = [services.add_company(name=name, actor=mia) for name in order]
        scores = {m.name: m.score for m in matching.find(CompanyQuery("Initech Ltd"))}
        assert first in ({}, scores)
        first = scores
        for company in made:
            company.delete()


def test_four_statements_whatever_is_found(directory, queries):
    for typed in ("Initech", "Zzzz Unknown"):
        with queries() as counted:
            matching.find(CompanyQuery(typed, domain="initech.example"))
        assert len(counted) <= 4


def test_counts_change_weight_not_result(directory):
    before = found("Initech Foods")
    recount_keys()
    assert KeyCount.objects.get(key=candidates.TOTAL).count == len(directory)
    assert found("Initech Foods") == before


candidates_bounds = candidates.Bounds


def test_slow_database_gives_a_partial_answer(directory, monkeypatch):
    short = candidates.Bounds(timeout="50ms")
    monkeypatch.setattr(
        candidates, "Bounds", lambda *given: candidates_bounds(*given) if given else short
    )
    slow = candidates._PICK.replace("FROM (", "FROM (SELECT pg_sleep(0.2)) AS nap, (", 1)
    monkeypatch.setattr(candidates, "_PICK", slow)
    answer = matching.look_up(CompanyQuery("Initech"))
    assert answer.partial
    assert answer.matches == ()
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone()[0] != "50ms"


def test_time_limit_of_the_transaction_is_given_back(directory):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '7s'; SET LOCAL jit = on")
        matching.find(CompanyQuery("Initech"))
        cursor.execute("SELECT current_setting('statement_timeout'), current_setting('jit')")
        assert cursor.fetchone() == ("7s", "on")


def test_other_tenant_is_not_searched(directory, globex):
    assert found("IBM") == []
