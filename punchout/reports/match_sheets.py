"""The three-way match as tables: every line with its verdict, and what invoices bill beside the lines.

Numbers are those of the status object, unrounded; what the verdicts mean is `matches`.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from punchout.model.exact import format_decimal
from punchout.reports.amounts import LOCAL_CURRENCY
from punchout.reports.commands import about_values
from punchout.reports.lines import line_worth
from punchout.reports.matches import RULES, quantity_variance
from punchout.reports.tables import Json, Sheet, Value, columns, day, decimal, identifier
from punchout.reports.text import visible, visible_id

_QUANTITIES: Final = ("ordered", "confirmed", "effective", "shipped", "received", "invoiced", "credited")
_AMOUNTS: Final = (
    "amount_invoiced", "amount_at_variance", "tax_expected", "tax_tolerance", "tax_invoiced", "charges",
    "charges_expected", "charges_tolerance",
)  # fmt: skip
_MATCH: Final = (
    ("Request", 12), ("Purchase Order", 16), ("Line", 8), ("Part", 14), ("Description", 44), ("Unit", 6),
    ("Match", 16), ("What decided", 44), ("All that applies", 26), ("Ordered", 11), ("Accepted", 11), ("Agreed", 11),
    ("Shipped", 11), ("Received", 11), ("Invoiced", 11), ("Credited", 11), ("Quantity variance", 17),
    ("Price expected", 14), ("Price as", 11), ("Price tolerance", 15), ("Price invoiced", 14), ("Amount ordered", 15),
    ("Amount invoiced", 15), ("Amount at variance", 18), ("Tax expected", 12), ("Tax tolerance", 13),
    ("Tax invoiced", 12), ("Charges", 11), ("Charges expected", 16), ("Charges tolerance", 17), ("Currency", 9),
    ("Invoice ID", 20), ("Invoice Date", 13), ("Where it comes from", 34),
)  # fmt: skip
_CHARGES: Final = (
    ("Request", 12), ("Purchase Order", 16), ("Line", 8), ("Charge", 12), ("Amount", 12), ("Currency", 9),
    ("Document", 66), ("Place", 12),
)  # fmt: skip


def match_sheets(report: Json) -> list[Sheet]:
    """Return both tables for a status object, in its order."""
    return [
        Sheet("Match", columns(_MATCH), lambda: _matches(report)),
        Sheet("Charges", columns(_CHARGES), lambda: _charges(report)),
    ]


def _matches(report: Json) -> Iterator[Sequence[Value]]:
    for request in report["requests"]:
        for line in request["lines"]:
            if line.get("match") is not None:
                yield _match(request, line, line["match"])


def _match(request: Json, line: Json, match: Json) -> Sequence[Value]:
    ordered = None if line.get("unit_price") is None else format_decimal(line_worth(line, request)[0])
    quantities = (decimal(match[name]) for name in _QUANTITIES)
    invoiced, at_variance, *others = (decimal(match[name]) for name in _AMOUNTS)
    return (
        *_subject(request, line["line_number"]),
        identifier(line["supplier_part_id"]),
        visible(line.get("description") or ""),
        visible(line.get("unit") or ""),
        match["word"],
        RULES.get(match["word"], ""),
        ", ".join(match["words"]),
        *quantities,
        decimal(quantity_variance(match) or None),
        decimal(match["price_expected"]),
        match["price_base"],
        decimal(match["price_tolerance"]),
        decimal(match["price_invoiced"]),
        decimal(ordered),
        invoiced,
        at_variance,
        *others,
        visible(match["currency"] or LOCAL_CURRENCY),
        identifier(line["invoice_id"]),
        day(line["invoice_date"]),
        visible(about_values(request["request_no"])),
    )


def _charges(report: Json) -> Iterator[Sequence[Value]]:
    for request in report["requests"]:
        for charge in request.get("charges", ()):
            yield (
                *_subject(request, charge["line_number"]),
                visible(charge["kind"]),
                decimal(charge["amount"]),
                visible(charge["currency"] or LOCAL_CURRENCY),
                visible_id(charge["content"]),
                ".".join(str(ordinal) for ordinal in charge["ordinals"]),
            )


def _subject(request: Json, line_number: int | None) -> tuple[Value, Value, Value]:
    number = None if line_number is None else Decimal(line_number)
    return visible_id(request["request_no"]), identifier(request["order_id"]), number
