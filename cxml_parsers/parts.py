"""Elements that occur at many places of cXML: item details, part ids, references to orders and documents."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cxml_parsers import leaves
from cxml_parsers.amounts import PRICE_BASIS, Priced
from cxml_parsers.attributes import Values, attributes_of
from cxml_parsers.prose import DESCRIPTION, EXTRINSICS, auxiliary_id, auxiliary_id_inside, prose
from cxml_parsers.rules import Into, Leaf, One
from cxml_parsers.scan import Head, Scan
from cxml_parsers.shapes import Act, Rule, Shape, Site, again, inner_node, through
from punchout.model.making import maker
from punchout.model.values import OrderReference, PartId

_part_id = maker(PartId)

DETAIL: Final = Shape(
    children={
        "UnitPrice": Priced("unit_price"),
        "Description": DESCRIPTION,
        "UnitOfMeasure": Leaf("unit"),
        "PriceBasisQuantity": PRICE_BASIS,
        "Classification": Leaf(
            "classification", attributes={"domain": ("classification_domain", leaves.string)}, may_repeat="first"
        ),
        "ManufacturerPartID": Leaf("manufacturer_part_id"),
        "ManufacturerName": prose("manufacturer_name"),
        "Extrinsic": EXTRINSICS,
    }
)
"""`ItemDetail`, in a cart and in an order alike."""


@dataclass(frozen=True, slots=True)
class _ItemId:
    """What stands in an `ItemID`."""

    supplier_part_id: str | None = None
    supplier_part_aux_id: str | None = None
    buyer_part_id: str | None = None


_ITEM_ID: Final = Shape(
    record=_ItemId,
    children={
        "SupplierPartID": Leaf("supplier_part_id", leaves.identifier),
        "SupplierPartAuxiliaryID": Leaf("supplier_part_aux_id", auxiliary_id, inside=auxiliary_id_inside),
        "BuyerPartID": Leaf("buyer_part_id", leaves.identifier),
    },
)


@dataclass(frozen=True, slots=True)
class Part:
    """`ItemID`: the supplier's part into one field, the buyer's own id into another. Ids of other domains are left."""

    to: str = "part"
    buyer: str = "buyer_part_id"
    shape: Shape = _ITEM_ID

    def learn(self, site: Site, scan: Scan, index: int, head: Head) -> tuple[Act, str | None]:
        """See `Rule`."""
        node, position, buyer = inner_node(site), site.at[self.to], site.at[self.buyer]
        is_plain = not head.attributes and not head.is_empty and scan.pieces[index] == head.text + ">"
        stated = attributes_of(scan, index, head, {}, node)

        def act(scan: Scan, index: int, piece: str, values: Values) -> int:
            if values[position] is not None or values[buyer] is not None:
                return again(site, scan, index)
            made: Values = [None, None, None]
            if is_plain:
                end = node.fill(scan, index, piece, made)
            else:
                stated.put(scan, index, made)
                end = through(node, site, scan, index, made)
            values[position] = named(_part_id(made[0], made[1]))
            values[buyer] = made[2]
            if scan.absent:
                scan.forget(made)
            return end

        return act, "piece" if is_plain else None


PART: Final = Part()
SUBSTITUTE_ID: Final = Shape(
    record=PartId, children={name: rule for name, rule in _ITEM_ID.children.items() if name != "BuyerPartID"}
)


def named(part: PartId) -> PartId | None:
    """Return a part, None where its `ItemID` names none: that says no more than one that is not there."""
    return None if part.supplier_part_id is None and part.supplier_part_aux_id is None else part


def document_reference(to: str) -> Mapping[str, Rule]:
    """Return the children of what points at another document by its payloadID."""
    return {"DocumentReference": Into(Shape(attributes={"payloadID": (to, leaves.identifier)}))}


def _names_no_order(reference: OrderReference) -> str | None:
    if reference.order_id is None and reference.payload_id is None:
        return "names no order, neither by orderID nor by payloadID"
    return None


ORDER_REFERENCE: Final = Shape(
    record=OrderReference,
    attributes={"orderID": ("order_id", leaves.identifier), "orderDate": ("order_date", leaves.optional_moment)},
    children=document_reference("payload_id"),
    remark=_names_no_order,
)
"""`OrderReference`, or `OrderIDInfo`, which states no payloadID."""
ORDER: Final = One("order", ORDER_REFERENCE)
NO_ORDER: Final = OrderReference()
NO_PART: Final = PartId()
