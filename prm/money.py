"""Money: an amount with its currency, how it is shown and how it is read from what people type."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Self

from babel import Locale, UnknownLocaleError
from babel.numbers import format_currency, get_currency_name, get_currency_precision
from django.utils.translation import gettext_lazy as _

# ISO 4217 codes in use; Babel's own list also holds the dead ones.
_ISO_4217 = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN
BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL
GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF
KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN
MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD
SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH
UGX USD UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
CURRENCIES: tuple[str, ...] = tuple(_ISO_4217.split())
_KNOWN = frozenset(CURRENCIES)

MAX_TYPED = 60
MAX_WHOLE_DIGITS = 15
MAX_PLACES = 4


class AmountInvalid(ValueError):
    """The typed text cannot be read as one amount; the message can be shown on the form."""


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies were added or compared."""


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount in one currency. Amounts of different currencies never mix silently."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not _is_exact(self.amount):
            raise ValueError("Money wants a finite Decimal amount.")
        if self.currency not in _KNOWN:
            raise ValueError(f"Unknown currency {self.currency!r}.")

    def __add__(self, other: Self) -> "Money":
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Self) -> "Money":
        return Money(self.amount - self._same(other), self.currency)

    def __mul__(self, factor: Decimal | int) -> "Money":
        return Money(self.amount * factor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __lt__(self, other: Self) -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: Self) -> bool:
        return self.amount <= self._same(other)

    def __gt__(self, other: Self) -> bool:
        return self.amount > self._same(other)

    def __ge__(self, other: Self) -> bool:
        return self.amount >= self._same(other)

    def __bool__(self) -> bool:
        return self.amount != 0

    def rounded(self) -> "Money":
        """Return the amount rounded half up to the smallest coin of its currency."""
        step = Decimal(1).scaleb(-get_currency_precision(self.currency))
        return Money(self.amount.quantize(step, ROUND_HALF_UP), self.currency)

    def _same(self, other: Self) -> Decimal:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} do not mix.")
        return other.amount


def format_money(money: Money, locale: str, *, whole: bool = False) -> str:
    """Return the amount as a reader of ``locale`` (a language code) expects it.

    ``whole`` leaves the cents out, for lists and charts. An unknown locale reads as English.
    """
    amount = money.amount.quantize(Decimal(1), ROUND_HALF_UP) if whole else money.amount
    pattern = _whole_pattern(locale) if whole else None
    return format_currency(
        amount, money.currency, format=pattern, locale=_locale(locale), currency_digits=not whole
    )


def currency_choices(locale: str, codes: tuple[str, ...] = CURRENCIES) -> list[tuple[str, str]]:
    """Return (code, "Euro (EUR)") pairs sorted by the currency's name in ``locale``."""
    spoken = _locale(locale)
    named = [(code, f"{get_currency_name(code, locale=spoken)} ({code})") for code in codes]
    return sorted(named, key=lambda pair: pair[1].casefold())


def parse_amount(text: str, locale: str = "en") -> Decimal:
    """Read an amount the way people type it: "1.2m", "1,2 Mio", "1 200 000,50", "€ 12.500".

    A currency sign or code may stand at either end and is ignored. With both separators the last
    one is the decimal one. A single separator before exactly three digits groups thousands
    ("12.500" is twelve thousand five hundred in every language) unless a zero or a multiplier says
    otherwise ("0.125", "1.125m"). ``locale`` only decides what "billion" means.
    Raises AmountInvalid with a sentence for the form.
    """
    if len(text) > MAX_TYPED:
        raise AmountInvalid(_("This amount is too long."))
    plain = _strip_currency(_plain(text))
    if not plain:
        raise AmountInvalid(_("Enter an amount."))
    parsed = re.fullmatch(r"([+-]?)([\d., ]*\d[\d., ]*?)\s*([^\W\d]*)\.?", plain)
    if parsed is None:
        raise AmountInvalid(_("Enter an amount in figures, for example 12500 or 1.2m."))
    sign, figures, word = parsed.groups()
    factor = _factor(word, locale)
    amount = _figures(figures.strip(), scaled=factor != 1) * factor
    if amount >= Decimal(10) ** MAX_WHOLE_DIGITS:
        raise AmountInvalid(_("This amount is too large."))
    exponent = amount.normalize().as_tuple().exponent
    if isinstance(exponent, int) and exponent < -MAX_PLACES:
        raise AmountInvalid(_("This amount has too many decimal places."))
    if amount == amount.to_integral_value():
        amount = amount.quantize(Decimal(1))
    return -amount if sign == "-" else amount


def _is_exact(amount: object) -> bool:
    return isinstance(amount, Decimal) and amount.is_finite()


def _locale(code: str) -> Locale:
    try:
        return Locale.parse(code.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return Locale("en")


def _whole_pattern(code: str) -> str:
    """Return the locale's currency pattern without its decimals."""
    pattern = _locale(code).currency_formats["standard"].pattern
    return re.sub(r"(?<=[#0])\.0+", "", pattern)


_SPACES = re.compile(r"\s+")
_APOSTROPHES = re.compile("['\u2019\u2018\u02bc`\u00b4]")
_DIGIT_SIGNS = str.maketrans(
    {"\u066b": ".", "\u066c": ",", **dict.fromkeys("\u2212\u2012\u2013\u2014", "-")}
)
_NO_CENTS = re.compile(r"[.,]\s?-+(?!\d)")  # Swiss and Dutch shops end a price so


def _plain(text: str) -> str:
    """Fold digits of other scripts, odd spaces, minus signs and Swiss apostrophes to plain ones."""
    folded = unicodedata.normalize("NFKC", text).translate(_DIGIT_SIGNS)
    folded = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in folded)
    return _NO_CENTS.sub("", _SPACES.sub(" ", _APOSTROPHES.sub(" ", folded))).strip()


_DOLLARS = r"(?:US|CA|AU|NZ|HK|SG|MX|NT|A|C|R|S)?\$(?:US|CA|AU|NZ|HK|SG|MX)?"
_SIGNS = rf"{_DOLLARS}|kr\.?|zł|Kč|Ft|lei|лв\.?|Fr\.?"
_CODE = "|".join(CURRENCIES)
_MONEY_WORD = rf"(?:{_CODE}|{_SIGNS}|[^\w\s.,+\-\d](?:GB)?)"
_LEADING = re.compile(rf"^([+-]?)\s*{_MONEY_WORD}\s*(?=[\d+-])", re.IGNORECASE)
_TRAILING = re.compile(rf"(?<=[\d\w.])\s*{_MONEY_WORD}$", re.IGNORECASE)


def _strip_currency(text: str) -> str:
    """Drop one currency sign or code from the front and one from the end."""
    for sign in {c for c in text if unicodedata.category(c) == "Sc"} - {"$"}:
        text = text.replace(sign, "\u20ac")
    text = _LEADING.sub(r"\1", text.strip())
    return _TRAILING.sub("", text).strip()


_THOUSAND, _MILLION, _MILLIARD = Decimal(10) ** 3, Decimal(10) ** 6, Decimal(10) ** 9
_FACTORS = {
    "": Decimal(1),
    **dict.fromkeys(("k", "tsd", "thousand", "tausend", "mille"), _THOUSAND),
    **dict.fromkeys(
        ("m", "mn", "mm", "mio", "mill", "mil", "million", "millions", "millionen"), _MILLION
    ),
    **dict.fromkeys(("bn", "mrd", "md", "milliarde", "milliarden", "milliard"), _MILLIARD),
}


def _factor(word: str, locale: str) -> Decimal:
    folded = word.casefold()
    if folded in {"b", "billion", "billions"} and _locale(locale).language == "en":
        return _MILLIARD
    if folded not in _FACTORS:
        raise AmountInvalid(_("“%(word)s” is not understood here.") % {"word": word})
    return _FACTORS[folded]


_GROUPED = {
    ",": re.compile(r"\d{1,3}(?:,\d{2,3})*,\d{3}"),
    ".": re.compile(r"\d{1,3}(?:\.\d{3})+"),
    " ": re.compile(r"\d{1,3}(?: \d{3})+"),
}


def _figures(figures: str, *, scaled: bool) -> Decimal:
    """Read digits with separators; ``scaled`` says that a multiplier follows."""
    whole, point, fraction = figures, "", ""
    marks = [c for c in figures if c in ".,"]
    if marks and (len(set(marks)) == 2 or not _groups_thousands(figures, marks, scaled=scaled)):
        whole, point, fraction = figures.rpartition(marks[-1])
    separators = {c for c in whole if c in "., "}
    if len(separators) > 1 or point in separators or (fraction and not fraction.isdigit()):
        raise AmountInvalid(_("The points and commas in this amount do not fit together."))
    for separator in separators:
        if not _GROUPED[separator].fullmatch(whole):
            raise AmountInvalid(_("The points and commas in this amount do not fit together."))
        whole = whole.replace(separator, "")
    return Decimal(f"{whole or '0'}.{fraction or '0'}")


def _groups_thousands(figures: str, marks: list[str], *, scaled: bool) -> bool:
    """True when the only kind of mark in ``figures`` groups thousands."""
    if len(marks) > 1:
        return True
    head, _mark, tail = figures.partition(marks[0])
    return not scaled and len(tail) == 3 and 1 <= len(head) <= 3 and not head.startswith("0")
