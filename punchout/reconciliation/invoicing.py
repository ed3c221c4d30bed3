"""Invoices and credits: which quantity of which line was billed, net.

Senders disagree about the sign of a credit: negative amounts with positive quantities, or the reverse, or both (and
cXML wants negative amounts only in `lineLevelCreditMemo`). Here a credited quantity is negative, whatever the sender
wrote. Which versions count is `versions`; whether prices and totals are right is not decided here.
"""

from punchout.model.documents import Invoice, InvoiceLine
from punchout.model.exact import Millionths, times
from punchout.reconciliation.matching import Clue, Ladder
from punchout.reconciliation.placing import Mention, place
from punchout.reconciliation.shares import InvoicedShare, Shared, sure_link
from punchout.reconciliation.statements import Statement, in_place, stated_at
from punchout.reconciliation.units import UnitMap
from punchout.reconciliation.versions import CREDITS


def invoiced(current: tuple[Statement[Invoice], ...], ladder: Ladder, unit_map: UnitMap) -> Shared[InvoicedShare]:
    """Return the billed quantities of the invoices that stand; those for information only bill nothing."""
    orders = [(statement, order) for statement in current for order in in_place(statement.body.orders)]
    whole = [
        sure_link("ORDER", "invoice", statement.body_sha256, (order.ordinal,))
        for statement, order in orders
        if not order.lines or statement.body.is_information_only
    ]
    items = [
        (statement, (order.ordinal, item.ordinal), item)
        for statement, order in orders
        for item in in_place(order.lines)
        if not statement.body.is_information_only
    ]
    placed = place([_mention(*one) for one in items], ladder, unit_map)
    shares = []
    for statement, ordinals, item in items:
        line_key = placed.lines.get((statement.body_sha256, ordinals))
        if line_key is not None:
            quantity = signed_quantity(statement.body, item)
            shares.append(
                InvoicedShare(line_key=line_key, ordinals=ordinals, quantity=quantity, statement=statement, item=item)
            )
    return Shared(tuple(shares), (*placed.links, *whole), placed.unmatched)


def signed_quantity(invoice: Invoice, item: InvoiceLine) -> Millionths:
    """Return the quantity, negative in a credit memo and where the line's quantity or amount is negative."""
    credited = invoice.purpose in CREDITS or item.quantity.value < 0 or _amount(item) < 0
    return -abs(item.quantity.value) if credited else item.quantity.value


def _amount(item: InvoiceLine) -> Millionths:
    """The line's amount as stated; where none is, quantity times price."""
    if item.subtotal is not None:
        return item.subtotal.amount
    return times(item.quantity.value, item.unit_price.amount) if item.unit_price is not None else 0


def _mention(statement: Statement[Invoice], ordinals: tuple[int, ...], item: InvoiceLine) -> Mention:
    stated = item.subtotal or item.unit_price
    return Mention(
        kind="invoice",
        body_sha256=statement.body_sha256,
        ordinals=ordinals,
        clue=Clue(line_number=item.line_number, part=item.part),
        quantity=signed_quantity(statement.body, item),
        unit=item.unit,
        amount=abs(_amount(item)),
        currency=stated.currency if stated is not None else None,
        since=stated_at(statement.body.invoice_date, statement.received),
    )
