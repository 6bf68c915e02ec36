"""What a partner types about a customer and a deal: forgiving in, exact out, prefilled."""

import uuid

import pytest
from django.urls import reverse

from registrations.forms import CustomerForm, DealForm
from registrations.models import Registration
from tests.registrations.test_views import CUSTOMER, deal, register

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"registrations:{name}", args=args)


def customer_of(**typed):
    form = CustomerForm(CUSTOMER | typed)
    return form, form.is_valid()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("bill@initech.example", "initech.example"),
        ("Bill <bill@initech.example>", "initech.example"),
        ("https://shop.initech.example/a?b=c", "initech.example"),
        ("https://www.linkedin.com/company/initech/", ""),
        ("bill@gmail.com", ""),
    ],
)
def test_whatever_is_pasted_becomes_a_domain_or_nothing(typed, kept):
    form, fine = customer_of(website=typed)
    assert fine
    assert form.cleaned_data["website"] == kept
    assert bool(form.notes) == (not kept)


@pytest.mark.parametrize(
    ("typed", "name", "website"),
    [
        ("https://www.linkedin.com/company/initech-gmbh/about", "Initech Gmbh", ""),
        ("https://initech.example/about", "Initech", "initech.example"),
        ("bill@initech.example", "Initech", "initech.example"),
        ("Initech  Ltd", "Initech Ltd", ""),
        ("booking.com", "booking.com", ""),
    ],
)
def test_a_link_pasted_as_the_name_is_read(typed, name, website):
    form, fine = customer_of(company_name=typed, website="")
    assert fine
    assert (form.cleaned_data["company_name"], form.cleaned_data["website"]) == (name, website)


@pytest.mark.parametrize(
    ("scheme", "number", "kept"),
    [
        ("VAT", "de 129 273 398", "DE129273398"),
        ("DUNS", "15-048-3782", "150483782"),
        ("REGISTER", "hrb 1234", "HRB 1234"),
        ("", "", ""),
    ],
)
def test_a_number_is_kept_as_it_is_written_officially(scheme, number, kept):
    form, fine = customer_of(number_scheme=scheme, number=number)
    assert fine, form.errors
    assert form.cleaned_data["number"] == kept


@pytest.mark.parametrize(
    ("scheme", "number", "field"),
    [("VAT", "DE129273399", "number"), ("", "12345", "number_scheme"), ("LEI", "", "number")],
)
def test_a_number_that_cannot_be_gets_a_sentence(scheme, number, field):
    form, fine = customer_of(number_scheme=scheme, number=number)
    assert not fine
    assert list(form.errors) == [field]


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1.2m", 1_200_000),
        ("1 200 000,50", "1200000.50"),
        ("€ 12.500", 12_500),
        ("12,500 USD", 12_500),
    ],
)
def test_amounts_are_read_as_people_write_them(typed, amount):
    from datetime import date
    from decimal import Decimal

    form = DealForm(deal(value=typed, expected_close="2030-06"), today=date(2030, 1, 1))
    assert form.is_valid(), form.errors
    assert form.cleaned_data["value"] == Decimal(amount)


def test_a_pasted_address_brings_the_name_along():
    from datetime import date

    typed = deal(expected_close="2030-06", contact_email="Bill Lumbergh <bill@initech.example>")
    form = DealForm(typed, today=date(2030, 1, 1))
    assert form.is_valid()
    assert form.cleaned_data["contact_name"] == "Bill Lumbergh"
    assert form.cleaned_data["contact_email"] == "bill@initech.example"
    form = DealForm(typed | {"contact_email": "bill at initech"}, today=date(2030, 1, 1))
    assert "contact_email" in form.errors


def test_optional_fields_are_kept_and_shown(browse, pat):
    client = browse(pat)
    row = register(client, site="Graz", number_scheme="DUNS", number="150483782")
    assert (row.site, row.number) == ("Graz", "150483782")
    text = client.get(url("detail", row.reference)).content.decode()
    assert "Graz" in text
    assert "150483782" in text


def test_optional_fields_say_so(browse, pat, draft):
    text = browse(pat).get(url("deal", draft(pat, "Initech").reference)).content.decode()
    assert text.count("(optional)") == 5  # contact, address, competitor, tender, description


def test_the_second_deal_begins_with_the_first_ones_answers(browse, pat):
    client = browse(pat)
    row = register(client)
    Registration.objects.filter(pk=row.pk).update(
        country="DE", currency="CHF", contact_name="Bill", contact_email="bill@initech.example"
    )
    first = client.get(url("new"))
    assert first.context["form"].initial["country"] == "DE"
    token = str(uuid.uuid4())
    page = client.post(url("new"), CUSTOMER | {"token": token}).url
    initial = client.get(page).context["form"].initial
    assert initial["currency"] == "CHF"
    assert initial["product_lines"] == list(row.product_lines.values_list("pk", flat=True))
    assert (initial["contact_name"], initial["contact_email"]) == ("Bill", "bill@initech.example")
    other = client.post(
        url("new"), {"company_name": "Hooli", "country": "US", "token": str(uuid.uuid4())}
    )
    initial = client.get(other.url).context["form"].initial
    assert initial["currency"] == "CHF"
    assert initial["contact_name"] == ""


def test_prefilling_writes_nothing(browse, pat):
    client = browse(pat)
    register(client)
    page = client.post(url("new"), CUSTOMER | {"token": str(uuid.uuid4())}).url
    client.get(page)
    fresh = Registration.objects.filter(state="DRAFT").get()
    assert not fresh.product_lines.exists()


def test_a_tick_that_is_taken_back_is_taken_back(browse, pat, draft):
    row = draft(pat, "Initech", is_tender=True)
    browse(pat).post(url("deal", row.reference), {"leave": "1", "value": "5"})
    row.refresh_from_db()
    assert not row.is_tender
