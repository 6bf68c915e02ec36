"""Agreements, their versions, and who accepted which.

A published version never changes and an acceptance only loses its personal part; triggers refuse
anything else (`partners.sql`).
"""

import uuid
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language

from partners.enums import Gate, RequiredOf
from partners.models.contacts import Contact
from partners.models.organisation import Partner
from prm.access import Audience
from prm.timestamps import CreatedAtField, TimeStamped
from users.models import User


class AgreementQuerySet(models.QuerySet["Agreement"]):
    """Chainable filters over agreements."""

    def visible_to(self, user: User) -> Self:
        """Agreements with a version that this person may know of; all for the vendor's staff."""
        if user.audience == Audience.VENDOR and user.roles:
            return self
        versions = AgreementVersion.objects.all().visible_to(user)
        return self.filter(pk__in=versions.values("agreement"))

    def in_use(self) -> Self:
        """Agreements that have not been retired."""
        return self.filter(retired_at=None)


class Agreement(TimeStamped):
    """Terms between the vendor and its partners. Written by `partners.services` only.

    `words` holds the title per language; a missing one falls back to `title`. A retired agreement is
    required of nobody; what was accepted stays.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(max_length=16, unique=True, editable=False)
    title = models.CharField(max_length=120)
    words = models.JSONField(default=dict, blank=True)
    retired_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Agreement"]] = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The title in the reader's language."""
        return str(self.words.get((get_language() or "")[:2]) or self.title)


class AgreementVersionQuerySet(models.QuerySet["AgreementVersion"]):
    """Chainable filters over versions."""

    def visible_to(self, user: User) -> Self:
        """Versions this person may know of.

        All for the vendor's staff; for a partner's people what is published and required of their
        partner, and what it accepted.
        """
        if user.audience == Audience.VENDOR and user.roles:
            return self
        if user.audience != Audience.PARTNER:
            return self.none()
        partner = Partner.objects.filter(memberships__user=user).first()
        return self.published().concerning(partner) if partner else self.none()

    def published(self) -> Self:
        """Versions that are no drafts."""
        return self.filter(published_at__isnull=False)

    def concerning(self, partner: Partner) -> Self:
        """Versions required of a partner, or accepted by it."""
        places = list(partner.territories.values_list("code", flat=True))
        accepted = Acceptance.objects.filter(partner=partner).values("version")
        return self.filter(
            models.Q(required_of=RequiredOf.ALL)
            | models.Q(required_of=RequiredOf.COUNTRIES, countries__contains=[partner.country])
            | models.Q(required_of=RequiredOf.TERRITORIES, territories__overlap=places)
            | models.Q(pk__in=accepted)
        )


class AgreementVersion(TimeStamped):
    """One text of an agreement: a draft that may change, or published and fixed for ever.

    `texts` is Markdown per language, `digests` the SHA-256 of each published text's bytes.
    `territories` holds codes of the catalog. It counts from `effective_at` until a later one does.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    texts = models.JSONField(default=dict)
    digests = models.JSONField(default=dict)
    gates = ArrayField(models.CharField(max_length=16, choices=Gate.choices), default=list)
    required_of = models.CharField(
        max_length=16, choices=RequiredOf.choices, default=RequiredOf.ALL
    )
    territories = ArrayField(models.SlugField(max_length=40), default=list, blank=True)
    countries = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="published_agreements"
    )
    effective_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["AgreementVersion"]] = AgreementVersionQuerySet.as_manager()

    class Meta:
        ordering = ["agreement", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "number"], name="an agreement's versions are numbered"
            ),
            models.UniqueConstraint(
                fields=["agreement"],
                condition=models.Q(published_at=None),
                name="an agreement has one draft at most",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    published_at=None, published_by=None, effective_at=None, digests={}
                )
                | models.Q(
                    published_at__isnull=False,
                    published_by__isnull=False,
                    effective_at__gte=models.F("published_at"),
                ),
                name="a version is a draft or published with a date",
            ),
            models.CheckConstraint(
                condition=models.Q(gates__contained_by=Gate.values),
                name="a version closes known gates",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} version {self.number}"


class AcceptanceQuerySet(models.QuerySet["Acceptance"]):
    """Chainable filters over acceptances."""

    def visible_to(self, user: User) -> Self:
        """Acceptances this person may know of: all for the vendor's staff, a partner's own for its people."""
        if user.audience == Audience.VENDOR and user.roles:
            return self
        if user.audience == Audience.PARTNER:
            return self.filter(partner__memberships__user=user)
        return self.none()


class Acceptance(models.Model):
    """That a partner accepted a version: once, by a contact with signing authority.

    `reference` and `event_digest` are what a receipt is verified with. `typed_name` and `address` are
    personal and may be erased; everything else stays as it was written.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(max_length=16, unique=True, editable=False)
    version = models.ForeignKey(
        AgreementVersion, on_delete=models.PROTECT, related_name="acceptances"
    )
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="acceptances")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="acceptances")
    language = models.CharField(max_length=5)
    text_digest = models.CharField(max_length=64)
    event_uid = models.UUIDField(unique=True)
    event_digest = models.CharField(max_length=64)
    typed_name = models.CharField(max_length=120, blank=True)
    address = models.GenericIPAddressField(null=True)
    accepted_at = CreatedAtField()

    objects: ClassVar[models.Manager["Acceptance"]] = AcceptanceQuerySet.as_manager()

    class Meta:
        ordering = ["-accepted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "partner"], name="a partner accepts a version once"
            ),
            models.CheckConstraint(
                condition=models.Q(text_digest__regex=r"^[0-9a-f]{64}$")
                & models.Q(event_digest__regex=r"^[0-9a-f]{64}$"),
                name="an acceptance keeps two digests",
            ),
        ]

    def __str__(self) -> str:
        return self.reference
