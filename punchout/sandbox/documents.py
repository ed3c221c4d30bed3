"""The documents the stand-in Amazon sends about an order, in their envelopes: one entry of the script becomes bytes.

What stands in them is in `confirmations`, `shipments` and `invoices`. Carts are in `carts`, when a document is due in
`deliveries`, what goes wrong with one in `accidents`, what the product should make of it in `oracle`.
"""

from punchout.sandbox import cxml
from punchout.sandbox.confirmations import confirmation
from punchout.sandbox.cxml import Parties
from punchout.sandbox.invoices import invoice
from punchout.sandbox.plan import Document, Invoice, Shipment, document_key
from punchout.sandbox.shipments import ship_notice
from punchout.sandbox.subject import Subject


def write(subject: Subject, index: int, parties: Parties) -> bytes:
    """Write the `index`-th document that the script has about an order."""
    planned = subject.request.documents[index]
    key = document_key(subject.request.number, index)
    return enveloped(subject, planned, index, parties, key=key, number_key=subject.business_key(index))


def enveloped(
    subject: Subject, planned: Document, index: int, parties: Parties, *, key: str, number_key: str, payload: str = ""
) -> bytes:
    """Write a document made from a plan.

    Args:
        subject: the order it is about.
        planned: what it says.
        index: its place among the request's documents, or that of the one it is made from.
        parties: who sends and who receives it.
        key: the name its time and payloadID are drawn by.
        number_key: the name the number of its shipment or invoice is drawn by.
        payload: the payloadID, where it is not its own.
    """
    moment = subject.catalogue.moment(planned.round, key)
    stamp = cxml.stamp(moment, planned.clock)
    module = "InvoiceDetail" if isinstance(planned, Invoice) else "Fulfill"
    if isinstance(planned, Invoice):
        body = invoice(subject, planned, subject.catalogue.ids.invoice(number_key))
    elif isinstance(planned, Shipment):
        body = ship_notice(subject, planned, number_key, stamp)
    else:
        body = confirmation(subject, planned, stamp, index)
    payload = payload or subject.catalogue.ids.payload(key, moment)
    return cxml.document(cxml.request(body, parties), parties, payload, stamp, module=module)
