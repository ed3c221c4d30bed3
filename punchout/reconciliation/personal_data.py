"""Which fields of the records may speak of people, and the records without them.

A purge erases these fields: names, addresses, e-mail, and everything that is free text or whose meaning is up to its
sender. What stays is what reconciliation computes with: identifiers, hashes, quantities, prices, amounts, dates, codes
of parts, and the words for goods. Erasing is up to `punchout.ledger.retention`.
"""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

from punchout.model.answers import StatusUpdate
from punchout.model.business_central import BcOrder, BcRequest
from punchout.model.documents import (
    Cart,
    CartLine,
    Confirmation,
    ConfirmationItem,
    ConfirmationStatus,
    Invoice,
    InvoiceLine,
    InvoiceOrder,
    InvoiceService,
    Response,
    ShipItem,
    ShipNotice,
    ShipPortion,
)
from punchout.model.history import RequestHistory, Stated
from punchout.model.order_documents import OrderRequest, OrderRequestLine, Payment
from punchout.model.orders import OrderedLine, OrderQueued
from punchout.model.sessions import SessionOpened
from punchout.model.values import Extrinsic
from punchout.reconciliation.part_codes import is_part_code

T = TypeVar("T")

_TEXTS = ("comments", "extrinsics")
PERSONAL: Mapping[type, tuple[str, ...]] = {
    Cart: _TEXTS,
    CartLine: _TEXTS,
    Confirmation: _TEXTS,
    ConfirmationItem: (),
    ConfirmationStatus: _TEXTS,
    ShipNotice: _TEXTS,
    ShipPortion: _TEXTS,
    ShipItem: ("extrinsics",),
    Invoice: ("partners", *_TEXTS),
    InvoiceOrder: _TEXTS,
    InvoiceLine: _TEXTS,
    InvoiceService: _TEXTS,
    OrderRequest: ("ship_to", "bill_to", *_TEXTS),
    OrderRequestLine: ("ship_to", *_TEXTS),
    Payment: ("ids", "extrinsics"),
    StatusUpdate: ("message", *_TEXTS),
    Response: ("message",),
    BcRequest: ("requester_email",),
    BcOrder: (
        "ship_to_name",
        "ship_to_contact",
        "ship_to_address_line1",
        "ship_to_address_line2",
        "ship_to_city",
        "ship_to_state",
        "ship_to_post_code",
        "ship_to_country",
    ),
    OrderQueued: (),
    OrderedLine: ("extrinsics",),
    SessionOpened: ("user",),
}
"""The fields that are erased, by record; a record without any is here for those of its parts."""


def without_personal_data(record: T) -> T:
    """Return a record without what may speak of people, in its parts too."""
    changes: dict[str, Any] = {}
    for field in fields(record):  # type: ignore[arg-type]  # every record is a dataclass
        value = getattr(record, field.name)
        if field.name in PERSONAL.get(type(record), ()):
            changes[field.name] = _erased(value)
        elif isinstance(value, tuple) and value and type(value[0]) in PERSONAL:
            changes[field.name] = tuple(without_personal_data(part) for part in value)
    return replace(record, **changes) if changes else record  # type: ignore[type-var]  # as above


def history_without_personal_data(history: RequestHistory) -> RequestHistory:
    """Return what would be known of a request after a purge."""
    changes: dict[str, Any] = {}
    for field in fields(history):
        value = getattr(history, field.name)
        if isinstance(value, tuple):
            changes[field.name] = tuple(_stated(one) for one in value)
    return replace(history, **changes)


def _stated(one: Any) -> Any:  # noqa: ANN401 - anything that a history holds
    if isinstance(one, Stated):
        return Stated(one.source, without_personal_data(one.body))
    return without_personal_data(one) if type(one) in PERSONAL else one


def _erased(value: Any) -> Any:  # noqa: ANN401 - a field of any type that may be empty
    if isinstance(value, tuple):
        # Codes of parts are no personal data, and decide which line a document speaks of.
        return tuple(one for one in value if isinstance(one, Extrinsic) and is_part_code(one.name))
    return None
