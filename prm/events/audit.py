"""The audit list's reads: filters, actors' names, how the ledger stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters
from django import forms
from django.contrib.auth import get_user_model
from django.db.models import OuterRef, Q, QuerySet, Subquery, UUIDField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from prm import portal
from prm.events import labels, records
from prm.events.models import Event, PendingSeal
from prm.events.sealing import Head, head
from prm.events.services import ACTED_BY

VERIFIED = "ledger.verified"


@dataclass(frozen=True, slots=True)
class Check:
    """The last time somebody had the whole chain checked."""

    at: datetime
    actor: str
    number: int
    holds: bool


@dataclass(frozen=True, slots=True)
class LedgerState:
    """The newest seal, how many events wait for theirs, the last check."""

    head: Head
    waiting: int
    check: Check | None


def events_to_audit() -> QuerySet[Event]:
    """Return every event with its seal, its private part and its actors' names; one query."""
    people = get_user_model()._default_manager.all()
    behind = Cast(KeyTextTransform(ACTED_BY, OuterRef("data")), UUIDField())
    return Event.objects.select_related("detail", "seal").annotate(
        actor_name=Subquery(people.filter(uid=OuterRef("actor_uid")).values("name")[:1]),
        acted_by_name=Subquery(people.filter(uid=behind).values("name")[:1]),
    )


def ledger_state() -> LedgerState:
    """Return how the tenant's ledger stands; three queries."""
    checks = events_to_audit().filter(code=VERIFIED, target_uid=portal.current().uid)
    last = checks.order_by("-at", "-id").first()
    return LedgerState(head(), PendingSeal.objects.count(), _check(last) if last else None)


def search(events: QuerySet[Event], text: str) -> QuerySet[Event]:
    """Return the events of records whose name or reference holds the text, or with that uid."""
    return events.filter(target_uid__in=records.search(text))


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class AuditFilter(django_filters.FilterSet):
    """What narrows the audit list."""

    code = django_filters.ChoiceFilter(
        label=_("What happened"),
        empty_label=_("All"),
        choices=lambda: code_choices(),
        method="with_code",
    )
    actor = django_filters.CharFilter(label=_("Who"), max_length=120, method="by_actor")
    since = django_filters.DateFilter(label=_("From"), widget=_day(), method="from_day")
    until = django_filters.DateFilter(label=_("Until"), widget=_day(), method="to_day")
    kind = django_filters.ChoiceFilter(
        label=_("Kind of record"),
        empty_label=_("All"),
        field_name="target_label",
        choices=records.choices,
    )

    class Meta:
        model = Event
        fields: tuple[str, ...] = ()

    def with_code(self, events: QuerySet[Event], name: str, value: str) -> QuerySet[Event]:
        """Filter by one code, or by a prefix, which ends with a dot."""
        return events.filter(Q(code__startswith=value) if value.endswith(".") else Q(code=value))

    def by_actor(self, events: QuerySet[Event], name: str, value: str) -> QuerySet[Event]:
        """Filter by people whose name or address holds the text."""
        people = get_user_model()._default_manager.filter(
            Q(name__icontains=value) | Q(email__icontains=value)
        )
        uids = list(people.values_list("uid", flat=True)[: records.MOST])
        behind = [str(uid) for uid in uids]
        return events.filter(
            Q(actor_uid__in=uids) | Q(data__has_key=ACTED_BY, data__acted_by__in=behind)
        )

    def from_day(self, events: QuerySet[Event], name: str, value: date) -> QuerySet[Event]:
        """Filter from the start of a day in the reader's zone."""
        return events.filter(at__gte=_midnight(value))

    def to_day(self, events: QuerySet[Event], name: str, value: date) -> QuerySet[Event]:
        """Filter to the end of a day in the reader's zone."""
        return events.filter(at__lt=_midnight(value + timedelta(days=1)))


def code_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the registered codes grouped by their prefix, each group led by the whole of it."""
    grouped: dict[str, list[tuple[str, str]]] = {}
    for code, words in labels.choices():
        grouped.setdefault(code.split(".")[0], []).append((code, words))
    return [
        (labels.group(prefix), [(f"{prefix}.", _everything(prefix)), *codes])
        for prefix, codes in sorted(grouped.items())
    ]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _everything(prefix: str) -> str:
    return str(_("%(group)s: everything")) % {"group": labels.group(prefix)}


def _check(event: Event) -> Check:
    facts: Mapping[str, Any] = event.data
    return Check(
        at=event.at,
        actor=str(getattr(event, "actor_name", None) or _("The portal")),
        number=int(facts.get("number", 0)),
        holds=bool(facts.get("holds")),
    )
