"""Events, their erasable private side, and the chain of seals over them.

Written by `prm.events.services` and `prm.events.sealing` only; triggers refuse UPDATE, DELETE and
TRUNCATE on events and seals, and anything but erasure on the private side (`prm.events.sql`).
"""

import uuid
from typing import Protocol, Self, cast

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from prm.events.extract import EventFacts, instant


class HasUid(Protocol):
    """A record that events can be about."""

    uid: uuid.UUID


def uid_of(record: models.Model) -> uuid.UUID:
    """Return the record's uid; every model that appears in events has one."""
    return cast(HasUid, record).uid


class EventQuerySet(models.QuerySet["Event"]):
    """Chainable filters for timelines and the audit list."""

    def about(self, target: models.Model) -> Self:
        """Events of one record, oldest first."""
        label = target._meta.label_lower
        return self.filter(target_label=label, target_uid=uid_of(target)).order_by("at", "id")

    def newest_first(self) -> Self:
        """Events in the order of the audit list."""
        return self.order_by("-at", "-id")


class Event(models.Model):
    """One thing that happened. `data` holds ids and codes only; it is chained and never changes."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=80)
    target_label = models.CharField(max_length=80)
    target_uid = models.UUIDField()
    actor_uid = models.UUIDField(null=True)
    at = models.DateTimeField()
    data = models.JSONField(default=dict)
    commitment = models.CharField(max_length=64, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        app_label = "prm"
        db_table = "prm_event"
        indexes = [
            models.Index(fields=["target_uid", "at"], name="prm_event_timeline"),
            models.Index(fields=["-at", "-id"], name="prm_event_audit"),
            models.Index(fields=["actor_uid", "-at"], name="prm_event_actor"),
            models.Index(fields=["code", "-at"], name="prm_event_code"),
            models.Index(
                fields=["-at"], condition=models.Q(data__has_key="acted_by"), name="prm_event_acted"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.target_label} {self.target_uid}"

    @property
    def acted_by_uid(self) -> uuid.UUID | None:
        """The member of the staff who acted in the actor's name; nearly always nobody."""
        behind = self.data.get("acted_by")
        return uuid.UUID(behind) if behind else None

    def facts(self) -> EventFacts:
        """Return the chained part, spelt the way the digest wants it."""
        return EventFacts(
            uid=str(self.uid),
            code=self.code,
            target_label=self.target_label,
            target_uid=str(self.target_uid),
            actor_uid=str(self.actor_uid) if self.actor_uid else "",
            at=instant(self.at),
            data=self.data,
            commitment=self.commitment,
        )


class EventDetail(models.Model):
    """The erasable side of an event: names, texts, addresses, and the salt of its commitment.

    `persons` lists the uids of people whose data it holds besides the target.
    """

    event = models.OneToOneField(
        Event, on_delete=models.PROTECT, primary_key=True, related_name="detail"
    )
    salt = models.BinaryField(null=True)
    private = models.JSONField(null=True)
    persons = ArrayField(models.UUIDField(), default=list)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "prm"
        db_table = "prm_event_detail"
        indexes = [GinIndex(fields=["persons"], name="prm_event_detail_persons")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(salt__isnull=True, private__isnull=True, erased_at__isnull=False)
                | models.Q(salt__isnull=False, private__isnull=False, erased_at__isnull=True),
                name="a private part is whole or erased",
            )
        ]

    def __str__(self) -> str:
        return f"private part of event {self.event_id}"


class PendingSeal(models.Model):
    """An event that waits for its seal; written with the event, deleted at sealing."""

    event = models.OneToOneField(
        Event, on_delete=models.PROTECT, primary_key=True, related_name="pending_seal"
    )

    class Meta:
        app_label = "prm"
        db_table = "prm_pending_seal"


class Seal(models.Model):
    """One link of the chain: gap-free number, the link before, the digest over both and the event."""

    number = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="seal")
    previous = models.CharField(max_length=64, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    sealed_at = models.DateTimeField()

    class Meta:
        app_label = "prm"
        db_table = "prm_seal"

    def __str__(self) -> str:
        return f"{self.number} {self.digest[:12]}"
