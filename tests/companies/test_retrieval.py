"""A small directory of real names: other spellings must be found, strangers must not crowd in.

Names of open registers; see `data/NOTICE.md`. The floors are a little below what was measured.
"""

import csv
from pathlib import Path

import pytest

from companies import matching
from companies.matching import CompanyQuery
from companies.models import Company, CompanyName
from companies.tasks import recount_keys

DATA = Path(__file__).parent / "data"


@pytest.fixture
def pairs():
    with (DATA / "aliases.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def loaded(db, pairs):
    """The targets of the pairs among two thousand names, loaded in bulk and counted."""
    names = [pair["name"] for pair in pairs]
    names += (DATA / "names.txt").read_text(encoding="utf-8").splitlines()
    companies = Company.objects.bulk_create(
        Company(name=name, sort_key=matching.sort_key(name), standing="CONFIRMED") for name in names
    )
    CompanyName.objects.bulk_create(
        CompanyName(company=company, raw=company.name, source="IMPORT", norm_version=1, **row)
        for company in companies
        for row in matching.name_row(company.name)
    )
    recount_keys()
    return {company.name: company.pk for company in companies}


def test_other_spellings_are_found_and_strangers_are_few(loaded, pairs):
    places: dict[str, list[int]] = {"same_core": [], "linked": [], "acronym": []}
    wrong = 0
    for pair in pairs:
        answer = matching.look_up(CompanyQuery(pair["alias"]), patient=True)
        assert not answer.partial
        ids = [match.company_id for match in answer.matches]
        target = loaded[pair["name"]]
        places[pair["stratum"]].append(ids.index(target) + 1 if target in ids else 0)
        wrong += sum(found != target for found in ids)
    assert share(places["same_core"], at_most=1) >= 0.98
    assert share(places["linked"], at_most=10) >= 0.77
    assert share(places["acronym"], at_most=10) >= 0.7
    assert wrong / len(pairs) <= 1


def share(places, *, at_most):
    """Share of queries whose target was among the first so many."""
    return sum(0 < place <= at_most for place in places) / len(places)
