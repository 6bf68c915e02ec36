"""Exchange rates: entered by the administrator, dated, never changed; amounts at home."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from prm import clock, portal
from prm.events.models import Event
from prm.money import Money
from prm.portal.models import ExchangeRate
from prm.portal.services import RateRefused, add_rate, change_currency

pytestmark = pytest.mark.django_db


def euros(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def test_amounts_are_converted_by_the_rate_in_force(ada, travel):
    began = clock.now()
    add_rate(currency="EUR", rate=Decimal("1.08"), actor=ada)
    add_rate(
        currency="EUR", rate=Decimal("1.2"), effective_at=clock.now() + timedelta(days=7), actor=ada
    )
    assert portal.convert(euros("100")) == Money(Decimal("108.00"), "USD")
    assert portal.convert(euros("0.005")) == Money(Decimal("0.01"), "USD")
    travel(days=8)
    assert portal.convert(euros("100")) == Money(Decimal("120.00"), "USD")
    assert portal.convert(euros("100"), at=began + timedelta(days=1)) == Money(
        Decimal("108.00"), "USD"
    )
    assert portal.convert(euros("100"), at=began - timedelta(days=1)) is None


def test_without_a_rate_there_is_no_amount_at_home(ada):
    assert portal.convert(euros("1")) is None
    assert portal.convert(Money(Decimal("1.005"), "USD")) == Money(Decimal("1.005"), "USD")


def test_the_later_entry_counts(ada):
    add_rate(currency="EUR", rate=Decimal("1"), actor=ada)
    add_rate(currency="EUR", rate=Decimal("2"), actor=ada)
    assert portal.convert(euros("1")) == Money(Decimal("2.00"), "USD")


def test_rates_are_read_once(ada, queries):
    add_rate(currency="EUR", rate=Decimal("1.1"), actor=ada)
    portal.current()
    with queries() as ran:
        for amount in range(5):
            portal.convert(euros(str(amount)), at=clock.now())
            portal.convert(Money(Decimal(amount), "GBP"), at=clock.now())
    assert len([sql for sql in ran.sql if "exchange_rate" in sql]) == 1


def test_old_rates_say_nothing_about_a_new_currency(ada):
    add_rate(currency="EUR", rate=Decimal("1.1"), actor=ada)
    change_currency(currency="CHF", actor=ada)
    assert portal.convert(euros("1")) is None
    change_currency(currency="USD", actor=ada)
    assert portal.convert(euros("1")) == Money(Decimal("1.10"), "USD")


def test_entering_a_rate_is_recorded(ada):
    rate = add_rate(currency="EUR", rate=Decimal("1.0825"), actor=ada)
    event = Event.objects.get(target_uid=rate.uid)
    assert (event.code, event.data["rate"]) == ("portal.rate_added", "1.0825")
    rate.refresh_from_db()
    assert str(rate) == "1 EUR = 1.0825 USD"


@pytest.mark.parametrize(
    ("currency", "rate", "days"),
    [("USD", "1", 0), ("XXX", "1", 0), ("EUR", "0", 0), ("EUR", "-1", 0), ("EUR", "1", -1)],
)
def test_a_rate_that_cannot_be_is_refused(ada, currency, rate, days):
    since = clock.now() + timedelta(days=days) if days else None
    with pytest.raises(RateRefused):
        add_rate(currency=currency, rate=Decimal(rate), effective_at=since, actor=ada)


def test_only_administrators_enter_rates(mia):
    with pytest.raises(PermissionDenied):
        add_rate(currency="EUR", rate=Decimal("1"), actor=mia)


@pytest.mark.constraints
@pytest.mark.parametrize(
    "statement", ["UPDATE prm_exchange_rate SET rate = 2", "DELETE FROM prm_exchange_rate",
                  "TRUNCATE prm_exchange_rate"],
)  # fmt: skip
def test_rates_never_change(ada, statement):
    add_rate(currency="EUR", rate=Decimal("1"), actor=ada)
    with (
        pytest.raises(IntegrityError, match="refused"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.constraints
@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"rate": Decimal(0)}, "above zero"),
        ({"currency": "USD"}, "between two currencies"),
        ({"currency": "eur"}, "names two currencies"),
        ({"effective_at": timedelta(days=-1)}, "never apply backwards"),
    ],
)
def test_the_database_refuses_odd_rates(ada, values, name):
    now = clock.now()
    row = {
        "currency": "EUR",
        "home": "USD",
        "rate": Decimal(1),
        "effective_at": now,
        "entered_at": now,
    }
    row |= {
        key: now + value if isinstance(value, timedelta) else value for key, value in values.items()
    }
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        ExchangeRate.objects.create(**row)


def test_the_pages(browse, ada, mia):
    client = browse(ada)
    page = client.get("/settings/rates/").content.decode()
    assert "No exchange rates yet" in page
    refused = client.post("/settings/rates/add/", {"currency": "EUR", "rate": "much"})
    assert refused.status_code == 422
    assert "Enter a number, for example 1.0825." in refused.content.decode()
    assert 'value="much"' in refused.content.decode()
    for bad in ("0", "-1", "1,082", "0.00000000001", "1e400", "NaN"):
        assert (
            client.post("/settings/rates/add/", {"currency": "EUR", "rate": bad}).status_code == 422
        )
    assert client.post("/settings/rates/add/", {"currency": "USD", "rate": "1"}).status_code == 422
    past = {"currency": "EUR", "rate": "1", "effective_on": "2020-01-01"}
    assert client.post("/settings/rates/add/", past).status_code == 422
    first = client.post("/settings/rates/add/", {"currency": "EUR", "rate": "1.0825"})
    assert (first.status_code, first["Location"]) == (303, "/settings/rates/")
    client.post("/settings/rates/add/", {"currency": "EUR", "rate": "1.1"})
    client.post(
        "/settings/rates/add/", {"currency": "GBP", "rate": "1.3", "effective_on": "2031-01-01"}
    )
    page = client.get("/settings/rates/").content.decode()
    for words in ("1.0825", "Earlier", "In force", "To come", "Ada"):
        assert words in page
    assert "EUR" in client.get("/settings/").content.decode()
    assert browse(mia).get("/settings/rates/").status_code == 403
