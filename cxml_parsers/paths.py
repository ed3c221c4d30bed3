"""Ordinals to paths: where in a document a fact's field was stated.

Facts keep ordinals, not paths; the tables of `path_tables` turn a record's class, ordinals and field into the path of
the element or attribute that the kind modules read it from. Places of elements at hand are in `places`.
"""

from typing import Final

from cxml_parsers.invoice_path_tables import HEADER_ORDER, INVOICE_PLACES, ORDER
from cxml_parsers.path_tables import PLACES, RecordPlace

_PLACES: Final[dict[type, RecordPlace]] = {**PLACES, **INVOICE_PLACES}


def path_of(record: type, ordinals: tuple[int, ...], field: str | None = None, *, header_invoice: bool = False) -> str:
    """Return the path of a field in its document, or of the record itself where no field is named.

    Args:
        record: a record class of `punchout.model.documents`.
        ordinals: the record's ordinal, behind those of the records it is part of.
        field: a field's name; `order.order_id`, `part.supplier_part_id` and the like reach into a part.
        header_invoice: the invoice has `InvoiceDetailHeaderOrder` in place of `InvoiceDetailOrder`.

    Raises:
        KeyError: the record or field is not read from any place.
        ValueError: the number of ordinals is not the record's.
    """
    place = _PLACES[record]
    base = place.base.replace(ORDER, HEADER_ORDER) if header_invoice else place.base
    if base.count("{}") != len(ordinals):
        raise ValueError(f"{record.__name__} has {base.count('{}')} ordinals, not {len(ordinals)}")
    path = base.format(*ordinals)
    return path if field is None else f"{path}/{place.fields[field]}"
