"""Charges: what an invoice bills beside the lines of the order. They are split off before any line is looked for.

A line is a charge where it says so (cXML `InvoiceDetailItem/@isAdHoc`), or where it names no part, no order line, and
one of the words that the policy knows. Shipping, special handling and discounts also stand in lines and in the summary.
What a charge may amount to is `three_way`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from punchout.model.documents import Invoice, InvoiceLine
from punchout.model.exact import Millionths
from punchout.model.values import Money
from punchout.reconciliation.accounts import Charge, ChargeKind
from punchout.reconciliation.placing import PlaceKey
from punchout.reconciliation.policy import ReconciliationPolicy
from punchout.reconciliation.statements import Statement, in_place
from punchout.reconciliation.versions import CREDITS

_OTHER: ChargeKind = "other"


@dataclass(frozen=True, slots=True)
class _Stated:
    """An amount that an invoice states under a name of cXML."""

    kind: ChargeKind
    money: Money | None


def charge_kind(item: InvoiceLine, policy: ReconciliationPolicy) -> ChargeKind | None:
    """Return what a line charges, None where it bills a line of the order."""
    named = _named(item.description, policy)
    if item.is_ad_hoc:
        return named or _OTHER
    part = item.part
    nameless = part is None or (part.supplier_part_id is None and part.supplier_part_aux_id is None)
    return named if nameless and not item.line_number else None


def charges(
    current: tuple[Statement[Invoice], ...], line_keys: Mapping[PlaceKey, str], policy: ReconciliationPolicy
) -> tuple[Charge, ...]:
    """Return every charge of the invoices that stand, negative where it is credited.

    What a summary states belongs to the whole invoice: where others share the invoice it is left to a person.
    """
    return tuple(sorted(one for statement in current for one in _of_invoice(statement, line_keys, policy)))


def _of_invoice(
    statement: Statement[Invoice], line_keys: Mapping[PlaceKey, str], policy: ReconciliationPolicy
) -> Iterator[Charge]:
    body = statement.body
    if body.is_information_only:
        return
    if not statement.is_partial:
        in_summary = (
            _Stated("shipping", body.shipping),
            _Stated("handling", body.handling),
            _Stated("discount", body.discount),
        )
        for stated in in_summary:
            yield from _charge(statement, (), stated)
    for order in in_place(body.orders):
        for item in in_place(order.lines):
            place = (order.ordinal, item.ordinal)
            line_key = line_keys.get((statement.body_sha256, place))
            # A line that was put on one of the order's by a person is goods, whatever it looks like.
            kind = None if line_key else charge_kind(item, policy)
            if kind is not None:
                yield from _charge(statement, place, _Stated(kind, item.subtotal or item.unit_price))
            # The summary repeats what lines state.
            elif body.shipping is None and body.discount is None:
                yield from _charge(statement, place, _Stated("shipping", item.shipping), line_key or "")
                yield from _charge(statement, place, _Stated("discount", item.discount), line_key or "")


def _charge(
    statement: Statement[Invoice], ordinals: tuple[int, ...], stated: _Stated, line_key: str = ""
) -> Iterator[Charge]:
    if stated.money is not None and stated.money.amount:
        yield Charge(
            body_sha256=statement.body_sha256,
            ordinals=ordinals,
            kind=stated.kind,
            line_key=line_key,
            amount=_signed(statement.body, stated, stated.money.amount),
            currency=stated.money.currency or "",
        )


def _signed(body: Invoice, stated: _Stated, amount: Millionths) -> Millionths:
    """Return what it adds to the bill: a discount lowers it, in whichever sign it is written, and a credit turns it."""
    lowers = (stated.kind == "discount") is not (body.purpose in CREDITS)
    if stated.kind == "discount" or body.purpose in CREDITS:
        return -abs(amount) if lowers else abs(amount)
    return amount


def _named(description: str | None, policy: ReconciliationPolicy) -> ChargeKind | None:
    words = set(re.findall(r"\w+", (description or "").casefold()))
    return next((kind for word, kind in policy.charge_words if word in words), None)
