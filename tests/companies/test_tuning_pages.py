"""Settings of matching: tried on the tenant's own decisions, saved as versions, brought back."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from companies import matching, services, tuning
from companies.forms import TuningForm
from companies.matching.tuning import build
from companies.models import MatchTuning
from companies.services.tuning import return_to, tune
from companies.trying import Reviewed, Scored, judge
from prm.events import Event

pytestmark = pytest.mark.django_db
URL = reverse("companies:tuning")


def scored(*scores):
    return [Scored(Reviewed("a", str(at), same), score) for at, (score, same) in enumerate(scores)]


def test_precision_and_recall_count_what_is_shown():
    outcome = judge(scored((50, True), (40, False), (30, True), (10, False)), 35, [0, 1, 2])
    assert (outcome.precision, outcome.recall, outcome.flags) == (50, 50, 1.0)
    assert [one.score for one in outcome.missed] == [30]
    assert [one.score for one in outcome.wrong] == [40]


def test_without_decisions_there_is_nothing_to_say():
    outcome = judge([], 0, [])
    assert (outcome.pairs, outcome.precision, outcome.recall, outcome.flags) == (
        0,
        None,
        None,
        None,
    )


@pytest.mark.parametrize("least", range(0, 60, 5))
def test_a_higher_threshold_never_shows_more(least):
    every = scored(*((score, score % 3 == 0) for score in range(60)))
    low, high = judge(every, least, []), judge(every, least + 5, [])
    assert (low.recall or 0) >= (high.recall or 0)


@pytest.fixture
def decided(mia):
    """Two companies merged and two told apart."""
    add = services.add_company
    one = add(name="Northwind Traders", country="US", actor=mia)
    other = services.identify(name="North Wind Trading Co", country="US", actor=mia)
    services.confirm_as(other, one, actor=mia)
    first = add(name="Dental Plus", country="US", actor=mia)
    second = add(name="Dental Point", country="US", actor=mia)
    services.remember_different(first, second, actor=mia)


def test_merged_and_told_apart_are_what_it_is_tried_on(decided):
    pairs = {(pair.one, pair.other, pair.same) for pair in tuning.reviewed_pairs()}
    assert ("North Wind Trading Co", "Northwind Traders", True) in pairs
    assert any(not same and {one, other} == {"Dental Plus", "Dental Point"}
               for one, other, same in pairs)  # fmt: skip


def test_the_threshold_decides_what_is_shown(decided):
    everything = tuning.try_settings(build(threshold_offset=-40))
    nothing = tuning.try_settings(build(threshold_offset=40))
    assert everything.recall == 100
    assert (nothing.recall or 0) <= 100
    assert (everything.flags or 0) >= (nothing.flags or 0)


def test_a_stop_word_of_the_trade_weighs_little(decided):
    plain = matching.compare("Dental Plus", "Dental Point")
    assert (
        matching.compare("Dental Plus", "Dental Point", tuned=build(stop_words=["dental"])) < plain
    )


def test_saving_is_a_version_and_the_same_again_is_none(ada):
    row = tune(threshold_offset=3, stop_words=["dental"], equivalences=[], actor=ada)
    again = tune(threshold_offset=3, stop_words=["dental"], equivalences=[], actor=ada)
    assert again == row == tuning.in_force()
    assert Event.objects.filter(code="matching.tuned").count() == 1


def test_an_earlier_version_comes_back_as_a_new_one(ada):
    first = tune(threshold_offset=3, stop_words=[], equivalences=[], actor=ada)
    tune(threshold_offset=9, stop_words=[], equivalences=[], actor=ada)
    back = return_to(first, actor=ada)
    assert (back.threshold_offset, MatchTuning.objects.count()) == (3, 3)


@pytest.mark.parametrize("who", ["mia", "lex", "pat"])
def test_only_administrators_change_it(who, request):
    with pytest.raises(PermissionDenied):
        tune(threshold_offset=1, stop_words=[], equivalences=[], actor=request.getfixturevalue(who))


@pytest.mark.parametrize(("field", "typed", "words"), [
    ("stop_words", "two words", "not one word"),
    ("stop_words", "x" * 60, "not one word"),
    ("equivalences", "clinic", "one word only"),
    ("threshold_offset", "41", "40"),
    ("threshold_offset", "much", "whole number"),
])  # fmt: skip
def test_the_form_says_what_is_wrong(field, typed, words):
    form = TuningForm({"threshold_offset": "0", field: typed})
    assert not form.is_valid()
    assert words in str(form.errors[field])


def test_trying_saves_nothing_and_keeps_what_was_typed(browse, ada, decided):
    values = {"threshold_offset": "-7", "stop_words": "dental", "try": "1"}
    response = browse(ada).post(URL, values)
    text = response.content.decode()
    assert response.status_code == 200
    assert "As typed below" in text
    assert 'value="-7"' in text
    assert not MatchTuning.objects.exists()


def test_the_page_saves_and_lists_versions(browse, ada):
    client = browse(ada)
    values = {"threshold_offset": "-7", "equivalences": "clinic = practice", "save": "1"}
    assert client.post(URL, values | {"note": "Too few"}).status_code == 303
    assert client.post(URL, {"threshold_offset": "4", "save": "1"}).status_code == 303
    text = client.get(URL).content.decode()
    assert "Too few" in text
    first = MatchTuning.objects.last()
    assert client.post(reverse("companies:tuning-restore", args=[first.uid])).status_code == 303
    assert tuning.in_force().equivalences == [["clinic", "practice"]]
