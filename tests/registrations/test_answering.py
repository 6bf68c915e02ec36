"""Action required: only what the vendor opened can be corrected, cleaned as at registering."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from catalog.models import ProductLine
from prm import clock, events
from registrations import services
from registrations.enums import State
from registrations.models import Registration
from registrations.selectors import scope_of

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"registrations:{name}", args=args)


@pytest.fixture
def asked(submitted, pat, mia):
    """`asked("value", "evidence")`: a deal of Pat's whose named fields are open."""

    def make(*fields, company="Initech", **values):
        row = submitted(pat, company, **values)
        row = services.ask_for_more(row, actor=mia, question="How much?")
        row.change(open_fields=list(fields), time_left=timedelta(hours=5), due_at=None)
        return row

    return make


def answer(row, **more):
    return {"version": row.version, "answer": "Here it is.", **more}


def test_an_answer_alone_runs_the_clock_on(asked, pat):
    row = services.answer_question(asked(), actor=pat, answer="Soon.")
    assert row.state == State.IN_REVIEW
    assert row.time_left is None
    assert row.due_at is not None
    assert row.due_at > clock.now()


def test_only_open_fields_change(asked, pat):
    row = asked("value")
    row = services.answer_question(
        row, actor=pat, answer="x", values={"value": Decimal(99_000), "company_name": "Hooli"}
    )
    assert (row.value, row.company_name) == (99_000, "Initech")
    assert row.open_fields == []
    event = events.timeline(row).get(code="registration.answered")
    assert event.data["fields"] == ["value"]
    assert event.detail.private["changes"]["value"] == ["12500.00", "99000"]


def test_only_open_fields_are_on_the_page(browse, asked, pat):
    row = asked("value", "number", "evidence")
    form = browse(pat).get(url("detail", row.reference)).context["answer_form"]
    names = set(form.fields)
    assert names == {"version", "answer", "value", "number_scheme", "number", "evidence"}
    assert form.initial["value"] == "12500"


def test_corrections_are_cleaned_as_when_registering(browse, asked, pat):
    row = asked("value", "website", "contact_email")
    client = browse(pat)
    bad = client.post(url("answer", row.reference), answer(row, value="much", website="x"))
    assert bad.status_code == 422
    assert set(bad.context["answer_form"].errors) == {"value", "website"}
    text = bad.content.decode()
    assert 'value="much"' in text
    assert "Here it is." in text
    good = answer(
        row, value="1.2m", website="bill@initech.example", contact_email="Bill <b@initech.example>"
    )
    assert client.post(url("answer", row.reference), good).status_code == 303
    row.refresh_from_db()
    assert (row.value, row.website) == (1_200_000, "initech.example")
    assert row.contact_email == "b@initech.example"


def test_product_lines_change_when_they_are_open(browse, asked, pat):
    row = asked("product_lines")
    other = ProductLine.objects.exclude(code="crm").first()
    services.answer_question(row, actor=pat, answer="x", product_lines=[other])
    row.refresh_from_db()
    assert list(row.product_lines.all()) == [other]
    assert scope_of(row).products == {other.pk}


def test_another_name_leads_to_another_company(asked, pat):
    row = asked("company_name", "website")
    before, number = row.company, row.ledger_number
    values = {"company_name": "Hooli", "website": "hooli.example"}
    row = services.answer_question(row, actor=pat, answer="x", values=values)
    assert row.company != before
    assert row.company.name == "Hooli"
    assert row.ledger_number == number


def test_conflicts_are_looked_for_again(asked, submitted, pat, sam):
    submitted(sam, "Hooli", website="hooli.example")
    row = asked("company_name", "website")
    assert not row.conflicts.exists()
    values = {"company_name": "Hooli", "website": "hooli.example"}
    row = services.answer_question(row, actor=pat, answer="x", values=values)
    assert row.conflicts.exists()
    assert row.conflict_count == row.conflicts.filter(settled_at=None).count()


def test_asked_for_evidence_must_be_there(browse, asked, pat):
    row = asked("evidence")
    client = browse(pat)
    assert client.post(url("answer", row.reference), answer(row)).status_code == 422
    refused = SimpleUploadedFile("a.exe", b"MZ\x00\x00", "text/csv")
    sent = client.post(url("answer", row.reference), answer(row, evidence=refused))
    assert sent.status_code == 422
    assert "evidence" in sent.context["answer_form"].errors
    proof = SimpleUploadedFile("a.csv", b"a,b\n1,2\n", "text/csv")
    sent = client.post(url("answer", row.reference), answer(row, evidence=proof))
    assert sent.status_code == 303
    assert row.files.get().original_name == "a.csv"


def test_a_file_must_be_chosen_again_when_something_else_is_wrong(browse, asked, pat):
    row = asked("evidence", "value")
    proof = SimpleUploadedFile("a.csv", b"a,b\n1,2\n", "text/csv")
    sent = browse(pat).post(url("answer", row.reference), answer(row, value="x", evidence=proof))
    assert set(sent.context["answer_form"].errors) == {"value", "evidence"}
    assert not row.files.exists()


def test_an_answer_that_comes_too_late_is_told_so(browse, asked, submitted, pat):
    row = asked()
    services.withdraw_registration(row, actor=pat)
    sent = browse(pat).post(url("answer", row.reference), answer(row))
    assert sent.status_code == 303
    stale = asked(company="Hooli")
    Registration.objects.filter(pk=stale.pk).update(version=99)
    again = browse(pat).post(url("answer", stale.reference), answer(stale))
    assert again.status_code == 422
    assert "Here it is." in again.content.decode()
