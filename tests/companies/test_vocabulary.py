"""Typing errors: which stored words are near a mistyped one, and how words come to be stored."""

import pytest
from django.db import connection

from companies import matching, services, tasks
from companies.matching import CompanyQuery, vocabulary
from companies.models import CompanyWord


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("initech", "intech"),  # left out
        ("initech", "inittech"),  # doubled
        ("initech", "imitech"),  # exchanged
        ("initech", "inietch"),  # swapped
        ("securtization", "securitizaton"),  # an error in each
        ("quidel", "quidelortho"),  # the beginning of a longer one
    ],
)
def test_near_words_share_a_deletion(one, other):
    assert vocabulary.near(one, other)
    assert set(vocabulary.deletions(one)) & set(vocabulary.deletions(other))


@pytest.mark.parametrize("other", ["initech", "iniitchx", "globex", "techini"])
def test_other_words_are_not_near(other):
    assert not vocabulary.near("initech", other)


@pytest.mark.parametrize("token", ["ibm", "x" * 25, "fund3", ""])
def test_words_that_say_nothing_are_not_kept(token):
    assert list(vocabulary.rows([token])) == []


def test_words_are_stored_with_the_name_and_once(mia):
    services.add_company(name="Zyntax Foods", actor=mia)
    services.add_company(name="Zyntax Steel", actor=mia)
    assert CompanyWord.objects.filter(word="zyntax").count() == 1


def test_word_stored_twice_at_the_same_instant_is_left_once_by_the_count(mia):
    services.add_company(name="Zyntax", actor=mia)
    row = CompanyWord.objects.get(word="zyntax")
    CompanyWord.objects.create(key=row.key, word=row.word, deletions=row.deletions)
    with connection.cursor() as cursor:
        assert [near.word for near in vocabulary.neighbours(cursor, ["zintax"])] == ["zyntax"]
    tasks.recount_keys()
    assert CompanyWord.objects.filter(word="zyntax").count() == 1


def test_one_word_name_with_a_typing_error_is_found(mia):
    company = services.add_company(name="Illumina", actor=mia)
    for typed in ("Illumkna", "Ilumina", "Illmuina", "Illuminaa"):
        assert [m.company_id for m in matching.find(CompanyQuery(typed))] == [company.pk]


def test_nothing_is_asked_for_words_that_are_not_looked_up(db, queries):
    with queries() as counted, connection.cursor() as cursor:
        assert vocabulary.neighbours(cursor, ["a", "12"]) == []
    assert len(counted) == 0
