"""A kind of rules with a field of every type, a table of them, and trees at random."""

from datetime import date
from decimal import Decimal

from django.apps.registry import Apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from hypothesis import strategies as st

from prm import rules
from prm.money import Money
from prm.rules import All, Amounts, Any, Condition, Field, Fields, Kind, Not
from prm.rules.operators import ALLOWED, Arity, arity


class Sample(models.Model):
    """A table with a column of every type that rules know; it exists during the tests only."""

    text = models.CharField(max_length=50, null=True)  # noqa: DJ001 - rules must bear it
    folded = models.CharField(max_length=50, null=True)  # noqa: DJ001 - rules must bear it
    choice = models.CharField(max_length=10, blank=True)
    number = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    whole = models.IntegerField(null=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, null=True)  # noqa: DJ001 - rules must bear it
    home = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    day = models.DateField(null=True)
    flag = models.BooleanField(null=True)
    skills = ArrayField(models.CharField(max_length=10), null=True)
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="children")

    class Meta:
        apps = Apps()  # a registry of its own: no other test meets this model
        app_label = "prm"
        db_table = "prm_rules_sample"


def has_child(choice: str | None) -> Q:
    children = Sample.objects.filter(parent=OuterRef("pk"))
    return Q(Exists(children if choice is None else children.filter(choice=choice)))


CHOICES = {"A": "Alpha", "B": "Beta", "C": "Gamma"}
FIELDS = Fields(
    Field("text", Kind.TEXT, "Text", path="text"),
    Field("name", Kind.TEXT, "Name", path="folded", fold=str.casefold),
    Field("choice", Kind.CHOICE, "Choice", path="choice", choices=CHOICES),
    Field("parent_choice", Kind.CHOICE, "Parent's choice", path="parent__choice"),
    Field("number", Kind.NUMBER, "Number", path="number"),
    Field("whole", Kind.NUMBER, "Whole number", path="whole"),
    Field("amount", Kind.MONEY, "Amount", path="amount", currency_path="currency"),
    Field("worth", Kind.MONEY, "Worth", path="amount", currency_path="currency", home_path="home"),
    Field("day", Kind.DATE, "Day", path="day"),
    Field("flag", Kind.YES_NO, "Flag", path="flag"),
    Field("skills", Kind.SET, "Skills", path="skills", choices=lambda: CHOICES),
    Field("children", Kind.SET, "Children's choices", member=has_child),
    Field("elsewhere", Kind.TEXT, "Elsewhere"),
)
OUTCOMES = Fields(
    Field("days", Kind.NUMBER, "Days"),
    Field("route", Kind.CHOICE, "Route", choices=CHOICES),
    Field("steps", Kind.SET, "Steps", choices=CHOICES),
)
KIND = rules.register_kind(
    "test.kind", "Test rules", fields=FIELDS.values(), outcomes=OUTCOMES.values()
)


def worth_of(row: Sample) -> Amounts | None:
    """An amount in its own currency and, where there is a rate, in the portal's: US dollars."""
    if row.amount is None:
        return None
    home = None if row.home is None else Money(row.home, "USD")
    return Amounts(Money(row.amount, row.currency), home)


def facts_of(row: Sample) -> dict:
    return {
        "text": row.text,
        "name": row.folded,
        "choice": row.choice,
        "parent_choice": row.parent.choice if row.parent else None,
        "number": row.number,
        "whole": row.whole,
        "amount": None if row.amount is None else Money(row.amount, row.currency),
        "worth": worth_of(row),
        "day": row.day,
        "flag": row.flag,
        "skills": row.skills,
        "children": [child.choice for child in row.children.all()],
        "elsewhere": None,
    }


def facts(**given) -> dict:
    return dict.fromkeys(FIELDS) | given


texts = st.sampled_from(["", "a", "A", "ab", "%", "_", "\\", "ä", "a%b", "  a "])
numbers = st.sampled_from([Decimal(n) for n in ("-1", "0", "1", "1.5", "2", "2.999", "1E+20")])
days = st.sampled_from([date(2024, 2, 29), date(2026, 11, 21), date(2026, 11, 22)])
codes = st.sampled_from(["A", "B", "C"])
moneys = st.builds(Money, st.sampled_from([Decimal("0"), Decimal("9.99"), Decimal("10")]),
                   st.sampled_from(["EUR", "USD"]))  # fmt: skip
VALUES = {
    Kind.TEXT: texts.filter(bool),
    Kind.CHOICE: codes,
    Kind.NUMBER: numbers,
    Kind.MONEY: moneys,
    Kind.DATE: days,
    Kind.YES_NO: st.booleans(),
    Kind.SET: codes,
}


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    field = FIELDS[draw(st.sampled_from(sorted(set(FIELDS) - {"elsewhere"})))]
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


nodes = st.recursive(
    conditions(),
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(All, st.lists(inner, max_size=3).map(tuple)),
        st.builds(Any, st.lists(inner, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)
