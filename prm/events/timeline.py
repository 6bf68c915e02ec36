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
    """Return lines for events, with the actors' names; one query for all names."""
    rows = list(events)
    names = _names({event.actor_uid for event in rows if event.actor_uid})
    return [_line(event, names) for event in rows]


def _line(event: Event, names: Mapping[UUID, str]) -> Line:
    detail: EventDetail | None = getattr(event, "detail", None)
    if event.actor_uid is None:
        actor = _("The portal")
    else:
        actor = names.get(event.actor_uid) or _("A former user")
    return Line(
        event=event,
        at=event.at,
        text=describe(event.code),
        actor=actor,
        private=(detail.private or {}) if detail else {},
        erased=detail is not None and detail.erased_at is not None,
    )


def _names(uids: set[UUID]) -> dict[UUID, str]:
    people = get_user_model()._default_manager.filter(uid__in=uids)
    return dict(people.values_list("uid", "name"))
