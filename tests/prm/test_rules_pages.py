"""The rules pages: sentences, versions, drafts, one rule, explaining a case."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from leads import engagement
from prm import clock, rules
from prm.events.models import Event
from prm.rules import drafts
from prm.rules.drafts import DraftChanged, work_on
from prm.rules.models import RuleDraft
from tests.prm.rulebook import KIND, LARGE, URL, begin, body, row, sent, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(browse, ada):
    return browse(ada)


@pytest.fixture
def published(ada) -> rules.RuleVersion:
    rules.publish(KIND, body(), actor=ada, note="Start")
    return rules.publish(KIND, body(LARGE, open_cap="12"), actor=ada, note="Large ones first")


# --- reading -------------------------------------------------------------------------------------


def test_rules_read_as_sentences(client, published):
    page = text_of(client.get(URL))
    assert (
        "When value is at least $50,000 and country of the customer is Germany or Austria "
        "→ , then: to be accepted within 1 working day"
    ) in page
    assert "a partner may have 12 open leads" in page
    assert "“Large ones first”" in page
    assert "New: “Large leads”" in page
    assert "When no rule decides: a partner may have 12 open leads; before: a partner" in page


def test_rules_read_in_german_too(published):
    with translation.override("de"):
        version = rules.ruleset(published)
        assert version.rules[0].title() == "Große Leads"


def test_a_portal_that_has_published_nothing_shows_what_is_usual(client):
    page = text_of(client.get(URL))
    assert "As usual: nothing is published yet" in page
    assert "to become a deal within 30 days" in page
    assert "As usual" in text_of(client.get("/settings/rules/"))


def test_the_overview_names_version_draft_and_what_is_to_come(client, ada, published):
    rules.publish(KIND, body(), actor=ada, effective_at=clock.now() + timedelta(days=3))
    begin(client)
    page = text_of(client.get("/settings/rules/"))
    assert "Version 2, in force since" in page
    assert "1 version to come" in page
    assert "Draft" in page


def test_staff_read_and_only_administrators_change(browse, mia, pat, published):
    reader = browse(mia)
    assert reader.get(URL).status_code == 200
    assert "Change these rules" not in text_of(reader.get(URL))
    assert reader.get(f"{URL}v2/").status_code == 200
    assert reader.get(f"{URL}draft/").status_code == 403
    assert browse(pat).get(URL).status_code == 404


@pytest.mark.parametrize("where", ["nothing-here/", "leads-distribution/v9/", "leads-distribution/v0/",
                                   "leads-distribution/v99999999999999999999/"])  # fmt: skip
def test_what_is_not_there_is_not_found(client, published, where):
    assert client.get(f"/settings/rules/{where}").status_code == 404


def test_old_versions_are_paged(client, ada):
    for number in range(23):
        rules.publish(KIND, body(open_cap=str(number + 1)), actor=ada)
    page = client.get(URL).content.decode()
    assert 'href="?below=4"' in page
    assert "Version 3" in text_of(client.get(f"{URL}?below=4"))
    assert client.get(f"{URL}?below=nonsense").status_code == 200


# --- drafts --------------------------------------------------------------------------------------


def test_looking_makes_no_draft(client, published):
    page = text_of(client.get(f"{URL}draft/"))
    assert "This is what is in force." in page
    client.get(f"{URL}draft/rules/large/")
    assert not RuleDraft.objects.exists()


def test_a_rule_is_written_and_published(client, published):
    url = begin(client)
    form = row("0.0", "rating", "IS", "HOT") | row("0.1", "value", "AT_LEAST", "50k")
    response = sent(
        client, url, node=["r0.0", "r0.1"], **form,
        **{"value-0.1-currency": "EUR", "then-accept_days": "3", "then-at_once": "true"},
    )  # fmt: skip
    assert response.status_code == 303
    page = text_of(client.get(f"{URL}draft/"))
    assert "When rating is hot and value is at least €50,000" in page
    assert "distributed as soon as it is qualified" in page
    form = {"version": work_on(KIND).version, "note": "Hot ones"}
    assert client.post(f"{URL}draft/publish/", form)["Location"] == URL
    version = rules.current(KIND)
    assert (version.number, version.note) == (3, "Hot ones")
    assert version.body["rules"][1]["when"]["all"][1]["value"] == {
        "amount": "50000",
        "currency": "EUR",
    }
    assert version.body["rules"][1]["then"] == {"accept_days": "3", "at_once": True}
    assert not RuleDraft.objects.exists()
    assert Event.objects.filter(code="rules.draft_saved").count() == 2


def test_bad_input_keeps_what_was_typed(client, published):
    url = begin(client)
    before = RuleDraft.objects.get().version
    form = row("0.0", "value", "AT_LEAST", "lots", **{"value-0.0-currency": "EUR"})
    response = sent(client, url, node=["r0.0"], **form, **{"name-en": "", "then-accept_days": "0"})
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="lots"' in page
    for sentence in ("Give the rule a name.", "value: This must be a number.",
                     "working days to accept: This must be at least 1."):  # fmt: skip
        assert sentence in page
    assert "<title>Error:" in page
    assert RuleDraft.objects.get().version == before


@pytest.mark.parametrize(
    ("field", "op", "value", "sentence"),
    [
        ("", "", "", "Choose what to compare."),
        ("value", "AT_LEAST", "", "Enter a value."),
        ("rating", "IS", "", "Choose a value."),
        ("rating", "IS", "COLD", "This is not one of the choices."),
        ("country", "ONE_OF", "", "Choose a value."),
        ("country", "ONE_OF", "ZZ", "This is not one of the choices."),
    ],
)
def test_a_finished_rule_lacks_nothing(client, published, field, op, value, sentence):
    response = sent(client, begin(client), node=["r0.0"], **row("0.0", field, op, value))
    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_rows_come_and_go_without_script(client, published):
    url = begin(client)
    code = url.rstrip("/").rpartition("/")[2]

    def when():
        return work_on(KIND).rule(code)["when"]

    assert sent(client, url, do="add:0")["Location"].endswith("#row-0.0")
    assert when() == {"all": [{"field": "", "op": ""}]}
    sent(client, url, do="refresh", node=["r0.0"], **{"field-0.0": "value", "was-0.0": ":"})
    assert when() == {"all": [{"field": "value", "op": "IS"}]}
    typed = row("0.0", "value", "IS", "nonsense")
    sent(client, url, do="group:0", node=["r0.0"], **typed)
    assert when()["all"][0]["value"] == {"amount": "nonsense", "currency": ""}
    assert when()["all"][1] == {"any": [{"field": "", "op": ""}]}
    nodes = {"node": ["r0.0", "g0.1", "r0.1.0"], "kind-0.1": "none"}
    inner = row("0.1.0", "rating", "IS", "HOT")
    sent(client, url, do="up:0.1", **nodes, **typed, **inner)
    assert when()["all"][0] == {"not": {"field": "rating", "op": "IS", "value": "HOT"}}
    assert 'value="nonsense"' in client.get(url).content.decode()
    nodes = {"node": ["g0.0", "r0.0.0", "r0.1"], "kind-0.0": "notall", "kind-0": "any"}
    sent(client, url, do="remove:0.1", **nodes, **row("0.0.0", "rating", "IS", "HOT"))
    assert when() == {"any": [{"not": {"all": [{"field": "rating", "op": "IS", "value": "HOT"}]}}]}
    sent(client, url, do="remove:0", node=[])
    assert when() == {"all": []}


def test_a_value_follows_its_comparison(client, published):
    url = begin(client)
    code = url.rstrip("/").rpartition("/")[2]
    form = row("0.0", "country", "IS", "DE") | {"op-0.0": "ONE_OF"}
    sent(client, url, do="refresh", node=["r0.0"], **form)
    assert work_on(KIND).rule(code)["when"]["all"][0]["value"] == ["DE"]
    form = row("0.0", "country", "ONE_OF", ["DE"]) | {"field-0.0": "source"}
    sent(client, url, do="refresh", node=["r0.0"], **form)
    assert work_on(KIND).rule(code)["when"]["all"][0] == {"field": "source", "op": "IS"}


def test_script_gets_the_form_alone(client, published):
    url = begin(client)
    form = {"version": work_on(KIND).version, "node": "r0.0", "field-0.0": "value", "was-0.0": ":"}
    response = client.post(f"{url}?do=refresh", form, headers={"HX-Request": "true"})
    page = response.content.decode()
    assert response.status_code == 200
    assert "<html" not in page
    assert 'name="value-0.0-currency"' in page


def test_deep_trees_are_kept(client, ada):
    tree = {"field": "rating", "op": "IS", "value": "HOT"}
    for _level in range(3):
        tree = {"not": {"any": [{"all": [tree, {"field": "source", "op": "FILLED"}]}, tree]}}
    rules.publish(KIND, body(LARGE | {"when": tree}), actor=ada)
    page = client.get(f"{URL}draft/rules/large/").content.decode()
    form = {"version": "0", "node": re.findall(r'name="node" value="([^"]+)"', page), "do": "save"}
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        form[name] = re.findall(r'value="([^"]*)" selected', options)[0]
    form |= dict(re.findall(r'name="(was-[^"]+)" value="([^"]*)"', page))
    form |= {"name-en": "Large leads", "then-accept_days": "1"}
    assert client.post(f"{URL}draft/rules/large/", form).status_code == 303
    assert work_on(KIND).rule("large")["when"] == tree


@pytest.mark.parametrize("node", ["r0.0.0", "g9", "r0.0<", "x", "r0." + "0." * 30 + "0"])
def test_nonsense_in_the_form_is_left_out(client, published, node):
    response = sent(client, begin(client), node=[node], **{"then-accept_days": "1"})
    assert response.status_code == 303


def test_rules_are_ordered_and_removed(client, ada, published):
    url = begin(client)
    code = url.rstrip("/").rpartition("/")[2]

    def post(what, **form):
        return client.post(f"{url}{what}/", {"version": work_on(KIND).version, **form})

    assert post("move", direction="up")["Location"] == f"{URL}draft/#rule-{code}"
    assert [rule["code"] for rule in work_on(KIND).rules] == [code, "large"]
    post("move", direction="up")
    post("move", direction="down")
    assert [rule["code"] for rule in work_on(KIND).rules] == ["large", code]
    post("remove")
    assert [rule["code"] for rule in work_on(KIND).rules] == ["large"]
    assert client.get(url).status_code == 404
    assert post("remove").status_code == 404


def test_nobody_overwrites_what_somebody_else_saved(client, ada, published):
    url = begin(client)
    old = work_on(KIND).version
    sent(client, url, **{"then-accept_days": "2"})
    stale = {"version": old, "then-accept_days": "3"}
    response = sent(client, url, **stale)
    assert response.status_code == 422
    assert "saved this draft after you opened it" in response.content.decode()
    assert 'value="3"' in response.content.decode()
    for what in ("draft/discard/", "draft/publish/"):
        answer = client.post(URL + what, {"version": old, "note": "x"}, follow=True)
        assert "saved this draft after you opened it" in answer.content.decode()
    answer = client.post(f"{URL}draft/add/", {"version": "0"}, follow=True)
    assert "saved this draft after you opened it" in answer.content.decode()
    with pytest.raises(DraftChanged):
        drafts.save_defaults(KIND, {}, version=old, actor=ada)
    assert RuleDraft.objects.get().body["rules"][1]["then"] == {"accept_days": "2"}


def test_a_draft_is_discarded(client, published):
    begin(client)
    client.post(f"{URL}draft/discard/", {"version": work_on(KIND).version})
    assert not RuleDraft.objects.exists()
    assert Event.objects.filter(code="rules.draft_discarded").exists()
    stale = client.post(f"{URL}draft/publish/", {"version": "1", "note": "x"})
    assert "published or discarded while you had it open" in stale.content.decode()


def test_an_unfinished_draft_is_not_published(client, published):
    url = begin(client)
    sent(client, url, do="add:0")
    page = text_of(client.get(f"{URL}draft/"))
    assert "Unfinished Choose what to compare." in page
    response = client.post(f"{URL}draft/publish/", {"version": work_on(KIND).version, "note": "x"})
    assert response.status_code == 422
    assert "Something in the draft is unfinished." in response.content.decode()
    assert client.post(f"{URL}draft/publish/", {"version": "2"}).status_code == 422


def test_the_draft_says_what_is_odd(client, published):
    url = begin(client)
    sent(
        client, url, node=["r0.0"], **row("0.0", "country", "IS", "DE"), **{"then-accept_days": "9"}
    )
    page = text_of(client.get(f"{URL}draft/"))
    assert "“Large leads” comes first where both match (for example value: $50,000; " in page
    sent(client, url, node=[], **{"then-accept_days": ""})
    assert "Nothing follows from this rule" in text_of(client.get(f"{URL}draft/"))


def test_a_draft_that_was_overtaken_says_so(client, ada, published):
    begin(client)
    rules.publish(KIND, body(), actor=ada)
    assert "Version 3 came into force after this draft began with version 2" in text_of(
        client.get(f"{URL}draft/")
    )


def test_what_holds_without_a_rule(client, published):
    page = client.get(f"{URL}draft/defaults/").content.decode()
    assert 'value="12"' in page
    typed = {f"then-{name}": str(value).lower() for name, value in engagement.DEFAULTS.items()}
    refused = client.post(f"{URL}draft/defaults/", typed | {"version": "0", "then-open_cap": ""})
    assert refused.status_code == 422
    assert "Say what holds when no rule decides." in refused.content.decode()
    client.post(f"{URL}draft/defaults/", typed | {"version": "0", "then-open_cap": "7"})
    assert work_on(KIND).body["defaults"]["open_cap"] == "7"


def test_only_administrators_write_drafts(mia, ada, published):
    for write in (
        lambda: drafts.add_rule(KIND, version=0, actor=mia),
        lambda: drafts.publish_draft(KIND, version=0, note="", actor=mia),
        lambda: drafts.discard_draft(KIND, version=0, actor=mia),
        lambda: drafts.publish_again(published, note="", actor=mia),
    ):
        with pytest.raises(PermissionDenied):
            write()
