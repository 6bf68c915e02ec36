"""Notices, the messages that carry them, and what is known of the mail relay."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from notifications.enums import MessageState, NoticeState, Overtaken
from prm import clock
from prm.access import Role
from users.models import User

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

READERS = frozenset({Role.ADMINISTRATOR, Role.OPERATOR})
TROUBLE = (MessageState.UNCERTAIN, MessageState.FAILED)
"""A person has to look: nobody knows whether it arrived, or it did not."""


class MessageQuerySet(models.QuerySet["Message"]):
    """Chainable filters over mails."""

    def visible_to(self, user: User) -> Self:
        """All for administrators and operators, none for anybody else."""
        return self.all() if READERS & user.roles else self.none()

    def to_be_settled(self) -> Self:
        """Mails of which a person has to say what became of them: evidence will not come."""
        return self.filter(state=MessageState.UNCERTAIN, next_at=None)


class Message(models.Model):
    """One mail to one person: its envelope and what became of it.

    The Message-ID is fixed before the first attempt, so that every attempt is the same mail.
    `attempts` counts hand-overs to the relay, `strikes` the failures that count towards giving up.
    Written by `notifications.binding`, `delivery` and `services` only.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    message_id = models.CharField(max_length=200, unique=True, editable=False)
    to = models.EmailField(max_length=254)
    to_name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=5)
    zone = models.CharField(max_length=64)
    account = models.BooleanField(default=False)
    state = models.CharField(
        max_length=10, choices=MessageState.choices, default=MessageState.QUEUED
    )
    attempts = models.PositiveIntegerField(default=0)
    strikes = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    handed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True)
    subject_line = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    body_hash = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    objects = MessageQuerySet.as_manager()

    if TYPE_CHECKING:
        notices: "RelatedManager[Notice]"

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=MessageState.values), name="a message has a known state"
            ),
            models.CheckConstraint(
                condition=Q(state=MessageState.SENT, sent_at__isnull=False)
                | (~Q(state=MessageState.SENT) & Q(sent_at=None)),
                name="a message is sent when it has a time",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=MessageState.SENDING,
                    lease_until__isnull=False,
                    lease_token__isnull=False,
                )
                | (~Q(state=MessageState.SENDING) & Q(lease_until=None)),
                name="a message has a lease while it is being sent",
            ),
            models.CheckConstraint(
                condition=~Q(state=MessageState.QUEUED) | Q(next_at__isnull=False),
                name="a queued message has its next time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[MessageState.SENT, MessageState.UNCERTAIN])
                | Q(handed_at__isnull=False),
                name="what may have arrived was handed over",
            ),
            models.CheckConstraint(
                condition=Q(account=False) | Q(body=""), name="an account mail keeps no text"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at", "id"],
                condition=Q(state=MessageState.QUEUED),
                name="notifications_message_queued",
            ),
            models.Index(
                fields=["lease_until"],
                condition=Q(state=MessageState.SENDING),
                name="notifications_message_sending",
            ),
            models.Index(
                fields=["next_at"],
                condition=Q(state=MessageState.UNCERTAIN),
                name="notifications_message_unknown",
            ),
            models.Index(
                fields=["-created_at", "-id"],
                condition=Q(state__in=TROUBLE),
                name="notifications_message_trouble",
            ),
            models.Index(fields=["-created_at", "-id"], name="notifications_message_log"),
            models.Index(fields=["to", "-created_at"], name="notifications_message_to"),
        ]

    def __str__(self) -> str:
        return self.subject_line or self.message_id


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Chainable filters over notices."""

    def due(self, now: datetime) -> Self:
        """Notices that wait and may be said now, oldest first."""
        return self.filter(state=NoticeState.WAITING, not_before__lte=now).order_by(
            "not_before", "id"
        )

    def pending(self) -> Self:
        """Notices that have not been taken back; their mail may have left or not."""
        return self.filter(state__in=[NoticeState.WAITING, NoticeState.BOUND])

    def about(self, subject: models.Model) -> Self:
        """Notices about one record."""
        return self.filter(
            subject_label=subject._meta.label_lower,
            subject_uid=subject.uid,  # type: ignore[attr-defined]
        )


class Notice(models.Model):
    """One thing one person must be told, with everything needed to say it."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=200)
    kind = models.CharField(max_length=60)
    recipient = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="notices"
    )
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=5)
    zone = models.CharField(max_length=64)
    subject_label = models.CharField(max_length=80)
    subject_uid = models.UUIDField()
    subject_title = models.CharField(max_length=200, blank=True)
    context = models.JSONField(default=dict)
    reason = models.CharField(max_length=200, blank=True)
    state = models.CharField(
        max_length=10, choices=NoticeState.choices, default=NoticeState.WAITING
    )
    superseded_reason = models.CharField(max_length=200, blank=True)
    not_before = models.DateTimeField()
    message = models.ForeignKey(
        Message, null=True, on_delete=models.PROTECT, related_name="notices"
    )
    read_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "email"],
                condition=~Q(state=NoticeState.CANCELLED),
                name="a person is told a thing once",
            ),
            models.CheckConstraint(
                condition=Q(state=NoticeState.BOUND, message__isnull=False)
                | Q(state=NoticeState.WAITING, message=None)
                | Q(state__in=[NoticeState.SUPERSEDED, NoticeState.CANCELLED]),
                name="a bound notice has its message",
            ),
            models.CheckConstraint(
                condition=~Q(state=NoticeState.SUPERSEDED) | ~Q(superseded_reason=""),
                name="an overtaken notice says why",
            ),
            models.CheckConstraint(condition=~Q(email=""), name="a notice goes to an address"),
        ]
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                condition=Q(state=NoticeState.WAITING),
                name="notifications_notice_waiting",
            ),
            models.Index(fields=["subject_uid", "email"], name="notifications_notice_subject"),
            models.Index(
                fields=["key"],
                opclasses=["varchar_pattern_ops"],
                name="notifications_notice_key",
            ),
            models.Index(
                F("recipient"), F("created_at").desc(), name="notifications_notice_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.email}"

    @property
    def why_superseded(self) -> str:
        """Why it was overtaken, in words."""
        if self.superseded_reason in Overtaken.values:
            return str(Overtaken(self.superseded_reason).label)
        return self.superseded_reason


class Relay(models.Model):
    """What this portal knows of its mail relay: one row, id 1, made at the first failure."""

    failures = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField()
    last_error = models.CharField(max_length=500, blank=True)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="a portal knows one relay")]
