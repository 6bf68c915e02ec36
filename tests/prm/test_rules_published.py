"""Who hears of a publication, and how the values of rules are folded."""

import pytest

from prm import rules
from prm.rules import Field, Fields, Kind

KIND = "test.heard"
rules.register_kind(KIND, "Heard", fields=(), outcomes=())


def test_whoever_asked_hears_of_a_publication_in_its_transaction(ada, monkeypatch):
    monkeypatch.setattr("prm.rules.services._heard", {})
    heard = []
    for _again in range(2):
        rules.on_published(KIND, heard.append)
    version = rules.publish(KIND, {}, actor=ada)
    assert heard == [version]

    def refuse(version):
        raise LookupError

    rules.on_published(KIND, refuse)
    with pytest.raises(LookupError):
        rules.publish(KIND, {}, actor=ada)
    assert rules.current(KIND) == version


def test_members_of_sets_are_folded_like_texts():
    field = Field("tags", Kind.SET, "Tags", path="skills", fold=str.lower)
    asked = rules.parse({"field": "tags", "op": "HAS", "value": "ABC"}, Fields(field))
    assert asked.evaluate({"tags": ["aBc"]}).passed


def test_a_value_of_which_folding_leaves_nothing_is_refused():
    field = Field("name", Kind.TEXT, "Name", path="folded", fold=lambda text: text.strip("!"))
    with pytest.raises(rules.RuleInvalid):
        rules.parse({"field": "name", "op": "CONTAINS", "value": "!!"}, Fields(field))
