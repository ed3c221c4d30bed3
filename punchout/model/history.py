"""Everything that is known of one punchout request: the sole input of reconciliation and ordering.

The ledger fills it; pure code reads it. Document ids are surrogates: they may be shown and traced, and must never
decide anything, because they depend on the order of arrival.
"""

from dataclasses import dataclass
from typing import Generic, TypeVar

from punchout.model.answers import StatusUpdate
from punchout.model.business_central import BcOrder, BcRequest
from punchout.model.decisions import AnalystDecision
from punchout.model.documents import Cart, Confirmation, Invoice, ShipNotice
from punchout.model.keys import RequestKey
from punchout.model.moments import Micros
from punchout.model.order_documents import OrderRequest
from punchout.model.orders import (
    OrderQueued,
    SendHeld,
    SendLapsed,
    SendMarked,
    SendReleased,
    SendResolved,
    SendResult,
    SendWithheld,
)
from punchout.model.sessions import SessionOpened

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement came from.

    Attributes:
        document_id: surrogate of the document, for display and trace only.
        body_sha256: identity of the content; breaks ties between versions.
        payload_id: the envelope's, where it has one: what a later version refers to.
        received: first receipt, microseconds UTC.
        row: row of an export, from 1; 0 for a cXML document.
        timestamp: the envelope's, where it states an instant.
        is_partial: other requests have parts of the document, which are not in this history.
        also_as: payloadIDs under which the same content came again; a later version may refer to any of them.
        version: for a row of an export the time that orders its versions (its own stamp, else the export's).
    """

    document_id: int
    body_sha256: str
    payload_id: str | None
    received: Micros
    row: int = 0
    version: Micros = 0
    is_partial: bool = False
    timestamp: Micros | None = None
    also_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stated(Generic[T]):
    """A body with its source."""

    source: Source
    body: T


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestHistory:
    """The facts of one request, each tuple in no particular order.

    Ship notices and invoices carry only the portions and orders that belong to this request. Requests and purchase
    orders are all versions of their rows; `Source.version` and then the row's hash order them. `order_requests` are the
    orders that came in, as somebody sent them; those that were written down here are `queued`. `sessions` were opened
    here; a session of Business Central's is named by the request's own `buyer_cookie`.
    """

    key: RequestKey
    requests: tuple[Stated[BcRequest], ...] = ()
    orders: tuple[Stated[BcOrder], ...] = ()
    carts: tuple[Stated[Cart], ...] = ()
    order_requests: tuple[Stated[OrderRequest], ...] = ()
    confirmations: tuple[Stated[Confirmation], ...] = ()
    ship_notices: tuple[Stated[ShipNotice], ...] = ()
    invoices: tuple[Stated[Invoice], ...] = ()
    status_updates: tuple[Stated[StatusUpdate], ...] = ()
    queued: tuple[OrderQueued, ...] = ()
    releases: tuple[SendReleased, ...] = ()
    holds: tuple[SendHeld, ...] = ()
    withheld: tuple[SendWithheld, ...] = ()
    marks: tuple[SendMarked, ...] = ()
    results: tuple[SendResult, ...] = ()
    lapses: tuple[SendLapsed, ...] = ()
    resolutions: tuple[SendResolved, ...] = ()
    decisions: tuple[AnalystDecision, ...] = ()
    sessions: tuple[SessionOpened, ...] = ()
