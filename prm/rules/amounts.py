"""An amount as it was given, with what it was in the portal's currency when the case was looked at."""

from dataclasses import dataclass

from prm.money import Money


@dataclass(frozen=True, slots=True)
class Amounts:
    """The fact of a money field that has a column in the portal's currency.

    `home` is None when there was no exchange rate. A rule in the given currency compares what was
    given; one in the portal's currency compares that; any other holds for nothing.
    """

    given: Money
    home: Money | None = None

    def in_currency(self, currency: str) -> Money | None:
        """Return the amount in a currency, if it is known in that one."""
        if self.given.currency == currency:
            return self.given
        known = self.home is not None and self.home.currency == currency
        return self.home if known else None
