"""What Amazon says later of an order that it was sent: a StatusUpdateRequest, which names the OrderRequest.

When one is due is in `deliveries`, which orders it is said of in `recasting`.
"""

from punchout.sandbox import cxml
from punchout.sandbox.cxml import Parties, node
from punchout.sandbox.subject import Subject

_TEXTS = {200: "OK", 201: "Accepted", 400: "Bad Request", 500: "Internal Server Error"}


def key_of(request_number: str, code: int) -> str:
    """Return the name by which the identifiers of a status update are drawn."""
    return f"{request_number}/status {code}"


def status_update(subject: Subject, code: int, round_number: int, parties: Parties) -> bytes:
    """Write what Amazon says in a round of an order that it has."""
    key = key_of(subject.request.number, code)
    moment = subject.catalogue.moment(round_number, key)
    body = node(
        "StatusUpdateRequest",
        node("DocumentReference", payloadID=subject.order["payloadID"]),
        node("Status", lang="en-US", code=str(code), text=_TEXTS[code]),
    )
    payload = subject.catalogue.ids.payload(key, moment)
    return cxml.document(cxml.request(body, parties), parties, payload, cxml.stamp(moment, "basic"), module="cXML")
