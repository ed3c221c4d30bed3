"""What the product should say and Business Central should hold after a round, folded from the script alone.

It never reads the product's output, nor the documents, nor the state of either stand-in: only what the script says was
ordered, confirmed, shipped and invoiced, and the rules of the exchange. How it is compared is in `compare`.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from punchout.sandbox.catalogue import Catalogue
from punchout.sandbox.findings import FULL_CODES, HANDFUL_CODES, codes, local_date, not_judged
from punchout.sandbox.fold import LineFold, said
from punchout.sandbox.identifiers import Identifiers
from punchout.sandbox.plan import Confirmation, Request, Script, replaced_by, utc
from punchout.sandbox.scenarios import HANDFUL
from punchout.sandbox.standing import Standing

CODES_JUDGED = HANDFUL_CODES

_LINE_FIELDS = {
    "shippingDate": "shipping_date",
    "deliveryDate": "delivery_date",
    "invoiceId": "invoice_id",
    "invoiceDate": "invoice_date",
}

Json = dict[str, Any]


def expected(ids: Identifiers, round_number: int, script: Script = HANDFUL) -> Json:
    """Return the expectations after the sync and the actions of a round; Business Central's as the sync found it."""
    verdicts = [accident.verdict for accident in script.accidents if accident.round <= round_number]
    quarantined = sorted({verdict for verdict in verdicts if verdict.isupper()})
    standings = [Standing(script, request, round_number) for request in script.requests]
    return {
        "as_of": script.rounds[round_number - 1] if round_number else None,
        "requests": requests_after(ids, round_number, script=script),
        "documents": {
            "quarantined": {code: verdicts.count(code) for code in quarantined},
            "waiting": verdicts.count("waiting"),
        },
        "business_central": _business_central(ids, script, round_number),
        "orders": [standing.request.order for standing in standings if standing.sent],
        "codes_judged": list(codes_judged(script)),
    }


def codes_judged(script: Script) -> tuple[str, ...]:
    """Return the exception codes that are judged; the handful's were agreed on before the others."""
    return HANDFUL_CODES if script.name == HANDFUL.name else FULL_CODES


def scenarios(script: Script) -> dict[str, int]:
    """Return how many requests play each scenario."""
    return dict(sorted(Counter(request.about for request in script.requests).items()))


def requests_after(
    ids: Identifiers, round_number: int, *, actions_done: bool = True, script: Script = HANDFUL
) -> list[Json]:
    """Return every request as it should stand after the sync of a round, and after its actions if they are done."""
    shop = Catalogue(ids, script)
    known = (request for request in script.requests if request.exported <= round_number)
    return [_request(shop, Standing(script, request, round_number, actions_done)) for request in known]


def _request(shop: Catalogue, standing: Standing) -> Json:
    request, folds = standing.request, standing.lines
    confirmations = _confirmation_ids(shop.ids, request, standing.round_number)
    found = codes(shop, standing, folds, confirmations)
    return {
        "request_no": request.number,
        "scenario": request.about,
        "order_id": request.order if standing.reached(request.ordered) else None,
        "stage": standing.stage,
        "outbox_state": standing.outbox,
        "adopted": standing.adopted,
        "order_confirmation_id": confirmations[0] if confirmations else None,
        "order_confirmation_ids": sorted(confirmations),
        "exceptions": sorted(found.intersection(codes_judged(shop.script)).difference(not_judged(standing))),
        "not_judged": not_judged(standing),
        "lines": _lines(shop, standing, folds),
    }


def _confirmation_ids(ids: Identifiers, request: Request, round_number: int) -> list[str]:
    """Return the Amazon order numbers in the order in which the confirmations that stand named them."""
    found = said(request, round_number)
    statuses = [status for item in found if isinstance(item, Confirmation) for status in item.statuses]
    return list(
        dict.fromkeys(ids.amazon_order(request.number, status.via) for status in statuses if status.kind != "reject")
    )


def _lines(shop: Catalogue, standing: Standing, folds: list[LineFold]) -> list[Json]:
    """Return the lines: none before the cart, a preview without numbers until Business Central holds them."""
    request = standing.request
    if request.cart is not None and not standing.reached(request.cart):
        return []
    return [
        {
            "line_number": 10000 * line.position if _in_business_central(request, standing.round_number) else None,
            "cart_position": line.position if request.cart is not None else None,
            "supplier_part_id": shop.part(request, line.position),
            **{name: str(getattr(line, name)) for name in LineFold.QUANTITIES},
            "order_axis": line.order_axis,
            "ship_axis": line.ship_axis,
            "invoice_axis": line.invoice_axis,
            **_projected(shop.ids, line),
        }
        for line in folds
    ]


def _in_business_central(request: Request, round_number: int) -> bool:
    """Say whether Business Central holds the lines: it imports them in the round after the cart."""
    return request.cart is None or round_number > max(request.exported, request.cart)


def _projected(ids: Identifiers, line: LineFold) -> dict[str, str | None]:
    """Return the single dates and invoice a line shows: first shipped, last delivery, earliest invoice."""
    invoices = sorted((utc(dated), ids.invoice(key), dated) for key, dated, _ in line.invoices)
    return {
        "shipping_date": min((local_date(text) for text in line.ships), default=None),
        "delivery_date": max((local_date(text) for text in line.arrives), default=None),
        "invoice_id": invoices[0][1] if invoices else None,
        "invoice_date": local_date(invoices[0][2]) if invoices else None,
    }


def _business_central(ids: Identifiers, script: Script, round_number: int) -> list[Json]:
    """Return what Business Central must hold: its own rows of this round, our values of the syncs before."""
    shop = Catalogue(ids, script)
    known = (request for request in script.requests if request.exported <= round_number)
    return [_held(shop, request, round_number) for request in known]


def _held(shop: Catalogue, request: Request, round_number: int) -> Json:
    told = _told(shop, request, round_number - 1)
    before = shop.ids.amazon_order(request.number, 1) if request.confirmed_before else None
    held: Json = {
        "number": request.number,
        "stage": told[-1]["stage"] if told else None,
        "orderConfirmationId": _last(row["order_confirmation_id"] for row in told) or before,
        "lines": [],
    }
    if _in_business_central(request, round_number):
        for place in range(len(request.lines)):
            lines = [row["lines"][place] for row in told if row["lines"]]
            fields = {theirs: _last(line[ours] for line in lines) for theirs, ours in _LINE_FIELDS.items()}
            held["lines"].append({"lineNumber": 10000 * (place + 1), **fields})
    return held


def _told(shop: Catalogue, request: Request, round_number: int) -> list[Json]:
    """Return what the syncs up to a round said: the last one, or all where something was taken back.

    Business Central is told what is known and never made to forget, so what was taken back stands there still.
    """
    if round_number < request.exported:
        return []
    taken_back = any(replaced_by(document) is not None for document in request.documents)
    rounds = range(request.exported if taken_back else round_number, round_number + 1)
    return [_request(shop, Standing(shop.script, request, at, done=False)) for at in rounds]


def _last(values: Iterable[str | None]) -> str | None:
    return next((value for value in reversed(list(values)) if value is not None), None)
