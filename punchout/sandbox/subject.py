"""The order a document of the stand-in Amazon is about, and what every such document says of it.

The documents themselves are in `confirmations`, `shipments` and `invoices`.
"""

from dataclasses import dataclass
from decimal import Decimal

from punchout.sandbox.catalogue import Catalogue
from punchout.sandbox.cxml import Element, node
from punchout.sandbox.plan import Request, document_key, first_version
from punchout.sandbox.state import ReceivedOrder

TAX = Decimal("0.08")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The order a document is about: the script's side of it and what Amazon received."""

    catalogue: Catalogue
    request: Request
    order: ReceivedOrder

    def reference(self) -> Element:
        """Make the OrderReference: our orderID and order date as sent, and the payloadID of our OrderRequest."""
        sent = node("DocumentReference", payloadID=self.order["payloadID"])
        return node("OrderReference", sent, orderID=self.order["orderID"], orderDate=self.order["orderDate"])

    def earlier(self, index: int) -> Element:
        """Make the DocumentReference to another document about this order."""
        return node("DocumentReference", payloadID=self.catalogue.payload_id(self.request, index))

    def business_key(self, index: int) -> str:
        """Return the name by which the number of a shipment or invoice is drawn: one for all its versions."""
        return document_key(self.request.number, first_version(self.request, index))

    def line_number(self, line: int) -> str:
        """Return the number the buyer gave a line in the OrderRequest, in whatever order it listed the lines."""
        wanted = (self.catalogue.part(self.request, line), self.catalogue.auxiliary(self.request, line))
        for item in self.order["lines"]:
            if (item["supplierPartId"], item["supplierPartAuxiliaryId"]) == wanted:
                return item["lineNumber"]
        return str(line)  # a line that no cart of ours had
