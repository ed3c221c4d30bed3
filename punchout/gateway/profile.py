"""The answer to a ProfileRequest: what is taken here, and where."""

from typing import Final

from cxml_parsers.profile_response import write_profile_response
from punchout.gateway.door import Door

_TAKEN: Final = (
    "OrderRequest",
    "ConfirmationRequest",
    "ShipNoticeRequest",
    "InvoiceDetailRequest",
    "StatusUpdateRequest",
    "ProfileRequest",
)


def profile(door: Door, path: str) -> bytes:
    """Return the document that lists the requests that a path takes."""
    at = door.clock()
    transactions = [(name, f"{door.url}{path}") for name in _TAKEN]
    return write_profile_response(transactions, payload_id=door.new_payload_id(at), timestamp=at)
