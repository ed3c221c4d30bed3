"""Invoices and credits: which quantity of which line was billed, net.

Senders disagree about the sign of a credit: negative amounts with positive quantities, or the reverse, or both (and
cXML wants negative amounts only in `lineLevelCreditMemo`). Here a credited quantity is negative, whatever the sender
wrote. Which versions count is `versions`; whether prices and totals are right is not decided here.
"""

from collections.abc import Mapping

from punchout.model.documents import Invoice, InvoiceLine
from punchout.model.exact import Millionths, times
from punchout.reconciliation.charges import charge_kind
from punchout.reconciliation.clues import Clue, Ladder
from punchout.reconciliation.part_codes import codes_of
from punchout.reconciliation.placing import Mention, Terms, place
from punchout.reconciliation.results import Link
from punchout.reconciliation.rulings import place_key
from punchout.reconciliation.shares import InvoicedShare, Shared, sure_link
from punchout.reconciliation.statements import Statement, in_place, stated_at
from punchout.reconciliation.versions import CREDITS

_Item = tuple[Statement[Invoice], tuple[int, ...], InvoiceLine]
ShippedLines = Mapping[str, Mapping[int | None, frozenset[str]]]
"""The lines of each shipment, by shipmentID and the ship notice's own line number."""


def invoiced(
    current: tuple[Statement[Invoice], ...],
    expected: Mapping[str, Millionths],
    ladder: Ladder,
    shipped_lines: ShippedLines,
    terms: Terms,
) -> Shared[InvoicedShare]:
    """Return the billed quantities of the invoices that stand; those for information only bill nothing.

    Args:
        current: the invoices that stand, oldest first.
        expected: what each line may be billed for.
        ladder: the order's lines, indexed.
        shipped_lines: what an invoice line may refer to.
        terms: what `placing` goes by.
    """
    whole, sundry, goods = _sorted_out(current, terms)
    placed = place([_mention(*one, shipped_lines) for one in goods], ladder, expected, terms)
    shares = []
    for statement, ordinals, item in goods:
        line_key = placed.lines.get((statement.body_sha256, ordinals))
        if line_key is not None:
            quantity = signed_quantity(statement.body, item)
            shares.append(
                InvoicedShare(line_key=line_key, ordinals=ordinals, quantity=quantity, statement=statement, item=item)
            )
    return Shared(tuple(shares), (*placed.links, *whole, *sundry), placed.unmatched, placed.suggestions)


def _sorted_out(current: tuple[Statement[Invoice], ...], terms: Terms) -> tuple[list[Link], list[Link], list[_Item]]:
    """Tell parts without lines, charges, and lines that bill goods from each other; what people ruled on is goods."""
    whole: list[Link] = []
    sundry: list[Link] = []
    goods: list[_Item] = []
    for statement in current:
        for order in in_place(statement.body.orders):
            if not order.lines or statement.body.is_information_only:
                whole.append(sure_link("ORDER", "invoice", statement.body_sha256, (order.ordinal,)))
                continue
            for item in in_place(order.lines):
                ordinals = (order.ordinal, item.ordinal)
                is_ruled = place_key(statement.body_sha256, ordinals) in terms.rulings.links
                if is_ruled or charge_kind(item, terms.policy) is None:
                    goods.append((statement, ordinals, item))
                else:
                    sundry.append(sure_link("CHARGE", "invoice", statement.body_sha256, ordinals))
    return whole, sundry, goods


def signed_quantity(invoice: Invoice, item: InvoiceLine) -> Millionths:
    """Return the quantity, negative in a credit memo and where the line's quantity or amount is negative."""
    credited = invoice.purpose in CREDITS or item.quantity.value < 0 or _amount(item) < 0
    return -abs(item.quantity.value) if credited else item.quantity.value


def _amount(item: InvoiceLine) -> Millionths:
    """The line's amount as stated; where none is, quantity times price."""
    if item.subtotal is not None:
        return item.subtotal.amount
    return times(item.quantity.value, item.unit_price.amount) if item.unit_price is not None else 0


def _mention(
    statement: Statement[Invoice], ordinals: tuple[int, ...], item: InvoiceLine, shipped_lines: ShippedLines
) -> Mention:
    stated = item.subtotal or item.unit_price
    of_shipment = shipped_lines.get(item.ship_notice_id, {}) if item.ship_notice_id else {}
    quantity = signed_quantity(statement.body, item)
    return Mention(
        kind="invoice",
        body_sha256=statement.body_sha256,
        ordinals=ordinals,
        clue=Clue(
            line_number=item.line_number,
            part=item.part,
            quantity=quantity,
            price=abs(item.unit_price.amount) if item.unit_price is not None else None,
            description=item.description,
            codes=codes_of(item.extrinsics),
            shipped_lines=of_shipment.get(item.ship_notice_line_number, frozenset()),
        ),
        quantity=quantity,
        unit=item.unit,
        amount=abs(_amount(item)),
        currency=stated.currency if stated is not None else None,
        since=stated_at(statement.body.invoice_date, statement.received),
    )
