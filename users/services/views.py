"""Saved views of lists: keep one under a name, rename it, delete it."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from prm import events
from prm.access import require
from prm.ui import savedviews
from users.models import SavedView, User
from users.policies import can_keep_view

MOST_VIEWS = 30
"""Per person, over all lists."""


class TooManyViews(Exception):
    """The person has as many saved views as they may have."""

    sentence = _("You have 30 saved views. Delete one to save another.")


class NameTaken(Exception):
    """Another view of the same list has this name."""

    sentence = _("Another view of this list has this name.")


@transaction.atomic
def save_view(list_name: str, name: str, query: str, *, actor: User) -> SavedView:
    """Keep a list's query under a name; the same name again replaces what it stood for.

    Records view.saved. Raises PermissionDenied, TooManyViews.
    """
    require(can_keep_view(actor, actor))
    User.objects.select_for_update().get(pk=actor.pk)  # so that the count stays true
    mine = SavedView.objects.visible_to(actor)
    known = mine.filter(list_name=list_name, name=name).first()
    if known is None and mine.count() >= MOST_VIEWS:
        raise TooManyViews
    view = known or SavedView(user=actor, list_name=list_name, name=name)
    view.query = savedviews.tidy(query)
    view.save()
    _record("saved", view, actor)
    return view


@transaction.atomic
def rename_view(view: SavedView, name: str, *, actor: User) -> SavedView:
    """Give one's view another name. Records view.renamed. Raises PermissionDenied, NameTaken."""
    require(can_keep_view(actor, view.user))
    view.name = name
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as error:
        raise NameTaken from error
    _record("renamed", view, actor)
    return view


@transaction.atomic
def delete_view(view: SavedView, *, actor: User) -> None:
    """Delete one's view; the list stays. Records view.deleted. Raises PermissionDenied."""
    require(can_keep_view(actor, view.user))
    _record("deleted", view, actor)
    view.delete()


def _record(what: str, view: SavedView, actor: User) -> None:
    """Record it; a query may hold what somebody searched for, so it is not recorded."""
    events.record(f"view.{what}", target=view, actor=actor, private={"name": view.name})
