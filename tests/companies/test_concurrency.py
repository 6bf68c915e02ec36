"""Two rivals name the same customer at the same instant, on real connections."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.db import connection, transaction

from benchmarks.matching import duplicates
from companies import matching, registry, services
from companies.matching import CompanyQuery
from companies.models import Company
from prm.tenancy import context
from users.models import User

pytestmark = pytest.mark.concurrency


@pytest.fixture
def rivals(own_database):
    return [
        User.objects.get(email=f"{who}@{at}.example")
        for who, at in (("pat", "harbor"), ("sam", "summit"))
    ]


def together(*works):
    """Run functions at the same instant, each on a connection of its own; results or errors."""
    barrier = Barrier(len(works))

    def run(work):
        try:
            with context.entered("acme"):
                barrier.wait(timeout=10)
                return work()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result() for future in [pool.submit(run, work) for work in works]]


def test_new_customer_with_a_domain_is_one_company(rivals):
    for number in range(8):
        typed = {"name": f"Hooli {number}x", "domain": f"hooli{number}.example", "country": "US"}
        found = together(
            *(partial(services.identify, **typed, actor=actor) for actor in rivals * 3)
        )
        assert {company.pk for company in found} == {found[0].pk}


def test_new_customer_without_a_domain_is_seen_by_the_second(rivals):
    """No hard evidence joins them, but the second to commit finds the first as a likely duplicate."""

    def submit(actor):
        with transaction.atomic():
            company = services.identify(name="Pied Piper Inc", country="US", actor=actor)
            seen = matching.find(CompanyQuery("Pied Piper Inc", exclude_company_id=company.pk))
            return company.pk, [match.company_id for match in seen]

    results = together(*(lambda actor=actor: submit(actor) for actor in rivals))
    (one, saw_one), (other, saw_other) = results
    assert one != other
    assert [other] == saw_one or [one] == saw_other


def test_merge_and_identify_at_the_same_instant_agree(rivals, monkeypatch):
    monkeypatch.setattr(registry, "_functions", [])
    mia = User.objects.get(email="mia@acme.example")
    winner = services.add_company(name="Gavin Belson Works", country="US", actor=mia)
    for number in range(5):
        typed = {"name": f"Belson {number}x", "domain": f"belson{number}.example", "country": "US"}
        loser = services.identify(**typed, actor=rivals[0])
        identified, merged = together(
            partial(services.identify, **typed, actor=rivals[1]),
            partial(services.confirm_as, loser, winner, actor=mia),
        )
        assert merged == winner
        assert identified in (winner, loser)
        assert Company.objects.get(pk=loser.pk).merged_into == winner


def test_of_many_duplicates_at_once_none_is_missed(own_database):
    """The full count, 2,000, is a benchmark; see docs/matching.md."""
    names = ["Zyntax Quarry GmbH", "ZYNTAX QUARRY", "Zyntaxx Quarry Ltd"] * 12
    done = duplicates.submit_all("acme", names)
    assert len({one.company_id for one in done}) == len(names)
    assert duplicates.missed(done) == 0


def test_committed_name_is_found_by_another_process_at_once(own_database):
    mia = User.objects.get(email="mia@acme.example")
    for number in range(5):
        company = services.add_company(name=f"Quuxly Marble {number}z", actor=mia)

        def look(number=number):
            return [m.company_id for m in matching.find(CompanyQuery(f"Quuxly Marbel {number}z"))]

        (found,) = together(look)
        assert found[0] == company.pk


def test_one_number_at_the_same_instant_is_one_company(rivals):
    """Other name, other domain, same VAT number: whoever comes second meets the first."""
    for at, vat in enumerate(("DE129273398", "DE136695976", "FR40303265045", "ATU13585627")):
        works = [
            partial(
                services.identify,
                name=f"Nakatomi {at}x {number}y",
                domain=f"nakatomi{at}-{number}.example",
                numbers=[("VAT", vat)],
                actor=rivals[number % 2],
            )
            for number in range(6)
        ]
        found = together(*works)
        assert {company.pk for company in found} == {found[0].pk}
