"""Every write to tenants: reserve, build, suspend, resume."""

from dataclasses import dataclass

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from django_tenants.utils import get_public_schema_name, schema_context
from kombu.exceptions import OperationalError

from prm import clock
from prm.access import Actor, Audience, Role, require
from prm.portal.services import set_up_portal
from prm.tenancy import context
from prm.tenancy.database import connection
from tenants import hosts, record, schemas
from tenants.enums import OpeningStep
from tenants.models import Domain, Opening, Tenant
from tenants.policies import can_operate, can_suspend
from users.services import invite

log = structlog.get_logger(__name__)
_RESERVING = 7_410_001  # advisory key: names, hosts and schemas are taken by one at a time


class PortalRefused(Exception):
    """A portal cannot be made or changed like this; the message says why and can be shown."""


class NameTaken(PortalRefused):
    """Another portal of this installation has the name."""


class HostTaken(PortalRefused):
    """Another portal answers under the host name."""


class NotPossibleNow(PortalRefused):
    """The portal is not in a state in which this makes sense."""


@dataclass(frozen=True, slots=True)
class NewTenant:
    """What it takes to open a portal; without a schema name one is made from the name."""

    schema_name: str
    name: str
    host: str
    language: str = "en"
    currency: str = "USD"
    zone: str = "UTC"
    country: str = ""
    administrator_name: str = ""
    administrator_email: str = ""


def create_tenant(new: NewTenant, *, actor: Actor | None = None) -> Tenant:
    """Make a tenant with its schema, host and first settings; it answers once `ready` is true.

    Raises NameTaken, HostTaken, and whatever stopped the making of the schema.
    """
    tenant = reserve_tenant(new, actor=actor)
    build_tenant(tenant)
    return tenant


@transaction.atomic
def request_portal(new: NewTenant, *, actor: Actor) -> Tenant:
    """Reserve a portal for an operator and have it built by a job. Raises as `reserve_tenant`."""
    require(can_operate(actor))
    tenant = reserve_tenant(new, actor=actor)
    _build_soon(tenant)
    return tenant


@transaction.atomic
def reserve_tenant(new: NewTenant, *, actor: Actor | None = None) -> Tenant:
    """Take the name and the host; the portal is not ready yet.

    Records portal.reserved. Raises NameTaken or HostTaken.
    """
    one_at_a_time()
    schema = new.schema_name or hosts.schema_from(new.name, schemas.taken())
    tenant = Tenant(schema_name=schema, name=new.name, is_demo=settings.DEMO)
    with schema_context(get_public_schema_name()):
        _take_name(tenant)
        take_host(tenant, new.host)
        Opening.objects.create(
            tenant=tenant,
            language=new.language,
            currency=new.currency,
            zone=new.zone,
            country=new.country,
            administrator_name=new.administrator_name,
            administrator_email=new.administrator_email,
            asked_by=actor.uid if actor else None,
        )
    record.put(
        record.RESERVED, tenant, actor=actor, private={"name": tenant.name, "host": new.host}
    )
    return tenant


def build_tenant(tenant: Tenant) -> None:
    """Make the schema and the portal's first settings, invite, then let it answer. Safe to repeat.

    One builder at a time: a second one leaves at once. A failure is kept on the tenant, recorded as
    portal.failed, and raised.
    """
    with schemas.building(tenant.schema_name) as mine:
        if not mine:
            return
        opening = Opening.objects.filter(tenant=tenant).first()
        if opening is None:
            return
        try:
            _build(tenant, opening)
        except Exception as error:
            _note_failure(tenant, error)
            raise


@transaction.atomic
def retry_portal(tenant: Tenant, *, actor: Actor) -> Tenant:
    """Try a failed opening again, by a job. Records portal.retried. Raises NotPossibleNow."""
    require(can_operate(actor))
    tenant = lock_row(tenant)
    if tenant.ready or not tenant.failure or tenant.suspended_at is not None:
        raise NotPossibleNow(_("Only an opening that has failed can be tried again."))
    change_row(tenant, failure="")
    record.put(record.RETRIED, tenant, actor=actor)
    _build_soon(tenant)
    return tenant


@transaction.atomic
def suspend_portal(tenant: Tenant, *, reason: str, actor: Actor | None) -> Tenant:
    """Stop a portal from answering, its mails and its due work included; its data stays.

    Records portal.suspended. `actor` None is the command line. Raises NotPossibleNow.
    """
    tenant = lock_row(tenant)
    require(can_suspend(actor, tenant) if actor else not tenant.is_reserved)
    if not tenant.ready or tenant.suspended_at is not None:
        raise NotPossibleNow(_("Only a live portal can be suspended."))
    change_row(tenant, suspended_at=clock.now(), suspended_because=reason)
    record.put(record.SUSPENDED, tenant, actor=actor, private={"reason": reason})
    return tenant


@transaction.atomic
def resume_portal(tenant: Tenant, *, actor: Actor | None) -> Tenant:
    """Let a suspended portal answer again; what fell due meanwhile is caught up with.

    Records portal.resumed. `actor` None is the command line. Raises NotPossibleNow.
    """
    require(actor is None or can_operate(actor))
    tenant = lock_row(tenant)
    if tenant.suspended_at is None:
        raise NotPossibleNow(_("This portal is not suspended."))
    if tenant.delete_at is not None:
        raise NotPossibleNow(_("This portal is to be deleted. Cancel the deletion first."))
    change_row(tenant, suspended_at=None, suspended_because="")
    record.put(record.RESUMED, tenant, actor=actor)
    return tenant


def one_at_a_time() -> None:
    """Wait until nobody else takes a name, a host or a schema; until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_RESERVING])


def _take_name(tenant: Tenant) -> None:
    try:
        with transaction.atomic():
            tenant.save()
    except IntegrityError as error:
        raise NameTaken(
            _("Another portal is called “%(name)s”. Choose another name.") % {"name": tenant.name}
        ) from error


def take_host(tenant: Tenant, host: str) -> None:
    """Make a host name the portal's main one; a retired one whose time is over is free again.

    Raises HostTaken.
    """
    Domain.objects.filter(domain=host, until__lte=clock.now()).delete()
    try:
        with transaction.atomic():
            Domain(tenant=tenant, domain=host, is_primary=True).save()
    except IntegrityError as error:
        raise HostTaken(
            _("Another portal answers at %(host)s. Choose another host name.") % {"host": host}
        ) from error


def _build(tenant: Tenant, opening: Opening) -> None:
    opening.attempts += 1
    opening.tried_at = clock.now()
    _step(opening, OpeningStep.TABLES)
    schemas.make(tenant)
    _step(opening, OpeningStep.SETTINGS)
    with context.entered(tenant.schema_name):
        set_up_portal(
            name=tenant.name,
            language=opening.language,
            currency=opening.currency,
            zone=opening.zone,
            country=opening.country,
        )
    _step(opening, OpeningStep.INVITATION)
    with transaction.atomic():
        _open(tenant, opening)


def _open(tenant: Tenant, opening: Opening) -> None:
    """Invite, let the portal answer and forget what was asked for, all or nothing."""
    change_row(tenant, ready=True, ready_at=clock.now(), failure="")
    if opening.administrator_email:
        _invite(tenant, opening)
    opening.delete()
    record.put(record.OPENED, tenant, actor=None, data={"attempts": opening.attempts})


def _invite(tenant: Tenant, opening: Opening) -> None:
    with context.entered(tenant.schema_name):
        invite(
            email=opening.administrator_email,
            name=opening.administrator_name,
            audience=Audience.VENDOR,
            roles=[Role.ADMINISTRATOR],
            language=opening.language,
            actor=None,
        )


def _step(opening: Opening, step: OpeningStep) -> None:
    opening.step = step
    opening.save(update_fields=["step", "attempts", "tried_at"])


def _note_failure(tenant: Tenant, error: Exception) -> None:
    """Keep why a portal could not be opened, where an operator reads it."""
    connection.set_schema_to_public()
    log.error("portal not opened", schema=tenant.schema_name, exc_info=error)
    with transaction.atomic():
        change_row(tenant, failure=f"{type(error).__name__}: {error}"[:2_000])
        record.put(record.FAILED, tenant, actor=None, data={"error": type(error).__name__})


def _build_soon(tenant: Tenant) -> None:
    from tenants.tasks import build_portal  # noqa: PLC0415 - the task comes back to this module

    def ring() -> None:
        try:
            build_portal.apply_async([tenant.schema_name], retry=False)
        except OperationalError:
            log.warning("job not queued; the tick will find the portal", schema=tenant.schema_name)

    transaction.on_commit(ring)


def lock_row(tenant: Tenant) -> Tenant:
    """Re-read the row FOR UPDATE, so every later check sees the truth."""
    locked: Tenant = Tenant.objects.select_for_update().get(pk=tenant.pk)
    return locked


def change_row(tenant: Tenant, **values: object) -> None:
    """Write the named fields, from whatever schema is active."""
    for name, value in values.items():
        setattr(tenant, name, value)
    Tenant.objects.filter(pk=tenant.pk).update(**values)
