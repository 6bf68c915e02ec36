"""A file of running deals before it is imported: what may come in, its columns, what is wrong with its rows."""

import pytest
from django.core.exceptions import PermissionDenied

from prm import due
from prm.events import Event
from prm.uploads import UploadRefused
from registrations import services
from registrations.enums import State
from registrations.models import (
    Registration,
    RegistrationImport,
)
from tests.registrations.importing import (
    checked,
    content,
    everything,
    imported,
    outcomes,
    row,
    upload,
)


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


def test_checking_writes_nothing(ada, approved, pat):
    approved(pat, "Hooli")
    before = everything()
    file = checked(row(1), row(2, status="open"), row(3, partner="?"), actor=ada)
    assert (file.creates, file.skips, file.errors) == (2, 0, 1)
    assert everything() == before
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
