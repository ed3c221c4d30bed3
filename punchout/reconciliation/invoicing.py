"""Invoices and credits: which quantity of which line was billed, net.

Senders disagree about the sign of a credit: negative amounts with positive quantities, or the reverse, or both (and
cXML wants negative amounts only in `lineLevelCreditMemo`). Here a credited quantity is negative, whatever the sender
wrote. Which versions count is `versions`; whether prices and totals are right is not decided here.
"""

from punchout.model.documents import Invoice, InvoiceLine
from punchout.model.exact import Millionths, times
from punchout.reconciliation.matching import Clue, Ladder, match
from punchout.reconciliation.results import Link
from punchout.reconciliation.shares import InvoicedShare, Shared, Unmatched, link_to, sure_link
from punchout.reconciliation.statements import Statement, in_place, stated_at
from punchout.reconciliation.versions import CREDITS


def invoiced(current: tuple[Statement[Invoice], ...], ladder: Ladder) -> Shared[InvoicedShare]:
    """Return the billed quantities of the invoices that stand; those for information only bill nothing."""
    shares: list[InvoicedShare] = []
    links: list[Link] = []
    unmatched: list[Unmatched] = []
    for statement in current:
        for order in in_place(statement.body.orders):
            if not order.lines or statement.body.is_information_only:
                links.append(sure_link("ORDER", "invoice", statement.body_sha256, (order.ordinal,)))
                continue
            for item in in_place(order.lines):
                place = (order.ordinal, item.ordinal)
                quantity = signed_quantity(statement.body, item)
                found = match(Clue(line_number=item.line_number, part=item.part), ladder)
                if found is None:
                    unmatched.append(_unmatched(statement, place, item))
                    continue
                links.append(link_to(found, "invoice", statement.body_sha256, place, quantity))
                shares.append(
                    InvoicedShare(
                        line_key=found.line.key,
                        ordinals=place,
                        quantity=quantity,
                        statement=statement,
                        item=item,
                    )
                )
    return Shared(tuple(shares), tuple(links), tuple(unmatched))


def signed_quantity(invoice: Invoice, item: InvoiceLine) -> Millionths:
    """Return the quantity, negative in a credit memo and where the line's quantity or amount is negative."""
    credited = invoice.purpose in CREDITS or item.quantity.value < 0 or _amount(item) < 0
    return -abs(item.quantity.value) if credited else item.quantity.value


def _amount(item: InvoiceLine) -> Millionths:
    """The line's amount as stated; where none is, quantity times price."""
    if item.subtotal is not None:
        return item.subtotal.amount
    return times(item.quantity.value, item.unit_price.amount) if item.unit_price is not None else 0


def _unmatched(statement: Statement[Invoice], ordinals: tuple[int, ...], item: InvoiceLine) -> Unmatched:
    stated = item.subtotal or item.unit_price
    return Unmatched(
        kind="invoice",
        body_sha256=statement.body_sha256,
        ordinals=ordinals,
        line_number=item.line_number,
        part_id=item.part.supplier_part_id if item.part is not None else None,
        amount=abs(_amount(item)),
        currency=stated.currency if stated is not None else None,
        since=stated_at(statement.body.invoice_date, statement.received),
    )
