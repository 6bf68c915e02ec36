"""What rules of designation may ask: facts and filter say the same; what the page says of them."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from companies import designation, services
from companies.designation import KIND, decide, decide_many, endings, facts_of, parts
from companies.enums import DesignationSource
from companies.models import Company
from prm import rules
from prm.rules import RuleInvalid
from tests.companies.ruling import BANKS, BY_BANKS, add, publish, rule, stands

# --- one object decides and filters --------------------------------------------------------------

NAMES = ["Globex Bank", "The Bank of Hooli", "Bänk & Söhne", "Hooli", "100% Bank_x"]
DOMAINS = ["bank.example", "deutsche-bank.co.uk", "ministry.gov.uk", "x--bank.example"]
CONDITIONS = [
    ("name", ["IS", "IS_NOT", "CONTAINS", "STARTS_WITH"], ["bank", "The Bänk", "100% bank", "b_n"]),
    ("country", ["IS", "IS_NOT"], ["DE", "FR"]),
    ("parent", ["IS", "IS_NOT"], ["OPEN", "RESTRICTED"]),
    ("standing", ["IS", "IS_NOT"], ["CONFIRMED", "PROVISIONAL"]),
    ("domain", ["HAS"], ["*.gov.uk", "uk", "Bank.example", "ank.example", ".co.uk"]),
    ("domain_part", ["HAS"], ["bank", "deutsche-bank", "an", "gov.uk", "x-", "x", "(", "."]),
    ("number", ["HAS"], ["VAT", "DUNS"]),
    ("system", ["HAS"], ["crm", "erp"]),
]
condition = st.sampled_from(CONDITIONS).flatmap(
    lambda one: st.tuples(st.just(one[0]), st.sampled_from(one[1]), st.sampled_from(one[2]))
)


@pytest.fixture
def zoo(mia):
    made = []
    for at, name in enumerate(NAMES):
        company = add(
            name, mia, country="DE" if at % 2 else "",
            domains=[DOMAINS[at]] if at < len(DOMAINS) else [],
            designation="RESTRICTED" if at == 0 else "OPEN",
        )  # fmt: skip
        if at:
            services.set_parent(company, made[0 if at % 2 else -1], actor=mia)
            services.add_number(company, "DUNS", f"12345678{at}", actor=mia)
        made.append(company)
    services.add_external_id(made[2], "crm", "1", actor=mia)
    return made


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(condition, min_size=1, max_size=3))
def test_facts_and_filter_agree(zoo, mia, asked):
    publish(
        *(rule(*one, code=f"r{at}") for at, one in enumerate(asked)),
        rule("domain", "EMPTY", None, code="none") | {"when": {"field": "domain", "op": "EMPTY"}},
        actor=mia,
    )
    companies = list(Company.objects.select_related("parent", "industry"))
    many = decide_many([one.pk for one in companies])
    assert {one.pk: decide(one) for one in companies} == many


@pytest.mark.parametrize("value", ["!!!", " ", ".", "*"])
def test_a_value_of_which_nothing_is_left_is_refused(mia, value):
    field = "name" if value in ("!!!", " ") else "domain"
    with pytest.raises(RuleInvalid):
        publish(rule(field, "HAS" if field == "domain" else "CONTAINS", value), actor=mia)


def test_domains_are_taken_apart():
    assert endings("a.b.uk") == {"a.b.uk", "b.uk", "uk"}
    assert parts("a-b.uk") == {"a", "b", "uk", "a-b", "b.uk", "a-b.uk"}


def test_facts_name_every_field(zoo):
    kind = rules.kind_of(KIND)
    assert set(facts_of(zoo[0])) == set(kind.fields)
    assert all(field.filters and field.label for field in kind.fields.values())


# --- what the page says --------------------------------------------------------------------------


def test_page_says_who_designated(browse, mia):
    publish(actor=mia)
    publish(actor=mia)
    publish(BANKS, actor=mia)
    bank = add("Globex Bank", mia)
    page = browse(mia)
    assert (
        "by rule “Banks are ours” (version 3)" in page.get(bank.get_absolute_url()).content.decode()
    )
    services.set_designation(bank, "OPEN", actor=mia)
    assert "set by hand" in page.get(bank.get_absolute_url()).content.decode()
    Company.objects.filter(pk=bank.pk).update(designation_source=DesignationSource.LIST)
    assert "set by a list" in page.get(bank.get_absolute_url()).content.decode()
    answer = page.post(f"{bank.get_absolute_url()}designation/", {"designation": "RULE"})
    assert answer.status_code == 303
    assert stands(bank) == BY_BANKS


def test_a_rule_that_is_gone_is_named_by_its_code(mia):
    bank = add("Globex Bank", mia)
    Company.objects.filter(pk=bank.pk).update(designation_rule="lost", designation_version=9)
    bank.refresh_from_db()
    assert designation.reason(bank) == "by rule “lost” (version 9)"
