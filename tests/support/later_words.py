"""What is said later of documents that came before: how they fared, and which invoice a credit or deletion is about."""

from tests.support.deliveries import Delivery
from tests.support.purchases import (
    document,
    reference_to,
    stamp,
)


def status_update(payload_id: str, code: int, *, said: str = "03T10:00", **envelope: str) -> Delivery:
    """Give what the supplier says later of a document it has received."""
    content = f'<DocumentReference payloadID="{payload_id}"/><Status code="{code}" text="{code}"/>'
    inner = f'<Request deploymentMode="production"><StatusUpdateRequest>{content}</StatusUpdateRequest></Request>'
    made = document(f"status-{code}-of-{payload_id}-{said.replace(':', '')}", inner, **envelope)
    return made if said == "03T10:00" else made.saying(stamp(said), instead_of=stamp("03T10:00"))


def about(document: Delivery, *, invoice_id: str = "", payload_id: str = "") -> Delivery:
    """Give a credit or deletion that names the invoice it is about."""
    named = f'<InvoiceIDInfo invoiceID="{invoice_id}" invoiceDate="{stamp("05T00:00")}"/>' if invoice_id else ""
    end = "<InvoiceDetailLineIndicator/>"
    return document.saying(f"{end}{reference_to(payload_id)}{named}", instead_of=end)


def without_orders(invoice: Delivery) -> Delivery:
    """Give an invoice that has no part for any order."""
    text = invoice.data.decode()
    part = text[text.index("<InvoiceDetailOrder>") : text.index("<InvoiceDetailSummary/>")]
    return invoice.saying("", instead_of=part)
