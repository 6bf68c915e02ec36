"""Pages of registrations through the client: what is shown, kept, refused and never told."""

import uuid

import pytest
from django.urls import reverse

from registrations import services
from registrations.enums import CloseCode, DeclineCode, State
from registrations.models import Registration

pytestmark = pytest.mark.django_db

CUSTOMER = {"company_name": "Initech", "website": "https://www.initech.example/x", "country": "US"}


def url(name, *args):
    return reverse(f"registrations:{name}", args=args)


def deal(**changes):
    from catalog.models import ProductLine

    line = ProductLine.objects.get(code="crm")
    values = {
        "product_lines": [line.pk],
        "value": "1.2m",
        "currency": "USD",
        "expected_close": "2030-06",
        "stage": "QUALIFIED",
    }
    return values | changes


def register(client, **changes):
    """Two pages and the check page, as a person goes through them."""
    token = str(uuid.uuid4())
    first = client.post(url("new"), CUSTOMER | {"token": token} | changes)
    assert first.status_code == 303, first.content
    draft = Registration.objects.get(token=token)
    month = client.get(first.url).context["form"].fields["expected_close"].choices[3][0]
    second = client.post(first.url, deal(expected_close=month))
    assert second.status_code == 303, second.context["form"].errors
    client.get(second.url)
    done = client.post(second.url, {"version": draft.version})
    assert done.status_code == 303
    draft.refresh_from_db()
    return draft


def test_register_in_two_pages_and_a_check_page(browse, pat):
    row = register(browse(pat))
    assert row.state == State.SUBMITTED
    assert row.website == "initech.example"
    assert row.value == 1_200_000


def test_at_most_eight_fields_are_required(browse, pat, draft):
    client = browse(pat)
    forms = [client.get(url("new")).context["form"]]
    forms.append(client.get(url("deal", draft(pat, "Initech").reference)).context["form"])
    assert sum(field.required for form in forms for field in form.fields.values()) <= 8


def test_an_empty_form_comes_back_with_sentences(browse, pat):
    response = browse(pat).post(url("new"), {"token": str(uuid.uuid4()), "website": "not a site"})
    assert response.status_code == 422
    text = response.content.decode()
    assert "Enter the company&#x27;s name." in text
    assert 'value="not a site"' in text  # what was typed stays
    assert "<title>Error:" in text


def test_fifty_kilobytes_in_a_name_field_get_a_sentence(browse, pat):
    response = browse(pat).post(url("new"), CUSTOMER | {"company_name": "x" * 50_000})
    assert response.status_code == 422
    assert "200" in str(response.context["form"].errors["company_name"])


@pytest.mark.parametrize("value", ["", "much", "-5", "9" * 30, "\x00", "1e999"])
def test_a_bad_value_gets_a_sentence(browse, pat, draft, value):
    row = draft(pat, "Initech")
    response = browse(pat).post(url("deal", row.reference), deal(value=value))
    assert response.status_code == 422
    assert response.context["form"].errors["value"]


def test_autosave_makes_one_draft_and_says_when(browse, pat):
    client, token = browse(pat), str(uuid.uuid4())
    first = client.post(url("save-new"), {"token": token, "company_name": "Initech"})
    assert first.status_code == 200
    assert first.content.decode().startswith("Draft saved ")
    again = client.post(url("save-new"), {"token": token, "company_name": "Initech Ltd"})
    assert again["Content-Location"] == first["Content-Location"]
    assert Registration.objects.get(token=token).company_name == "Initech Ltd"


def test_autosave_of_nothing_makes_nothing(browse, pat):
    assert browse(pat).post(url("save-new"), {"token": str(uuid.uuid4())}).status_code == 204
    assert not Registration.objects.exists()


def test_autosave_keeps_what_is_valid(browse, pat, draft):
    row = draft(pat, "Initech")
    path = url("save", row.reference) + "?page=deal"
    browse(pat).post(path, {"value": "much", "contact_name": "Bill"})
    row.refresh_from_db()
    assert (row.value, row.contact_name) == (12_500, "Bill")


def test_a_submitted_deal_has_no_draft_pages(browse, pat, submitted):
    row = submitted(pat, "Initech")
    for name in ("customer", "deal", "check"):
        assert browse(pat).get(url(name, row.reference)).url == url("detail", row.reference)


@pytest.mark.parametrize("name", ["detail", "customer", "deal", "check", "withdraw", "close"])
def test_a_rivals_url_typed_by_hand_is_not_found(browse, sam, pat, submitted, name):
    row = submitted(pat, "Initech")
    assert browse(sam).get(url(name, row.reference)).status_code == 404


def test_a_partners_page_never_names_the_rival_or_the_number(
    browse, approved, submitted, pat, sam, mia
):
    holder = approved(sam, "Initech", website="initech.example")
    row = submitted(pat, "Initech", website="initech.example")
    Registration.objects.filter(pk=row.pk).update(ledger_number=987_654)
    services.queue_registration(row, actor=mia)

    text = browse(pat).get(url("detail", row.reference)).content.decode()
    for secret in ("Summit", "Sam Seller", holder.reference, "987654", "987,654", str(row.pk)):
        assert f">{secret}<" not in text
    assert "Summit" not in text
    assert "You are next" in text


def test_the_queue_shows_both_sides(browse, submitted, pat, sam, mia):
    submitted(pat, "International Business Machines Corp.")
    row = submitted(sam, "I.B.M.")
    text = browse(mia).get(url("manage-detail", row.reference)).content.decode()
    assert "International Business Machines Corp." in text
    assert "Harbor" in text
    assert "Harbor was first" in text


def test_the_line_of_decisions_through_the_pages(browse, submitted, pat, mia):
    row, client = submitted(pat, "Initech"), browse(mia)
    client.post(url("manage-take", row.reference))
    client.post(url("manage-customer", row.reference))
    row.refresh_from_db()
    client.post(
        url("manage-approve", row.reference), {"version": row.version, "note": "Good luck."}
    )
    row.refresh_from_db()
    assert row.state == State.APPROVED
    assert row.reviewer == mia


def test_a_refused_approval_keeps_the_note(browse, submitted, pat, mia):
    row = submitted(pat, "Initech")
    response = browse(mia).post(
        url("manage-approve", row.reference), {"version": row.version, "note": "Good luck."}
    )
    assert response.status_code == 422
    text = response.content.decode()
    assert "Confirm who the customer is before you approve." in text
    assert "Good luck." in text


def test_a_stale_decision_gets_the_sentence(browse, approved, pat, max_):
    row = approved(pat, "Initech")
    response = browse(max_).post(
        url("manage-decline", row.reference), {"version": 1, "code": "DIRECT", "note": "No."}
    )
    assert response.status_code == 422
    assert "Mia Manager decided this 1 second ago: approved." in response.content.decode()


def test_a_decline_needs_reason_and_note(browse, submitted, pat, mia):
    row = submitted(pat, "Initech")
    response = browse(mia).post(url("manage-decline", row.reference), {"version": row.version})
    assert response.status_code == 422
    assert set(response.context["reject_form"].errors) == {"code", "note"}


def test_the_partner_reads_the_decline_as_written(browse, submitted, pat, mia):
    row = services.reject_registration(
        submitted(pat, "Initech"), actor=mia, code=DeclineCode.DIRECT, note="We <serve> them."
    )
    text = browse(pat).get(url("detail", row.reference)).content.decode()
    assert "We &lt;serve&gt; them." in text


def test_an_answer_goes_back(browse, submitted, pat, mia):
    row = services.ask_for_more(submitted(pat, "Initech"), actor=mia, question="Who decides?")
    client = browse(pat)
    assert "Who decides?" in client.get(url("detail", row.reference)).content.decode()
    empty = client.post(url("answer", row.reference), {"version": row.version, "answer": ""})
    assert empty.status_code == 422
    client.post(url("answer", row.reference), {"version": row.version, "answer": "Bill."})
    row.refresh_from_db()
    assert row.state == State.IN_REVIEW


def test_close_asks_and_closes(browse, approved, pat):
    row, client = approved(pat, "Initech"), browse(pat)
    assert client.get(url("close", row.reference)).status_code == 200
    assert client.post(url("close", row.reference), {"version": row.version}).status_code == 422
    client.post(url("close", row.reference), {"version": row.version, "code": "WON"})
    row.refresh_from_db()
    assert row.close_code == CloseCode.WON


def test_analysts_read_and_cannot_decide(browse, submitted, pat, ana):
    row, client = submitted(pat, "Initech"), browse(ana)
    page = client.get(url("manage-detail", row.reference))
    assert page.status_code == 200
    assert b"manage-approve" not in page.content
    assert url("manage-approve", row.reference) not in page.content.decode()
    assert client.post(url("manage-approve", row.reference)).status_code == 403


def test_the_list_is_a_fragment_for_htmx(browse, submitted, pat):
    submitted(pat, "Initech")
    response = browse(pat).get(url("list"), headers={"HX-Request": "true"})
    assert "<html" not in response.content.decode()
    assert "Initech" in response.content.decode()


def test_the_list_exports_what_it_shows(browse, submitted, pat):
    submitted(pat, "=cmd()")
    text = b"".join(browse(pat).get(url("list") + "?export=csv")).decode("utf-8-sig")
    assert "'=cmd()" in text


@pytest.mark.parametrize("name", ["list", "manage-queue", "manage-list"])
def test_lists_cost_the_same_for_one_and_three_rows(browse, submitted, pat, mia, queries, name):
    client = browse(pat if name == "list" else mia)
    costs = []
    for companies in (["Initech"], ["Zork", "Hooli"]):
        for company in companies:
            submitted(pat, company)
        client.get(url(name))
        with queries() as ran:
            assert client.get(url(name)).status_code == 200

        costs.append(len(ran))
    assert costs[0] == costs[1] <= 10


def test_the_referee_reads_why_it_matters(browse, submitted, pat, sam, mia):
    submitted(pat, "Initech", lines=("crm",))
    row = submitted(sam, "Initech", lines=("crm", "erp"))
    text = browse(mia).get(url("manage-detail", row.reference)).content.decode()
    assert "How much it matters: 64 of 100" in text
    assert "Product lines in common: CRM Suite" in text


def test_the_referee_reads_why_it_does_not_matter(browse, submitted, pat, sam, mia):
    submitted(pat, "Initech", lines=("crm",))
    row = submitted(sam, "Initech", lines=("erp",))
    text = browse(mia).get(url("manage-detail", row.reference)).content.decode()
    assert "Product lines differ (ERP Cloud; CRM Suite): no conflict" in text
