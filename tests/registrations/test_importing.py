"""Running deals from elsewhere: check, import, undo; what becomes of each row and why."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from companies import services as companies
from companies.enums import Standing
from companies.models import Company, CompanyName
from notifications.models import Notice
from prm import clock, due
from prm.due.models import DueRow
from prm.events import Event, timeline
from prm.uploads import UploadRefused
from registrations import services
from registrations.enums import ConflictKind, ImportOutcome, ImportState, State
from registrations.models import (
    Protection,
    ProtectionHolder,
    Registration,
    RegistrationConflict,
    RegistrationImport,
    SubmissionCounter,
)
from registrations.services import import_writing, importing
from tests.registrations.importing import (
    checked,
    content,
    imported,
    mapped,
    outcomes,
    row,
    undone,
    upload,
)


def state_of_everything():
    """Every row that an import may write, but for times and the ledger's counter."""
    found = {}
    for model in (
        Registration,
        Protection,
        ProtectionHolder,
        RegistrationConflict,
        Company,
        CompanyName,
        DueRow,
    ):
        rows = (
            model.objects.exclude(kind__startswith="registrations.import")
            if model is DueRow
            else model.objects
        )
        rows = rows.exclude(kind="companies.recount") if model is DueRow else rows
        found[model.__name__] = sorted(
            str({k: v for k, v in each.items() if k not in {"updated_at"}})
            for each in rows.values()
        )
    return found


# --- upload and columns ---------------------------------------------------------------------------


@pytest.mark.parametrize("person", ["pat", "mia", "fin", "ana", "lea", "nadia"])
def test_only_administrators_import(request, person, ada):
    actor = request.getfixturevalue(person)
    file = checked(row(), actor=ada)
    for step in (
        lambda: services.start_import(upload(content(row())), actor=actor),
        lambda: services.map_import(file, {}, actor=actor),
        lambda: services.begin_import(file, actor=actor),
        lambda: services.discard_import(file, actor=actor),
        lambda: services.begin_undo_import(file, actor=actor),
    ):
        with pytest.raises(PermissionDenied):
            step()
    assert not RegistrationImport.objects.all().visible_to(actor).exists()


@pytest.mark.parametrize("data", [b"", b"\x00\x01", "Ä\n".encode("cp1252"), b"<html>"])
def test_what_is_no_table_is_refused_with_a_sentence(ada, data):
    with pytest.raises(UploadRefused):
        services.start_import(upload(data), actor=ada)
    assert not RegistrationImport.objects.exists()


@pytest.mark.parametrize(
    "data", [b"Company\n", b"\n\n\n", b'Company\n"a', b",".join([b"x"] * 101) + b"\na\n"]
)
def test_a_file_without_rows_is_refused(ada, data):
    with pytest.raises(services.ImportUnusable):
        services.start_import(upload(data), actor=ada)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_any_usual_separator_is_found(ada, delimiter, mark):
    file = services.start_import(upload(mark + content(row(), delimiter=delimiter)), actor=ada)
    assert file.delimiter == delimiter
    assert len(file.mapping) == 18
    assert len(file.guessed) == 18


def test_columns_are_remembered_from_the_last_import(ada):
    file = services.start_import(upload(content(row())), actor=ada)
    swapped = {**file.mapping, "contact_name": file.mapping["description"]}
    del swapped["description"]
    services.map_import(file, swapped, day_first=False, actor=ada)
    again = services.start_import(upload(content(row())), actor=ada)
    assert again.mapping["contact_name"] == swapped["contact_name"]
    assert not again.day_first
    assert "partner" not in again.guessed


@pytest.mark.parametrize(
    "change", [{"partner": None}, {"partner": 99}, {"website": 1}, {"other": 1}]
)
def test_a_mapping_that_makes_no_sense_is_refused(ada, change):
    file = services.start_import(upload(content(row())), actor=ada)
    mapping = {k: v for k, v in {**file.mapping, **change}.items() if v is not None}
    with pytest.raises(services.ImportUnusable):
        services.map_import(file, mapping, actor=ada)


# --- check ----------------------------------------------------------------------------------------


def test_checking_writes_nothing(ada, approved, pat):
    approved(pat, "Hooli")
    before = state_of_everything()
    file = checked(row(1), row(2, status="open"), row(3, partner="?"), actor=ada)
    assert (file.creates, file.skips, file.errors) == (2, 0, 1)
    assert state_of_everything() == before
    assert not Event.objects.filter(code="registration.imported").exists()


@pytest.mark.parametrize(
    ("cells", "cause"),
    [
        ({"old_reference": ""}, "missing"),
        ({"old_reference": "x" * 65}, "long-cell"),
        ({"company": "x" * 10_000}, "long-cell"),
        ({"company": "x" * 201}, "bad-company"),
        ({"company": "!!!"}, "bad-company"),
        ({"company": "Init\x01ech"}, "control"),
        ({"company": "Init\u202eech"}, "control"),
        ({"company": "<script>alert(1)</script>"}, "markup"),
        ({"description": "a <b>bold</b> move"}, "markup"),
        ({"description": "x" * 2_001}, "long-cell"),
        ({"contact_name": "x" * 121}, "long-cell"),
        ({"contact_email": "no address"}, "bad-email"),
        ({"partner": "Nobody Inc"}, "no-partner"),
        ({"owner": "sam@summit.example"}, "owner-elsewhere"),
        ({"owner": "mia@acme.example"}, "owner-elsewhere"),
        ({"website": "not a website"}, "bad-website"),
        ({"country": "Atlantis"}, "bad-country"),
        ({"product_lines": "CRM Suite; Flying cars"}, "bad-lines"),
        ({"value": "a lot"}, "bad-value"),
        ({"value": "-5"}, "bad-value"),
        ({"value": "9" * 14}, "bad-value"),
        ({"currency": "QQQ"}, "bad-currency"),
        ({"expected_close": "soon"}, "bad-date"),
        ({"expected_close": "2031-02-30"}, "bad-date"),
        ({"expected_close": "3031-02-03"}, "bad-date"),
        ({"stage": "won"}, "bad-stage"),
        ({"status": "declined"}, "bad-status"),
        ({"registered_on": "2031-01-01"}, "in-future"),
        ({"registered_on": "2026-05-04 25:99"}, "bad-date"),
        ({"approved_on": "2026-05-03"}, "approved-first"),
        ({"protected_until": ""}, "no-end"),
        ({"protected_until": "2026-06-01"}, "ended"),
        ({"protected_until": "someday"}, "bad-date"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_imported_says_why(ada, cells, cause):
    file = checked(row(1), row(2, **cells), actor=ada)
    assert outcomes(file) == [("CREATE", ""), ("ERROR", cause)]


def test_everything_that_is_wrong_with_a_row_is_said(ada):
    file = checked(row(1, partner="?", value="?", country="?"), actor=ada)
    (line,) = file.rows.all()
    assert [cause["field"] for cause in line.causes] == ["partner", "country", "value"]
    assert line.typed["value"] == "?"


def test_an_ended_partner_takes_no_deals(ada, mia):
    from partners.models import Partner
    from partners.services import end_partner

    end_partner(Partner.objects.get(name="Summit"), reason="Over", actor=mia)
    file = checked(row(1, partner="Summit", owner=""), actor=ada)
    assert outcomes(file) == [("ERROR", "partner-ended")]


def test_a_row_with_more_cells_than_the_header_and_a_broken_end(ada):
    data = content(row(1)) + b"a," * 19 + b"\n" + b'"open\n'
    file = services.start_import(upload(data), actor=ada)
    services.map_import(file, file.mapping, actor=ada)
    due.drain()
    assert outcomes(file) == [("CREATE", ""), ("ERROR", "too-many-cells"), ("ERROR", "unreadable")]


def test_more_rows_than_allowed_are_named(ada, monkeypatch):
    from registrations.services import import_checking

    monkeypatch.setattr(import_checking, "MAX_ROWS", 3)
    monkeypatch.setattr(import_checking, "BATCH", 2)
    file = checked(*(row(n) for n in range(6)), actor=ada)
    assert outcomes(file) == [("CREATE", "")] * 3 + [("ERROR", "too-many-rows")]


def test_the_usual_forms_are_understood(ada, pat):
    cells = {
        "partner": "p-test-0000", "owner": "PAT@harbor.example", "country": "Germany",
        "website": "https://www.initech.example/x", "product_lines": "crm | ERP Cloud (de)",
        "value": "€ 1,2 Mio", "currency": "eur", "expected_close": "März 2031",
        "stage": "Verhandlung", "status": "in Prüfung", "registered_on": "4. Mai 2026, 14:05 Uhr",
        "approved_on": "", "protected_until": "", "description": "=HYPERLINK(1)",
    }  # fmt: skip
    imported(row(1, **cells), actor=ada)
    deal = Registration.objects.get()
    assert (deal.owner, deal.state, deal.stage) == (pat, State.IN_REVIEW, "NEGOTIATION")
    assert (deal.website, deal.country) == ("initech.example", "DE")
    assert (str(deal.value), deal.currency) == ("1200000.00", "EUR")
    assert sorted(line.code for line in deal.product_lines.all()) == ["crm", "erp"]
    assert deal.place.code == "dach"
    assert str(deal.expected_close) == "2031-03-01"
    assert deal.description == "=HYPERLINK(1)"


def test_the_same_reference_twice_in_a_file_is_imported_once(ada):
    file = checked(row(1), row(2, old_reference="OLD-1"), actor=ada)
    assert outcomes(file) == [("CREATE", ""), ("SKIP", "repeated")]


# --- import ---------------------------------------------------------------------------------------


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
    before = state_of_everything()
    again = checked(*rows, row(9), actor=ada)
    assert (again.creates, again.skips) == (1, 7)
    other = checked(*rows, row(9), actor=ada)
    services.begin_import(again, actor=ada)
    services.begin_import(other, actor=ada)
    due.drain()
    other.refresh_from_db()
    assert (other.created_rows, other.skipped_rows) == (0, 1)
    assert Registration.objects.count() == 8
    assert len(state_of_everything()["Protection"]) == len(before["Protection"]) + 1


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


# --- undo -----------------------------------------------------------------------------------------


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
    before = state_of_everything()
    file = imported(*story(random.Random(seed), 25), actor=ada)
    assert state_of_everything() != before
    numbers = list(
        Registration.objects.order_by("ledger_number").values_list("ledger_number", flat=True)
    )
    assert numbers == list(range(1, len(numbers) + 1))
    approved_rows = Registration.objects.filter(imported=file, state=State.APPROVED)
    assert all(deal.holdings.count() == 1 for deal in approved_rows)
    assert undone(file, ada).kept_rows == 0
    assert state_of_everything() == before


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
