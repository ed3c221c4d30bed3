"""The lines of an order: what the cart says of the part, what Business Central says of quantity and price.

The cart is authoritative for part ids and Extrinsics, which must go back to the supplier unchanged. Which lines belong
together is decided in `punchout.ordering.ties`.
"""

import re

from punchout.model.codes import Code
from punchout.model.documents import CartLine
from punchout.model.exact import Millionths, format_decimal
from punchout.model.orders import OrderedLine
from punchout.model.values import Number
from punchout.ordering.policy import OrderingPolicy
from punchout.ordering.refusals import Findings
from punchout.ordering.ties import LineTie, place

# cXML UnitOfMeasure is an nmtoken; the supplier expects UN/ECE codes, all of which are this plain.
_UNIT = re.compile(r"[A-Za-z0-9._:-]+", re.ASCII)


def ordered_line(number: int, tie: LineTie, currency: str, policy: OrderingPolicy, findings: Findings) -> OrderedLine:
    """Build one line. Where something stands against it, it is in `findings` and the line must not be used.

    Args:
        number: `ItemOut/@lineNumber`, from 1.
        tie: the line from all sides.
        currency: of the order.
        policy: knows Business Central's units.
        findings: takes what is missing or does not agree.
    """
    where = place(tie.request)
    item = tie.cart
    part, auxiliary = _part(tie, where, findings)
    return OrderedLine(
        line_number=number,
        bc_line_number=tie.request.line_number,
        po_sequence=tie.order.sequence,
        cart_position=item.ordinal if item else None,
        supplier_part_id=part,
        supplier_part_aux_id=auxiliary,
        quantity=_quantity(tie, where, findings),
        unit=_unit(tie, where, policy, findings),
        unit_price=_positive(tie.order.direct_unit_cost, where, "price", findings),
        currency=currency,
        description=(item.description if item else None) or tie.request.description or tie.order.description or "",
        classification=item.classification if item else None,
        classification_domain=item.classification_domain if item else None,
        manufacturer_name=item.manufacturer_name if item else None,
        manufacturer_part_id=item.manufacturer_part_id if item else None,
        inferred=tie.inferred,
        extrinsics=item.extrinsics if item else (),
    )


def _part(tie: LineTie, where: str, findings: Findings) -> tuple[str, str | None]:
    """Return both part ids as the cart has them; without a cart, as the request has them."""
    stated = tie.request.supplier_part_auxiliary_id
    if tie.cart is None:
        if stated is None:
            findings.refuse(where, "has no auxiliary part id", Code.AUX_ID_MISSING)
        return findings.need(tie.request.supplier_part_id, f"{where} supplierPartId"), stated
    auxiliary = tie.cart.part.supplier_part_aux_id
    if auxiliary != stated:
        _refuse_auxiliary(auxiliary, stated, where, findings)
    return findings.need(tie.cart.part.supplier_part_id, f"{where} supplierPartId"), auxiliary


def _refuse_auxiliary(ours: str | None, stated: str | None, where: str, findings: Findings) -> None:
    if stated is None:
        findings.refuse(where, f"has lost the cart's auxiliary part id {ours!r}", Code.AUX_ID_MISSING)
    else:
        findings.refuse(where, f"has the auxiliary part id {stated!r}, the cart {ours!r}", Code.AUX_ID_CHANGED)


def _quantity(tie: LineTie, where: str, findings: Findings) -> Millionths:
    ordered, requested = tie.order.quantity, tie.request.quantity
    if requested is None or (ordered is not None and ordered.value != requested.value):
        texts = [format_decimal(number.value) if number else "none" for number in (requested, ordered)]
        findings.refuse(where, f"the request's quantity is {texts[0]}, the purchase order's {texts[1]}")
    return _positive(ordered, where, "quantity", findings)


def _positive(number: Number | None, where: str, what: str, findings: Findings) -> Millionths:
    if number is None or number.value <= 0:
        # A blank decimal in Business Central is 0.
        findings.refuse(where, f"the purchase order's {what} is {number.text if number else 'missing'}")
        return 0
    return number.value


def _unit(tie: LineTie, where: str, policy: OrderingPolicy, findings: Findings) -> str:
    """Return the unit all sides mean, in the cart's spelling where it has one."""
    known = dict(policy.unit_map)
    codes = [code for code in (tie.order.unit_of_measure_code, tie.request.unit_of_measure_code) if code]
    units = [unit for unit in (_cart_unit(tie.cart), *(known.get(code, code) for code in codes)) if unit]
    if not units:
        findings.refuse(where, "has no unit of measure")
        return ""
    if len({unit.casefold() for unit in units}) > 1:
        findings.refuse(where, f"has more than one unit of measure: {', '.join(sorted(set(units)))}")
    if _UNIT.fullmatch(units[0]) is None:
        findings.refuse(where, f"has a unit of measure that cXML cannot carry: {units[0]!r}")
    return units[0]


def _cart_unit(item: CartLine | None) -> str | None:
    return item.unit if item else None
