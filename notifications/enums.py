"""States of notices and messages, and how urgent a kind is."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Urgency(models.TextChoices):
    """NOW leaves at once and alone; ROUTINE waits for its like and shares a mail."""

    NOW = "NOW", _("At once")
    ROUTINE = "ROUTINE", _("Together with others")


class NoticeState(models.TextChoices):
    """A notice waits, is bound to a message, or was taken back before it left."""

    WAITING = "WAITING", _("Waiting")
    BOUND = "BOUND", _("In a message")
    SUPERSEDED = "SUPERSEDED", _("Overtaken")
    CANCELLED = "CANCELLED", _("Taken back")


class MessageState(models.TextChoices):
    """What is known of one mail."""

    QUEUED = "QUEUED", _("Queued")
    SENDING = "SENDING", _("Being sent")
    SENT = "SENT", _("Sent")
    UNCERTAIN = "UNCERTAIN", _("Uncertain")
    FAILED = "FAILED", _("Failed")
    SUPERSEDED = "SUPERSEDED", _("Taken back")


class Overtaken(models.TextChoices):
    """Why a notice was superseded; callers may give words of their own."""

    COVERED = "COVERED", _("Another mail about it went out the same day")
    NEWER = "NEWER", _("A newer reminder took its place")
    LEFT = "LEFT", _("The person can no longer sign in")
