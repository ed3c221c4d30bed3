"""What rows of Business Central say about identifiers: which belong to which request, and where the rows themselves go.

A punchout request's row names its own request. A purchase order's row is a document's part like any other: it is found
a request by its number, in `resolve`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from punchout.ledger.resolving.resolve import Known, learn
from punchout.ledger.sql import insert_all
from punchout.ledger.tables.projections import ASSIGNMENT
from punchout.ledger.touches import touch
from punchout.model.business_central import BcOrder, BcRequest, BcRow
from punchout.model.keys import Account, RequestKey, key_of_order

_STATED = "BC"


@dataclass(frozen=True, slots=True)
class StatedRow:
    """A row of an export, with the document and place it stands in."""

    account: Account
    document_id: int
    row: int
    record: BcRow


def place(connection: sa.Connection, stated: Sequence[StatedRow]) -> None:
    """Say what the rows' identifiers belong to, and ask for the requests to be looked at again."""
    known: list[Known] = []
    requests: list[tuple[StatedRow, RequestKey]] = []
    for one in stated:
        if isinstance(one.record, BcRequest):
            key = RequestKey(one.account.company, one.account.supplier, one.record.number)
            known.append(Known("cookie", one.record.buyer_cookie or "", key))
            known.append(Known("order", one.record.purchase_order_number or "", key))
            requests.append((one, key))
        else:
            known.append(Known("order", one.record.number, _owner(one.account, one.record)))
    insert_all(connection, ASSIGNMENT, [_assignment(one, key) for one, key in requests])
    learn(connection, known)
    touch(connection, [key for _, key in requests])


def _assignment(one: StatedRow, key: RequestKey) -> dict[str, object]:
    return {
        "document_id": one.document_id,
        "portion": one.row,
        "company": key.company,
        "supplier": key.supplier,
        "request_no": key.request_no,
        "rule": _STATED,
    }


def _owner(account: Account, order: BcOrder) -> RequestKey:
    if order.punchout_request_number:
        return RequestKey(account.company, account.supplier, order.punchout_request_number)
    return key_of_order(account, order.number)
