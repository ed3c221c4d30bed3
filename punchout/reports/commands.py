"""The command a person runs next about an exception, a document or an order. What they should do is in the codes."""

from collections.abc import Mapping

from punchout.model.codes import Code
from punchout.reports.text import argument

# Where looking is not the next step. The rest begins with `trace`, which says where each value comes from.
_BY_CODE: Mapping[str, str] = {
    Code.OUT_ALREADY_SENT: "outbox show",
    Code.OUT_BLOCKED: "outbox show",
    Code.OUT_VALIDATION: "outbox show",
    # Not `resolve`: that wants evidence first, and what was sent is where looking for it begins.
    Code.SEND_AMBIGUOUS: "outbox show",
    Code.SEND_PERMANENT: "outbox show",
    Code.SEND_RETRYING: "outbox show",
}
_BY_ORDER_STATE: Mapping[str, str] = {
    "blocked": "outbox show",
    "draft": "outbox send",
    "hold": "outbox release",
    "in_doubt": "outbox show",
    "refused": "outbox show",
}


def about_exception(code: str, request_no: str) -> str:
    """Return the command about an exception of a request or one of its lines."""
    return f"punchout {_BY_CODE.get(code, 'trace')} {argument(request_no)}"


def about_values(request_no: str) -> str:
    """Return the command that says of every value of a request which document, place and rule it came from."""
    return f"punchout trace {argument(request_no)}"


def about_order(outbox_state: str | None, request_no: str) -> str | None:
    """Return the command that moves an order on which waits for a person; None where none is waited for."""
    step = _BY_ORDER_STATE.get(outbox_state or "")
    return None if step is None else f"punchout {step} {argument(request_no)}"


def about_document(document_id: int) -> str:
    """Return the command that shows a refused document."""
    return f"punchout quarantine show {document_id}"


def about_waiting(identifier: str) -> str:
    """Return the command that looks for what a waiting document names."""
    return f"punchout status {argument(identifier)}"
