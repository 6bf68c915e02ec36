"""The staff's pages about companies."""

import pytest
from django.urls import reverse

from companies import registry, services
from companies.models import Company, NameVerdict


@pytest.fixture
def initech(mia):
    return services.add_company(
        name="Initech GmbH", country="DE", domains=["initech.example"], actor=mia
    )


@pytest.fixture
def typed(pat):
    return services.identify(name="Initech Holding", country="DE", actor=pat)


def url(name, *companies):
    return reverse(
        f"companies:{name}", args=[company.uid for company in companies], urlconf="prm.urls.tenant"
    )


def text(response):
    return " ".join(response.content.decode().split())


# --- who reaches what ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "read", "write"),
    [
        ("mia", 200, 200),
        ("ada", 200, 200),
        ("fin", 200, 403),
        ("lex", 200, 403),
        ("ana", 200, 403),
        ("nadia", 403, 403),
        ("pat", 404, 404),
        ("paula", 404, 404),
        ("lea", 404, 404),
    ],
)
def test_who_reads_and_who_writes(request, browse, initech, typed, person, read, write):
    browser = browse(request.getfixturevalue(person))
    for address in (url("list"), url("detail", initech)):
        assert browser.get(address).status_code == read
    for address in (url("add"), url("edit", initech), url("merge", typed, initech)):
        assert browser.get(address).status_code == write
    posted = 302 if write == 200 else write
    for address in (url("confirm", typed), url("verdict", typed, initech)):
        assert browser.post(address).status_code == (303 if posted == 302 else posted)


def test_stranger_signs_in_first(browse, initech):
    assert browse().get(url("detail", initech)).status_code == 302


def test_other_tenant_does_not_know_the_company(browse, initech, globex):
    from users.models import User

    gerd = User.objects.get(email="gerd@globex.example")
    assert browse(gerd, "globex").get(url("detail", initech)).status_code == 404


def test_get_changes_nothing(browse, mia, initech, typed):
    browser = browse(mia)
    for name in ("designation", "names", "domains", "confirm"):
        assert browser.get(url(name, initech)).status_code == 405
    assert browser.get(url("verdict", typed, initech)).status_code == 405


# --- list ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 3])
def test_list_asks_the_same_number_of_questions(browse, mia, queries, size, initech):
    for number in range(size - 1):
        services.add_company(name=f"Other {number}", actor=mia)
    browser = browse(mia)
    browser.get(url("list"))
    with queries() as counted:
        response = browser.get(url("list"))
    assert response.status_code == 200
    assert len(counted) <= 10
    with queries() as again:
        browser.get(url("list"))
    assert len(again) == len(counted)


def test_list_counts_queries_equal_for_one_and_three_rows(browse, mia, queries, initech):
    browser = browse(mia)
    browser.get(url("list"))
    with queries() as one:
        browser.get(url("list"))
    services.add_company(name="Second", actor=mia)
    services.add_company(name="Third", actor=mia)
    with queries() as three:
        browser.get(url("list"))
    assert len(one) == len(three)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Globex Corporation", "Initech GmbH", "International Business Machines"]),
        ("?q=IBM", ["International Business Machines"]),
        ("?q=inytech", ["Initech GmbH"]),
        ("?q=tech", ["Initech GmbH"]),
        ("?q=www.initech.example", ["Initech GmbH"]),
        ("?q=nothing+like+it", []),
        ("?q=%00%F0%9F%98%80", []),
        ("?designation=VENDOR_DIRECT", ["Globex Corporation"]),
        ("?country=DE", ["Initech GmbH"]),
        ("?standing=PROVISIONAL", []),
        ("?sort=-name", ["International Business Machines", "Initech GmbH", "Globex Corporation"]),
    ],
)
def test_list_is_searched_filtered_and_sorted(browse, mia, initech, query, names):
    services.add_company(name="Globex Corporation", designation="VENDOR_DIRECT", actor=mia)
    services.add_company(name="International Business Machines", country="US", actor=mia)
    page = browse(mia).get(url("list") + query).context["list"]
    assert [row.item.name for row in page.rows] == names


def test_merged_companies_are_not_listed(browse, mia, initech, typed, monkeypatch):
    monkeypatch.setattr(registry, "_functions", [])
    services.confirm_as(typed, initech, actor=mia)
    page = browse(mia).get(url("list")).context["list"]
    assert [row.item for row in page.rows] == [initech]


# --- add and edit --------------------------------------------------------------------------------


def test_company_is_added(browse, mia):
    fields = {
        "name": "  Initech GmbH ",
        "country": "DE",
        "designation": "VENDOR_DIRECT",
        "domains": "https://www.initech.example/a\ninitech.com",
        "aliases": "Initech\n\nINI Tech Group\n",
    }
    response = browse(mia).post(url("add"), fields)
    company = Company.objects.get()
    assert (response.status_code, response["Location"]) == (303, url("detail", company))
    assert (company.name, company.country, company.designation) == (
        "Initech GmbH",
        "DE",
        "VENDOR_DIRECT",
    )
    assert set(company.domains.values_list("domain", flat=True)) == {
        "initech.example",
        "initech.com",
    }
    assert set(company.names.values_list("raw", flat=True)) == {"Initech GmbH", "INI Tech Group"}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "Enter the name of the company."),
        ({"name": "😀"}, "Enter a name with at least one letter or digit."),
        ({"name": "x" * 50_000}, "Use at most 200 characters for the name."),
        ({"name": "Initech", "domains": "gmail.com"}, "Many companies share this domain"),
        ({"name": "Initech", "domains": "nodot"}, "Enter a web domain like example.com."),
        ({"name": "Initech", "domains": "taken.example"}, "This domain belongs to Owner."),
        ({"name": "Initech", "country": "XX"}, "XX"),
        ({"name": "Initech", "aliases": "A1\n" * 21}, "Enter at most 20 names."),
    ],
)
def test_what_cannot_be_added_comes_back_with_a_sentence(browse, mia, fields, sentence):
    services.add_company(name="Owner", domains=["taken.example"], actor=mia)
    response = browse(mia).post(url("add"), {"designation": "OPEN", **fields})
    assert response.status_code == 422
    assert sentence in text(response)
    assert Company.objects.count() == 1


def test_markup_in_a_name_is_text(browse, mia):
    browser = browse(mia)
    browser.post(url("add"), {"name": "<script>alert(1)</script> Ltd", "designation": "OPEN"})
    page = text(browser.get(url("detail", Company.objects.get())))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; Ltd" in page


def test_company_is_renamed(browse, mia, initech):
    response = browse(mia).post(url("edit", initech), {"name": "Initrode SE", "country": "AT"})
    assert response.status_code == 303
    initech.refresh_from_db()
    assert (initech.name, initech.country) == ("Initrode SE", "AT")


# --- one company ---------------------------------------------------------------------------------


def test_page_shows_who_the_company_is(browse, mia, initech):
    page = text(browse(mia).get(url("detail", initech)))
    for words in ("Initech GmbH", "Germany", "initech.example", "Confirmed", "Company added"):
        assert words in page


def test_likely_duplicate_is_shown_with_reasons_that_sum(browse, mia, initech, typed):
    response = browse(mia).get(url("detail", typed))
    ((likely, beside_url),) = response.context["likely"]
    assert likely.company == initech
    assert beside_url == url("beside", typed, initech)
    page = text(response)
    assert f"Sum: {likely.match.score:.0f} points" in page
    for reason, _points in likely.reasons:
        assert reason.split("“")[0].strip() in page
    assert sum(points for _, points in likely.reasons) == likely.match.score


def test_reader_sees_reasons_but_no_buttons(browse, ana, initech, typed):
    page = text(browse(ana).get(url("detail", typed)))
    assert "Likely duplicates" in page
    assert "/merge/" not in page
    assert "Save" not in page


def test_detail_asks_the_same_number_of_questions_however_many_look_alike(
    browse, mia, initech, typed, queries
):
    browser = browse(mia)
    browser.get(url("detail", typed))
    with queries() as one:
        browser.get(url("detail", typed))
    services.add_company(name="Initech Holdings", country="AT", actor=mia)
    services.add_company(name="Initech Holding SE", country="CH", actor=mia)
    with queries() as three:
        browser.get(url("detail", typed))
    assert len(one) == len(three)


def test_designation_name_and_domain_are_saved(browse, mia, initech):
    browser = browse(mia)
    assert (
        browser.post(url("designation", initech), {"designation": "RESTRICTED"}).status_code == 303
    )
    assert browser.post(url("names", initech), {"name": "INI Tech Group"}).status_code == 303
    assert (
        browser.post(url("domains", initech), {"domain": "https://ini.example/"}).status_code == 303
    )
    initech.refresh_from_db()
    assert initech.designation == "RESTRICTED"
    assert initech.names.count() == initech.domains.count() == 2


@pytest.mark.parametrize(
    ("name", "fields", "sentence"),
    [
        ("designation", {"designation": "CLOSED"}, "CLOSED"),
        ("names", {"name": "x" * 50_000}, "Use at most 200 characters for the name."),
        ("domains", {"domain": "taken.example"}, "This domain belongs to Owner."),
        ("domains", {"domain": "nodot"}, "Enter a web domain like example.com."),
    ],
)
def test_refused_change_comes_back_with_what_was_typed(
    browse, mia, initech, name, fields, sentence
):
    services.add_company(name="Owner", domains=["taken.example"], actor=mia)
    response = browse(mia).post(url(name, initech), fields)
    assert response.status_code == 422
    assert sentence in text(response)


def test_provisional_company_is_confirmed(browse, mia, typed):
    assert "Confirm as a company of its own" in text(browse(mia).get(url("detail", typed)))
    assert browse(mia).post(url("confirm", typed)).status_code == 303
    typed.refresh_from_db()
    assert typed.is_confirmed


def test_companies_are_merged_after_a_look(browse, mia, initech, typed, monkeypatch):
    monkeypatch.setattr(registry, "_functions", [])
    browser = browse(mia)
    page = text(browser.get(url("merge", typed, initech)))
    assert "Initech Holding becomes part of Initech GmbH" in page
    response = browser.post(url("merge", typed, initech))
    assert (response.status_code, response["Location"]) == (303, url("detail", initech))
    assert "This company was merged." in text(browser.get(url("detail", typed)))
    assert browser.post(url("confirm", typed)).status_code == 303


def test_refused_merge_says_why_and_where(browse, mia, initech, typed, monkeypatch):
    def refuse(loser, winner):
        raise services.MergeRefused("Two protections overlap.", url="/conflict/7/")

    monkeypatch.setattr(registry, "_functions", [refuse])
    response = browse(mia).post(url("merge", typed, initech))
    assert response.status_code == 422
    assert "Two protections overlap." in text(response)
    assert "/conflict/7/" in text(response)


@pytest.mark.parametrize("said", ["DIFFERENT", "RELATED"])
def test_verdict_is_remembered(browse, mia, initech, typed, said):
    browser = browse(mia)
    assert browser.post(url("verdict", typed, initech), {"verdict": said}).status_code == 303
    assert NameVerdict.objects.get().verdict == said
    assert browser.get(url("detail", typed)).context["likely"] == []


def test_related_company_is_a_fact(browse, mia, initech, typed):
    services.remember_different(typed, initech, related=True, actor=mia)
    assert "Related companies" in text(browse(mia).get(url("detail", typed)))


def test_services_that_refuse_become_sentences(browse, mia, initech, typed, monkeypatch):
    from prm.locks import Busy

    def busy(*args, **kwargs):
        raise Busy

    for name in (
        "add_name",
        "edit_company",
        "confirm_company",
        "remember_different",
        "add_company",
    ):
        monkeypatch.setattr(services, name, busy)
    browser = browse(mia)
    sentence = "Somebody else is changing this company right now."
    for name, fields in (("names", {"name": "X Y"}), ("edit", {"name": "X Y"})):
        response = browser.post(url(name, initech), fields)
        assert (response.status_code, sentence in text(response)) == (422, True)
    response = browser.post(url("add"), {"name": "X Y", "designation": "OPEN"})
    assert (response.status_code, sentence in text(response)) == (422, True)
    for address in (url("confirm", typed), url("verdict", typed, initech)):
        assert sentence in text(browser.post(address, follow=True))


def test_pages_speak_german(browse, mia, initech):
    mia.language = "de"
    mia.save(update_fields=["language"])
    assert browse(mia).get(url("detail", initech)).status_code == 200
