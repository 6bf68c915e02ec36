"""Running deals from elsewhere become registrations: what they bring along, who holds what, batches that die."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from companies.enums import Standing
from companies.models import Company
from notifications.models import Notice
from prm import clock, due
from prm.due.models import DueRow
from prm.events import timeline
from registrations import services
from registrations.enums import ConflictKind, ImportState, State
from registrations.models import (
    Registration,
    RegistrationConflict,
    SubmissionCounter,
)
from registrations.services import import_writing, importing
from tests.registrations.importing import (
    checked,
    everything,
    imported,
    outcomes,
    row,
    undone,
)


def test_an_approved_deal_comes_with_all_it_had(ada, pat, mia):
    file = imported(row(1, company="Initech Inc", website="initech.example"), actor=ada)
    deal = Registration.objects.get()
    assert (deal.state, deal.owner, deal.partner.name) == (State.APPROVED, pat, "Harbor")
    assert deal.submitted_at.isoformat() == "2026-05-04T09:30:00+00:00"
    assert deal.decided_at.date().isoformat() == "2026-05-06"
    assert (deal.decided_by, deal.imported, deal.old_reference) == (None, file, "OLD-1")
    assert (deal.stage, deal.contact_name) == ("PROPOSAL", "Bill Lumbergh")
    assert deal.company.standing == Standing.CONFIRMED
    assert deal.rules.number
    assert deal.trace["outcome"]
    protection = deal.holdings.get().protection
    assert protection.ends_at == datetime(2031, 3, 15, tzinfo=UTC)
    assert str(protection.last_day) == "2031-03-14"
    assert [event.code for event in timeline(deal)] == ["registration.imported"]
    kinds = DueRow.objects.filter(subject=str(deal.uid)).values_list("kind", flat=True)
    assert {"registrations.prod", "registrations.end", "registrations.ending"} <= set(kinds)


def test_open_deals_get_a_promise_and_a_reviewer(ada):
    imported(row(1, status="open", approved_on="", protected_until=""), actor=ada)
    deal = Registration.objects.get()
    assert deal.state == State.SUBMITTED
    assert deal.due_at > clock.now()
    assert deal.company.standing == Standing.PROVISIONAL
    assert DueRow.objects.filter(kind="registrations.escalate", key=str(deal.uid)).exists()


def test_the_ledger_follows_the_original_dates_after_what_is_there(ada, submitted, pat):
    before = submitted(pat, "Hooli").ledger_number
    days = ["2026-05-04 09:30", "2025-01-01", "2026-05-04 09:29", "2024-06-01"]
    imported(*(row(n, registered_on=day, approved_on="") for n, day in enumerate(days)), actor=ada)
    deals = Registration.objects.filter(ledger_number__gt=before).order_by("ledger_number")
    assert [deal.old_reference for deal in deals] == ["OLD-3", "OLD-1", "OLD-2", "OLD-0"]
    assert [deal.ledger_number for deal in deals] == [before + n for n in range(1, 5)]
    assert submitted(pat, "Umbrella").ledger_number == before + 5


def test_an_unknown_owner_gives_the_deal_to_the_administrator(ada):
    file = imported(row(1, owner="gone@harbor.example"), row(2, owner=""), actor=ada)
    owners = set(Registration.objects.values_list("owner__email", flat=True))
    assert owners == {"paula@harbor.example"}
    assert [line.notes for line in file.rows.all()] == [["owner-unknown"], []]


def test_the_earlier_row_holds_the_customer_and_the_later_one_names_its_line(ada):
    same = {"company": "Initech", "website": "initech.example"}
    rows = [
        row(1, **same, registered_on="2026-05-05"),
        row(2, **same, registered_on="2026-05-04", partner="Summit", owner=""),
        row(3, **same, status="in line", partner="Summit", owner="", approved_on=""),
        row(4, **same, product_lines="erp"),
    ]
    file = checked(*rows, actor=ada)
    expected = [("ERROR", "held-by-line"), ("CREATE", ""), ("CREATE", ""), ("CREATE", "")]
    assert outcomes(file) == expected
    assert file.rows.get(number=2).causes[0]["line"] == 3
    services.begin_import(file, actor=ada)
    due.drain()
    assert outcomes(file) == expected
    states = dict(Registration.objects.values_list("old_reference", "state"))
    assert states == {"OLD-2": "APPROVED", "OLD-3": "QUEUED", "OLD-4": "APPROVED"}
    assert Company.objects.count() == 1


def test_what_the_check_cannot_see_the_constraint_decides(ada, monkeypatch):
    from registrations.services import import_checking

    monkeypatch.setattr(import_checking, "_foresee", lambda file: None)
    same = {"company": "Initech", "website": "initech.example"}
    file = imported(row(1, **same), row(2, **same), actor=ada)
    assert outcomes(file) == [("CREATE", ""), ("ERROR", "held-by-line")]
    assert file.rows.get(number=3).causes[0]["line"] == 2
    assert (file.created_rows, file.failed_rows) == (1, 1)
    numbers = list(Registration.objects.values_list("ledger_number", flat=True))
    assert SubmissionCounter.objects.get().last == max(numbers) == len(numbers)


def test_a_row_that_fails_leaves_no_company_behind(ada, approved, sam):
    approved(sam, "Initech", website="initech.example")
    before = set(Company.objects.values_list("pk", "standing"))
    file = checked(row(1, company="Initech", website="initech.example"), actor=ada)
    assert outcomes(file) == [("ERROR", "held-here")]
    assert "Initech (D-" in file.rows.get().causes[0]["by"]
    assert set(Company.objects.values_list("pk", "standing")) == before


def test_what_has_happened_since_the_check_counts(ada, approved, sam, mia):
    from partners.models import Partner
    from partners.services import end_partner

    rows = [row(1, website="one.example"), row(2, partner="Summit", owner="")]
    file = checked(*rows, actor=ada)
    approved(sam, "Customer 1 Works", website="one.example")
    end_partner(Partner.objects.get(name="Summit"), reason="Over", actor=mia)
    services.begin_import(file, actor=ada)
    due.drain()
    assert outcomes(file) == [("ERROR", "held-here"), ("ERROR", "partner-ended")]
    assert not Registration.objects.filter(imported=file).exists()


def test_whoever_is_in_line_behind_nobody_comes_to_review(ada, mailoutbox):
    file = imported(row(1, status="in line", approved_on="", protected_until=""), actor=ada)
    deal = Registration.objects.get()
    assert deal.state == State.IN_REVIEW
    assert deal.due_at
    assert not Notice.objects.exclude(kind="registrations.import_done").exists()
    assert undone(file, ada).kept_rows == 0


def test_rivals_see_each_other_after_the_import(ada, submitted, sam, travel):
    rival = submitted(sam, "Initech", website="initech.example")
    same = {"company": "Initech", "website": "initech.example"}
    rows = [row(1, **same), row(2, **same, status="open", product_lines="crm", approved_on="")]
    imported(*rows, actor=ada)
    travel(seconds=5)
    due.drain()
    protected, waiting = Registration.objects.filter(imported__isnull=False).order_by("pk")
    seen = {(c.registration_id, c.kind, c.other_id) for c in RegistrationConflict.objects.all()}
    assert (rival.pk, ConflictKind.PROTECTED, protected.pk) in seen
    assert (waiting.pk, ConflictKind.OWN_DUPLICATE, protected.pk) in seen
    assert (waiting.pk, ConflictKind.PENDING, rival.pk) in seen
    assert (rival.pk, ConflictKind.PENDING, waiting.pk) in seen


def test_nobody_is_told_of_single_deals(ada):
    file = imported(row(1), row(2, status="open"), row(3, value="?"), actor=ada)
    (notice,) = Notice.objects.all()
    assert (notice.kind, notice.subject_uid) == ("registrations.import_done", file.uid)
    codes = [event.code for event in timeline(file)]
    assert codes == [f"registration-import.{what}" for what in ("uploaded", "begun", "done")]


def test_importing_the_same_file_again_brings_nothing(ada):
    rows = [row(n) for n in range(1, 8)]
    imported(*rows, actor=ada)
    before = everything()
    again = checked(*rows, row(9), actor=ada)
    assert (again.creates, again.skips) == (1, 7)
    other = checked(*rows, row(9), actor=ada)
    services.begin_import(again, actor=ada)
    services.begin_import(other, actor=ada)
    due.drain()
    other.refresh_from_db()
    assert (other.created_rows, other.skipped_rows) == (0, 1)
    assert Registration.objects.count() == 8
    assert len(everything()["Protection"]) == len(before["Protection"]) + 1


def test_the_database_refuses_a_reference_that_is_there(ada):
    imported(row(1), row(2), actor=ada)
    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.filter(old_reference="OLD-2").update(old_reference="OLD-1")


def test_a_step_is_taken_once(ada):
    file = imported(row(1), actor=ada)
    for step in (services.begin_import, services.discard_import):
        with pytest.raises(services.ImportMoved):
            step(file, actor=ada)


def test_discarding_forgets_everything(ada):
    file = services.discard_import(checked(row(1), actor=ada), actor=ada)
    assert (file.state, file.name, file.rows.count()) == (ImportState.DISCARDED, "", 0)
    assert importing.work(str(file.uid)) is None


def test_an_import_whose_uploader_has_lost_the_role_goes_on(ada):
    file = checked(row(1), actor=ada)
    services.begin_import(file, actor=ada)
    ada.vendor_roles.all().delete()
    due.drain()
    file.refresh_from_db()
    assert (file.state, file.created_rows) == (ImportState.DONE, 1)


@pytest.mark.parametrize("die_at", range(5))
def test_a_batch_that_dies_is_done_again_whole(ada, monkeypatch, die_at):
    rows = [row(n, status="approved" if n % 3 else "open") for n in range(23)]
    file = checked(*rows, actor=ada)
    services.begin_import(file, actor=ada)
    monkeypatch.setattr(import_writing, "BATCH", 5)
    whole, calls = import_writing._mark, []

    def die(*args):
        whole(*args)
        calls.append(1)
        if len(calls) == die_at + 1:
            raise SystemExit("killed")

    monkeypatch.setattr(import_writing, "_mark", die)
    with pytest.raises(SystemExit):
        due.drain()
    assert Registration.objects.count() == die_at * 5
    due.drain()
    file.refresh_from_db()
    assert (file.state, file.created_rows, file.done) == (ImportState.DONE, 23, 23)
    numbers = Registration.objects.order_by("pk").values_list("ledger_number", flat=True)
    assert list(numbers) == list(range(1, 24))


def test_while_others_hold_what_it_needs_the_job_waits(ada, monkeypatch):
    from prm import locks

    file = checked(row(1), actor=ada)
    services.begin_import(file, actor=ada)

    def busy(*keys):
        raise locks.Busy

    with monkeypatch.context() as patch:
        patch.setattr(locks, "hold", busy)
        due.drain()
    assert not Registration.objects.exists()
    job = DueRow.objects.get(kind=importing.KIND)
    assert (job.attempts, job.due_at > clock.now()) == (0, True)


def test_a_batch_costs_the_same_for_every_row(ada, queries):
    """Nothing but the customer and the protection is asked for row by row."""

    def cost(many, start):
        rows = [row(start + n, status="open") for n in range(many)]
        file = checked(*rows, actor=ada)
        services.begin_import(file, actor=ada)
        with queries() as ran:
            importing.work(str(file.uid))
        return len(ran)

    cost(1, 0)
    few, many = cost(2, 100), cost(12, 200)
    assert (many - few) / 10 <= 14
