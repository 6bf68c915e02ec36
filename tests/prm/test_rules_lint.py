"""Lint: what is odd about rules is found, and what it calls impossible never happens."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prm import rules
from prm.money import Money
from prm.rules import All, Amounts, Any, Condition, Field, Kind, Not, Op, Rule, RuleSet
from prm.rules.findings import Finding, Weight
from prm.rules.lint import lint
from prm.rules.operators import ALLOWED, Arity, arity
from prm.rules.reasoning import Logic, TooMany
from tests.prm.ruling import CHOICES, FIELDS, VALUES, facts, nodes

AMOUNT = "amount"
EVERYTHING = {"days": Decimal(1), "route": "A", "steps": frozenset("A")}


def when(name: str, op: Op, value=None) -> Condition:
    return Condition(FIELDS[name], op, value)


def euros(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def ruleset(*whens, **then) -> RuleSet:
    """Rules a, b, c with these conditions; each sets days to its place unless told otherwise."""
    made = [
        Rule(code, {"en": f"Rule {code}"}, tree, dict(then) or {"days": Decimal(place)})
        for place, (code, tree) in enumerate(zip("abcdefgh", whens, strict=False))
    ]
    return RuleSet("test.kind", tuple(made), {"days": Decimal(90)})


def found(rule_set: RuleSet, **more) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(f.code, f.rule, f.others) for f in lint(rule_set, **more)]


def text_of(rule_set: RuleSet, code: str) -> str:
    [finding] = [f for f in lint(rule_set) if f.code == code]
    return str(finding.text)


# --- what is impossible never happens --------------------------------------------------------------

FACTS = {
    Kind.TEXT: st.sampled_from(["", "a", "A", "ab", "b", "%", "aA", "a%b", "ä", "zz", "-", None]),
    Kind.CHOICE: st.sampled_from(["", "A", "B", "C", "D", None]),
    Kind.NUMBER: st.sampled_from([None, *map(Decimal, ("-2", "-1", "0", "0.5", "1", "1.2", "1.5", "2",
                                                       "2.5", "2.999", "5", "1E+20", "1E+21"))]),
    Kind.DATE: st.sampled_from([None, *(date(2026, 11, 20) + timedelta(days=n) for n in range(5)),
                                date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1)]),
    Kind.YES_NO: st.sampled_from([True, False, None]),
    Kind.SET: st.frozensets(st.sampled_from("ABCD")),
}  # fmt: skip
MONEYS = st.builds(
    Money,
    st.sampled_from([Decimal(n) for n in ("-1", "0", "5", "9.99", "9.995", "10", "11")]),
    st.sampled_from(["EUR", "USD", "GBP"]),
)


@st.composite
def any_facts(draw: st.DrawFn) -> dict:
    given_facts: dict = {}
    for name, field in FIELDS.items():
        if field.kind is not Kind.MONEY:
            given_facts[name] = draw(FACTS[field.kind])
        elif field.home_path:
            home = draw(st.one_of(st.none(), MONEYS.map(lambda m: Money(m.amount, "USD"))))
            given_facts[name] = draw(
                st.one_of(st.none(), MONEYS.map(lambda m, h=home: Amounts(m, h)))
            )
        else:
            given_facts[name] = draw(st.one_of(st.none(), MONEYS))
    return given_facts


@st.composite
def narrow_nodes(draw: st.DrawFn) -> Condition:
    """Comparisons over few fields, so that they meet each other often."""
    field = FIELDS[
        draw(st.sampled_from(["number", "choice", "skills", "text", "worth", "day", "flag"]))
    ]
    op = draw(st.sampled_from(ALLOWED[field.kind]))
    values = VALUES[field.kind]
    if arity(op) is Arity.NONE:
        return Condition(field, op)
    if arity(op) is Arity.ONE:
        return Condition(field, op, draw(values))
    if arity(op) is Arity.MANY:
        return Condition(field, op, tuple(draw(st.lists(values, min_size=1, max_size=3))))
    low, high = draw(values), draw(values)
    if isinstance(low, Money):
        high = Money(high.amount, low.currency)
    return Condition(field, op, (min(low, high), max(low, high)))


trees = st.one_of(
    nodes,
    st.lists(narrow_nodes(), max_size=3).map(lambda items: All(tuple(items))),
    st.lists(narrow_nodes(), max_size=2).map(lambda items: Any(tuple(items))),
    narrow_nodes().map(Not),
)
outcomes = st.dictionaries(
    st.sampled_from(["days", "route"]), st.sampled_from([Decimal(1), Decimal(2)]), max_size=2
)


@st.composite
def rule_sets(draw: st.DrawFn) -> RuleSet:
    codes = "abcde"[: draw(st.integers(1, 5))]
    made = [Rule(code, {}, draw(trees), draw(outcomes)) for code in codes]
    return RuleSet("test.kind", tuple(made), {})


@settings(max_examples=200)
@given(rule_set=rule_sets(), many=st.lists(any_facts(), min_size=3, max_size=6))
@pytest.mark.parametrize("home", ["", "USD"])
def test_what_lint_calls_unreachable_never_decides(home, rule_set, many):
    findings = lint(rule_set, home=home)
    never_matches = {f.rule for f in findings if f.code in ("contradiction",)}
    never_decides = {f.rule for f in findings if f.code == "unreachable"} | never_matches
    for each in many:
        decision = rule_set.decide(each)
        assert not never_matches & {rule.code for rule in decision.matched}
        assert not never_decides & set(decision.decided_by.values())


@settings(max_examples=300)
@given(node=trees, many=st.lists(any_facts(), min_size=3, max_size=6))
def test_cases_say_what_the_tree_says(node, many):
    """A tree holds exactly when one of its cases does, whichever way it is asked for."""
    try:
        yes, no = Logic().cases(node), Logic().cases(node, wanted=False)
    except TooMany:
        return
    for each in many:
        holds = node.evaluate(each).passed
        if holds:
            assert any(_satisfied(case, each) for case in yes)
        else:
            assert any(_satisfied(case, each) for case in no)


def _satisfied(case, each) -> bool:
    return all(lit.condition.evaluate(each).passed is lit.wanted for lit in case)


@settings(max_examples=300)
@given(node=st.lists(narrow_nodes(), max_size=4).map(lambda items: All(tuple(items))))
def test_a_possible_case_has_an_example(node):
    """For these fields the reasoning is exact: what is not impossible can be shown."""
    for case in Logic("USD").cases(node):
        witness = {**facts(), **Logic("USD").witness(case)}
        assert node.evaluate(witness).passed


# --- contradictions ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "tree",
    [
        All((when("number", Op.AT_LEAST, Decimal(10)), when("number", Op.LESS, Decimal(5)))),
        All((when("number", Op.MORE, Decimal(5)), when("number", Op.AT_MOST, Decimal(5)))),
        All((when("number", Op.BETWEEN, (Decimal(1), Decimal(2))), when("number", Op.IS, Decimal(3)))),
        All((when("number", Op.EMPTY), when("number", Op.MORE, Decimal(5)))),
        All((when("choice", Op.IS, "A"), when("choice", Op.IS, "B"))),
        All((when("choice", Op.ONE_OF, ("A", "B")), when("choice", Op.NONE_OF, ("B", "A")))),
        All((when("choice", Op.IS, "A"), when("choice", Op.EMPTY))),
        All((when("day", Op.BEFORE, date(2026, 1, 1)), when("day", Op.AFTER, date(2025, 12, 30)),
             Not(when("day", Op.IS, date(2025, 12, 31))))),
        All((when("flag", Op.IS, True), when("flag", Op.IS, False))),
        All((when("flag", Op.IS_NOT, True), when("flag", Op.IS_NOT, False), when("flag", Op.FILLED))),
        All((when("text", Op.IS, "abc"), when("text", Op.CONTAINS, "d"))),
        All((when("text", Op.STARTS_WITH, "ab"), when("text", Op.STARTS_WITH, "b"))),
        All((when("text", Op.CONTAINS, "abc"), Not(when("text", Op.CONTAINS, "b")))),
        All((when("text", Op.STARTS_WITH, "abc"), Not(when("text", Op.STARTS_WITH, "a")))),
        All((when("skills", Op.HAS, "A"), when("skills", Op.HAS_NONE, ("A", "B")))),
        All((when("skills", Op.HAS_ALL, ("A", "B")), Not(when("skills", Op.HAS_ANY, ("B",))))),
        All((when("skills", Op.EMPTY), when("skills", Op.HAS, "C"))),
        All((when(AMOUNT, Op.AT_LEAST, euros("10")), when(AMOUNT, Op.LESS, euros("5")))),
        All((when(AMOUNT, Op.AT_LEAST, euros("10")),
             when(AMOUNT, Op.LESS, Money(Decimal(5), "USD")))),
        All((Any((when("choice", Op.IS, "A"), when("choice", Op.IS, "B"))),
             Not(Any((when("choice", Op.IS, "B"), when("choice", Op.IS, "A")))))),
    ],
)  # fmt: skip
def test_conditions_that_contradict_each_other_are_found(tree):
    assert found(ruleset(tree)) == [("contradiction", "a", ())]


@pytest.mark.parametrize(
    "tree",
    [
        All(),
        All((when("number", Op.MORE, Decimal(1)), when("number", Op.LESS, Decimal(2)))),
        All((when("choice", Op.IS_NOT, "A"), when("choice", Op.IS_NOT, "B"))),
        All((when("day", Op.AFTER, date(2026, 1, 1)), when("day", Op.BEFORE, date(2026, 1, 3)))),
        All((when("text", Op.STARTS_WITH, "ab"), when("text", Op.CONTAINS, "c"))),
        All((when("text", Op.CONTAINS, "ab"), Not(when("text", Op.IS, "ab")))),
        All((when("skills", Op.HAS_ALL, ("A", "B")), Not(when("skills", Op.HAS_ALL, ("A", "C"))))),
        All((when("skills", Op.FILLED), when("skills", Op.HAS_NONE, ("A", "B", "C")))),
        All((when("worth", Op.AT_LEAST, euros("10")),
             when("worth", Op.LESS, Money(Decimal(5), "USD")))),
        when("number", Op.FILLED), when("day", Op.FILLED), when(AMOUNT, Op.FILLED),
        when("choice", Op.FILLED), when("text", Op.FILLED), when("flag", Op.FILLED),
    ],
)  # fmt: skip
def test_conditions_that_can_hold_are_left_alone(tree):
    assert [code for code, *_more in found(ruleset(tree), home="EUR")] in ([], ["currency"])


def test_two_currencies_meet_where_amounts_are_known_in_both():
    """An amount in euros is not one in dollars, unless it is known in the portal's currency too."""
    tree = All(
        (
            when("worth", Op.AT_LEAST, euros("10")),
            when("worth", Op.AT_LEAST, Money(Decimal(5), "GBP")),
        )
    )
    assert found(ruleset(tree), home="USD")[0] == ("contradiction", "a", ())
    assert "contradiction" not in [code for code, *_more in found(ruleset(tree), home="GBP")]


def test_a_contradiction_is_told_in_its_smallest_part():
    tree = All((
        when("flag", Op.IS, True),
        All((when("number", Op.AT_LEAST, Decimal(10)), when("choice", Op.IS, "A"),
             when("number", Op.LESS, Decimal(5)))),
    ))  # fmt: skip
    assert text_of(ruleset(tree), "contradiction") == (
        "This rule never matches: nothing can satisfy "
        "“Number is at least 10 and Number is less than 5”."
    )


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (Any(), [("empty-group", "a", ())]),
        (All((when("flag", Op.IS, True), Any())), [("empty-group", "a", ())]),
        (All((when("flag", Op.IS, True), All())), [("empty-group", "a", ())]),
        (Not(All()), [("contradiction", "a", ()), ("empty-group", "a", ())]),
        (when("choice", Op.ONE_OF, ()), [("empty-value", "a", ()), ("contradiction", "a", ())]),
    ],
)
def test_empty_groups_and_values_are_found(tree, expected):
    assert found(ruleset(tree)) == expected


def test_a_rule_without_outcomes_is_found():
    rule = Rule("a", {}, All(), {})
    assert found(RuleSet("test.kind", (rule,), {})) == [("no-outcome", "a", ())]


# --- unreachable rules ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (All(), when("flag", Op.IS, True)),
        (when("flag", Op.IS, True), when("flag", Op.IS, True)),
        (when("number", Op.AT_LEAST, Decimal(10)), when("number", Op.MORE, Decimal(10))),
        (when("number", Op.BETWEEN, (Decimal(1), Decimal(9))), when("number", Op.IS, Decimal(5))),
        (when("choice", Op.ONE_OF, ("A", "B")), when("choice", Op.IS, "B")),
        (when("choice", Op.IS_NOT, "A"), when("choice", Op.EMPTY)),
        (when("text", Op.CONTAINS, "b"), when("text", Op.STARTS_WITH, "abc")),
        (when("skills", Op.HAS_ANY, ("A", "B")), when("skills", Op.HAS_ALL, ("B", "C"))),
        (when(AMOUNT, Op.AT_LEAST, euros("10")),
         All((when(AMOUNT, Op.AT_LEAST, euros("20")), when("flag", Op.IS, True)))),
        (Any((when("flag", Op.IS, True), when("choice", Op.IS, "A"))),
         All((when("choice", Op.IS, "A"), when("number", Op.FILLED)))),
        (Not(when("flag", Op.IS, True)), when("flag", Op.EMPTY)),
    ],
)  # fmt: skip
def test_a_rule_behind_one_that_always_decides_is_found(first, second):
    assert found(ruleset(first, second)) == [("unreachable", "b", ("a",))]
    reverse = [code for code, *_more in found(ruleset(second, first))]
    assert reverse in (["overlap"], ["unreachable"])  # the wider rule behind the narrow one is fine


def test_several_rules_together_hide_one():
    yes, no = when("flag", Op.IS, True), when("flag", Op.IS_NOT, True)
    assert ("unreachable", "c", ("a", "b")) in found(ruleset(yes, no, when("number", Op.FILLED)))
    assert text_of(ruleset(yes, no, All()), "unreachable") == (
        "This rule never decides anything: “Rule a”, “Rule b” always decides before it."
    )


def test_a_rule_that_never_matches_hides_nothing():
    never = All((when("flag", Op.IS, True), when("flag", Op.IS, False)))
    assert found(ruleset(never, All())) == [("contradiction", "a", ())]


def test_one_outcome_of_two_may_be_hidden():
    first = Rule("a", {"en": "First"}, All(), {"days": Decimal(1)})
    second = Rule("b", {}, when("flag", Op.IS, True), {"days": Decimal(2), "route": "A"})
    third = Rule("c", {}, when("flag", Op.IS, True), {"days": Decimal(2)})
    assert found(RuleSet("test.kind", (first, second, third), {})) == [
        ("unreachable", "c", ("a",)),
        ("hidden-outcome", "b", ("a",)),
        ("overlap", "b", ("a",)),
    ]


def test_rules_with_too_many_cases_are_not_judged():
    wide = Any(tuple(when("number", Op.IS, Decimal(n)) for n in range(12)))
    other = Any(tuple(when("whole", Op.IS, Decimal(n)) for n in range(12)))
    huge = All((wide, other))
    with pytest.raises(TooMany):
        Logic().cases(huge)
    assert found(ruleset(huge, huge)) == []


# --- overlaps ------------------------------------------------------------------------------------


def test_overlapping_rules_are_told_with_an_example():
    rule_set = ruleset(when(AMOUNT, Op.AT_LEAST, euros("50000")), when("choice", Op.IS, "A"))
    assert found(rule_set) == [("overlap", "b", ("a",))]
    assert text_of(rule_set, "overlap") == (
        "“Rule a” comes first where both match (for example Amount: €50,000; Choice: Alpha). "
        "Then: Days: 0."
    )
    assert lint(rule_set)[0].weight == Weight.NOTE


def test_rules_that_exclude_each_other_or_agree_do_not_overlap():
    assert found(ruleset(when("choice", Op.IS, "A"), when("choice", Op.IS, "B"))) == []
    both = ruleset(when("choice", Op.IS, "A"), when("flag", Op.IS, True), days=Decimal(5))
    assert found(both) == []


# --- choices, currencies, defaults, what only the kind knows -----------------------------------------


def test_retired_choices_are_found():
    rule = Rule(
        "a", {}, when("choice", Op.ONE_OF, ("A", "Z")), {"route": "Y", "steps": frozenset("AX")}
    )
    findings = lint(RuleSet("test.kind", (rule,), {"route": "W"}))
    assert [(f.code, f.rule) for f in findings] == [("retired-choice", "a")] * 3 + [
        ("retired-choice", "")
    ]
    assert str(findings[0].text) == "“Z” is no longer one of the choices of “Choice”."


def test_amounts_in_another_currency_are_pointed_out():
    tree = when("worth", Op.AT_LEAST, euros("10"))
    assert found(ruleset(tree), home="USD") == [("currency", "a", ())]
    assert found(ruleset(tree), home="EUR") == []
    assert found(ruleset(when(AMOUNT, Op.AT_LEAST, euros("10"))), home="USD") == []


@pytest.fixture
def particular():
    """A kind with usual figures and a check of its own."""

    def check(rule_set):
        return [Finding("territory", Weight.ERROR, "This territory has no countries.", "a")]

    kind = rules.register_kind(
        "test.particular", "Particular", fields=FIELDS.values(), check=check, usual={"days": "7"},
        outcomes=[Field("days", Kind.NUMBER, "Days"), Field("route", Kind.CHOICE, "R", choices=CHOICES)],
    )  # fmt: skip
    yield kind
    from prm.rules import fields

    del fields._KINDS["test.particular"]


def test_a_kind_finds_what_only_it_knows(particular):
    rule_set = RuleSet("test.particular", (), {})
    assert found(rule_set) == [("territory", "a", ()), ("no-default", "", ())]


def test_the_worst_comes_first(particular):
    rule_set = RuleSet("test.particular", (Rule("b", {}, All(), {}),), {})
    assert [f.weight for f in lint(rule_set)] == [Weight.ERROR, Weight.WARNING, Weight.NOTE]


def test_many_rules_are_checked_quickly():
    import time

    rows = tuple(
        Rule(f"r{n}", {}, All((when("number", Op.AT_LEAST, Decimal(n)), when("choice", Op.IS, "A"))),
             {"days": Decimal(n)})
        for n in range(200)
    )  # fmt: skip
    began = time.monotonic()
    lint(RuleSet("test.kind", rows, {}))
    assert time.monotonic() - began < 20
