"""An import is taken back: every row as it was, or a sentence for each deal that has moved."""

import random
from datetime import timedelta

import pytest
from django.db import connection

from companies import services as companies
from companies.models import Company
from prm import clock, due
from registrations import services
from registrations.enums import ImportOutcome, ImportState, State
from registrations.models import (
    Registration,
)
from registrations.services import importing
from tests.registrations.importing import (
    checked,
    everything,
    imported,
    mapped,
    outcomes,
    row,
    undone,
)


def story(rng: random.Random, many: int) -> list[dict[str, str]]:
    """Rows that meet one another and what is in the portal, in any order."""
    customers = [
        ("Initech", "initech.example"),
        ("Hooli", ""),
        ("Umbrella Corp", "umbrella.example"),
    ]
    customers += [(f"Customer {n} Works", f"c{n}.example" if n % 2 else "") for n in range(6)]
    rows = []
    for number in range(many):
        company, website = rng.choice(customers)
        rows.append(
            row(
                number,
                company=company,
                website=rng.choice([website, ""]),
                partner=rng.choice(["Harbor", "Summit"]),
                owner="",
                product_lines=rng.choice(["crm", "erp", "crm;erp", "bi"]),
                status=rng.choice(["approved", "approved", "open", "in review", "in line"]),
                registered_on=f"2026-0{rng.randint(1, 9)}-1{rng.randint(0, 9)}",
                approved_on="",
            )
        )
    return rows


@pytest.mark.parametrize("seed", range(6))
def test_undo_restores_every_row(ada, pat, sam, submitted, approved, seed):
    approved(pat, "Initech", website="initech.example")
    submitted(sam, "Hooli")
    submitted(sam, "Umbrella", website="umbrella.example")
    due.drain()
    before = everything()
    file = imported(*story(random.Random(seed), 25), actor=ada)
    assert everything() != before
    numbers = list(
        Registration.objects.order_by("ledger_number").values_list("ledger_number", flat=True)
    )
    assert numbers == list(range(1, len(numbers) + 1))
    approved_rows = Registration.objects.filter(imported=file, state=State.APPROVED)
    assert all(deal.holdings.count() == 1 for deal in approved_rows)
    assert undone(file, ada).kept_rows == 0
    assert everything() == before


@pytest.mark.parametrize("seed", range(6))
def test_the_check_foresees_what_the_import_does(ada, pat, approved, seed):
    approved(pat, "Initech", website="initech.example")
    file = checked(*story(random.Random(100 + seed), 25), actor=ada)
    foreseen = outcomes(file)
    services.begin_import(file, actor=ada)
    due.drain()
    assert outcomes(file) == foreseen


def test_undo_is_refused_with_a_sentence_per_deal_that_moved(ada, mia):
    file = imported(row(1), row(2, status="open"), row(3), actor=ada)
    two = Registration.objects.get(old_reference="OLD-2")
    services.take_registration(two, actor=mia)
    with pytest.raises(services.UndoRefused) as refused:
        services.begin_undo_import(file, actor=ada)
    (sentence,) = refused.value.deals
    assert sentence.startswith(f"Customer 2 Works ({two.reference}): Taken into review, ")
    assert sentence.endswith("by Mia Manager.")
    file.refresh_from_db()
    assert file.state == ImportState.DONE


def test_what_happens_while_it_is_undone_is_kept(ada, mia):
    file = imported(row(1, status="open", approved_on=""), row(2), actor=ada)
    services.begin_undo_import(file, actor=ada)
    services.take_registration(Registration.objects.get(old_reference="OLD-1"), actor=mia)
    due.drain()
    file.refresh_from_db()
    assert (file.state, file.kept_rows) == (ImportState.UNDONE, 1)
    assert list(Registration.objects.values_list("old_reference", flat=True)) == ["OLD-1"]
    assert [cause for _outcome, cause in outcomes(file)] == ["kept", ""]
    assert Company.objects.count() == 1


def test_undo_leaves_a_company_that_somebody_has_worked_on(ada, mia):
    file = imported(row(1), row(2), actor=ada)
    kept = Company.objects.get(name="Customer 1 Works")
    companies.add_name(kept, "Another name of theirs", actor=mia)
    undone(file, ada)
    assert list(Company.objects.all()) == [kept]


def test_undo_makes_a_company_provisional_again(ada, pat, submitted):
    theirs = submitted(pat, "Initech", website="initech.example").company
    file = imported(row(1, website="initech.example", partner="Summit", owner=""), actor=ada)
    theirs.refresh_from_db()
    assert theirs.is_confirmed
    undone(file, ada)
    theirs.refresh_from_db()
    assert not theirs.is_confirmed
    assert set(theirs.names.values_list("source", flat=True)) == {"TYPED"}


def test_undo_is_possible_for_a_day(ada, travel):
    file = imported(row(1), actor=ada)
    travel(hours=24)
    with pytest.raises(services.ImportUnusable):
        services.begin_undo_import(file, actor=ada)


def test_after_an_undo_the_same_file_can_come_again(ada):
    rows = [row(n) for n in range(4)]
    undone(imported(*rows, actor=ada), ada)
    assert not Registration.objects.exists()
    assert not Company.objects.exists()
    again = imported(*rows, actor=ada)
    assert again.created_rows == 4


def test_rows_are_forgotten_after_a_day_and_errors_after_a_month(ada, travel):
    file = imported(row(1), row(2, value="?"), actor=ada)
    travel(hours=25)
    due.drain()
    assert [line.outcome for line in file.rows.all()] == [ImportOutcome.ERROR]
    travel(days=30)
    due.drain()
    assert not file.rows.exists()
    file.refresh_from_db()
    assert file.name == ""


def test_an_imported_protection_ends_by_itself(ada, travel):
    end = clock.now() + timedelta(days=2)
    imported(row(1, protected_until=end.date().isoformat()), actor=ada)
    travel(days=4)
    due.drain()
    deal = Registration.objects.get()
    assert (deal.state, deal.close_code) == (State.CLOSED, "EXPIRED")


def test_jobs_that_are_gone_are_no_error(ada):
    unknown = "00000000-0000-0000-0000-000000000000"
    assert importing.work(unknown) is None
    assert importing.clean(unknown) is None
    assert importing.look(unknown) is None
    assert importing.clean(str(mapped(row(1), actor=ada).uid)) is None
    assert connection.in_atomic_block
