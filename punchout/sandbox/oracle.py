"""What the product should say and Business Central should hold after a round, folded from the script alone.

It never reads the product's output, nor the documents, nor the state of either stand-in: only what the script says was
ordered, confirmed, shipped and invoiced, and the rules of the exchange. How it is compared is in `compare`.
"""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from punchout.sandbox.catalogue import Catalogue
from punchout.sandbox.fold import LineFold, fold, said
from punchout.sandbox.identifiers import Identifiers
from punchout.sandbox.plan import Confirmation, Request, utc
from punchout.sandbox.scenarios import ACCIDENTS, REQUESTS, ROUNDS, ZONE

CODES_JUDGED = (
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
_CONFIRM_WITHIN = timedelta(hours=24)
_SHIP_NOTICE_WITHIN = timedelta(days=3)
_DATE_FIELDS = ("shipping_date", "delivery_date", "invoice_id", "invoice_date")

Json = dict[str, Any]


def expected(ids: Identifiers, round_number: int) -> Json:
    """Return the expectations after the sync and the actions of a round; Business Central's as the sync found it."""
    verdicts = [accident.verdict for accident in ACCIDENTS if accident.round <= round_number]
    quarantined = sorted({verdict for verdict in verdicts if verdict.isupper()})
    return {
        "as_of": ROUNDS[round_number - 1] if round_number else None,
        "requests": requests_after(ids, round_number),
        "documents": {
            "quarantined": {code: verdicts.count(code) for code in quarantined},
            "waiting": verdicts.count("waiting"),
        },
        "business_central": _business_central(ids, round_number),
        "orders": [request.order for request in REQUESTS if _sent(request, round_number, actions_done=True)],
        "codes_judged": list(CODES_JUDGED),
    }


def requests_after(ids: Identifiers, round_number: int, *, actions_done: bool = True) -> list[Json]:
    """Return every request as it should stand after the sync of a round, and after its actions if they are done."""
    known = (request for request in REQUESTS if request.exported <= round_number)
    return [_request(ids, request, round_number, actions_done=actions_done) for request in known]


def _request(ids: Identifiers, request: Request, round_number: int, *, actions_done: bool) -> Json:
    sent = _sent(request, round_number, actions_done=actions_done)
    stage, outbox = _standing(request, round_number, sent=sent)
    confirmations = _confirmation_ids(ids, request, round_number)
    folds = fold(request, round_number, ordered=_reached(_ready(request), round_number))
    lines = _lines(ids, request, round_number, folds)
    codes = set(_line_codes(request, folds, round_number)) | set(_order_codes(request, folds, round_number, sent=sent))
    codes |= {"SEND_AMBIGUOUS"} if outbox == "in_doubt" else set()
    codes |= {"SEND_PERMANENT"} if outbox == "refused" else set()
    codes |= {"OUT_VALIDATION"} if stage == "PO Created" else set()
    codes |= {"MULTI_VALUE_PROJECTED"} if len(set(confirmations)) > 1 else set()
    return {
        "request_no": request.number,
        "order_id": request.order if _reached(request.ordered, round_number) else None,
        "stage": stage,
        "outbox_state": outbox,
        "adopted": False,
        "order_confirmation_id": confirmations[0] if confirmations else None,
        "order_confirmation_ids": sorted(set(confirmations)),
        "exceptions": sorted(codes),
        "lines": lines,
    }


def _reached(due: int | None, round_number: int) -> bool:
    return due is not None and due <= round_number


def _ready(request: Request) -> int | None:
    """Return the round in which the OrderRequest can be built: purchase order and e-mail are there."""
    return None if request.ordered is None else max(request.ordered, request.emailed)


def _sent(request: Request, round_number: int, *, actions_done: bool) -> bool:
    """Say whether the order has left: in the sync in which it is ready, or after it by the operator."""
    if not request.manual:
        return _reached(_ready(request), round_number)
    return _reached(request.send, round_number if actions_done else round_number - 1)


def _standing(request: Request, round_number: int, *, sent: bool) -> tuple[str, str | None]:
    """Return the stage and the outbox state."""
    if sent and request.answer == "refuse":
        return "Send Failed", "refused"
    if sent and request.answer == "drop" and not said(request, round_number):
        return "PO Queued", "in_doubt"
    if sent:
        return _stage_of_lines(fold(request, round_number, ordered=True)), "sent"
    if _reached(_ready(request), round_number):
        return "PO Queued", "draft"
    steps = (
        ("PO Created", request.ordered),
        ("Released", request.released),
        ("Pending Approval", request.submitted),
        ("Cart Received", request.cart),
    )
    return next((stage for stage, due in steps if _reached(due, round_number)), "New"), None


def _stage_of_lines(lines: list[LineFold]) -> str:
    """Return the furthest of invoice, shipment and order over the lines that are not wholly rejected."""
    live = [line for line in lines if line.order_axis != "rejected"]
    if not live:
        return "Rejected"
    for axis, done, partly in (
        ("invoice_axis", "Invoiced", "Partially Invoiced"),
        ("ship_axis", "Shipped", "Partially Shipped"),
    ):
        values = [getattr(line, axis) for line in live]
        if all(value in {"full", "over"} for value in values):
            return done
        if any(value != "none" for value in values):
            return partly
    if not any(line.accepted for line in live):
        return "PO Sent"
    resolved = all(line.accepted + line.rejected >= line.ordered for line in lines)
    return "Order Confirmed" if resolved else "Partially Confirmed"


def _confirmation_ids(ids: Identifiers, request: Request, round_number: int) -> list[str]:
    """Return the Amazon order numbers in the order in which confirmations first named them."""
    found = said(request, round_number)
    statuses = [status for item in found if isinstance(item, Confirmation) for status in item.statuses]
    return list(
        dict.fromkeys(ids.amazon_order(request.number, status.via) for status in statuses if status.kind != "reject")
    )


def _lines(ids: Identifiers, request: Request, round_number: int, folds: list[LineFold]) -> list[Json]:
    """Return the lines: none before the cart, a preview without numbers until Business Central holds them."""
    if not _reached(request.cart, round_number):
        return []
    catalogue = Catalogue(ids)
    return [
        {
            "line_number": 10000 * line.position if _in_business_central(request, round_number) else None,
            "cart_position": line.position,
            "supplier_part_id": catalogue.part(request, line.position),
            **{name: str(getattr(line, name)) for name in LineFold.QUANTITIES},
            "order_axis": line.order_axis,
            "ship_axis": line.ship_axis,
            "invoice_axis": line.invoice_axis,
            **_projected(ids, line),
        }
        for line in folds
    ]


def _in_business_central(request: Request, round_number: int) -> bool:
    """Say whether Business Central holds the lines: it imports them in the round after the cart."""
    return round_number > max(request.exported, request.cart)


def _projected(ids: Identifiers, line: LineFold) -> dict[str, str | None]:
    """Return the single dates and invoice a line shows: first shipped, last delivery, earliest invoice."""
    invoices = sorted((utc(dated), ids.invoice(key)) for key, dated in line.invoices)
    return {
        "shipping_date": min((local_date(text) for text in line.ships), default=None),
        "delivery_date": max((local_date(text) for text in line.arrives), default=None),
        "invoice_id": invoices[0][1] if invoices else None,
        "invoice_date": _local(invoices[0][0]) if invoices else None,
    }


def local_date(text: str) -> str:
    """Cut an instant of the script to a date in the company's zone."""
    return _local(utc(text))


def _local(moment: datetime) -> str:
    return moment.astimezone(ZoneInfo(ZONE)).date().isoformat()


def _line_codes(request: Request, lines: list[LineFold], round_number: int) -> list[str]:
    as_of = datetime.fromisoformat(ROUNDS[round_number - 1])
    codes = []
    for line in lines:
        waited = line.invoices and as_of >= min(utc(dated) for _, dated in line.invoices) + _SHIP_NOTICE_WITHIN
        several = (line.ships, line.arrives, [dated for _, dated in line.invoices])
        many = len(line.invoices) > 1 or any(len({local_date(text) for text in values}) > 1 for values in several)
        rules = {
            "CONF_REJECTED_LINE": line.rejected > 0,
            "INV_QTY_OVER": line.invoiced > (line.accepted if line.confirmed else line.ordered),
            "INV_BEFORE_SHIP": line.invoiced > line.shipped and waited,
            "MULTI_VALUE_PROJECTED": many,
        }
        codes += [code for code, fires in rules.items() if fires]
    strangers = [line for item in said(request, round_number) for line, _ in getattr(item, "items", ())]
    return [*codes, "LINE_NOT_FOUND"] if any(line > len(request.lines) for line in strangers) else codes


def _order_codes(request: Request, lines: list[LineFold], round_number: int, *, sent: bool) -> list[str]:
    codes = ["CONF_REJECTED_ORDER"] if all(line.order_axis == "rejected" for line in lines) else []
    left = request.send if request.manual else _ready(request)
    if sent and left is not None and request.answer == "accept" and not said(request, round_number):
        as_of, sent_at = (datetime.fromisoformat(ROUNDS[number - 1]) for number in (round_number, left))
        codes += ["CONF_OVERDUE"] if as_of >= sent_at + _CONFIRM_WITHIN else []
    return codes


def _business_central(ids: Identifiers, round_number: int) -> list[Json]:
    """Return what Business Central must hold: its own rows of this round, our values of the sync before."""
    before = {row["request_no"]: row for row in requests_after(ids, round_number - 1, actions_done=False)}
    held = []
    for request in REQUESTS:
        if request.exported <= round_number:
            told = before.get(request.number, {"stage": None, "order_confirmation_id": None, "lines": []})
            lines = told["lines"] if _in_business_central(request, round_number) else []
            held.append(
                {
                    "number": request.number,
                    "stage": told["stage"],
                    "orderConfirmationId": told["order_confirmation_id"],
                    "lines": [
                        {
                            "lineNumber": 10000 * line["cart_position"],
                            "shippingDate": line["shipping_date"],
                            "deliveryDate": line["delivery_date"],
                            "invoiceId": line["invoice_id"],
                            "invoiceDate": line["invoice_date"],
                        }
                        for line in lines
                    ],
                }
            )
    return held
