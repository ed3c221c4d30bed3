"""What should not have been sent, in bytes: cut off, doubled, forged, of nobody's order, or no cXML at all.

Which accidents happen, and what should become of them, is in the script.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from punchout.sandbox import documents
from punchout.sandbox.catalogue import Catalogue
from punchout.sandbox.cxml import Parties
from punchout.sandbox.plan import Accident, Confirmation, Request, Shipment, Status, document_key
from punchout.sandbox.rewriting import rewritten
from punchout.sandbox.state import ReceivedOrder
from punchout.sandbox.subject import Subject

_OK = 200
_PAGE = b"<html><head><title>503 Service Unavailable</title></head><body><h1>Sorry<br>try later</h1></body></html>\n"
_STRANGER = "PR9999"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mishaps:
    """The accidents of a stand-in Amazon."""

    catalogue: Catalogue
    parties: Parties

    def of_nobody(self, accident: Accident) -> bytes | None:
        """Make what is about no order of ours; None where the accident is no document."""
        if accident.kind == "page":
            return _PAGE
        return self._of_a_stranger(accident) if accident.kind in {"entity", "stranger"} else None

    def of_an_order(self, accident: Accident, subject: Subject, index: int) -> bytes:
        """Make what comes of a document about an order.

        Raises:
            TypeError: only ship notices have such accidents.
        """
        changes: dict[str, Callable[[bytes], bytes]] = {
            "twice": bytes,
            "truncated": lambda body: body[: len(body) * 2 // 3],
            "rewritten": rewritten,
        }
        if accident.kind in changes:
            return changes[accident.kind](documents.write(subject, index, self.parties))
        planned = subject.request.documents[index]
        if not isinstance(planned, Shipment):
            raise TypeError(planned)
        return self._of_a_shipment(accident, subject, index, planned)

    def _of_a_shipment(self, accident: Accident, subject: Subject, index: int, planned: Shipment) -> bytes:
        """Ship once more: under a used payloadID, under a used shipmentID, or in the other deployment mode."""
        payload, number_key, parties, key = "", accident.key, self.parties, accident.key
        if accident.kind == "forged":
            payload = self.catalogue.payload_id(subject.request, index)
        elif accident.kind == "conflict":
            number_key = document_key(subject.request.number, index)
            planned = replace(
                planned, round=accident.round, items=tuple((line, number + 1) for line, number in planned.items)
            )
        else:
            planned = replace(planned, round=accident.round, late=0)
            parties = replace(parties, mode="test" if parties.mode == "production" else "production")
        return documents.enveloped(subject, planned, index, parties, key=key, number_key=number_key, payload=payload)

    def _of_a_stranger(self, accident: Accident) -> bytes:
        """Confirm an order nobody placed; as an XXE attack, with an external entity in its comment."""
        order = ReceivedOrder(
            payloadID=f"{self.catalogue.ids.guid(accident.kind)}@elsewhere.example",
            orderID="990001",
            orderDate=self.catalogue.script.rounds[0],
            code=_OK,
            taken=True,
            receipts=1,
            lines=[],
        )
        planned = Confirmation(accident.round, (Status(1, 3), Status(2, 1)))
        stranger = Request(number=_STRANGER, order=order["orderID"], about="", lines=(3, 1), documents=(planned,))
        subject = Subject(catalogue=self.catalogue, request=stranger, order=order)
        made = documents.enveloped(subject, planned, 0, self.parties, key=accident.key, number_key=accident.key)
        if accident.kind == "stranger":
            return made
        attacked = re.sub(rb'(Fulfill\.dtd")>', rb'\1 [<!ENTITY more SYSTEM "file:///etc/hostname">]>', made)
        return attacked.replace(b'<Comments type="confirmID">', b'<Comments type="confirmID">&more;', 1)
