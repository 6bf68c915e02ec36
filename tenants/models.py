"""Tenants, their host names and what is being done to them; the only domain rows in the public schema."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django_tenants.models import DomainMixin, TenantMixin

from prm import clock
from tenants.enums import OpeningStep, PortalState


class Tenant(TenantMixin):
    """A vendor's portal. Written by `tenants.services` only; the schema is made there too."""

    auto_create_schema = False

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80)
    is_demo = models.BooleanField(default=False)
    ready = models.BooleanField(default=False)
    failure = models.TextField(blank=True)
    created_at = models.DateTimeField(default=clock.now)
    ready_at = models.DateTimeField(null=True, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    suspended_because = models.CharField(max_length=300, blank=True)
    delete_at = models.DateTimeField(null=True, blank=True)
    deleting_since = models.DateTimeField(null=True, blank=True)  # no way back from here

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(schema_name__regex=r"^[a-z][a-z0-9_]{1,40}$"),
                name="a schema name is short and plain",
            ),
            models.UniqueConstraint(Lower("name"), name="a portal's name is used once"),
            models.CheckConstraint(
                condition=models.Q(suspended_at=None) | ~models.Q(suspended_because=""),
                name="a suspension has a reason",
            ),
            models.CheckConstraint(
                condition=models.Q(delete_at=None) | models.Q(suspended_at__isnull=False),
                name="a portal is suspended before it is deleted",
            ),
            models.CheckConstraint(
                condition=models.Q(deleting_since=None) | models.Q(delete_at__isnull=False),
                name="a deletion has its day",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def host(self) -> str:
        """The portal's main host name; empty if it has none."""
        domain = next((d for d in self.domains.all() if d.is_primary), None)
        return domain.domain if domain else ""

    @property
    def address(self) -> str:
        """The portal's address: scheme, host, and the port where one is needed."""
        return address_of(self.host)

    @property
    def state(self) -> PortalState:
        """What the portal is doing now."""
        if self.delete_at is not None:
            return PortalState.LEAVING
        if self.suspended_at is not None:
            return PortalState.SUSPENDED
        if self.ready:
            return PortalState.LIVE
        return PortalState.FAILED if self.failure else PortalState.OPENING

    @property
    def is_reserved(self) -> bool:
        """Whether this is the operators' own tenant."""
        return bool(self.schema_name == settings.OPS_SCHEMA)


def address_of(host: str) -> str:
    """Return scheme, host, and the port where one is needed."""
    if getattr(settings, "SECURE_SSL_REDIRECT", False):
        return f"https://{host}"
    port = "" if settings.PORT == 80 else f":{settings.PORT}"
    return f"http://{host}{port}"


class Domain(DomainMixin):
    """A host name under which a portal answers.

    A retired one redirects to the main one until `until`; then it is nobody's.
    """

    domain = models.CharField(max_length=253)
    retired_at = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant"],
                condition=models.Q(is_primary=True),
                name="a portal has one main host name",
            ),
            models.CheckConstraint(
                condition=models.Q(retired_at=None, until=None)
                | models.Q(retired_at__isnull=False, until__isnull=False, is_primary=False),
                name="a retired host name redirects until a time",
            ),
            models.UniqueConstraint(fields=["domain"], name="a host name belongs to one portal"),
            models.CheckConstraint(
                condition=models.Q(domain__regex=r"^[a-z0-9.-]+$"), name="a host name is lower case"
            ),
        ]


class Opening(models.Model):
    """What a portal that is being opened still needs; deleted when it is ready.

    The first administrator's name and address stay here no longer than that.
    """

    tenant = models.OneToOneField(Tenant, on_delete=models.CASCADE, related_name="opening")
    step = models.CharField(
        max_length=12, choices=OpeningStep.choices, default=OpeningStep.RESERVED
    )
    language = models.CharField(max_length=5)
    currency = models.CharField(max_length=3)
    zone = models.CharField(max_length=64)
    country = models.CharField(max_length=2, blank=True)
    administrator_name = models.CharField(max_length=120, blank=True)
    administrator_email = models.EmailField(max_length=254, blank=True)
    asked_by = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.tenant_id} {self.step}"


class Export(models.Model):
    """Everything of one portal in one archive, for its vendor; kept in the operators' private folder.

    Waiting until `finished_at` or `failure` is set. The file is gone after `until`, and the row too.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="exports")
    asked_at = models.DateTimeField(default=clock.now)
    asked_by = models.UUIDField(null=True)
    tried_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)
    size = models.BigIntegerField(default=0)  # bytes
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant"],
                condition=models.Q(finished_at=None, failure=""),
                name="a portal is exported once at a time",
            ),
            models.CheckConstraint(
                condition=models.Q(finished_at=None, until=None)
                | models.Q(finished_at__isnull=False, until__isnull=False),
                name="a finished export has its last day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tenant_id} {self.uid}"

    @property
    def name(self) -> str:
        """Where the archive is kept, below the operators' folder."""
        return f"exports/{self.uid}.zip"

    @property
    def original_name(self) -> str:
        """What the archive is called when it is downloaded."""
        return f"{self.tenant.schema_name}-{self.asked_at:%Y-%m-%d}.zip"

    @property
    def content_type(self) -> str:
        """What the archive is."""
        return "application/zip"

    @property
    def is_waiting(self) -> bool:
        """Whether its job has not ended yet."""
        return self.finished_at is None and not self.failure


class DemoSeed(models.Model):
    """That a demo portal holds its complete data, made by this version of the seed."""

    tenant = models.OneToOneField(Tenant, on_delete=models.CASCADE, related_name="demo_seed")
    version = models.CharField(max_length=64)
    finished_at = models.DateTimeField()
    last_event = models.BigIntegerField(default=0)  # what came later, the visitor did

    def __str__(self) -> str:
        return f"{self.tenant_id} {self.version}"


class Blueprint(models.Model):
    """The statements that make a tenant's schema in one release; see `tenants.blueprint`."""

    digest = models.CharField(max_length=64, unique=True)
    statements = models.JSONField()
    made_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.digest[:12]
