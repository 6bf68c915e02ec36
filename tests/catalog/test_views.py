"""The catalog's pages."""

import pytest
from django.urls import reverse

from catalog.models import Industry, ProductLine, Territory

pytestmark = pytest.mark.django_db
LINES = "/settings/catalog/product-lines/"
PLACES = "/settings/catalog/territories/"


def names(page):
    return [entry.name for entry, _places in page.context["rows"]]


def test_the_catalog_opens_with_product_lines(browse, ada):
    page = browse(ada).get(reverse("catalog:index"), follow=True)
    assert page.redirect_chain == [(LINES, 302)]
    assert sorted(names(page)) == ["CRM Suite", "ERP Cloud", "Insight BI"]


@pytest.mark.parametrize("path", [LINES, f"{LINES}add/", f"{LINES}crm/"])
@pytest.mark.parametrize(
    ("who", "status"), [("mia", 403), ("ana", 403), ("pat", 404), ("lea", 404)]
)
def test_only_administrators_open_the_catalog(browse, request, path, who, status):
    assert browse(request.getfixturevalue(who)).get(path).status_code == status


@pytest.mark.parametrize("path", ["nothing/", "product-lines/nothing/", "territories/crm/"])
def test_what_is_not_there_answers_404(browse, ada, path):
    assert browse(ada).get(f"/settings/catalog/{path}").status_code == 404


def test_an_entry_is_added_with_words_per_language(browse, ada):
    answer = browse(ada).post(
        f"{LINES}add/", {"name": "Edge Gateway", "word_de": "Edge-Gateway", "word_en": ""}
    )
    assert (answer.status_code, answer["Location"]) == (303, LINES)
    assert ProductLine.objects.get(code="edge-gateway").words == {"de": "Edge-Gateway"}


def test_a_territory_takes_countries_as_people_write_them(browse, ada):
    browse(ada).post(f"{PLACES}add/", {"name": "Nordics", "countries": "Sweden, dk"})
    assert Territory.objects.get(code="nordics").countries == ["DK", "SE"]
    page = browse(ada).get(f"{PLACES}nordics/")
    assert "Denmark, Sweden" in page.content.decode()


@pytest.mark.parametrize(
    ("path", "values", "words"),
    [
        (f"{LINES}add/", {"name": ""}, "This field is required."),
        (f"{LINES}add/", {"name": "x" * 81}, "at most 80 characters"),
        (f"{LINES}add/", {"name": "crm suite"}, "This name is taken."),
        (f"{LINES}crm/", {"name": "ERP cloud"}, "This name is taken."),
        (f"{PLACES}add/", {"name": "N"}, "This field is required."),
        (
            f"{PLACES}add/",
            {"name": "N", "countries": "Atlantis"},
            "These are not countries: Atlantis.",
        ),
    ],
)
def test_a_mistake_comes_back_beside_its_field(browse, ada, path, values, words):
    page = browse(ada).post(path, values)
    assert page.status_code == 422
    assert words in page.content.decode()


def test_the_name_of_a_retired_entry_says_what_to_do(browse, ada):
    browser = browse(ada)
    assert browser.post(f"{LINES}crm/retire/").status_code == 303
    page = browser.post(f"{LINES}add/", {"name": "CRM Suite"})
    assert "offer it again instead" in page.content.decode()
    assert names(browser.get(LINES))[-1] == "CRM Suite"
    browser.post(f"{LINES}crm/restore/")
    assert ProductLine.objects.get(code="crm").retired_at is None


def test_moving_keeps_the_page_one_is_on(browse, ada):
    answer = browse(ada).post(f"{LINES}bi/move/", {"to": "up", "page": "2"})
    assert answer["Location"] == f"{LINES}?page=2"
    assert [line.code for line in ProductLine.objects.all()] == ["crm", "bi", "erp"]
    assert browse(ada).post(f"{LINES}bi/move/", {"to": "down", "page": "x"})["Location"] == LINES


def test_the_list_asks_the_same_number_of_questions_whatever_its_length(browse, ada, queries):
    browser = browse(ada)
    address = "/settings/catalog/industries/"
    browser.get(address)
    with queries() as one:
        browser.get(address)
    for number in range(60):
        Industry.objects.create(code=f"i{number}", name=f"Industry {number}")
    with queries() as many:
        page = browser.get(f"{address}?page=2")
    assert len(many) == len(one) <= 12
    assert page.context["page"].number == 2
    assert len(page.context["rows"]) == 11


def test_changes_need_a_post(browse, ada):
    for action in ("retire", "restore", "move"):
        assert browse(ada).get(f"{LINES}crm/{action}/").status_code == 405
