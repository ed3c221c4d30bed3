"""What the match found, as `punchout status --json` shows it: decimals are text, places are ordinals of a content."""

import json
from collections.abc import Mapping
from typing import Any

from punchout.model.exact import format_decimal

_NUMBERS = (
    "ordered", "confirmed", "effective", "shipped", "received", "invoiced", "credited", "price_expected",
    "price_tolerance", "price_invoiced", "amount_invoiced", "amount_at_variance", "tax_expected", "tax_tolerance",
    "tax_invoiced", "charges", "charges_expected", "charges_tolerance",
)  # fmt: skip


def match_of(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return one line of the three-way match: a word, every word that applies, numbers, baselines and tolerances."""
    return {
        "word": row["word"],
        "words": json.loads(row["words"]),
        "price_base": row["price_base"],
        "currency": row["currency"],
        **{name: None if row[name] is None else format_decimal(row[name]) for name in _NUMBERS},
    }


def charge_of(row: Mapping[Any, Any], line_numbers: Mapping[str, int | None]) -> dict[str, Any]:
    """Return something that an invoice bills beside the lines of the order."""
    return {
        "kind": row["kind"],
        "amount": format_decimal(row["amount"]),
        "currency": row["currency"] or None,
        "line_key": row["line_key"] or None,
        "line_number": line_numbers.get(row["line_key"]),
        **_place(row),
    }


def suggestion_of(row: Mapping[Any, Any], line_numbers: Mapping[str, int | None]) -> dict[str, Any]:
    """Return a line that a place is likely to mean; nothing follows from it until a person says so."""
    return {
        "kind": row["kind"],
        "line_key": row["line_key"],
        "line_number": line_numbers.get(row["line_key"]),
        "rule": row["rule"],
        "confidence": format_decimal(row["confidence"] * 1_000),
        **_place(row),
    }


def _place(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {"content": row["body_sha256"], "ordinals": json.loads(row["ordinals"]) if row["ordinals"] else []}
