"""How names stand beside each other: equal names, known aliases, sister companies, typing errors."""

import pytest

from companies import matching, services
from companies.matching import CompanyQuery


def found(query, **more):
    return {match.name: match for match in matching.find(CompanyQuery(query, **more))}


def codes(match):
    return {line.code for line in match.evidence}


def test_two_companies_of_one_name_take_no_points_from_each_other(mia):
    services.add_company(name="Zyntax Quarry GmbH", country="DE", actor=mia)
    alone = found("Zyntax Quarry")["Zyntax Quarry GmbH"].score
    services.add_company(name="Zyntax Quarry Ltd", country="GB", actor=mia)
    both = found("Zyntax Quarry")
    assert {match.score for match in both.values()} == {alone}
    assert len(both) == 2


def test_others_that_fit_as_well_take_points_and_are_counted(mia):
    services.add_company(name="Zyntax Quarry", actor=mia)
    before = found("Zyntax Foods")["Zyntax Quarry"]
    for other in ("Steel", "Paper", "Marine", "Optics"):
        services.add_company(name=f"Zyntax {other}", actor=mia)
    after = matching.find(
        CompanyQuery("Zyntax Foods"), tuned=matching.tuning.build(-matching.tuning.MOST_OFFSET)
    )
    among = next(match for match in after if match.name == "Zyntax Quarry")
    assert among.score < before.score
    assert codes(among) & {"others_near", "others_better"}
    assert sum(line.points for line in among.evidence) == among.score


def test_name_itself_goes_before_another_name_for_it(mia):
    services.add_company(name="Merck Sharp & Dohme LLC", actor=mia)
    services.add_company(name="Merck & Co., Inc.", actor=mia)
    assert list(found("Merck and Co Inc")) == ["Merck & Co., Inc.", "Merck Sharp & Dohme LLC"]


def test_well_known_company_is_not_buried_under_others_of_its_letters(mia):
    services.add_company(name="Procter & Gamble Company", actor=mia)
    for form in ("Ltd", "GmbH", "Inc", "SA"):
        services.add_company(name=f"P.G. {form}", actor=mia)
    names = list(found("P&G"))
    assert names[0] == "Procter & Gamble Company"
    assert len(names) == 5


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("VGST", "Vision Group on Science and Technology"),
        ("MTRPL", "Manuro Tech Research Pvt. Ltd"),
        ("ISC-PIF", "Institut des Systèmes Complexes Paris Île-de-France"),
        ("A2P", "Access 2 Perspectives"),
        ("EEDIS", "Evolutionary Engineering & Distributed Information Systems Laboratory"),
    ],
)
def test_short_forms_in_many_spellings(mia, short, long):
    services.add_company(name=long, actor=mia)
    assert list(found(short)) == [long]
    assert "short_form" in codes(found(short)[long])


def test_legal_form_is_said_to_be_left_out(mia):
    services.add_company(name="Zyntax GmbH", actor=mia)
    lines = [matching.line(line) for line in found("Zyntax Ltd")["Zyntax GmbH"].evidence]
    assert "Legal form left out of account: LTD, GMBH." in lines


def test_patient_search_gets_more_time(mia, queries):
    services.add_company(name="Zyntax GmbH", actor=mia)
    with queries() as counted:
        matching.find(CompanyQuery("Zyntax"), patient=True)
    assert any("20000ms" in sql for sql in counted.sql)


def test_pair_is_compared_without_rivals(mia):
    for name in ("Zyntax Quarry", "Zyntax Quarries", "Zyntax"):
        services.add_company(name=name, actor=mia)
    assert matching.compare("Zyntax Quarry", "Zyntax Quarry GmbH") > matching.compare(
        "Zyntax Quarry", "Globex Foods"
    )
    assert matching.compare("(((", "Zyntax") == 0
