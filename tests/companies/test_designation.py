"""Designation by rule: what rules may ask, who beats whom, and that all companies follow."""

from datetime import timedelta
from itertools import pairwise

from catalog import services as catalog
from catalog.enums import Kind
from companies import designation, registry, services
from companies.designation import decide_many
from companies.models import Company
from companies.services import designating
from prm import clock, due, rules
from prm.due.models import DueRow
from prm.events import timeline
from prm.events.models import Event
from prm.rules import RuleInvalid
from tests.companies.ruling import BANKS, BY_BANKS, OPEN, add, drain, publish, rule, stands


def codes(company):
    return [event.code for event in timeline(company)]


# --- who decides ---------------------------------------------------------------------------------


def test_without_rules_all_are_open(mia):
    assert stands(add("Globex Bank", mia)) == OPEN
    assert decide_many([1]) == {1: designation.Decided()}


def test_new_companies_follow_the_rules(mia, pat):
    publish(BANKS, actor=mia)
    assert stands(add("Globex Bank", mia)) == BY_BANKS
    typed = services.identify(name="Bánk of Hooli", country="DE", actor=pat)
    assert stands(typed) == BY_BANKS
    assert codes(typed) == ["company.added", "company.designated"]
    assert stands(add("Globex", mia)) == OPEN


def test_publishing_reaches_companies_that_are_there(mia, travel):
    bank, other = add("Globex Bank", mia), add("Globex", mia)
    publish(BANKS, actor=mia)
    assert stands(bank) == OPEN
    drain()
    assert (stands(bank), stands(other)) == (BY_BANKS, OPEN)
    assert bank.designation_version == 1
    assert codes(bank).count("company.designated") == 1
    publish(actor=mia)
    drain()
    assert stands(bank) == OPEN
    travel(minutes=11)
    drain()
    assert not DueRow.objects.filter(kind=designating.PUBLISHED).exists()


def test_a_later_version_waits_for_its_time(mia, travel):
    bank = add("Globex Bank", mia)
    publish(BANKS, actor=mia, at=clock.now() + timedelta(days=2))
    drain()
    assert stands(bank) == OPEN
    travel(days=3)
    drain()
    assert stands(bank) == BY_BANKS


def test_a_version_that_was_followed_by_another_says_nothing(mia):
    add("Globex Bank", mia)
    first = publish(BANKS, actor=mia)
    publish(actor=mia)
    row = DueRow.objects.get(kind=designating.PUBLISHED, key=str(first.number))
    assert designating.apply_published(row) is None


def test_a_person_beats_a_rule_until_the_rules_may_say_again(mia):
    publish(BANKS, actor=mia)
    bank = add("Globex Bank", mia)
    services.set_designation(bank, "OPEN", actor=mia)
    services.apply_designation_rules()
    assert stands(bank) == ("OPEN", "HAND", "")
    services.set_designation(bank, "RULE", actor=mia)
    assert stands(bank) == BY_BANKS


def test_saying_what_a_rule_says_makes_it_a_persons_word(mia):
    publish(BANKS, actor=mia)
    bank = add("Globex Bank", mia)
    services.set_designation(bank, "VENDOR_DIRECT", actor=mia)
    publish(actor=mia)
    drain()
    assert stands(bank) == ("VENDOR_DIRECT", "HAND", "")


def test_a_designation_given_when_adding_is_a_persons_word(mia):
    publish(BANKS, actor=mia)
    assert stands(add("Globex Bank", mia, designation="RESTRICTED"))[:2] == ("RESTRICTED", "HAND")


def test_first_rule_decides_and_defaults_come_last(mia):
    other = rule("name", "STARTS_WITH", "globex", "RESTRICTED")
    publish(BANKS, other, actor=mia, defaults={"designation": "RESTRICTED"})
    assert stands(add("Globex Bank", mia))[0] == "VENDOR_DIRECT"
    assert stands(add("Globex", mia))[2] == "name-restricted"
    hooli = add("Hooli", mia)
    assert stands(hooli) == ("RESTRICTED", "RULE", "default")
    assert designation.reason(hooli) == "by the rules’ default (version 1)"


# --- changes of one company ----------------------------------------------------------------------


def test_a_company_follows_when_it_changes(mia, ada):
    trade = catalog.add_entry(Kind.INDUSTRIES, name="Energy", actor=ada)
    publish(
        BANKS,
        rule("country", "IS", "FR", "RESTRICTED"),
        rule("industry", "IS", trade.code),
        rule("domain", "HAS", "gov.uk"),
        rule("number", "HAS", "LEI"),
        rule("system", "HAS", "CRM "),
        actor=mia,
    )
    company = add("Globex", mia)

    def said():
        return stands(company)[2]

    company = services.rename(company, "Globex Bank", actor=mia)
    assert said() == "banks"
    company = services.rename(company, "Globex", country="FR", actor=mia)
    assert said() == "country-restricted"
    company = services.rename(company, "Globex", country="DE", actor=mia)
    assert said() == ""
    services.set_industry(company, trade, actor=mia)
    assert said() == "industry-vendor_direct"
    services.set_industry(company, None, actor=mia)
    services.add_domain(company, "ministry.gov.uk", actor=mia)
    assert said() == "domain-vendor_direct"
    services.remove_domain(company, company.domains.get(), actor=mia)
    services.add_number(company, "LEI", "529900T8BM49AURSDO55", actor=mia)
    assert said() == "number-vendor_direct"
    services.remove_number(company, company.numbers.get(), actor=mia)
    services.add_external_id(company, "crm", "1", actor=mia)
    assert said() == "system-vendor_direct"
    services.remove_external_id(company, company.external_ids.get(), actor=mia)
    assert said() == ""


def test_confirming_is_a_change_too(mia, pat):
    publish(rule("standing", "IS", "CONFIRMED"), actor=mia)
    typed = services.identify(name="Hooli", actor=pat)
    assert stands(typed) == OPEN
    assert stands(services.confirm_company(typed, actor=mia))[0] == "VENDOR_DIRECT"


def test_what_a_company_owns_follows_it_down_the_family(mia):
    publish(BANKS, rule("parent", "IS", "VENDOR_DIRECT", code="group"), actor=mia)
    family = [add(f"Globex {at}", mia) for at in range(4)]
    for above, below in pairwise(family):
        services.set_parent(below, above, actor=mia)
    services.rename(family[0], "Globex Bank", actor=mia)
    drain()
    assert [stands(one)[2] for one in family] == ["banks", "group", "group", "group"]
    services.set_designation(family[1], "OPEN", actor=mia)
    drain()
    assert [stands(one)[0] for one in family[1:]] == ["OPEN"] * 3


def test_publishing_reaches_the_whole_family_in_any_order(mia):
    below = add("Globex", mia)
    for at in range(5):
        above = add("Top Bank" if at == 4 else f"Holding {at}", mia)
        services.set_parent(below, above, actor=mia)
        below = above
    publish(BANKS, rule("parent", "IS", "VENDOR_DIRECT", code="group"), actor=mia)
    drain()
    assert Company.objects.filter(designation="VENDOR_DIRECT").count() == 6


def test_merge_keeps_the_stronger_word_and_undo_gives_it_back(mia, monkeypatch):
    monkeypatch.setattr(registry, "_functions", [])
    publish(BANKS, actor=mia)
    bank, other = add("Globex Bank", mia), add("Globex", mia)
    services.set_designation(other, "OPEN", actor=mia)
    services.confirm_as(other, bank, actor=mia)
    assert stands(bank) == ("OPEN", "HAND", "")
    services.undo_merge(bank.merges_in.get(), actor=mia)
    assert stands(bank) == BY_BANKS
    assert stands(other) == ("OPEN", "HAND", "")


def test_both_halves_of_a_split_follow(mia):
    publish(BANKS, actor=mia)
    bank = add("Globex Bank", mia, aliases=["Hooli"])
    name = bank.names.get(raw="Hooli")
    fresh = services.split_company(bank, services.Parting(names=frozenset({name.pk})), actor=mia)
    assert (stands(bank), stands(fresh)) == (BY_BANKS, OPEN)


# --- all companies -------------------------------------------------------------------------------


def test_batches_go_on_where_they_stopped(mia, monkeypatch):
    monkeypatch.setattr(designating, "BATCH", 2)
    made = [add(f"Bank {at}x", mia) for at in range(5)]
    publish(BANKS, actor=mia)
    first = services.apply_designation_rules(most=2)
    assert (first.last, first.changed) == (made[1].pk, 2)
    again = services.apply_designation_rules(most=2)
    assert again == designating.Applied(made[1].pk, 0)
    rest = services.apply_designation_rules(after=first.last, most=10)
    assert (rest.last, rest.changed) == (None, 3)


def test_a_killed_worker_leaves_nothing_half_done(mia, monkeypatch):
    made = [add(f"Bank {at}x", mia) for at in range(3)]
    publish(BANKS, actor=mia)
    monkeypatch.setattr(designating, "_record", lambda *given: 1 / 0)
    due.drain()
    assert {stands(one) for one in made} == {OPEN}
    monkeypatch.undo()
    DueRow.objects.filter(kind=designating.PUBLISHED).update(due_at=clock.now())
    drain()
    assert {stands(one) for one in made} == {BY_BANKS}


def test_many_changes_are_one_event(mia, monkeypatch):
    monkeypatch.setattr(designating, "ONE_BY_ONE", 2)
    for at in range(3):
        add(f"Bank {at}x", mia)
    publish(BANKS, actor=mia)
    before = Event.objects.filter(code="company.designated").count()
    drain()
    (event,) = Event.objects.filter(code="company-rules.applied")
    assert event.data == {"version": 1, "changed": 3, "to": {"VENDOR_DIRECT": 3}}
    assert Event.objects.filter(code="company.designated").count() == before


def test_a_new_version_is_stamped_without_an_event(mia):
    publish(BANKS, actor=mia)
    bank = add("Globex Bank", mia)
    touched = bank.updated_at
    publish(BANKS, rule("country", "IS", "FR"), actor=mia)
    before = Event.objects.count()
    drain()
    assert Event.objects.count() == before
    assert (stands(bank), bank.designation_version) == (BY_BANKS, 2)
    assert bank.updated_at == touched


def test_who_decided_under_old_rules_meanwhile_is_looked_at_again(mia, travel):
    publish(BANKS, actor=mia)
    drain()
    bank = add("Globex Bank", mia)
    Company.objects.filter(pk=bank.pk).update(
        designation="OPEN", designation_rule="", designation_version=None
    )
    travel(minutes=11)
    drain()
    assert stands(bank) == BY_BANKS


def test_rules_that_cannot_be_read_any_more_change_nothing(mia, monkeypatch):
    publish(BANKS, actor=mia)
    bank = add("Globex Bank", mia)

    def unreadable(version):
        raise RuleInvalid([])

    monkeypatch.setattr(rules, "ruleset", unreadable)
    assert stands(add("Second Bank", mia)) == OPEN
    assert stands(services.rename(bank, "Globex", actor=mia)) == BY_BANKS
    assert designating.settle_many([bank.pk]) == 0
