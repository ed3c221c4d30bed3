"""Codes by which a part may be known beside the supplier's own ids: EAN and UPC, the manufacturer's, the buyer's.

They come as Extrinsics under names that differ from sender to sender, and as ManufacturerPartID in carts.
"""

from collections.abc import Iterable

from punchout.model.values import Extrinsic

PartCode = tuple[str, str]
"""Kind of code, and the code as it is compared."""

_GTIN, _MANUFACTURER, _BUYER = "gtin", "manufacturer", "buyer"
_KINDS = {
    "ean": _GTIN,
    "gtin": _GTIN,
    "upc": _GTIN,
    "manufacturerpartid": _MANUFACTURER,
    "manufacturerpartnumber": _MANUFACTURER,
    "mpn": _MANUFACTURER,
    "buyerpartid": _BUYER,
    "buyerpartnumber": _BUYER,
}
_BLANK = frozenset({"", "na", "n/a"})


def codes_of(extrinsics: Iterable[Extrinsic], manufacturer_part_id: str | None = None) -> frozenset[PartCode]:
    """Return every code that is stated of a part."""
    stated = [(_KINDS.get(_compared_name(one.name)), one.value) for one in extrinsics]
    stated += [(_MANUFACTURER, manufacturer_part_id or "")]
    return frozenset(
        (kind, _compared(kind, value)) for kind, value in stated if kind and value.strip().casefold() not in _BLANK
    )


def is_part_code(name: str) -> bool:
    """Tell whether an Extrinsic of some name states a code of a part."""
    return _compared_name(name) in _KINDS


def _compared_name(name: str) -> str:
    return "".join(name.split()).casefold()


def _compared(kind: str, value: str) -> str:
    """An UPC is an EAN without its leading zero."""
    plain = "".join(value.split()).casefold()
    return plain.lstrip("0") if kind == _GTIN else plain
