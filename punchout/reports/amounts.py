"""Exact sums of the decimals of a status report, and how amounts are written for people.

The numbers come out of the ledger as text; none becomes a float. A sum may be longer than any single number.
"""

from collections.abc import Iterable, Mapping
from decimal import Context, Decimal

from punchout.model.exact import ONE, Millionths, format_decimal, minor_units, round_to_currency, times

LOCAL_CURRENCY = "LCY"
"""Business Central's word for the local currency, which its tables leave blank."""

# The default precision of 28 digits would round a sum of many large amounts.
_EXACT = Context(prec=60)


def millionths(text: str | None) -> Millionths:
    """Read a decimal of any length; absent is 0."""
    return int(_EXACT.multiply(Decimal(text), Decimal(ONE))) if text else 0


def total(texts: Iterable[str | None]) -> str:
    """Add decimals; returns plain text."""
    return format_decimal(sum(millionths(text) for text in texts))


def by_currency(amounts: Iterable[tuple[str | None, str | None]]) -> Mapping[str, Millionths]:
    """Add (amount, currency) pairs for each currency, in the order of their names; nothing at all gives nothing."""
    sums: dict[str, Millionths] = {}
    for amount, currency in amounts:
        if amount:
            name = currency or LOCAL_CURRENCY
            sums[name] = sums.get(name, 0) + millionths(amount)
    return {name: sums[name] for name in sorted(sums) if sums[name]}


def worth(quantity: str | None, price: str | None, currency: str | None) -> Millionths:
    """Return what a quantity costs, rounded half-up at the currency's minor unit."""
    return round_to_currency(times(millionths(quantity), millionths(price)), currency)


def money(amount: Millionths, currency: str | None) -> str:
    """Write an amount with groups of thousands and the decimals of its currency, without its name."""
    whole, point, decimals = format_decimal(amount, decimals=minor_units(currency)).partition(".")
    sign = "-" if whole.startswith("-") else ""
    return f"{sign}{int(whole.lstrip('-')):,}{point}{decimals}"


def money_in(amount: Millionths, currency: str | None) -> str:
    """Write an amount and the name of its currency."""
    return f"{money(amount, currency)} {currency or LOCAL_CURRENCY}"
