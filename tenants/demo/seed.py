"""Plant the demo: portals, people, catalog, customers, deals, through the services of every room."""

import hashlib
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from notifications import capture
from notifications import services as notifications
from prm import clock, events
from prm.events import Event
from prm.portal import services as portal
from prm.tenancy import context
from prm.tenancy.database import connection
from tenants import schemas as schema_tools
from tenants.demo import (
    acting,
    behalf,
    catalog,
    companies,
    designations,
    desk,
    hurry,
    identity,
    imports,
    leads,
    lifecycle,
    people,
    plans,
    registrations,
    rules,
    terms,
    timewarp,
    travel,
    working,
)
from tenants.demo.plans import Plan
from tenants.models import DemoSeed, Tenant
from tenants.services import NewTenant, create_tenant

Say = Callable[[str], None]


class PlantedMeanwhile(Exception):
    """Another process is making this portal of the demo."""


def version() -> str:
    """Return what names this seed: a digest of the files that write it."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def missing(schemas: Collection[str] = ()) -> list[str]:
    """Return the demo's portals that are not complete, of all or of those named; one query."""
    done = set(DemoSeed.objects.values_list("tenant__schema_name", flat=True))
    every = [settings.OPS_SCHEMA, *(plan.schema for plan in plans.VENDORS)]
    return [s for s in every if s not in done and (not schemas or s in schemas)]


def plant(schemas: Collection[str], say: Say) -> None:
    """Complete these portals; a complete one stays as it is, a half-made one starts over.

    Raises PlantedMeanwhile when another process is making one of them.
    """
    with hurry.transactions():
        for schema in missing(schemas):
            with schema_tools.building(f"demo {schema}") as mine:
                if not mine:
                    raise PlantedMeanwhile(schema)
                _plant(schema, say)


def _plant(schema: str, say: Say) -> None:
    if schema == settings.OPS_SCHEMA:
        plant_ops(say)
    else:
        plant_vendor(next(p for p in plans.VENDORS if p.schema == schema), say)


def plant_ops(say: Say) -> None:
    """Make the operators' tenant and its people."""
    say("the operators' portal")
    clear(settings.OPS_SCHEMA)
    host = f"{settings.OPS_SCHEMA}.{settings.BASE_DOMAIN}"
    with clock.elsewhere() as go:
        go(clock.now() - timedelta(days=plans.DAYS + 1))  # before the first vendor
        tenant = create_tenant(NewTenant(settings.OPS_SCHEMA, "Operators", host))
        with context.entered(tenant.schema_name):
            people.plant_operators()
            events.seal_pending()
    lifecycle.plant()
    _mark(tenant)


def plant_vendor(plan: Plan, say: Say) -> None:
    """Make one vendor's portal with its story, which ends now."""
    clear(plan.schema)
    present = clock.now()
    with clock.elsewhere() as go:
        go(present - timedelta(days=plans.DAYS))
        say(f"{plan.name}: portal and people")
        tenant = create_tenant(
            NewTenant(
                plan.schema,
                plan.name,
                f"{plan.host}.{settings.BASE_DOMAIN}",
                plan.language,
                plan.currency,
                plan.zone,
                plan.country,
            )
        )
        with context.entered(plan.schema):
            _tell(plan, present, go, say)
    with context.entered(plan.schema):
        timewarp.catch_up_here()
    _mark(tenant)
    _mark(Tenant.objects.get(schema_name=settings.OPS_SCHEMA))  # it has this vendor's opening now


def clear(schema: str) -> None:
    """Remove a half-made demo portal with everything it has."""
    connection.set_schema_to_public()
    tenant = Tenant.objects.filter(schema_name=schema).first()
    if tenant is not None:
        schema_tools.drop(tenant)
        tenant.delete()
    capture.forget(schema)


def _tell(plan: Plan, present: datetime, go: travel.Go, say: Say) -> None:
    administrator, referee = people.plant_staff(plan)
    portal.change_brand(name=plan.name, colour=plan.colour, actor=administrator)
    catalog.plant(plan.schema, administrator)
    cast = people.plant_partners(plan, administrator, referee)
    contracts = terms.Contracts(plan, cast)
    contracts.begin()
    say(f"{plan.name}: {plan.companies} customers")
    customers = companies.plant(plan, referee)
    say(f"{plan.name}: {plans.DAYS} days of deals")
    agenda = travel.Agenda(present, go)
    contracts.go_on(agenda, present)
    rulebook = rules.Rulebook(plan, administrator)
    rulebook.begin(agenda, present)
    registrations.Story(plan, cast, agenda, present, customers).write()
    story = leads.LeadStory(plan, cast, agenda, present)
    story.write()
    agenda.add(present - timedelta(hours=5), story.collide)
    working.plant(plan, cast, agenda, present)
    acting.plant(plan.language, referee, agenda, present)
    desk.plant(plan.language, cast, agenda, present)
    behalf.plant(plan, cast, agenda, present)
    for days in range(plans.MAIL_DAYS, plans.DAYS):
        agenda.add(present - timedelta(days=days), _quietly)
    for hours in range(0, plans.MAIL_DAYS * 24, 3):
        agenda.add(present - timedelta(hours=hours, minutes=5), timewarp.catch_up_here)
    agenda.run()
    rulebook.end()
    say(f"{plan.name}: families, lists and duplicates")
    identity.plant(customers, referee)
    designations.plant(referee)
    imports.plant(plan, cast)


def _quietly() -> None:
    """Do the day's due work, and take back the mails that it caused."""
    timewarp.do_due_work()
    for room in ("registrations.", "partners.", "leads."):
        notifications.cancel(key_prefix=room, reason="Before the demo's mailbox begins")
    events.seal_pending()


def _mark(tenant: Tenant) -> None:
    """Note that a portal is complete; what its ledger gets from now on, the visitor did."""
    with context.entered(tenant.schema_name):
        last = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    DemoSeed.objects.update_or_create(
        tenant=tenant,
        defaults={"version": version(), "finished_at": clock.now(), "last_event": last},
    )
