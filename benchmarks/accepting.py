"""Accepting terms: each with its row, its event and digest, its receipt notice, and a commit of its own."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection

from benchmarks import database, generator, server
from benchmarks.figures import Figure, machine, median, quantile
from partners import services
from partners.enums import Function, Gate, RequiredOf
from partners.models import AgreementVersion, Contact, Membership, Partner
from partners.services import Draft
from prm import events
from prm.tenancy import context
from users.models import User

WARM_UP, MOST = 10, 150
TEXT = "# Terms\n\n" + "Treat every customer fairly, and tell us what you learn. " * 100
MILLI = 1_000


def run(size: int, say: generator.Say) -> Iterator[Figure]:
    """Let one signer of every partner accept; beside it, events that are recorded by themselves."""
    with database.copy_of(size, say), context.entered(database.TENANT):
        administrator = User.objects.get(email=generator.ADMINISTRATOR)
        version, signers = _terms(administrator), _signers()
        accepted = [_timed(lambda who=who: _accept(version, who)) for who in signers]  # type: ignore[misc]
        bare = [_timed(lambda who=who: _record(who)) for who in signers]  # type: ignore[misc]
        about = {"partners": len(signers), "clients": 1, "postgresql": server.database_version(), **machine()}  # fmt: skip
        connection.close()
    times, alone = accepted[WARM_UP:], bare[WARM_UP:]
    against = {**about, "against": "an event recorded and committed by itself"}
    yield Figure("accepting.rate", len(times) / sum(times), "acceptances/s", 20, "at least", about)
    yield Figure("accepting.p95", quantile(times, 0.95) * MILLI, "ms", 200, conditions=about)
    yield Figure("accepting.events", len(alone) / sum(alone), "events/s", conditions=about)
    yield Figure("accepting.to_event", median(times) / median(alone), "ratio", conditions=against)


def _timed(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def _terms(administrator: User) -> AgreementVersion:
    agreement = services.add_agreement(title="Terms of the bench", actor=administrator)
    draft = Draft({"en": TEXT}, (Gate.REGISTRATION,), RequiredOf.ALL, (), ())
    version = services.save_draft(agreement, draft, actor=administrator)
    return services.publish_version(version, effective_at=None, actor=administrator)


def _signers() -> list[Contact]:
    """Give one person of every partner signing authority."""
    contacts = []
    for partner in Partner.objects.active().order_by("pk")[:MOST]:
        member: Any = Membership.objects.filter(partner=partner).select_related("user").first()
        facts = {"name": member.user.name, "email": member.user.email}
        facts |= {"functions": [Function.PRINCIPAL.value], "signs": True}
        contact, _made = Contact.objects.update_or_create(
            partner=partner, user=member.user, defaults=facts
        )
        contacts.append(contact)
    return contacts


def _accept(version: AgreementVersion, signer: Contact) -> object:
    assert signer.user is not None
    return services.accept(version, signer, "Some Body", "en", "192.0.2.7", actor=signer.user)


def _record(signer: Contact) -> object:
    return events.record("bench.recorded", target=signer.partner, actor=signer.user)
