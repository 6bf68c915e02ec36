"""Read events as people see them: the timeline of a record and its lines."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import models
from django.utils.translation import gettext as _

from prm.events.codes import describe
from prm.events.models import Event, EventDetail, EventQuerySet


@dataclass(frozen=True, slots=True)
class Line:
    """One event as a line of a timeline."""

    event: Event
    at: datetime
    text: str
    actor: str
    private: Mapping[str, Any]
    erased: bool


def timeline(target: models.Model) -> EventQuerySet:
    """Return the events of one record, oldest first, with their private parts."""
    return Event.objects.about(target).select_related("detail")


def lines(events: Iterable[Event]) -> list[Line]:
    """Return lines for events, with the names of actors and of who acted for them; one query for all."""
    rows = list(events)
    names = _names({uid for event in rows for uid in (event.actor_uid, event.acted_by_uid) if uid})
    return [_line(event, names) for event in rows]


def _line(event: Event, names: Mapping[UUID, str]) -> Line:
    detail: EventDetail | None = getattr(event, "detail", None)
    return Line(
        event=event,
        at=event.at,
        text=describe(event.code),
        actor=_actor(event, names),
        private=(detail.private or {}) if detail else {},
        erased=detail is not None and detail.erased_at is not None,
    )


def _actor(event: Event, names: Mapping[UUID, str]) -> str:
    if event.actor_uid is None:
        return _("The portal")
    former = _("A former user")
    actor = names.get(event.actor_uid) or former
    if event.acted_by_uid is None:
        return actor
    return for_somebody(names.get(event.acted_by_uid) or former, actor)


def for_somebody(staff: str, person: str) -> str:
    """Return how an event names its actors when staff acted in a person's name."""
    return _("%(staff)s for %(person)s") % {"staff": staff, "person": person}


def _names(uids: set[UUID]) -> dict[UUID, str]:
    people = get_user_model()._default_manager.filter(uid__in=uids)
    return dict(people.values_list("uid", "name"))
