"""Fifty partners register one customer at the same instant, over real HTTP, round after round."""

import http.client
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db import connection

from benchmarks import database, generator, server
from benchmarks.client import HEADERS, sign_in
from benchmarks.figures import Figure, machine, quantile
from catalog.models import ProductLine
from companies.services import confirm_company
from partners.models import Membership
from prm import clock
from prm.tenancy import context
from registrations import services
from registrations.models import Registration
from users.models import User

HOST = f"{database.TENANT}.localhost"
PARTNERS, ROUNDS, DECIDERS = 50, 20, 10
SIZE = 20_000
MILLI = 1_000
TOKEN = "r" * 32
WORDS = (
    "Quarvex",
    "Bolnimar",
    "Tesquith",
    "Hidrolan",
    "Ombrisko",
    "Wyvertag",
    "Jukalent",
    "Fendoril",
)
SPELLINGS = ("{}", "{} Inc.", "{} GmbH", "the {}", "{} Ltd")


@dataclass(slots=True)
class Race:
    """What some rounds brought."""

    submissions: list[float] = field(default_factory=list)
    approvals: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    submitted: int = 0
    approved: int = 0
    most_holders: int = 0


def run(size: int, say: generator.Say) -> Iterator[Figure]:
    """Race submissions, then approvals, of one customer a round; read the truth from the database."""
    size = min(size, SIZE)
    with database.copy_of(size, say) as name, context.entered(database.TENANT):
        people = _people()
        cookies = [sign_in(database.TENANT, user.email) for user in people]
        referees = [sign_in(database.TENANT, email) for email in _REFEREES]
        race, deadlocks = Race(), _deadlocks(name)
        with server.running(name) as web:
            _round(Race(), web.port, ROUNDS, list(zip(people, cookies, strict=True)), referees)
            for number in range(ROUNDS):  # the one before has warmed everything up
                say(f"round {number + 1} of {ROUNDS}")
                _round(race, web.port, number, list(zip(people, cookies, strict=True)), referees)
        about = {"partners": PARTNERS, "rounds": ROUNDS, "registrations": size,
                 "answers": {str(code): many for code, many in sorted(race.statuses.items())},
                 "approvals": race.approved, "postgresql": server.database_version(), **machine()}  # fmt: skip
        errors = sum(many for code, many in race.statuses.items() if code >= 500)
        gaps, after = _gaps(), _deadlocks(name)
        connection.close()
    yield Figure(
        "racing.submission.p50", quantile(race.submissions, 0.5) * MILLI, "ms", conditions=about
    )
    yield Figure(
        "racing.submission.last", max(race.submissions) * MILLI, "ms", 2_000, conditions=about
    )
    yield Figure("racing.approval.last", max(race.approvals) * MILLI, "ms", 2_000, conditions=about)
    yield Figure("racing.holders", race.most_holders, "holders", 1, conditions=about)
    yield Figure("racing.submitted", race.submitted / (PARTNERS * ROUNDS), "share", 1, "at least", about)  # fmt: skip
    yield Figure("racing.errors", errors, "answers", 0, conditions=about)
    yield Figure("racing.ledger_gaps", gaps, "numbers", 0, conditions=about)
    yield Figure("racing.deadlocks", after - deadlocks, "deadlocks", 0, conditions=about)


_REFEREES = (generator.REFEREE, generator.ADMINISTRATOR)


def _people() -> list[User]:
    """One seller of each of the first fifty partners."""
    first = Membership.objects.order_by("partner_id", "pk").distinct("partner_id")
    return [one.user for one in first.select_related("user")[:PARTNERS]]


def _round(
    race: Race, port: int, number: int, people: list[tuple[User, str]], referees: list[str]
) -> None:
    """Fifty submissions at once; then ten approvals at once of what they made."""
    name = f"{WORDS[number % len(WORDS)]}{WORDS[number // len(WORDS) - 1][:3].lower()} Contested"
    drafts = [_draft(user, name, at) for at, (user, _cookie) in enumerate(people)]
    race.submissions += _all_at_once(
        race,
        [
            _poster(port, f"/deals/{draft.reference}/check/", cookie, version=draft.version)
            for draft, (_user, cookie) in zip(drafts, people, strict=True)
        ],
    )
    rows = list(Registration.objects.filter(pk__in=[d.pk for d in drafts], company__isnull=False))
    race.submitted += len(rows)
    one = rows[0].company
    assert one is not None
    mia = User.objects.get(email=generator.REFEREE)
    confirm_company(one, actor=mia)
    rows = [row for row in rows if row.company_id == one.pk][:DECIDERS]
    race.approvals += _all_at_once(
        race,
        [
            _poster(port, f"/manage/registrations/{row.reference}/approve/", referees[at % 2],
                    version=row.version, overrule="on", note="")
            for at, row in enumerate(rows)
        ],
    )  # fmt: skip
    holders = _holders(one.pk)
    race.approved += holders
    race.most_holders = max(race.most_holders, holders)


def _draft(user: User, name: str, at: int) -> Registration:
    """A complete draft of one partner's, for the one product line everybody wants."""
    draft = services.start_draft(uuid.uuid4(), actor=user)
    slug = name.lower().replace(" ", "-")
    values = {
        "company_name": SPELLINGS[at % len(SPELLINGS)].format(name), "website": f"{slug}.example",
        "country": "US", "value": Decimal(25_000), "currency": "USD",
        "expected_close": date(clock.now().year + 1, 3, 1), "stage": "PROSPECT",
    }  # fmt: skip
    line = list(ProductLine.objects.all()[:1])
    return services.save_draft(draft, values, product_lines=line, actor=user)


def _poster(port: int, path: str, cookie: str, **fields: Any) -> Callable[[], int]:
    """Return a function that posts a form once, on a connection that stands already."""
    body = urlencode({"csrfmiddlewaretoken": TOKEN, **fields})
    headers = {**HEADERS, "Host": f"{HOST}:{port}", "Cookie": f"{cookie}; csrftoken={TOKEN}",
               "Content-Type": "application/x-www-form-urlencoded"}  # fmt: skip
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    line.connect()

    def post() -> int:
        line.request("POST", path, body, headers)
        answer = line.getresponse()
        answer.read()
        line.close()
        return answer.status

    return post


def _all_at_once(race: Race, posts: list[Callable[[], int]]) -> list[float]:
    """Start all posts at one instant; return the seconds until each was answered."""
    gate, lock, seconds = threading.Barrier(len(posts)), threading.Lock(), list[float]()

    def work(post: Callable[[], int]) -> None:
        gate.wait()
        started = time.perf_counter()
        status = post()
        with lock:
            seconds.append(time.perf_counter() - started)
            race.statuses[status] = race.statuses.get(status, 0) + 1

    threads = [threading.Thread(target=work, args=(post,)) for post in posts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seconds


def _holders(company: int) -> int:
    """Count the protections in force at a company; each pair of them that overlaps is one too many."""
    return _number(
        "SELECT count(*) FROM registrations_protection WHERE company_id = %s AND period @> %s",
        company,
        clock.now(),
    )


def _gaps() -> int:
    """Count the ledger numbers that nobody has, below the highest."""
    return _number(
        "SELECT coalesce(max(ledger_number), 0) - count(DISTINCT ledger_number)"
        " FROM registrations_registration WHERE ledger_number IS NOT NULL"
    )


def _deadlocks(name: str) -> int:
    return _number("SELECT deadlocks FROM pg_stat_database WHERE datname = %s", name)


def _number(sql: str, *params: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.fetchone()[0])
