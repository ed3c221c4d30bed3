"""One form for every way in which people and systems write a purchase order's number.

Two numbers of the same form may mean the same order; whether they do is decided by `order_rules`, which takes a form
that fits one order only. Nothing is guessed beyond spelling: a digit that is missing or wrong stays so.
"""

import re
import unicodedata

_SHORTEST = 3
"""Fewer characters than this say too little once prefix and zeros are gone."""

# Longest first. What stands before the digits is a word for the thing, never part of the number.
_PREFIXES = ("PURCHASEORDER", "ORDERNO", "ORDER", "PONO", "PO", "NO", "NR")


def order_number_form(text: str) -> str:
    """Return the form of a number: upper case, letters and digits only, without a word before it and leading zeros.

    Returns an empty text where there is neither letter nor digit.
    """
    plain = re.sub(r"[^A-Z0-9]", "", unicodedata.normalize("NFKC", text).upper())
    prefix = next((word for word in _PREFIXES if plain.startswith(word)), "")
    rest = plain.removeprefix(prefix)
    # A prefix belongs to the number unless a digit follows: POLAR7 is no order 7.
    short = (rest if rest[:1].isdigit() else plain).lstrip("0")
    return short if len(short) >= _SHORTEST else plain
