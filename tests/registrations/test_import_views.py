"""The pages of an import, from upload to undo."""

import pytest
from django.urls import reverse

from prm import due
from registrations import services
from registrations.enums import State
from registrations.models import Registration, RegistrationImport
from tests.registrations.importing import checked, content, imported, row, upload


def url(name, *args):
    return reverse(f"registrations:{name}", args=args, urlconf="prm.urls.tenant")


def text(response):
    body = response.getvalue() if response.streaming else response.content
    return " ".join(body.decode().split())


@pytest.fixture
def at(browse, ada):
    """Ada's browser."""
    return browse(ada)


@pytest.fixture
def uploaded(at):
    """A file whose columns are to be matched."""
    rows = (row(1, website="one.example"), row(2, partner="Nobody Inc"), row(3, status="open"))
    response = at.post(url("imports"), {"file": upload(content(*rows))})
    assert response.status_code == 303
    return RegistrationImport.objects.get()


def answers(file, **change):
    """What the form of columns sends."""
    mapping = {key: str(at) for key, at in file.mapping.items()}
    return {"day_first": "day", **mapping, **change}


def test_it_is_in_the_navigation_of_administrators(at, browse, mia):
    assert url("imports") in text(at.get("/"))
    assert url("imports") not in text(browse(mia).get("/"))


def test_an_import_goes_from_upload_to_undo(at, uploaded):
    page = text(at.get(url("import", uploaded.uid)))
    assert "Which column is which?" in page
    assert "Guessed from the header: please check." in page
    assert at.post(url("import-columns", uploaded.uid), answers(uploaded)).status_code == 303
    page = text(at.get(url("import", uploaded.uid)))
    assert "Being checked" in page
    assert 'http-equiv="refresh"' in page
    due.drain()
    page = text(at.get(url("import", uploaded.uid)))
    for words in (
        "What would happen", "Import 2 deals", "The partner is not known", "Nothing is written yet",
        "Line 3", "Partner: The partner is not known (“Nobody Inc”)",
    ):  # fmt: skip
        assert words in page
    assert not Registration.objects.exists()
    assert at.post(url("import-start", uploaded.uid)).status_code == 303
    assert "Being imported" in text(at.get(url("import", uploaded.uid)))
    due.drain()
    page = text(at.get(url("import", uploaded.uid)))
    assert "It can be undone until" in page
    assert Registration.objects.count() == 2
    assert at.post(url("import-undo", uploaded.uid)).status_code == 303
    assert "Being undone" in text(at.get(url("import", uploaded.uid)))
    due.drain()
    page = text(at.get(url("import", uploaded.uid)))
    assert "Removed by the undo" in page
    assert not Registration.objects.exists()


def test_the_report_can_be_corrected_and_imported_again(at, ada):
    formula = "=HYPERLINK(1)"
    file = imported(row(1), row(2, partner="Nobody Inc", description=formula), actor=ada)
    report = at.get(url("import-report", file.uid))
    body = report.getvalue()
    assert b"'=HYPERLINK(1)" in body
    assert "Partner: The partner is not known" in body.decode()
    again = services.start_import(upload(body.replace(b"Nobody Inc", b"Summit")), actor=ada)
    services.map_import(again, again.mapping, actor=ada)
    due.drain()
    again.refresh_from_db()
    assert (again.creates, again.errors) == (0, 1)  # the owner still is Harbor's
    fixed = body.replace(b"Nobody Inc", b"Harbor")
    again = services.start_import(upload(fixed), actor=ada)
    services.map_import(again, again.mapping, actor=ada)
    due.drain()
    again.refresh_from_db()
    services.begin_import(again, actor=ada)
    due.drain()
    assert Registration.objects.get(old_reference="OLD-2").description == formula


def test_the_example_can_be_imported_as_it_is(at, ada):
    response = at.get(url("import-example"))
    assert "attachment" in response["Content-Disposition"]
    file = services.start_import(upload(response.getvalue()), actor=ada)
    assert len(file.guessed) == 18
    services.map_import(file, file.mapping, actor=ada)
    due.drain()
    file.refresh_from_db()
    assert (file.creates, file.errors) == (2, 0)
    services.begin_import(file, actor=ada)
    due.drain()
    states = set(Registration.objects.values_list("state", flat=True))
    assert states == {State.APPROVED, State.IN_REVIEW}


def test_the_example_is_understood_in_german(at, ada):
    ada.language = "de"
    ada.save()
    response = at.get(url("import-example"), HTTP_ACCEPT_LANGUAGE="de")
    file = services.start_import(upload(response.getvalue()), actor=ada)
    assert len(file.mapping) == 18


def test_a_file_that_is_no_table_comes_back_with_a_sentence(at):
    response = at.post(url("imports"), {"file": upload("Firma\nMüller\n".encode("cp1252"))})
    assert response.status_code == 422
    assert "Windows-1252" in text(response)
    assert at.post(url("imports"), {"file": upload(b"Company\n")}).status_code == 422
    assert at.post(url("imports"), {}).status_code == 422


def test_a_column_that_is_missing_or_chosen_twice_is_named(at, uploaded):
    where = url("import-columns", uploaded.uid)
    response = at.post(where, answers(uploaded, partner=""))
    assert response.status_code == 422
    assert "no deal can do without it" in text(response)
    twice = answers(uploaded, website=str(uploaded.mapping["partner"]))
    assert "this column of the file is chosen twice." in text(at.post(where, twice))


def test_rows_are_listed_with_what_was_typed(at, ada):
    file = checked(row(1), row(2, value="a lot", owner="gone@harbor.example"), actor=ada)
    page = text(at.get(url("import-rows", file.uid)))
    assert "Value: The value cannot be read (“a lot”)" in page
    page = text(at.get(url("import-rows", file.uid) + "?cause=bad-value"))
    assert "Customer 2 Works" in page
    assert "Customer 1 Works" not in page
    page = text(at.get(url("import-rows", file.uid) + "?q=OLD-1"))
    assert "Customer 1 Works" in page
    assert "Customer 2 Works" not in page


def test_what_is_hostile_is_shown_as_text(at, ada):
    file = checked(row(1, company="<script>alert(1)</script>"), actor=ada)
    page = at.get(url("import", file.uid)).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_an_undo_that_is_refused_names_the_deals(at, ada, mia):
    file = imported(row(1, status="open", approved_on=""), actor=ada)
    deal = Registration.objects.get()
    services.take_registration(deal, actor=mia)
    response = at.post(url("import-undo", file.uid))
    assert response.status_code == 422
    assert f"Customer 1 Works ({deal.reference}): Taken into review" in text(response)
    assert Registration.objects.exists()


def test_an_undo_after_a_day_is_refused(at, ada, travel):
    file = imported(row(1), actor=ada)
    travel(hours=24)
    assert "It can be undone until" not in text(at.get(url("import", file.uid)))
    response = at.post(url("import-undo", file.uid), follow=True)
    assert "That time is over." in text(response)


def test_a_step_that_was_taken_already_is_said(at, ada, uploaded):
    services.discard_import(uploaded, actor=ada)
    for name in ("import-start", "import-discard", "import-undo"):
        page = text(at.post(url(name, uploaded.uid), follow=True))
        assert "This import is at another step already." in page
    response = at.post(url("import-columns", uploaded.uid), answers(uploaded), follow=True)
    assert "This import is at another step already." in text(response)


def test_a_fragment_is_what_the_page_holds(at, ada):
    file = imported(row(1), actor=ada)
    fragment = at.get(url("import", file.uid), HTTP_HX_REQUEST="true")
    assert text(fragment).startswith('<div id="deal-import"')


def test_progress_says_how_long_it_takes(at, ada, travel):
    file = checked(*(row(n) for n in range(4)), actor=ada)
    services.begin_import(file, actor=ada)
    RegistrationImport.objects.update(done=1)
    travel(seconds=10)
    assert "1 of 4, about 30 s left" in text(at.get(url("import", file.uid)))
    travel(seconds=290)
    assert "about 15 min left" in text(at.get(url("import", file.uid)))


def test_the_deal_is_its_partners(ada, browse, pat, sam):
    imported(row(1, company="Initech"), actor=ada)
    deal = Registration.objects.get()
    page = text(browse(pat).get(url("detail", deal.reference)))
    assert "Initech" in page
    assert "OLD-1" not in page
    assert "14 Mar 2031" in page
    assert browse(sam).get(url("detail", deal.reference)).status_code == 404


def test_whoever_imported_gets_one_mail(ada, mailoutbox):
    from notifications.delivery import deliver

    imported(row(1), row(2, value="?"), actor=ada)
    deliver()
    (mail,) = mailoutbox
    assert mail.to == ["Ada Admin <ada@acme.example>"]
    assert mail.subject == "deals.csv: the deals are imported"
    assert "1 row could not be imported" in mail.body
