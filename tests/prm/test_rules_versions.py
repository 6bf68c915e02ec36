"""Versions of rules: scheduled, withdrawn, rolled back; and what rules say about a case."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.template.loader import render_to_string

from leads import engagement
from prm import clock, rules
from prm.money import Money
from prm.portal.services import add_rate
from prm.rules.drafts import work_on
from prm.rules.models import RuleWithdrawal
from prm.rules.showing import show_decision
from tests.leads.conftest import make_qualified
from tests.prm.rulebook import KIND, LARGE, URL, begin, body, sent, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(browse, ada):
    return browse(ada)


@pytest.fixture
def published(ada) -> rules.RuleVersion:
    rules.publish(KIND, body(), actor=ada, note="Start")
    return rules.publish(KIND, body(LARGE, open_cap="12"), actor=ada, note="Large ones first")


# --- versions ------------------------------------------------------------------------------------


def test_a_version_is_published_for_later_and_withdrawn(client, ada, published, travel):
    begin(client)
    client.post(f"{URL}draft/rules/large/remove/", {"version": work_on(KIND).version})
    day = f"{clock.now() + timedelta(days=30):%Y-%m-%d}"
    form = {"version": work_on(KIND).version, "note": "Later", "effective_on": day}
    past = client.post(f"{URL}draft/publish/", form | {"effective_on": "2020-01-01"})
    assert past.status_code == 422
    [code] = [rule["code"] for rule in work_on(KIND).rules]
    client.post(f"{URL}draft/rules/{code}/remove/", {"version": work_on(KIND).version})
    form["version"] = work_on(KIND).version
    assert client.post(f"{URL}draft/publish/", form).status_code == 303
    assert rules.current(KIND).number == 2
    assert "To come" in text_of(client.get(URL))
    assert client.post(f"{URL}v3/withdraw/", {}).status_code == 422
    assert client.post(f"{URL}v3/withdraw/", {"note": "Mistake"}).status_code == 303
    page = text_of(client.get(URL))
    assert "before it took effect. “Mistake”" in page
    again = client.post(f"{URL}v3/withdraw/", {"note": "Twice"})
    assert "in force or withdrawn already" in again.content.decode()
    assert "withdrawn already" in client.post(f"{URL}v2/withdraw/", {"note": "x"}).content.decode()
    travel(days=40)
    assert rules.current(KIND).number == 2
    assert RuleWithdrawal.objects.count() == 1


def test_rolling_back_publishes_an_old_version_again(client, published):
    page = text_of(client.get(f"{URL}v1/again/"))
    assert "Removed: “Large leads”." in page
    assert client.post(f"{URL}v1/again/", {}).status_code == 422
    client.post(f"{URL}v1/again/", {"note": "Back"})
    assert rules.current(KIND).number == 3
    assert rules.current(KIND).body == body()


def test_an_old_version_that_names_what_is_gone_is_not_published_again(client, ada, monkeypatch):
    old = LARGE | {"when": {"field": "source", "op": "IS", "value": "Fair"}}
    rules.publish(KIND, body(old), actor=ada)
    rules.publish(KIND, body(), actor=ada)
    kind = rules.kind_of(KIND)
    without = [field for field in kind.fields.values() if field.name != "source"]
    rules.register_kind(KIND, kind.label, fields=without, outcomes=kind.outcomes.values())
    try:
        response = client.post(f"{URL}v1/again/", {"note": "Back"})
        assert "cannot be published any more: This field is not known." in text_of(response)
        assert "This rule cannot be shown" in text_of(client.get(f"{URL}v1/"))
        assert "cannot be compared" in text_of(client.get(URL))
    finally:
        engagement.register()


def test_an_older_version_is_as_usual_where_it_says_nothing(ada):
    version = rules.publish(KIND, {"defaults": {"open_cap": "3"}}, actor=ada)
    decided = rules.ruleset(version).defaults
    assert (decided["open_cap"], decided["accept_days"]) == (Decimal(3), Decimal(2))


# --- explaining ----------------------------------------------------------------------------------


def test_a_case_is_explained_under_both(client, lea, published):
    lead = make_qualified(lea, "Initech", country="DE", value=Decimal(90000), currency="USD")
    page = text_of(client.get(f"{URL}explain/?case={lead.reference.lower()}"))
    assert "to be accepted within 1 working day Rule “Large leads”" in page
    assert "Holds: value is at least $50,000; here: $90,000" in page
    assert "Draft" not in page
    client.post(f"{URL}draft/rules/large/remove/", {"version": 0})
    page = text_of(client.get(f"{URL}explain/?case={lead.reference}"))
    assert "to be accepted within 2 working days No rule decides: the default" in page
    sent(client, begin(client), do="add:0")
    page = text_of(client.get(f"{URL}explain/?case={lead.reference}"))
    assert "The draft is unfinished" in page


@pytest.mark.parametrize("asked", ["L-0000-0000", "nonsense", "%00"])
def test_a_case_that_is_not_there_says_so(client, asked):
    page = text_of(client.get(f"{URL}explain/?case={asked}"))
    assert ("There is no case with this reference." in page) is (asked != "%00")


def test_a_kind_without_cases_explains_nothing(client):
    kind = rules.register_kind("test.silent", "Silent", fields=[], outcomes=[])
    try:
        assert client.get(f"/settings/rules/{kind.slug}/explain/").status_code == 404
    finally:
        from prm.rules import fields

        del fields._KINDS["test.silent"]


def test_a_kept_decision_is_shown_after_its_rule_is_gone(ada, published):
    given = {"country": "DE", "rating": "HOT", "value": Money(Decimal(90000), "USD"), "source": ""}
    kept = rules.ruleset(published).decide(given).as_json()
    rules.publish(KIND, body(), actor=ada)
    shown = render_to_string("rules/_decision.html", {"decision": show_decision(kept)})
    for words in ("Rule “Large leads”", "version 2", "Matches", f"{URL}v2/"):
        assert words in shown


def test_the_portals_currency_is_compared(ada):
    """A room may hand in both amounts; `Amounts` with `convert` is all it takes."""
    from prm import portal
    from prm.rules import Amounts, Condition, Field, Kind, Op

    add_rate(currency="EUR", rate=Decimal("1.1"), actor=ada)
    field = Field("value", Kind.MONEY, "value", path="v", currency_path="c", home_path="h")
    node = Condition(field, Op.AT_LEAST, Money(Decimal(50000), "USD"))
    given = Money(Decimal(46000), "EUR")
    assert node.evaluate({"value": Amounts(given, portal.convert(given))}).passed
