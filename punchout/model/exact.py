"""Exact numbers: quantities, prices and amounts as whole millionths.

Twelve integer digits and six decimals are enough for every document seen, and fit a BIGINT on both
databases. Nothing here rounds silently: the only rounding is `round_to_currency`.
"""

import re
from typing import Annotated, TypeAlias

from punchout.model.codes import Code
from punchout.model.unreadable import Unreadable, excerpt

Millionths: TypeAlias = Annotated[int, "millionths"]
"""A quantity, price or amount times 1,000,000."""

ONE: Millionths = 1_000_000

# ASCII digits only: Decimal() would also take full-width digits, underscores, NaN and 1E+3000000.
_PLAIN = re.compile(r"([+-]?)(\d+)(?:\.(\d+))?", re.ASCII)
_INTEGER_DIGITS = 12
_DECIMALS = 6

# ISO 4217 minor units that differ from two.
_MINOR_UNITS: dict[str, int] = {
    "BHD": 3, "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "IQD": 3, "ISK": 0, "JOD": 3, "JPY": 0, "KMF": 0, "KRW": 0,
    "KWD": 3, "LYD": 3, "OMR": 3, "PYG": 0, "RWF": 0, "TND": 3, "UGX": 0, "UYI": 0, "VND": 0, "VUV": 0, "XAF": 0,
    "XOF": 0, "XPF": 0,
}  # fmt: skip


def parse_decimal(text: str) -> Millionths:
    """Read plain decimal text into millionths.

    Raises:
        Unreadable: `STRUCT_INVALID` for anything but a plain decimal, `NUMBER_RANGE` for more than twelve integer
            digits or six significant decimals.
    """
    found = _PLAIN.fullmatch(text.strip(" \t\r\n"))
    if found is None:
        raise Unreadable(Code.STRUCT_INVALID, f"not a plain decimal number: {excerpt(text)}")
    sign, whole, fraction = found.group(1), found.group(2).lstrip("0"), (found.group(3) or "").rstrip("0")
    if len(whole) > _INTEGER_DIGITS or len(fraction) > _DECIMALS:
        raise Unreadable(Code.NUMBER_RANGE, f"more than 12 integer digits or 6 decimals: {excerpt(text)}")
    value = int(whole or "0") * ONE + int(fraction.ljust(_DECIMALS, "0"))
    return -value if sign == "-" else value


def format_decimal(value: Millionths, *, decimals: int = 0) -> str:
    """Write millionths as plain decimal text, without trailing zeros beyond `decimals` places."""
    whole, fraction = divmod(abs(value), ONE)
    digits = f"{fraction:06d}".rstrip("0").ljust(decimals, "0")
    return f"{'-' if value < 0 else ''}{whole}{'.' + digits if digits else ''}"


def times(quantity: Millionths, price: Millionths) -> Millionths:
    """Multiply two exact numbers, half-up at the sixth decimal."""
    return _divide_half_up(quantity * price, ONE)


def round_to_currency(amount: Millionths, currency: str | None) -> Millionths:
    """Round half-up (away from zero) to the minor unit of `currency`, two decimals where it is not known."""
    step: int = 10 ** (_DECIMALS - minor_units(currency))
    return _divide_half_up(amount, step) * step


def minor_units(currency: str | None) -> int:
    """Return the number of decimals that amounts in `currency` carry."""
    return _MINOR_UNITS.get((currency or "").upper(), 2)


def _divide_half_up(value: int, divisor: int) -> int:
    half_up = (abs(value) * 2 + divisor) // (2 * divisor)
    return -half_up if value < 0 else half_up
