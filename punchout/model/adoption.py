"""Which orders were placed before this system took over: they are tracked and must never be sent.

The predicate is shared, because ordering must refuse what reconciliation calls adopted. It is about orders that this
system would send; where Business Central sends, nothing is ever queued here and nobody asks.
"""

from enum import StrEnum

from punchout.model.business_central import BcRequest
from punchout.model.history import RequestHistory
from punchout.model.moments import Micros, from_micros
from punchout.model.versions import current


class Adoption(StrEnum):
    """Why an order counts as placed by somebody else."""

    ANSWERED = "answered by the supplier, and nothing was ever queued here"
    SENT_ELSEWHERE = "a copy of its OrderRequest has come, and nothing was ever queued here"
    CONFIRMED_IN_BC = "Business Central holds an Order Confirmation ID, and nothing was ever queued here"
    RELEASED_BEFORE_CUTOVER = "released before the cut-over"


def adoption(history: RequestHistory, cutover_at: Micros | None) -> Adoption | None:
    """Return why the order of this request is adopted, None where it is ours to send.

    What was queued here stays ours, whatever the cut-over says later.
    """
    if history.queued:
        return None
    if history.confirmations or history.ship_notices or history.invoices:
        return Adoption.ANSWERED
    if history.order_requests:
        return Adoption.SENT_ELSEWHERE
    row = current(history.requests)
    if row is not None and row.body.order_confirmation_id is not None:
        return Adoption.CONFIRMED_IN_BC
    if row is not None and cutover_at is not None and _released_before(row.body, cutover_at):
        return Adoption.RELEASED_BEFORE_CUTOVER
    return None


def _released_before(request: BcRequest, cutover_at: Micros) -> bool:
    """Compare instants; a release of which only the day is known counts as before on the day of the cut-over too."""
    if request.status != "released" or request.released is None:
        return False
    if request.released.utc is not None:
        return request.released.utc < cutover_at
    return (request.released.day or "") <= from_micros(cutover_at).date().isoformat()
