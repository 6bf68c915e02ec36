"""Rules: one tree that explains, decides and filters; rule sets; published versions."""

import json
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation
from hypothesis import HealthCheck, given, settings

from prm import clock, rules
from prm.events.models import Event
from prm.money import Money
from prm.rules import All, Amounts, Any, Condition, Fields, Kind, Not, Op
from prm.rules.operators import ALLOWED, Arity, arity
from prm.rules.values import show
from tests.prm.ruling import FIELDS, KIND, Sample, facts, facts_of, nodes

# --- Q and predicate agree -----------------------------------------------------------------------


@pytest.fixture
def samples(db) -> list[Sample]:
    """A table of rows that are empty, filled and odd in every column."""
    with connection.schema_editor() as editor:
        editor.create_model(Sample)
    blank = Sample.objects.create(choice="")
    for number in range(24):
        Sample.objects.create(
            text=[None, "", "a", "ab", "A%", "ä", "\\", "x_"][number % 8],
            folded=[None, "a", "ab"][number % 3],
            choice=["", "A", "B", "C"][number % 4],
            number=[None, Decimal("0"), Decimal("1.5"), Decimal("2.999"), Decimal("-1")][
                number % 5
            ],
            whole=[None, 0, 1, 2][number % 4],
            amount=[None, Decimal("9.99"), Decimal("10")][number % 3],
            currency=[None, "EUR", "USD"][number % 3] if number < 12 else "EUR",
            home=[None, Decimal("10"), Decimal("0"), Decimal("9.99")][number % 4],
            day=[None, date(2026, 11, 21), date(2024, 2, 29)][number % 3],
            flag=[None, True, False][number % 3],
            skills=[None, [], ["A"], ["A", "B"], ["C", "C"]][number % 5],
            parent=[None, blank][number % 2],
        )
    filled = Sample.objects.get(pk=blank.pk + 6)
    for choice in ("A", "C"):
        Sample.objects.create(choice=choice, parent=filled)
    return list(Sample.objects.select_related("parent").prefetch_related("children"))


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(node=nodes)
def test_filter_and_predicate_agree(samples, node):
    filtered = set(Sample.objects.filter(node.compile_q()).values_list("pk", flat=True))
    assert filtered == {row.pk for row in samples if node.evaluate(facts_of(row)).passed}


@pytest.mark.parametrize("name", sorted(set(FIELDS) - {"elsewhere"}))
def test_every_comparison_of_every_field_agrees(samples, name):
    field = FIELDS[name]
    examples = {
        Kind.TEXT: "a", Kind.CHOICE: "A", Kind.NUMBER: Decimal("1.5"), Kind.SET: "A",
        Kind.MONEY: Money(Decimal("10"), "EUR"), Kind.DATE: date(2026, 11, 21), Kind.YES_NO: True,
    }  # fmt: skip
    one = examples[field.kind]
    by_arity = {Arity.NONE: None, Arity.ONE: one, Arity.TWO: (one, one), Arity.MANY: (one,)}
    for op in ALLOWED[field.kind]:
        node = Condition(field, op, by_arity[arity(op)])
        filtered = set(Sample.objects.filter(node.compile_q()).values_list("pk", flat=True))
        assert filtered == {row.pk for row in samples if node.evaluate(facts_of(row)).passed}, op


@given(node=nodes)
def test_trees_survive_json(node):
    assert rules.parse(node.as_json(), FIELDS) == node


@given(node=nodes)
def test_a_trace_explains_every_line(node):
    trace = node.evaluate(facts())
    assert len(list(trace.lines())) == str(trace.as_json()).count("'passed'")


def test_empty_groups_are_true_and_false(samples):
    assert Sample.objects.filter(All().compile_q()).count() == len(samples)
    assert Sample.objects.filter(Not(All()).compile_q()).count() == 0
    assert Sample.objects.filter(Any().compile_q()).count() == 0
    assert All().evaluate({}).passed
    assert not Any().evaluate({}).passed


def test_amounts_in_another_currency_satisfy_no_comparison():
    ten = Condition(FIELDS["amount"], Op.AT_LEAST, Money(Decimal("10"), "EUR"))
    assert ten.evaluate(facts(amount=Money(Decimal("11"), "EUR")))
    assert not ten.evaluate(facts(amount=Money(Decimal("11"), "USD")))


def test_amounts_also_compare_in_the_currency_of_the_portal():
    field = FIELDS["worth"]
    ten = Condition(field, Op.AT_LEAST, Money(Decimal("10"), "USD"))
    euros = Money(Decimal("9"), "EUR")
    assert ten.evaluate(facts(worth=Amounts(euros, Money(Decimal("10"), "USD"))))
    assert not ten.evaluate(facts(worth=Amounts(euros)))
    assert ten.evaluate(facts(worth=Money(Decimal("10"), "USD")))
    assert not Condition(field, Op.AT_LEAST, Money(Decimal("1"), "GBP")).evaluate(
        facts(worth=euros)
    )
    trace = ten.evaluate(facts(worth=Amounts(euros, Money(Decimal("10"), "USD"))))
    assert trace.sentence() == "Worth is at least $10; here: €9 ($10)"
    assert rules.Trace.from_json(trace.as_json(), FIELDS) == trace


def test_fields_without_a_column_explain_but_do_not_filter():
    node = Condition(FIELDS["elsewhere"], Op.IS, "x")
    assert node.evaluate(facts(elsewhere="x")).passed
    with pytest.raises(rules.CannotFilter):
        node.compile_q()


def test_a_fold_applies_to_the_value_and_the_fact():
    node = rules.parse({"field": "name", "op": "IS", "value": "ACME"}, FIELDS)
    assert node.value == "acme"
    assert node.evaluate(facts(name="Acme")).passed


def test_a_fact_left_out_is_a_mistake():
    with pytest.raises(rules.FactMissing):
        Condition(FIELDS["text"], Op.IS, "a").evaluate({})


@pytest.mark.parametrize(
    ("name", "value"),
    [("text", 1), ("number", 1.5), ("number", True), ("day", datetime(2026, 1, 1)),  # noqa: DTZ001
     ("skills", "A"), ("skills", 3), ("flag", "yes"), ("amount", Decimal("1"))],
)  # fmt: skip
def test_a_fact_of_the_wrong_type_is_a_mistake(name, value):
    with pytest.raises(rules.FactMistyped):
        Condition(FIELDS[name], Op.FILLED).evaluate({name: value})


def test_whole_numbers_are_facts():
    assert Condition(FIELDS["number"], Op.IS, Decimal("2")).evaluate({"number": 2}).passed


# --- reading trees -------------------------------------------------------------------------------


def problems(raw, parse=None) -> list[tuple[str, str]]:
    with pytest.raises(rules.RuleInvalid) as refused:
        (parse or (lambda tree: rules.parse(tree, FIELDS)))(raw)
    return [(problem.path, str(problem.text)) for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("raw", "path", "text"),
    [
        (None, "", "This is not a condition."),
        ({"field": "text", "op": "IS", "value": "a", "more": 1}, "", "This is not a condition."),
        ({"all": [], "any": []}, "", "This is not a condition."),
        ({"all": {}}, "all", "This must be a list of at most 50 conditions."),
        ({"any": [{}] * 51}, "any", "This must be a list of at most 50 conditions."),
        ({"not": {"any": [3]}}, "not.any[0]", "This is not a condition."),
        ({"field": "nope", "op": "IS", "value": 1}, "field", "This field is not known."),
        ({"field": ["text"], "op": "IS"}, "field", "This field is not known."),
        ({"field": "text", "op": "LIKE"}, "op", "This comparison is not known."),
        ({"field": "text", "op": None}, "op", "This comparison is not known."),
        ({"field": "text", "op": "LESS", "value": "a"}, "op", "This comparison does not fit the field."),
        ({"field": "text", "op": "IS"}, "value", "This must be a text."),
        ({"field": "text", "op": "IS", "value": " "}, "value", "This must be a text."),
        ({"field": "text", "op": "IS", "value": "\x00"}, "value",
         "This text is too long or holds odd characters."),
        ({"field": "choice", "op": "IS", "value": 3}, "value", "This must be a code."),
        ({"field": "choice", "op": "IS", "value": "Z"}, "value", "This is not one of the choices."),
        ({"field": "choice", "op": "ONE_OF", "value": "A"}, "value",
         "This must be a list of at most 50 values."),
        ({"field": "skills", "op": "HAS_ANY", "value": []}, "value",
         "This must be a list of at most 50 values."),
        ({"field": "number", "op": "IS", "value": 1.5}, "value", "This must be a number."),
        ({"field": "number", "op": "IS", "value": "x"}, "value", "This must be a number."),
        ({"field": "number", "op": "IS", "value": "1e999"}, "value", "This number is too large."),
        ({"field": "number", "op": "IS", "value": "NaN"}, "value", "This number is too large."),
        ({"field": "number", "op": "BETWEEN", "value": [1]}, "value",
         "This comparison takes two values."),
        ({"field": "number", "op": "BETWEEN", "value": [2, 1]}, "value",
         "The first value must not be above the second."),
        ({"field": "amount", "op": "IS", "value": 5}, "value",
         "This must be an amount with a currency."),
        ({"field": "amount", "op": "IS", "value": {"amount": "5", "currency": "XXX"}}, "value",
         "This currency is not known."),
        ({"field": "amount", "op": "BETWEEN", "value": [
            {"amount": "1", "currency": "EUR"}, {"amount": "2", "currency": "USD"}]}, "value",
         "Both amounts must have the same currency."),
        ({"field": "day", "op": "IS", "value": "21.11.2026"}, "value", "This must be a date."),
        ({"field": "day", "op": "IS", "value": 3}, "value", "This must be a date."),
        ({"field": "flag", "op": "IS", "value": "yes"}, "value", "This must be yes or no."),
        ({"field": "flag", "op": "EMPTY", "value": True}, "value",
         "This comparison takes no value."),
    ],
)  # fmt: skip
def test_a_malformed_tree_is_refused_with_its_place(raw, path, text):
    assert problems(raw) == [(path, text)]


def test_every_problem_is_told_at_once():
    raw = {"all": [{"field": "nope", "op": "IS"}, {"not": {"field": "flag", "op": "IS"}}]}
    assert [path for path, _text in problems(raw)] == ["all[0].field", "all[1].not.value"]


def test_deep_trees_are_refused():
    raw = {"all": []}
    for _level in range(500):
        raw = {"not": raw}
    assert problems(raw)[0][1] == "These conditions are nested too deeply."


def test_two_fields_of_one_name_are_refused():
    with pytest.raises(ValueError, match="same name"):
        Fields(FIELDS["text"], FIELDS["text"])


# --- explaining ----------------------------------------------------------------------------------


def test_a_trace_reads_as_sentences():
    node = All((
        Condition(FIELDS["amount"], Op.AT_LEAST, Money(Decimal("50000"), "EUR")),
        Any((Condition(FIELDS["choice"], Op.ONE_OF, ("A", "B")), Condition(FIELDS["flag"], Op.EMPTY))),
        Not(Condition(FIELDS["day"], Op.BETWEEN, (date(2026, 1, 1), date(2026, 12, 31)))),
    ))  # fmt: skip
    given = facts(
        amount=Money(Decimal("60000"), "EUR"), choice="B", flag=True, day=date(2027, 1, 2)
    )
    lines = [(line.depth, line.passed, line.text) for line in node.evaluate(given).lines()]
    assert lines == [
        (0, True, "All of these hold"),
        (1, True, "Amount is at least €50,000; here: €60,000"),
        (1, True, "At least one of these holds"),
        (2, True, "Choice is one of Alpha, Beta; here: Beta"),
        (2, False, "Flag is empty; here: yes"),
        (1, True, "This does not hold"),
        (2, False, "Day is between 1 Jan 2026 and 31 Dec 2026; here: 2 Jan 2027"),
    ]


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [("text", None, "nothing"), ("text", "", "nothing"), ("skills", frozenset(), "nothing"),
     ("skills", frozenset({"B", "A"}), "Alpha, Beta"), ("flag", False, "no"),
     ("number", Decimal("1.50"), "1.50"), ("choice", "Z", "Z")],
)  # fmt: skip
def test_values_are_shown_as_a_reader_expects(name, value, text):
    assert show(FIELDS[name], value) == text


def test_a_trace_is_kept_as_json():
    trace = Condition(FIELDS["skills"], Op.HAS_ANY, ("A", "B")).evaluate(facts(skills=["B"]))
    assert trace.as_json() == {
        "node": "condition", "passed": True, "field": "skills", "op": "HAS_ANY",
        "value": ["A", "B"], "actual": ["B"],
    }  # fmt: skip


# --- rule sets -----------------------------------------------------------------------------------

BODY = {
    "rules": [
        {
            "code": "large",
            "name": {"en": "Large deals", "de": "Große Vorhaben"},
            "when": {"field": "amount", "op": "AT_LEAST",
                     "value": {"amount": "10", "currency": "EUR"}},
            "then": {"days": 120, "route": "A"},
        },
        {
            "code": "flagged",
            "when": {"field": "flag", "op": "IS", "value": True},
            "then": {"days": "60", "steps": ["B", "A"]},
        },
    ],
    "defaults": {"days": 90, "route": "C"},
}  # fmt: skip


def test_the_first_matching_rule_decides_each_outcome():
    given = facts(amount=Money(Decimal("10"), "EUR"), flag=True)
    decision = rules.parse_rules("test.kind", BODY).decide(given)
    assert decision.outcome == {"days": Decimal(120), "route": "A", "steps": frozenset("AB")}
    assert decision.decided_by == {"days": "large", "route": "large", "steps": "flagged"}
    assert [rule.code for rule in decision.matched] == ["large", "flagged"]


def test_defaults_decide_what_no_rule_does():
    decision = rules.parse_rules("test.kind", BODY).decide(facts())
    assert decision.outcome == {"days": Decimal(90), "route": "C"}
    assert decision.decided_by == {"days": "default", "route": "default"}
    assert decision.matched == ()
    assert decision.stamp == rules.Stamp("test.kind", 0)
    assert str(decision.stamp) == "test.kind#0"


def test_a_decision_is_kept_as_json():
    kept = rules.parse_rules("test.kind", BODY).decide(facts(flag=True)).as_json()
    assert kept["outcome"] == {"days": "60", "route": "C", "steps": ["A", "B"]}
    assert kept["matched"] == ["flagged"]
    assert [line["rule"] for line in kept["trace"]] == ["large", "flagged"]
    assert kept["stamp"] == {"kind": "test.kind", "number": 0, "digest": ""}


def test_a_rule_set_filters_by_rule_and_by_outcome(samples):
    ruleset = rules.parse_rules("test.kind", BODY)
    decided = {row.pk: ruleset.decide(facts_of(row)) for row in samples}
    for name, value in [("days", Decimal(n)) for n in (60, 90, 120, 7)] + [("route", "C")]:
        found = set(Sample.objects.filter(ruleset.where(name, value)).values_list("pk", flat=True))
        assert found == {pk for pk, d in decided.items() if d.outcome.get(name) == value}
    large = set(Sample.objects.filter(ruleset.matching("large")).values_list("pk", flat=True))
    assert large == {pk for pk, d in decided.items() if "large" in [r.code for r in d.matched]}
    with pytest.raises(KeyError):
        ruleset.matching("nope")


def test_a_rule_set_survives_json():
    ruleset = rules.parse_rules("test.kind", BODY)
    assert rules.parse_rules("test.kind", ruleset.as_json()) == ruleset


def test_a_rule_has_its_name_in_the_readers_language():
    large, flagged = rules.parse_rules("test.kind", BODY).rules
    with translation.override("de"):
        assert large.title() == "Große Vorhaben"
    with translation.override("fr"):
        assert large.title() == "Large deals"
    assert flagged.title() == "flagged"


@pytest.mark.parametrize(
    ("body", "path", "text"),
    [
        ([], "", "This is not a rule set."),
        ({"more": 1}, "", "This is not a rule set."),
        ({"rules": {}}, "rules", "This must be a list of at most 200 rules."),
        ({"rules": [3]}, "rules[0]", "This is not a rule."),
        ({"rules": [{"code": ""}]}, "rules[0].code", "Each rule needs a code of its own."),
        ({"rules": [{"code": "default"}]}, "rules[0].code", "Each rule needs a code of its own."),
        ({"rules": [{"code": "a"}, {"code": "a"}]}, "rules[1].code",
         "Each rule needs a code of its own."),
        ({"rules": [{"code": "a", "name": "x"}]}, "rules[0].name",
         "A name is a text per language."),
        ({"rules": [{"code": "a", "name": {"en": 1}}]}, "rules[0].name",
         "A name is a text per language."),
        ({"rules": [{"code": "a", "when": {"all": [1]}}]}, "rules[0].when.all[0]",
         "This is not a condition."),
        ({"rules": [{"code": "a", "then": []}]}, "rules[0].then", "Outcomes are values by name."),
        ({"rules": [{"code": "a", "then": {"nope": 1}}]}, "rules[0].then.nope",
         "This outcome is not known."),
        ({"defaults": {"days": "many"}}, "defaults.days", "This must be a number."),
        ({"defaults": {"steps": "A"}}, "defaults.steps", "This must be a list."),
    ],
)  # fmt: skip
def test_a_malformed_rule_set_is_refused_with_its_place(body, path, text):
    assert problems(body, lambda raw: rules.parse_rules("test.kind", raw)) == [(path, text)]


def test_kinds_are_found_by_code():
    assert rules.kind_of("test.kind") is KIND
    assert KIND in rules.kinds()
    with pytest.raises(KeyError):
        rules.kind_of("nope")


def test_a_decision_survives_json():
    given = facts(flag=True, worth=Money(Decimal("9"), "EUR"), amount=Money(Decimal("1"), "EUR"))
    decision = rules.parse_rules("test.kind", BODY).decide(given)
    kept = json.loads(json.dumps(decision.as_json()))
    names = {rule["code"]: rule.get("name", {}) for rule in BODY["rules"]}
    read = rules.Decision.from_json(kept, names)
    assert read.as_json() == kept
    assert (read.outcome, read.decided_by) == (decision.outcome, decision.decided_by)
    assert [r.title() for r in read.matched] == [r.title() for r in decision.matched]


@given(node=nodes)
def test_a_trace_survives_json(node):
    trace = node.evaluate(facts())
    read = rules.Trace.from_json(json.loads(json.dumps(trace.as_json())), FIELDS)
    assert [line.text for line in read.lines()] == [line.text for line in trace.lines()]


def test_a_kept_decision_is_read_although_its_field_was_withdrawn():
    kept = {
        "outcome": {"gone": ["5", "30"], "days": "60"},
        "decided_by": {"gone": "old", "days": "default"},
        "matched": ["old"],
        "trace": [{"rule": "old", "node": "any", "passed": True, "items": [
            {"node": "condition", "passed": True, "field": "gone", "op": "AT_LEAST",
             "value": {"amount": "5", "currency": "EUR"}, "actual": {"amount": "7", "currency": "EUR"}},
        ]}],
        "stamp": {"kind": "test.kind", "number": 3, "digest": "d"},
    }  # fmt: skip
    decision = rules.Decision.from_json(kept)
    assert [line.text for line in decision.trace[0].trace.lines()] == [
        "At least one of these holds", "gone is at least €5; here: €7",
    ]  # fmt: skip
    assert (decision.trace[0].rule.title(), decision.stamp.number) == ("old", 3)


# --- versions ------------------------------------------------------------------------------------


def test_publish_numbers_versions_and_records_it(ada):
    first = rules.publish("test.kind", BODY, actor=ada, note="Start")
    second = rules.publish("test.kind", {"defaults": {"days": 30}}, actor=ada)
    assert (first.number, second.number, first.author_uid) == (1, 2, ada.uid)
    assert str(second) == "test.kind#2"
    event = Event.objects.get(target_uid=second.uid)
    assert (event.code, event.data["number"]) == ("rules.published", 2)


def test_the_version_in_force_stamps_its_decisions(ada):
    version = rules.publish("test.kind", BODY, actor=ada)
    decision = rules.ruleset(rules.current("test.kind")).decide(facts())
    assert decision.stamp == rules.Stamp("test.kind", 1, version.digest)


def test_a_later_version_takes_over_at_its_time(ada, travel):
    now = clock.now()
    first = rules.publish("test.kind", BODY, actor=ada)
    later = rules.publish(
        "test.kind", {"defaults": {"days": 30}}, actor=ada, effective_at=now + timedelta(days=7)
    )
    assert rules.current("test.kind") == first
    travel(days=7)
    assert rules.current("test.kind") == later
    assert rules.current("test.kind", at=now) == first


def test_without_rules_there_is_nothing_in_force(ada):
    with pytest.raises(rules.NoRules):
        rules.current("test.kind")


def test_nothing_applies_backwards(ada):
    with pytest.raises(rules.AppliesBackwards):
        rules.publish("test.kind", BODY, actor=ada, effective_at=clock.now() - timedelta(seconds=1))


def test_malformed_rules_are_not_published(ada):
    with pytest.raises(rules.RuleInvalid):
        rules.publish("test.kind", {"rules": [3]}, actor=ada)
    assert not rules.RuleVersion.objects.exists()


@pytest.mark.constraints
@pytest.mark.parametrize(
    "statement", ["UPDATE prm_rule_version SET note = 'x'", "DELETE FROM prm_rule_version",
                  "TRUNCATE prm_rule_version CASCADE"],
)  # fmt: skip
def test_published_rules_never_change(ada, statement):
    rules.publish("test.kind", BODY, actor=ada)
    with (
        pytest.raises(IntegrityError, match="refused"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.constraints
def test_the_database_refuses_rules_that_apply_backwards(ada):
    version = rules.publish("test.kind", BODY, actor=ada)
    version.pk, version.number = None, 2
    version.uid = "00000000-0000-4000-8000-000000000000"
    version.effective_at -= timedelta(days=1)
    with pytest.raises(IntegrityError, match="never apply backwards"), transaction.atomic():
        version.save()
