"""What the sandbox remembers between requests and restarts: two JSON files, and the way they are written.

One holds the orders that Amazon received, which come one by one, the other everything else. Each is replaced as a
whole after every change, so a kill at any moment leaves it as it was before or after.
"""

import json
import os
from pathlib import Path
from typing import Literal, NotRequired, TypedDict, cast

Feed = Literal["cxml", "bc_requests", "bc_orders"]
Answer = Literal["taken", "refused"]
"""What the buyer should say to a document that is posted: a Status of 200, or of the 400 range."""

_FILE = "state.json"
_ORDERS_FILE = "received.json"


class BcLine(TypedDict):
    """A line of a punchout request, with Business Central's names; a blank is None."""

    requestNumber: str
    lineNumber: int
    supplierPartId: str
    supplierPartAuxiliaryId: str | None
    description: str
    quantity: str
    unitOfMeasureCode: str
    unitPrice: str
    shippingDate: str | None
    deliveryDate: str | None
    invoiceId: str | None
    invoiceDate: str | None


class BcRequest(TypedDict):
    """A punchout request of Business Central."""

    number: str
    status: str
    releaseMode: str
    releasedDateTime: str | None
    buyerCookie: str | None
    requesterEmail: str | None
    businessUnit: str
    vendorNumber: str
    purchaseOrderNumber: str | None
    orderConfirmationId: str | None
    stage: str | None
    currencyCode: str
    lastModifiedDateTime: str
    lines: list[BcLine]


class BcOrderLine(TypedDict):
    """A line of a purchase order of Business Central."""

    sequence: int
    lineType: str
    lineObjectNumber: str
    description: str
    unitOfMeasureCode: str
    quantity: str
    directUnitCost: str
    receivedQuantity: str
    invoicedQuantity: str
    punchoutLineNumber: int


class BcOrder(TypedDict):
    """A purchase order of Business Central."""

    id: str
    number: str
    orderDate: str
    vendorNumber: str
    vendorName: str
    shipToName: str
    shipToContact: str
    shipToAddressLine1: str
    shipToAddressLine2: str
    shipToCity: str
    shipToState: str
    shipToPostCode: str
    shipToCountry: str
    currencyCode: str
    status: str
    lastModifiedDateTime: str
    punchoutRequestNumber: str
    purchaseOrderLines: list[BcOrderLine]


class RefusedUpdate(TypedDict):
    """An update file that Business Central did not take, or a row of one."""

    file: str
    reason: str


class ReceivedLine(TypedDict):
    """An ItemOut as it was received."""

    lineNumber: str
    supplierPartId: str
    supplierPartAuxiliaryId: str


class ReceivedOrder(TypedDict):
    """An OrderRequest as it was received, how often, the Status code of the answer, and whether Amazon took it."""

    payloadID: str
    orderID: str
    orderDate: str
    code: int
    taken: bool
    receipts: int
    lines: list[ReceivedLine]


class SentFile(TypedDict):
    """A file that was delivered: when, the feed, its name, and whether it keeps that name when sent again.

    `answer` is what the buyer should say where it is posted; it is not there where it never is.
    """

    round: int
    feed: Feed
    name: str
    keep_name: bool
    answer: NotRequired[Answer | None]


class OrderCopy(TypedDict):
    """The copy of an OrderRequest of Business Central's, and the round in which it goes to the product."""

    round: int
    orderID: str
    document: str


class State(TypedDict):
    """Everything durable, except the bytes that were sent, which lie beside it in `archive`.

    `received` are the orders that came by POST, `placed` those that Business Central sent, `copies` the copies of the
    latter that have not gone out. `pending` are the places in `sent` of the files that may not have gone out yet.
    """

    seed: int
    script: str
    cutover: str
    sent_by: str
    round: int
    outcome: dict[str, object]
    requests: dict[str, BcRequest]
    orders: dict[str, BcOrder]
    update_ids: list[str]
    refused_updates: list[RefusedUpdate]
    exported_at: str | None
    received: list[ReceivedOrder]
    placed: list[ReceivedOrder]
    copies: list[OrderCopy]
    sent: list[SentFile]
    pending: list[int]
    redeliveries: int


def fresh(seed: int, script: str = "handful", cutover: str = "", sent_by: str = "pipeline") -> State:
    """Return the state before the first round."""
    return State(
        seed=seed,
        script=script,
        cutover=cutover,
        sent_by=sent_by,
        round=0,
        outcome={},
        requests={},
        orders={},
        update_ids=[],
        refused_updates=[],
        exported_at=None,
        received=[],
        placed=[],
        copies=[],
        sent=[],
        pending=[],
        redeliveries=0,
    )


def load(home: Path, seed: int, script: str, cutover: str, sent_by: str) -> State:
    """Read the state of a home folder, or start one.

    Raises:
        ValueError: the folder holds the state of another seed, script, cut-over or sender of orders.
    """
    path = home / _FILE
    if not path.exists():
        return fresh(seed, script, cutover, sent_by)
    # Over a fresh one, so that a folder of before there was a choice of who sends the orders can be taken up.
    state = cast("State", {**fresh(seed), **json.loads(path.read_text(encoding="utf-8"))})
    made = (state["seed"], state["script"], state["cutover"], state["sent_by"])
    if made != (seed, script, cutover, sent_by):
        how = f"seed {made[0]}, the {made[1]} script, cut-over {made[2]} and orders sent by {made[3]}"
        message = f"{path} was made with {how}"
        raise ValueError(message)
    orders = home / _ORDERS_FILE
    state["received"] = json.loads(orders.read_text(encoding="utf-8")) if orders.exists() else []
    return state


def save(home: Path, state: State) -> None:
    """Replace the state file, which leaves the received orders alone."""
    write_durably(home / _FILE, json.dumps({**state, "received": []}, indent=1).encode())


def save_orders(home: Path, received: list[ReceivedOrder]) -> None:
    """Replace the file of the received orders."""
    write_durably(home / _ORDERS_FILE, json.dumps(received, indent=1).encode())


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that a reader sees all of it or nothing: `NAME.part`, rename."""
    part = path.with_name(path.name + ".part")
    part.write_bytes(data)
    part.rename(path)


def write_durably(path: Path, data: bytes) -> None:
    """Write a file as `write_whole` does, and so that it outlives a power cut: fsync of the file and of its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    with part.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    part.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
