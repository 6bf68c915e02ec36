"""Saved views: a list's address under a name, one's own, with and without script."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from prm.ui import savedviews
from users import services
from users.models import SavedView

pytestmark = pytest.mark.django_db

LIST = "registrations:list"


def save(client, query="state=DRAFT&q=acme", name="My drafts", list_name=LIST):
    data = {"list_name": list_name, "query": query, "name": name}
    return client.post(reverse("users:view-save"), data)


def test_a_query_is_kept_tidy():
    assert savedviews.tidy("page=3&q=b&state=B&state=A&export=csv&empty=") == "q=b&state=B&state=A"


def test_a_list_is_saved_shown_and_marked(browse, pat):
    client = browse(pat)
    narrowed = client.get(reverse(LIST) + "?q=acme&state=DRAFT").content.decode()
    assert "Save as…" in narrowed
    done = save(client)
    assert done.status_code == 303
    assert done.url == reverse(LIST) + "?q=acme&state=DRAFT"
    text = client.get(done.url).content.decode()
    assert 'aria-current="page">My drafts' in text
    assert "Save as…" not in text
    plain = client.get(reverse(LIST)).content.decode()
    assert "My drafts" in plain
    assert 'aria-current="page">My drafts' not in plain


def test_the_same_name_again_replaces(browse, pat):
    client = browse(pat)
    save(client)
    save(client, query="q=other")
    assert SavedView.objects.get().query == "q=other"


def test_views_are_ones_own(browse, pat, paula):
    save(browse(pat))
    view = SavedView.objects.get()
    other = browse(paula)
    assert "My drafts" not in other.get(reverse(LIST)).content.decode()
    assert "My drafts" not in other.get(reverse("users:views")).content.decode()
    for name in ("view-rename", "view-delete"):
        url = reverse(f"users:{name}", args=[view.uid])
        assert other.post(url, {"name": "Mine"}).status_code == 404
    with pytest.raises(PermissionDenied):
        services.delete_view(view, actor=paula)


def test_a_view_is_renamed_and_deleted(browse, pat):
    client = browse(pat)
    save(client)
    save(client, name="Other", query="q=x")
    view = SavedView.objects.get(name="My drafts")
    url = reverse("users:view-rename", args=[view.uid])
    assert client.post(url, {"name": ""}).status_code == 422
    taken = client.post(url, {"name": "Other"})
    assert taken.status_code == 422
    assert "has this name" in taken.content.decode()
    assert client.post(url, {"name": "Renamed"}).status_code == 303
    assert "Renamed" in client.get(reverse("users:views")).content.decode()
    assert client.post(reverse("users:view-delete", args=[view.uid])).status_code == 303
    assert [view.name for view in SavedView.objects.all()] == ["Other"]


def test_what_cannot_be_saved_comes_back_with_a_sentence(browse, pat, monkeypatch):
    client = browse(pat)
    nameless = save(client, name=" ")
    assert nameless.status_code == 422
    assert "q=acme" in nameless.content.decode()
    assert save(client, list_name="no:such").status_code == 422
    monkeypatch.setattr("users.services.views.MOST_VIEWS", 0)
    full = save(client)
    assert full.status_code == 422
    assert "Delete one" in full.content.decode()


def test_a_view_of_another_list_stays_there(browse, mia):
    client = browse(mia)
    save(client, list_name="leads:manage-list", query="q=harbor", name="Harbours")
    assert "Harbours" in client.get(reverse("leads:manage-list")).content.decode()
    assert "Harbours" not in client.get(reverse("companies:list")).content.decode()
