"""What became of a document, as the cXML Status its sender is told (Reference Guide, status codes). Pure."""

from collections.abc import Mapping
from typing import Final

from punchout.gateway.replies import Status
from punchout.ledger.documents.answering import Standing
from punchout.model.codes import Code

_LONGEST = 500

_OF_REASONS: Final[Mapping[Code, tuple[int, str]]] = {
    # 406: "Request unacceptable to the server, likely due to a parsing failure".
    Code.XML_REJECTED: (406, "Not Acceptable"),
    # 403: the sender is known, and may not speak for whoever stands in From.
    Code.AUTH_FAILED: (403, "Forbidden"),
    # 417: a condition that the request implies is not met, here that this is its environment.
    Code.ENV_MISMATCH: (417, "Expectation Failed"),
    # 409: what is known here forbids it, and the identical request is unlikely to succeed later.
    Code.PAYLOAD_REUSED: (409, "Conflict"),
    Code.DOC_CONFLICT: (409, "Conflict"),
    Code.INV_ID_REUSED: (409, "Conflict"),
    Code.CART_REPLAYED: (409, "Conflict"),
    # 450: "The server does not implement the particular request".
    Code.DOC_UNSUPPORTED: (450, "Not Implemented"),
}
# 400: "Request unacceptable to the server, although it parsed correctly".
_OF_ANY_OTHER_REASON: Final = (400, "Bad Request")


def status_of(standing: Standing) -> Status:
    """Return what the sender of a document is told."""
    if standing.state in {"quarantined", "dismissed"}:
        code, text = _OF_REASONS.get(standing.reason, _OF_ANY_OTHER_REASON) if standing.reason else _OF_ANY_OTHER_REASON
        return Status(code, text, _why(standing))
    if standing.state == "duplicate":
        return Status(200, "OK", "received before; counted once")
    return Status(200, "OK")


def refused(code: Code, where: str | None, detail: str | None) -> Status:
    """Return what the sender of a document is told that was refused before it was kept."""
    return status_of(Standing("quarantined", code, where, detail))


def _why(standing: Standing) -> str:
    reason = "refused" if standing.reason is None else f"{standing.reason.value}: {standing.reason.meaning}"
    place = "" if standing.place is None else f"; at {standing.place}"
    detail = "" if standing.detail is None else f"; {standing.detail}"
    return f"{reason}{place}{detail}"[:_LONGEST]
