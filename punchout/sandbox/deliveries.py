"""Which cXML documents are due in a round: carts, what Amazon says about received orders, and the accidents.

A document about an order that Amazon never received is not made; what is missing then shows in the comparison. File
names are drawn from the seed, so documents of one round arrive in no particular order.
"""

import re
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from punchout.sandbox import cxml, documents
from punchout.sandbox.carts import cart
from punchout.sandbox.catalogue import Catalogue
from punchout.sandbox.cxml import Parties
from punchout.sandbox.documents import Subject
from punchout.sandbox.exports import OutgoingFile
from punchout.sandbox.plan import Accident, Confirmation, Request, Shipment, document_key
from punchout.sandbox.scenarios import ACCIDENTS, REQUESTS, ROUNDS
from punchout.sandbox.state import ReceivedOrder, State

_OK = 200
_PAGE = b"<html><head><title>503 Service Unavailable</title></head><body><h1>Sorry<br>try later</h1></body></html>\n"
_STRANGER = "PR9999"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """The outgoing post of the stand-in Amazon."""

    catalogue: Catalogue
    parties: Parties

    def due(self, state: State, round_number: int) -> list[OutgoingFile]:
        """Make the documents of a round."""
        carts = [request for request in REQUESTS if request.cart == round_number]
        files = [self._file(f"{item.number}/cart", cart(self.catalogue, item, self.parties)) for item in carts]
        for request in REQUESTS:
            for index, planned in enumerate(request.documents):
                body = self._about_order(state, request, index) if planned.round == round_number else None
                if body:
                    files.append(self._file(document_key(request.number, index), body))
        files.extend(self._accidents(state, round_number))
        return sorted(files, key=lambda file: PurePosixPath(file.name).stem)

    def _about_order(self, state: State, request: Request, index: int) -> bytes | None:
        subject = self._subject(state, request)
        return documents.write(subject, index, self.parties) if subject else None

    def _subject(self, state: State, request: Request) -> Subject | None:
        for order in state["received"]:
            if order["orderID"] == request.order and order["code"] == _OK:
                return Subject(catalogue=self.catalogue, request=request, order=order)
        return None

    def _accidents(self, state: State, round_number: int) -> list[OutgoingFile]:
        due = [accident for accident in ACCIDENTS if accident.round == round_number]
        bodies = {accident.kind: self._accident(state, accident) for accident in due}
        return [self._file(f"accident {kind}", body) for kind, body in bodies.items() if body]

    def _accident(self, state: State, accident: Accident) -> bytes | None:
        """Make the document of an accident, or None where it is no document or what it is made from was not sent."""
        if accident.kind == "page":
            return _PAGE
        if accident.kind == "column":
            return None
        request = next(item for item in REQUESTS if item.number == (accident.of or ("PR1001", 0))[0])
        index = accident.of[1] if accident.of else 0
        if accident.kind in {"entity", "stranger"}:
            return self._of_a_stranger(request, accident)
        if accident.kind == "forged":
            return self._forged(state, request, index)
        body = self._about_order(state, request, index)
        return body[: len(body) * 2 // 3] if body and accident.kind == "truncated" else body

    def _of_a_stranger(self, request: Request, accident: Accident) -> bytes:
        """Confirm an order nobody placed; as an XXE attack, with an external entity in its comment."""
        order = ReceivedOrder(
            payloadID=f"{self.catalogue.ids.guid(accident.kind)}@elsewhere.example",
            orderID="990001",
            orderDate=ROUNDS[0],
            code=_OK,
            receipts=1,
            lines=[],
        )
        stranger = replace(request, number=_STRANGER, order=order["orderID"])
        subject = Subject(catalogue=self.catalogue, request=stranger, order=order)
        moment = self.catalogue.moment(accident.round, accident.kind)
        stamp = cxml.stamp(moment, "basic")
        planned = request.documents[0]
        if not isinstance(planned, Confirmation):
            raise TypeError(planned)
        body = documents.confirmation(subject, planned, stamp)
        payload = cxml.payload_id(self.catalogue.ids, accident.kind, moment)
        made = cxml.document(cxml.request(body, self.parties), self.parties, payload, stamp)
        if accident.kind == "stranger":
            return made
        attacked = re.sub(rb'(Fulfill\.dtd")>', rb'\1 [<!ENTITY more SYSTEM "file:///etc/hostname">]>', made)
        return attacked.replace(b'<Comments type="confirmID">', b'<Comments type="confirmID">&more;', 1)

    def _forged(self, state: State, request: Request, index: int) -> bytes | None:
        """Ship everything once more, under a payloadID that has been used."""
        subject, planned = self._subject(state, request), request.documents[index]
        if subject is None or not isinstance(planned, Shipment):
            return None
        moment = self.catalogue.moment(planned.round, "forged")
        stamp = cxml.stamp(moment, "basic")
        body = documents.ship_notice(subject, planned, "forged", stamp)
        payload = self.catalogue.payload_id(request, index)
        return cxml.document(cxml.request(body, self.parties), self.parties, payload, stamp)

    def _file(self, key: str, body: bytes) -> OutgoingFile:
        name = f"amazon-{self.catalogue.ids.hexadecimal('file', key, length=12)}.xml"
        return OutgoingFile(feed="cxml", name=name, body=body)
