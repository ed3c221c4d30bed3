"""Which cXML documents are due in a round: carts, what Amazon says about orders it has, copies of orders, accidents.

A document about an order that Amazon never received is not made; what is missing then shows in the comparison. File
names are drawn from the seed, so documents of one round arrive in no particular order.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from punchout.sandbox import documents, statuses
from punchout.sandbox.accidents import Mishaps
from punchout.sandbox.carts import cart
from punchout.sandbox.catalogue import Catalogue
from punchout.sandbox.cxml import Parties
from punchout.sandbox.exports import OutgoingFile
from punchout.sandbox.plan import Accident, Request, Script, delivered, document_key
from punchout.sandbox.state import Answer, ReceivedLine, ReceivedOrder, State
from punchout.sandbox.subject import Subject

_OK = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """The outgoing post of the stand-in Amazon."""

    catalogue: Catalogue
    parties: Parties

    @property
    def script(self) -> Script:
        """What is played."""
        return self.catalogue.script

    def due(self, state: State, round_number: int) -> list[OutgoingFile]:
        """Make the documents of a round."""
        carts = [request for request in self.script.requests if request.cart == round_number]
        # A cart travels through the buyer's browser, which is what a file stands for here: nobody posts it.
        files = [self._file(f"{item.number}/cart", cart(self.catalogue, item, self.parties), None) for item in carts]
        files += self._copies(state, round_number)
        files += self._about_orders(state, round_number)
        files += self._words(state, round_number)
        files += self._accidents(state, round_number)
        return sorted(files, key=lambda file: PurePosixPath(file.name).stem)

    def _copies(self, state: State, round_number: int) -> Iterator[OutgoingFile]:
        """Give the copies of Business Central's OrderRequests names that mix with those of Amazon's documents."""
        for copy in state["copies"]:
            if copy["round"] == round_number:
                drawn = self.catalogue.ids.hexadecimal("copy", copy["orderID"], round_number, length=12)
                name = f"{drawn}-order.xml"
                yield OutgoingFile(feed="cxml", name=name, body=copy["document"].encode())

    def _about_orders(self, state: State, round_number: int) -> Iterator[OutgoingFile]:
        for request in self.script.requests:
            due = [index for index, item in enumerate(request.documents) if delivered(item) == round_number]
            subject = self._subject(state, request) if due else None
            for index in due if subject else ():
                body = documents.write(subject, index, self.parties)  # type: ignore[arg-type]  # due is empty without it
                yield self._file(document_key(request.number, index), body)

    def _words(self, state: State, round_number: int) -> Iterator[OutgoingFile]:
        for request in self.script.requests:
            for due, code in self.script.told_of(request):
                subject = self._subject(state, request) if due == round_number else None
                if subject:
                    body = statuses.status_update(subject, code, round_number, self.parties)
                    yield self._file(statuses.key_of(request.number, code), body)

    def _accidents(self, state: State, round_number: int) -> Iterator[OutgoingFile]:
        for accident in self.script.accidents:
            body = self._accident(state, accident) if accident.round == round_number else None
            if body:
                answer: Answer = "refused" if accident.verdict.isupper() else "taken"
                yield self._file(f"accident {accident.key}", body, answer)

    def _accident(self, state: State, accident: Accident) -> bytes | None:
        mishaps = Mishaps(catalogue=self.catalogue, parties=self.parties)
        if accident.of is None:
            return mishaps.of_nobody(accident)
        number, index = accident.of
        request = next(item for item in self.script.requests if item.number == number)
        subject = self._subject(state, request)
        return mishaps.of_an_order(accident, subject, index) if subject else None

    def _subject(self, state: State, request: Request) -> Subject | None:
        """Return the order as Amazon has it: from us, or from Business Central, always or before the cut-over."""
        if self.script.sent_by == "pipeline" and self.script.placed_elsewhere(request):
            order = self._order_of_business_central(request)
            return Subject(catalogue=self.catalogue, request=request, order=order)
        for order in (*state["placed"], *state["received"]):
            if order["orderID"] == request.order and order["taken"]:
                return Subject(catalogue=self.catalogue, request=request, order=order)
        return None

    def _order_of_business_central(self, request: Request) -> ReceivedOrder:
        """Return the OrderRequest that Business Central sent: its lines numbered as the purchase order lists them."""
        lines = list(range(1, len(request.lines) + 1))
        released = self.script.released_at(request)
        return ReceivedOrder(
            payloadID=f"{self.catalogue.ids.guid('legacy', request.order)}@bc.contoso.example",
            orderID=request.order,
            orderDate=released.isoformat() if released else "",
            code=_OK,
            taken=True,
            receipts=1,
            lines=[
                ReceivedLine(
                    lineNumber=str(number),
                    supplierPartId=self.catalogue.part(request, line),
                    supplierPartAuxiliaryId=self.catalogue.auxiliary(request, line),
                )
                for number, line in enumerate(reversed(lines) if request.backwards else lines, 1)
            ],
        )

    def _file(self, key: str, body: bytes, answer: Answer | None = "taken") -> OutgoingFile:
        name = f"amazon-{self.catalogue.ids.hexadecimal('file', key, length=12)}.xml"
        return OutgoingFile(feed="cxml", name=name, body=body, answer=answer)
