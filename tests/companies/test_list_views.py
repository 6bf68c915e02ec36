"""The pages of lists, pairs, merges, splits and duplicates."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from companies import services
from companies.models import Company, CompanyLoad, CompanyMerge, NameVerdict
from prm import due


def url(name, *args):
    return reverse(f"companies:{name}", args=args, urlconf="prm.urls.tenant")


def text(response):
    body = response.getvalue() if response.streaming else response.content
    return " ".join(body.decode().split())


def upload(content):
    return {"file": SimpleUploadedFile("accounts.csv", content, "text/csv")}


@pytest.fixture
def at(browse, mia):
    """Mia's browser."""
    return browse(mia)


@pytest.fixture
def uploaded(at):
    """A list with its columns to be matched: its address and itself."""
    content = b"Name,Country,Note\nHooli,US,x\n,US,y\nNowhere Inc,Atlantis,z\n"
    response = at.post(url("lists"), upload(content))
    assert response.status_code == 303
    return CompanyLoad.objects.get()


def test_a_file_that_is_no_table_comes_back_with_a_sentence(at):
    response = at.post(url("lists"), upload("Name\nMüller\n".encode("cp1252")))
    assert response.status_code == 422
    assert "Windows-1252" in text(response)
    assert at.post(url("lists"), {}).status_code == 422


def test_a_list_goes_from_upload_to_undo(at, uploaded):
    page = text(at.get(url("one-list", uploaded.uid)))
    assert "Which column is which?" in page
    mapping = {"name": "0", "country": "1"}
    assert at.post(url("list-columns", uploaded.uid), mapping).status_code == 303
    page = text(at.get(url("one-list", uploaded.uid)))
    assert "Being checked" in page
    assert 'http-equiv="refresh"' in page
    due.drain()
    page = text(at.get(url("one-list", uploaded.uid)))
    for words in ("What would happen", "Load 1 row", "The name is missing"):
        assert words in page
    assert not Company.objects.exists()
    assert at.post(url("list-load", uploaded.uid)).status_code == 303
    due.drain()
    page = text(at.get(url("one-list", uploaded.uid)))
    assert "It can be undone until" in page
    report = text(at.get(url("list-report", uploaded.uid)))
    assert "The country is not known" in report
    assert "Nowhere Inc,Atlantis,4" in report
    assert at.post(url("list-undo", uploaded.uid)).status_code == 303
    due.drain()
    assert "Undone" in text(at.get(url("one-list", uploaded.uid)))
    assert not Company.objects.exists()


def test_a_fragment_is_what_the_page_holds(at, uploaded):
    fragment = at.get(url("one-list", uploaded.uid), HTTP_HX_REQUEST="true")
    assert text(fragment).startswith('<div id="company-list"')


def test_a_column_that_is_chosen_twice_is_named(at, uploaded):
    response = at.post(url("list-columns", uploaded.uid), {"name": "0", "country": "0"})
    assert response.status_code == 422
    assert "Country: this column of the list is chosen twice." in text(response)
    assert at.post(url("list-columns", uploaded.uid), {}).status_code == 422


def test_a_pair_is_compared_and_answered(at, mia):
    one = services.add_company(name="Hazelden Plastics Inc.", country="US", actor=mia)
    two = services.add_company(name="Hazeldne Plastics", country="US", actor=mia)
    services.start_scan(actor=mia)
    due.drain()
    page = text(at.get(url("duplicates")))
    assert f"{url('beside', one.uid, two.uid)}?from=duplicates" in page
    page = text(at.get(url("beside", one.uid, two.uid) + "?from=duplicates"))
    for words in ("<mark>", "[differs:", "Very likely the same", "Same country.", "Similar"):
        assert words in page
    answer = {"verdict": "RELATED", "relation": "PARENT", "from": "duplicates"}
    response = at.post(url("verdict", one.uid, two.uid), answer)
    assert response["Location"] == url("duplicates")
    one.refresh_from_db()
    assert one.parent == two
    assert "No likely duplicates" in text(at.get(url("duplicates")))
    assert "said on" in text(at.get(url("beside", one.uid, two.uid)))


def test_a_merge_is_previewed_done_and_undone(at, mia):
    winner = services.add_company(name="Initech", country="DE", actor=mia)
    loser = services.add_company(name="Initek", domains=["initek.example"], actor=mia)
    page = text(at.get(url("merge", loser.uid, winner.uid)))
    assert "What moves" in page
    assert "initek.example" in page
    assert at.post(url("merge", loser.uid, winner.uid)).status_code == 303
    merge = CompanyMerge.objects.get()
    assert url("unmerge", winner.uid, merge.uid) in text(at.get(url("detail", winner.uid)))
    assert "Initek was merged into Initech" in text(at.get(url("unmerge", winner.uid, merge.uid)))
    assert at.post(url("unmerge", winner.uid, merge.uid)).status_code == 303
    loser.refresh_from_db()
    assert loser.merged_into is None
    assert at.get(url("unmerge", loser.uid, merge.uid)).status_code == 404


def test_a_split_is_previewed_and_done(at, mia):
    company = services.add_company(name="Hooli", aliases=["Aviato"], actor=mia)
    key = company.names.get(raw="Aviato").pk
    assert at.get(url("split", company.uid) + "?preview=1").status_code == 422
    page = text(at.get(url("split", company.uid) + f"?preview=1&names={key}"))
    assert "becomes a company of its own" in page
    assert Company.objects.count() == 1
    assert at.post(url("split", company.uid), {"names": [key]}).status_code == 303
    assert Company.objects.get(name="Aviato")
    assert NameVerdict.objects.count() == 1
    assert at.post(url("split", company.uid), {"names": [key]}).status_code == 422


@pytest.mark.parametrize(
    ("page", "form", "words"),
    [
        ("numbers", {"scheme": "VAT", "value": "DE129273399"}, "a digit is wrong or missing"),
        ("sites", {}, "Say where the site is"),
        ("external-ids", {"system": "C R M", "external_id": "1"}, "Name the other system in short"),
    ],
)
def test_a_fact_that_cannot_be_kept_comes_back_with_a_sentence(at, mia, page, form, words):
    company = services.add_company(name="Hooli", actor=mia)
    response = at.post(url(page, company.uid), form)
    assert response.status_code == 422
    assert words in text(response)


def test_facts_are_added_and_removed(at, mia):
    company = services.add_company(name="Hooli", country="DE", actor=mia)
    at.post(url("numbers", company.uid), {"scheme": "VAT", "value": "129273398"})
    number = company.numbers.get()
    assert number.value == "DE129273398"
    removal = {"kind": "number", "key": str(number.uid)}
    assert at.post(url("remove-fact", company.uid), removal).status_code == 303
    assert not company.numbers.exists()
    for wrong in ({}, {"kind": "number", "key": "x"}, {"kind": "x", "key": str(number.uid)}):
        assert at.post(url("remove-fact", company.uid), wrong).status_code == 404


def test_a_parent_is_found_and_set(at, mia):
    company = services.add_company(name="Hooli", actor=mia)
    owner = services.add_company(name="Hooli Group", actor=mia)
    page = text(at.get(url("others", company.uid) + "?q=hooli+group"))
    assert str(owner.uid) in page
    at.post(url("parent", company.uid), {"parent": str(owner.uid)})
    company.refresh_from_db()
    assert company.parent == owner
    assert "Hooli Group" in text(at.get(url("detail", company.uid)))
    at.post(url("parent", owner.uid), {"parent": str(company.uid)})
    owner.refresh_from_db()
    assert owner.parent is None
    assert at.post(url("parent", company.uid), {"parent": "nobody"}).status_code == 404
    at.post(url("parent", company.uid), {"parent": ""})
    company.refresh_from_db()
    assert company.parent is None


def test_companies_with_open_deals_are_found(at, mia, pat):
    from tests.registrations.conftest import make_submitted

    services.add_company(name="Quiet Works", actor=mia)
    make_submitted(pat, "Busy Works")
    page = text(at.get(url("list") + "?deals=open"))
    assert "Busy Works" in page
    assert "Quiet Works" not in page
