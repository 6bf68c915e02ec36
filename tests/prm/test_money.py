import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prm.money import (
    CURRENCIES,
    AmountInvalid,
    CurrencyMismatch,
    Money,
    currency_choices,
    format_money,
    parse_amount,
)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12500", "12500"),
        ("12,500.00", "12500"),
        ("12.500,00", "12500"),
        ("€ 12.500", "12500"),
        ("12.500 €", "12500"),
        ("EUR12", "12"),
        ("USD 1'200.50", "1200.50"),
        ("CHF 1\u2019000.\u2013", "1000"),
        ("1000,-", "1000"),
        ("1 200 000,50", "1200000.50"),
        ("1\u00a0200\u202f000,50", "1200000.50"),
        ("1.200.000", "1200000"),
        ("12,34,567.50", "1234567.50"),
        ("1.2m", "1200000"),
        ("1,2 Mio", "1200000"),
        ("1,2 Mio. €", "1200000"),
        ("1.125m", "1125000"),
        ("$5k", "5000"),
        ("250 Tsd. EUR", "250000"),
        ("12 Mrd. EUR", "12000000000"),
        ("0.125", "0.125"),
        ("1234,567", "1234.567"),
        (".5", "0.5"),
        ("5.", "5"),
        ("-5", "-5"),
        ("-$5", "-5"),
        ("\u22125,50", "-5.50"),
        ("100 zł", "100"),
        ("5 kr.", "5"),
        ("\uff15\uff10\uff10", "500"),
        ("\u0661\u0662\u066b\u0665", "12.5"),
    ],
)
def test_parse_amount_reads_what_people_type(text, amount):
    assert parse_amount(text) == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Enter an amount."),
        ("   ", "Enter an amount."),
        ("abc", "Enter an amount in figures, for example 12500 or 1.2m."),
        ("m", "Enter an amount in figures, for example 12500 or 1.2m."),
        ("1e5", "Enter an amount in figures, for example 12500 or 1.2m."),
        ("1_000", "Enter an amount in figures, for example 12500 or 1.2m."),
        ("5 apples", "“apples” is not understood here."),
        ("1.2.3", "The points and commas in this amount do not fit together."),
        ("1.000.00", "The points and commas in this amount do not fit together."),
        ("1,234.5,6", "The points and commas in this amount do not fit together."),
        ("1 0", "The points and commas in this amount do not fit together."),
        ("1.23456", "This amount has too many decimal places."),
        ("9" * 16, "This amount is too large."),
        ("9" * 61, "This amount is too long."),
    ],
)
def test_parse_amount_refuses_with_a_sentence(text, sentence):
    with pytest.raises(AmountInvalid) as refused:
        parse_amount(text)
    assert str(refused.value) == sentence


def test_parse_amount_reads_billion_in_english_only():
    assert parse_amount("1 billion", "en-us") == Decimal(10) ** 9
    with pytest.raises(AmountInvalid):
        parse_amount("1 Billion", "de")


@given(
    st.decimals(min_value=0, max_value=10**9, places=2),
    st.sampled_from(["en", "de", "fr", "de-ch", "sv", "en-in", "it", "pl"]),
    st.sampled_from(["EUR", "USD", "GBP", "CHF", "SEK", "PLN", "INR"]),
)
def test_parse_amount_reads_back_what_format_money_shows(amount, locale, currency):
    assert parse_amount(format_money(Money(amount, currency), locale), locale) == amount


@given(st.text(max_size=70))
def test_parse_amount_answers_or_refuses_any_text(text):
    with contextlib.suppress(AmountInvalid):
        assert parse_amount(text).is_finite()


def test_format_money_follows_the_reader():
    money = Money(Decimal("1234567.5"), "EUR")
    assert format_money(money, "en") == "€1,234,567.50"
    assert format_money(money, "de") == "1.234.567,50\u00a0€"
    assert format_money(money, "xx-unknown") == "€1,234,567.50"
    assert format_money(money, "de", whole=True) == "1.234.568\u00a0€"


def test_format_money_uses_the_currency_own_decimals():
    assert format_money(Money(Decimal("1500"), "JPY"), "en") == "¥1,500"


def test_money_adds_compares_and_rounds():
    five, seven = Money(Decimal("5"), "EUR"), Money(Decimal("7.005"), "EUR")
    assert five + seven == Money(Decimal("12.005"), "EUR")
    assert seven - five == Money(Decimal("2.005"), "EUR")
    assert five * 3 == Money(Decimal("15"), "EUR")
    assert -five == Money(Decimal("-5"), "EUR")
    assert five < seven
    assert five <= seven
    assert seven > five
    assert seven >= five
    assert seven.rounded() == Money(Decimal("7.01"), "EUR")
    assert not Money(Decimal("0"), "EUR")


def test_money_refuses_to_mix_currencies():
    with pytest.raises(CurrencyMismatch):
        Money(Decimal("1"), "EUR") + Money(Decimal("1"), "USD")
    with pytest.raises(CurrencyMismatch):
        assert Money(Decimal("1"), "EUR") < Money(Decimal("1"), "USD")


@pytest.mark.parametrize(
    ("amount", "currency"), [(1.5, "EUR"), (Decimal("NaN"), "EUR"), (Decimal("1"), "DEM")]
)
def test_money_refuses_nonsense(amount, currency):
    with pytest.raises(ValueError, match=r"Money wants|Unknown currency"):
        Money(amount, currency)


def test_currencies_are_codes_and_unique():
    assert all(len(code) == 3 and code.isupper() for code in CURRENCIES)
    assert len(set(CURRENCIES)) == len(CURRENCIES)


def test_currency_choices_speak_the_language():
    assert currency_choices("de", ("USD", "EUR")) == [
        ("EUR", "Euro (EUR)"),
        ("USD", "US-Dollar (USD)"),
    ]
