"""What updates for Business Central are made of: where requests stand, and carts whose lines are not there yet."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from punchout.ledger.business_central.update_plan import LineDates, Standing, takes_lines
from punchout.ledger.reconciling.histories import histories
from punchout.ledger.sql import chunks, key_in
from punchout.ledger.tables.projections import LINE_POSITION, REQUEST_STAGE
from punchout.model.business_central import BcRequest
from punchout.model.documents import Cart
from punchout.model.keys import RequestKey
from punchout.model.updates import CartLinesUpdate, Update
from punchout.ordering.draft import cart_of
from punchout.reconciliation.rulings import without_ignored_carts


def carts_awaited(
    connection: sa.Connection, requests: Mapping[RequestKey, BcRequest], told: Mapping[RequestKey, Sequence[Update]]
) -> dict[RequestKey, Cart]:
    """Return the carts of those requests to which no lines were added yet, and that have none of their own."""
    awaiting = [
        key
        for key, request in requests.items()
        if takes_lines(request) and not any(isinstance(update, CartLinesUpdate) for update in told.get(key, ()))
    ]
    carts = {
        key: cart_of(without_ignored_carts(history), requests[key])
        for key, history in histories(connection, awaiting).items()
    }
    return {key: cart.body for key, cart in carts.items() if cart is not None}


def standings(connection: sa.Connection, keys: Sequence[RequestKey]) -> dict[RequestKey, Standing]:
    """Return where requests stand by their projections; one of which nothing is known any more is left out."""
    lines: dict[RequestKey, list[LineDates]] = {}
    found: dict[RequestKey, Standing] = {}
    line, stage = LINE_POSITION.c, REQUEST_STAGE.c
    dates = (line.line_number, line.shipping_date, line.delivery_date, line.invoice_id, line.invoice_date)
    of_line, of_stage = (
        (line.company, line.supplier, line.request_no),
        (stage.company, stage.supplier, stage.request_no),
    )
    for chunk in chunks(keys):
        wanted = [(key.company, key.supplier, key.request_no) for key in chunk]
        positions = sa.select(*of_line, *dates).where(key_in(of_line, wanted)).order_by(*of_line, line.ordinal)
        for company, supplier, request_no, *values in connection.execute(positions):
            lines.setdefault(RequestKey(company, supplier, request_no), []).append(LineDates(*values))
        stages = sa.select(*of_stage, stage.stage, stage.order_confirmation_id).where(key_in(of_stage, wanted))
        for row in connection.execute(stages):
            key = RequestKey(row.company, row.supplier, row.request_no)
            found[key] = Standing(row.stage, row.order_confirmation_id, tuple(lines.get(key, ())))
    return found
