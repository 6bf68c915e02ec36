"""A loaded list is taken back, and is forgotten after a while."""

from datetime import timedelta

import pytest

from companies import services
from companies.designation import KIND
from companies.enums import LoadState, RowOutcome
from companies.models import Company
from companies.services import loads
from prm import due, rules
from tests.companies.lists import HEADER, checked, loaded, outcomes


@pytest.fixture
def initech(mia):
    return services.add_company(
        name="Initech GmbH", country="DE", domains=["initech.example"], actor=mia
    )


def rows():
    """Everything the directory holds, but for times of change."""
    return {
        model.__name__: sorted(map(str, model.objects.values()))
        for model in (
            type(Company.objects.first()), *(Company._meta.get_field(name).related_model
            for name in ("names", "domains", "numbers", "sites", "external_ids")),
        )
    }  # fmt: skip


def undo(load, actor):
    loads.begin_undo(load, actor=actor)
    due.drain()
    load.refresh_from_db()
    assert load.state == LoadState.UNDONE


def test_undo_takes_out_what_the_list_did(mia, initech):
    before = rows()
    load = loaded(
        HEADER + "Hooli,,hooli.example,US,,Manufacturing,Initech,,1,Bonn\n"
        "Initech,Initrode,initech.example two.example,DE,restricted,Manufacturing,,DUNS: 123456789,2,Bonn\n",
        mia,
    )
    assert rows() != before
    undo(load, mia)
    after = rows()
    stamp = str(Company.objects.get().updated_at)
    assert {k: v for k, v in after.items() if k != "Company"} == {
        k: v for k, v in before.items() if k != "Company"
    }
    initech.refresh_from_db()
    assert (initech.designation, initech.industry) == ("OPEN", None)
    assert Company.objects.count() == 1
    assert stamp
    assert load.kept_rows == 0


def test_undo_keeps_what_is_used_or_changed_since(mia, pat):
    from tests.registrations.conftest import make_submitted

    load = loaded("Name,Website,Country\nUsed,used.example,US\nChanged,,US\nGone,,US\n", mia)
    make_submitted(pat, "Used", website="used.example")
    services.add_name(Company.objects.get(name="Changed"), "Changed More", actor=mia)
    undo(load, mia)
    assert sorted(Company.objects.values_list("name", flat=True)) == ["Changed", "Used"]
    assert sorted(cause for _outcome, cause in outcomes(load)) == ["", "kept-changed", "kept-used"]
    assert load.kept_rows == 2


def test_a_parent_and_its_child_from_one_list_both_go(mia):
    load = loaded("Name,Parent,Country\nChild,Mother Corp,US\nMother Corp,,US\n", mia)
    undo(load, mia)
    assert not Company.objects.exists()


def test_undo_is_possible_for_a_day(mia, travel):
    load = loaded("Name\nHooli\n", mia)
    travel(hours=24)
    with pytest.raises(loads.LoadUnusable):
        loads.begin_undo(load, actor=mia)


def test_rows_are_forgotten_after_a_day_and_errors_after_a_month(mia, travel):
    load = loaded("Name\nHooli\n!!!\n", mia)
    travel(hours=25)
    due.drain()
    assert [row.outcome for row in load.entries.all()] == [RowOutcome.ERROR]
    travel(days=30)
    due.drain()
    assert not load.entries.exists()
    load.refresh_from_db()
    assert load.name == ""


def test_discarding_forgets_everything(mia):
    load = checked("Name\nHooli\n", mia)
    loads.discard_load(load, actor=mia)
    load.refresh_from_db()
    assert (load.state, load.name, load.entries.count()) == (LoadState.DISCARDED, "", 0)
    assert timedelta(hours=24) == loads.UNDO_WITHIN


def test_undo_lets_the_rules_speak_again(mia):
    """Nobody said so before the list, so what the rules say by now counts."""
    bank = services.add_company(name="Globex Bank", actor=mia)
    load = loaded("Name,Status\nGlobex Bank,restricted\n", mia)
    body = {
        "rules": [
            {
                "code": "banks",
                "when": {"field": "name", "op": "CONTAINS", "value": "bank"},
                "then": {"designation": "VENDOR_DIRECT"},
            }
        ]
    }
    rules.publish(KIND, body, actor=mia)
    due.drain()
    bank.refresh_from_db()
    assert (bank.designation, bank.designation_source) == ("RESTRICTED", "LIST")
    undo(load, mia)
    bank.refresh_from_db()
    assert (bank.designation, bank.designation_source) == ("VENDOR_DIRECT", "RULE")
