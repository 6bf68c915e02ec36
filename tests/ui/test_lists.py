"""The list kit: state in the URL, constant queries, fragments for htmx, CSV of what is seen."""

from collections.abc import Callable
from typing import Any

import django_filters
import pytest
from django import forms
from django.test import RequestFactory
from django.utils import translation

from prm.ui import cells, lists
from prm.ui.lists import Bulk, Column, Empty
from users.models import User

AUDIENCES = [("VENDOR", "Vendor"), ("PARTNER", "Partner")]
COLUMNS = (
    Column("name", "Name", cells.text("name", below="email"), sort="name"),
    Column("email", "Address", cells.text("email"), sort="email"),
    Column("side", "Side", cells.choice("audience", {"VENDOR": "info"})),
    Column("since", "Since", cells.moment("created_at", "date"), sort="created_at", align="end"),
)


class PeopleFilter(django_filters.FilterSet):
    side = django_filters.MultipleChoiceFilter(
        field_name="audience", label="Side", choices=AUDIENCES
    )
    language = django_filters.ChoiceFilter(label="Language", choices=[("de", "German")])
    since = django_filters.DateFromToRangeFilter(field_name="created_at", label="Since")

    class Meta:
        model = User
        fields: list[str] = []


@pytest.fixture
def make(rf: RequestFactory) -> Callable[..., lists.ListPage]:
    def build(query: str = "", **options: Any) -> lists.ListPage:
        request = rf.get(f"/people/{query}", **options.pop("headers", {}))
        return lists.build(
            request,
            **{
                "queryset": User.objects.filter(email__startswith="list-"),
                "columns": COLUMNS,
                "title": "People",
                "filterset": PeopleFilter,
                "promoted": ("side",),
                "search": lambda rows, text: rows.filter(name__icontains=text),
                "default_sort": "name",
                **options,
            },
        )

    return build


@pytest.fixture
def people(db) -> Callable[[int], None]:
    def plant(count: int) -> None:
        User.objects.bulk_create(
            User(email=f"list-{at:03d}@acme.example", name=f"Person {at:03d}", audience="VENDOR")
            for at in range(count)
        )

    return plant


def names(page: lists.ListPage) -> list[str]:
    return [row.item.name for row in page.rows]


def test_first_page_is_sorted_and_counted(make, people):
    people(30)
    page = make()
    assert (page.total, len(page.rows), names(page)[0]) == (30, 25, "Person 000")
    assert page.next_url == "/people/?page=2"
    assert page.previous_url == ""


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("?sort=-name", "Person 029"),
        ("?sort=nonsense", "Person 000"),
        ("?sort=-side", "Person 000"),
    ],
)
def test_sort_takes_known_columns_only(make, people, query, first):
    people(30)
    assert names(make(query))[0] == first


def test_headers_link_to_the_other_direction(make, people):
    people(3)
    heads = make("?sort=name").headers
    assert (heads[0].direction, heads[0].url) == ("ascending", "/people/?sort=-name")
    assert (heads[1].direction, heads[1].url) == ("", "/people/?sort=email")
    assert heads[2].url == ""


@pytest.mark.parametrize(
    ("asked", "number"),
    [("2", 2), ("99", 2), ("0", 1), ("-1", 1), ("x", 1), ("٣", 1), ("9" * 50, 2)],
)
def test_page_number_is_never_an_error(make, people, asked, number):
    people(30)
    assert make(f"?page={asked}").page.number == number


@pytest.mark.parametrize(
    ("asked", "size"), [("10", 10), ("80", 80), ("9", 25), ("x", 25), ("", 25)]
)
def test_size_takes_the_offered_ones_only(make, people, asked, size):
    people(90)
    assert len(make(f"?size={asked}").rows) == size


def test_search_and_filters_narrow_and_can_be_dropped(make, people):
    people(30)
    page = make("?q=Person+01&side=VENDOR&sort=-name&page=2")
    assert page.total == 10
    assert page.is_narrowed
    (chip,) = page.active_filters
    assert (chip[0].label, chip[0].value) == ("Side", "Vendor")
    assert chip[1] == "/people/?q=Person+01&sort=-name"
    assert page.clear_search_url == "/people/?side=VENDOR&sort=-name"
    assert page.clear_url == "/people/?sort=-name"


def test_a_value_that_does_not_fit_narrows_nothing(make, people):
    people(3)
    page = make("?side=NOBODY&language=xx&since_after=yesterday")
    assert (page.total, page.is_narrowed) == (3, False)


def test_a_range_shows_as_words_and_drops_as_one(make, people):
    people(3)
    page = make("?since_after=2020-01-01&since_before=2099-12-31")
    ((chip, url),) = page.active_filters
    assert chip.value == "1 Jan 2020 – 31 Dec 2099"
    assert url == "/people/"


def test_nul_and_endless_text_do_no_harm(make, people):
    people(3)
    assert make("?q=Per%00son&side=%00VENDOR").total == 3
    assert len(make("?q=" + "x" * 50_000).search) == lists.MAX_SEARCH


def test_several_values_are_picked_behind_a_button(make, people):
    people(3)
    page = make("?side=VENDOR")
    (side,) = page.filters.promoted
    assert side.widget_type == "pickmany"
    assert side.chosen == "Vendor"
    assert isinstance(side.field.widget, forms.CheckboxSelectMultiple)


def test_only_the_first_line_of_the_first_cell_is_a_link(make, people):
    people(1)
    (row,) = make(row_url=lambda user: "/people/1/").rows
    assert '<a href="/people/1/">Person 000</a> <small>list-000@acme.example</small>' in row.html
    assert row.html.count("<a ") == 1


def test_cells_escape_what_people_typed(make, db):
    User.objects.create(email="list-x@acme.example", name="<b>Bob</b>", audience="VENDOR")
    (row,) = make(row_url=lambda user: '/"><script>').rows
    assert "<b>" not in row.html
    assert "<script>" not in row.html
    assert "&lt;b&gt;Bob&lt;/b&gt;" in row.html


@pytest.mark.parametrize("count", [1, 3, 80])
def test_queries_are_the_same_for_every_number_of_rows(make, people, queries, count):
    people(count)
    with queries() as ran:
        page = make("?size=80&q=Person&side=VENDOR")
        assert len(page.rows) == count
        assert page.total == count
        _touch(page)
    assert len(ran) == 2


def _touch(page: lists.ListPage) -> None:
    _ = (page.headers, page.page_links, page.size_links, page.active_filters, page.export_url)


def test_empty_and_nothing_found_are_different(make, rf, db, ada):
    empty = Empty("Nobody yet", "Invite somebody.", "Invite", "/invite/")
    assert "Nobody yet" in _shown(rf, make(empty=empty), ada)
    found_nothing = _shown(rf, make("?q=zzz", empty=empty), ada)
    assert "Nothing found" in found_nothing
    assert "Nobody yet" not in found_nothing


def test_bulk_posts_the_chosen_keys(make, people, rf, ada):
    people(2)
    shown = _shown(rf, make(bulk=[Bulk("Disable", "/disable/")]), ada)
    assert shown.count('name="selected"') == 2
    assert 'formaction="/disable/"' in shown
    assert str(User.objects.get(email="list-000@acme.example").uid) in shown


def _shown(rf: RequestFactory, page: lists.ListPage, user: User) -> str:
    page.request.user = user
    request = page.request
    request.META["HTTP_HX_REQUEST"] = "true"
    request.__dict__.pop("headers", None)
    return lists.respond(request, page, "nothing.html").content.decode()


def test_htmx_gets_the_fragment_and_the_address(make, people, rf, ada):
    people(30)
    page = make("?page=2&q=", headers={"HTTP_HX_REQUEST": "true"})
    page.request.user = ada
    response = lists.respond(page.request, page, "nothing.html")
    assert response["HX-Push-Url"] == "/people/?page=2"
    assert "HX-Request" in response["Vary"]
    assert response.content.decode().lstrip().startswith('<div id="list"')


@pytest.mark.parametrize(
    ("before", "after", "header"),
    [
        ("?q=Per", "?q=Perso", "HX-Replace-Url"),
        ("", "?q=P", "HX-Replace-Url"),
        ("?q=Per", "?q=Per&sort=-name", "HX-Push-Url"),
        ("", "?side=VENDOR", "HX-Push-Url"),
    ],
)
def test_typing_replaces_the_history_entry(make, people, ada, before, after, header):
    people(3)
    sent = {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": f"http://x/people/{before}"}
    page = make(after, headers=sent)
    page.request.user = ada
    assert header in lists.respond(page.request, page, "nothing.html")


def test_a_restored_history_entry_is_a_whole_page(rf):
    sent = {"HTTP_HX_REQUEST": "true", "HTTP_HX_HISTORY_RESTORE_REQUEST": "true"}
    assert not lists.wants_fragment(rf.get("/", **sent))


def test_export_is_every_matching_row_in_the_order_seen(make, people, queries):
    people(30)
    page = make("?q=Person+02&sort=-name&size=10&export=csv")
    response = lists.respond(page.request, page, "nothing.html")
    with queries() as ran:
        lines = b"".join(response).decode().splitlines()
    assert lines[0].endswith("Name,Address,Side,Since")
    assert [line.split(",")[0] for line in lines[1:]] == [
        f"Person {at:03d}" for at in range(29, 19, -1)
    ]
    assert len(ran) <= 2
    assert response["Content-Type"] == "text/csv; charset=utf-8"


def test_a_list_without_an_export_name_gives_no_file(make, people, ada):
    people(1)
    page = make("?export=csv", export_name="", headers={"HTTP_HX_REQUEST": "true"})
    page.request.user = ada
    assert page.export_url == ""
    assert lists.respond(page.request, page, "x.html")["Content-Type"].startswith("text/html")


def test_row_links_are_resolved_once_and_right(rf, db):
    link = lists.row_link("users:person", "uid")
    users = list(User.objects.all()[:3])
    assert [link(user) for user in users] == [f"/settings/people/{user.uid}/" for user in users]


def test_labels_of_choices_follow_the_language(db, mia):
    show = cells.text("get_audience_display").show
    assert show(mia) == "Vendor"
    with translation.override("de"):
        assert show(mia) == str(mia.get_audience_display())
