"""Which exceptions the oracle expects on a request: one small rule a code, in the oracle's own terms.

Only the codes named here are judged. The quantities they rest on are in `fold`.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from punchout.sandbox.catalogue import Catalogue
from punchout.sandbox.fold import LineFold, said
from punchout.sandbox.plan import Confirmation, Request, Shipment, utc
from punchout.sandbox.scenarios import ZONE
from punchout.sandbox.standing import Standing

HANDFUL_CODES = (
    "CONF_OVERDUE",
    "CONF_REJECTED_LINE",
    "CONF_REJECTED_ORDER",
    "INV_BEFORE_SHIP",
    "INV_QTY_OVER",
    "LINE_NOT_FOUND",
    "MULTI_VALUE_PROJECTED",
    "OUT_VALIDATION",
    "SEND_AMBIGUOUS",
    "SEND_PERMANENT",
)
FULL_CODES = (
    *HANDFUL_CODES,
    "BC_CANCELLED_NOT_AT_AMAZON",
    "CART_EXPIRED",
    "CONF_BACKORDER",
    "CONF_PARTIAL_QTY",
    "CONF_PRICE_UP",
    "INV_REJECTED_LINE",
    "ORDER_ADOPTED",
    "SHIP_OVER_QTY",
    "SHIP_WHOLE_ORDER_IMPLIED",
    "SUBSTITUTION",
)
_CONFIRM_WITHIN = timedelta(hours=24)
_SHIP_NOTICE_WITHIN = timedelta(days=3)
_PRICE_MAY_RISE = (Decimal("0.01"), Decimal("0.005"))  # an amount, a share of the price; the larger counts
_DAY = len("2026-03-02")


def local_date(text: str) -> str:
    """Cut an instant of the script to a date in the company's zone; a day stays what it is."""
    return text if len(text) == _DAY else utc(text).astimezone(ZoneInfo(ZONE)).date().isoformat()


def codes(shop: Catalogue, standing: Standing, lines: list[LineFold], confirmations: list[str]) -> set[str]:
    """Return the codes of everything there is to say about a request.

    Args:
        shop: what things cost.
        standing: where the request stands.
        lines: its lines' quantities.
        confirmations: its Amazon orders.
    """
    as_of = shop.script.instant(standing.round_number)
    found = {code for line in lines for code in _of_line(line, as_of)}
    return found | set(_of_request(standing, lines, confirmations)) | set(_of_words(shop, standing))


def not_judged(standing: Standing) -> list[str]:
    """Return the codes on which the oracle has no opinion for this request.

    Business Central's order without its copy: when it was sent, nobody has told us.
    """
    ordered = standing.script.sent_by == "bc" and standing.reached(standing.request.ordered)
    return ["CONF_OVERDUE"] if ordered and not standing.copied else []


def _of_line(line: LineFold, as_of: datetime) -> Iterator[str]:
    rules = {
        "CONF_REJECTED_LINE": line.rejected > 0,
        "CONF_PARTIAL_QTY": line.confirmed and 0 < line.accepted < line.ordered,
        "CONF_BACKORDER": line.backordered > 0,
        "SUBSTITUTION": line.substituted,
        "SHIP_OVER_QTY": line.shipped > line.to_come,
        "INV_QTY_OVER": line.invoiced > line.to_come,
        "INV_REJECTED_LINE": line.rejected == line.ordered > 0 and line.invoiced > 0,
        "INV_BEFORE_SHIP": _waits_for_its_shipment(line, as_of),
        "MULTI_VALUE_PROJECTED": _many(line),
    }
    yield from (code for code, fires in rules.items() if fires)


def _waits_for_its_shipment(line: LineFold, as_of: datetime) -> bool:
    """Say whether the oldest invoice that no shipment or credit covers has waited too long."""
    covered = line.shipped + line.credited
    for _, dated, quantity in sorted(line.invoices, key=lambda invoice: invoice[1]):
        covered -= quantity
        if covered < 0:
            return as_of >= utc(dated) + _SHIP_NOTICE_WITHIN
    return False


def _many(line: LineFold) -> bool:
    several = (line.ships, line.arrives, [dated for _, dated, _ in line.invoices])
    return len(line.invoices) > 1 or any(len({local_date(text) for text in values}) > 1 for values in several)


def _of_request(standing: Standing, lines: list[LineFold], confirmations: list[str]) -> Iterator[str]:
    request, outbox = standing.request, standing.outbox or standing.fate
    rejected = all(line.order_axis == "rejected" for line in lines)
    rules = {
        "ORDER_ADOPTED": standing.adopted,
        "CART_EXPIRED": standing.expired,
        "OUT_VALIDATION": standing.unsent and not standing.expired,
        "SEND_AMBIGUOUS": outbox == "in_doubt",
        "SEND_PERMANENT": outbox == "refused",
        "CONF_REJECTED_ORDER": rejected,
        "CONF_OVERDUE": _overdue(standing),
        "BC_CANCELLED_NOT_AT_AMAZON": standing.may_be_at_amazon
        and standing.reached(request.cancelled)
        and not rejected,
        "MULTI_VALUE_PROJECTED": len(confirmations) > 1,
    }
    yield from (code for code, fires in rules.items() if fires)


def _overdue(standing: Standing) -> bool:
    since = standing.waits_since
    if since is None or standing.answered:
        return False
    return standing.script.instant(standing.round_number) >= since + _CONFIRM_WITHIN


def _of_words(shop: Catalogue, standing: Standing) -> Iterator[str]:
    """Judge what stands of what was said."""
    request = standing.request
    for document in said(request, standing.round_number):
        if isinstance(document, Confirmation):
            changed = {status.line for status in document.statuses if status.percent or status.repriced}
            if any(_dearer(shop, request, line) for line in changed):
                yield "CONF_PRICE_UP"
            continue
        if any(line > len(request.lines) for line, _ in document.items):
            yield "LINE_NOT_FOUND"
        if isinstance(document, Shipment) and not document.items:
            yield "SHIP_WHOLE_ORDER_IMPLIED"


def _dearer(shop: Catalogue, request: Request, line: int) -> bool:
    price = shop.price(request, line)
    amount, share = _PRICE_MAY_RISE
    return shop.confirmed_price(request, line) - price > max(amount, share * price)
