"""Update files for Business Central: pure bytes, the same for the same updates, and a manifest to check them by.

Decimals are text, so that no reader rounds them. A value that is None is not written at all: Business Central sets
what a file names and leaves the rest alone, so a blank can never wipe out a value. Delivering is the mailbox's work.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from punchout.model.exact import format_decimal
from punchout.model.moments import Micros, iso_utc
from punchout.model.updates import CartLinesUpdate, CartUpdateLine, TrackingUpdate, TrackingUpdateLine, Update


class UpdateKind(StrEnum):
    """What a file of updates carries; never both."""

    CART_LINES = "cart_lines"
    TRACKING = "tracking"


# Description is Text[100] in Business Central; the cart's own text stays whole in the ledger.
_LONGEST_DESCRIPTION = 100
_RECORDS: dict[UpdateKind, type] = {UpdateKind.CART_LINES: CartLinesUpdate, UpdateKind.TRACKING: TrackingUpdate}


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateFiles:
    """A file of updates and its manifest. Deliver the manifest last: it says that the file is whole."""

    name: str
    body: bytes
    manifest_name: str
    manifest: bytes


def write_updates(rows: Iterable[Update], kind: UpdateKind | str, created_at: Micros) -> UpdateFiles:
    """Write updates of one kind, ordered by their ids; the name follows from kind and content.

    Raises:
        ValueError: no rows, a row of another kind, or an update id that is there twice.
    """
    stated_kind = UpdateKind(kind)
    ordered = sorted(rows, key=lambda row: row.update_id)
    if not ordered or not all(isinstance(row, _RECORDS[stated_kind]) for row in ordered):
        raise ValueError(f"a file of {stated_kind} needs rows of that kind and no other")
    if len({row.update_id for row in ordered}) != len(ordered):
        raise ValueError("an update id is there twice")
    created = iso_utc(created_at)
    body = _json_bytes({"createdAt": created, "kind": stated_kind, "value": [update_json(row) for row in ordered]})
    sha256 = hashlib.sha256(body).hexdigest()
    stem = f"{stated_kind}-{sha256[:32]}"
    manifest = {
        "file": f"{stem}.json",
        "kind": stated_kind,
        "rows": len(ordered),
        "sha256": sha256,
        "createdAt": created,
    }
    return UpdateFiles(
        name=f"{stem}.json", body=body, manifest_name=f"{stem}.manifest.json", manifest=_json_bytes(manifest)
    )


def update_json(update: Update) -> dict[str, object]:
    """Return one update as a row of the file: only what is there, under Business Central's names."""
    if isinstance(update, CartLinesUpdate):
        stated = _stated({"currencyCode": update.currency_code})
        lines = [_cart_line(update.number, line) for line in update.lines]
    else:
        stated = _stated({"stage": update.stage, "orderConfirmationId": update.order_confirmation_id})
        lines = [_tracking_line(update.number, line) for line in update.lines]
    return {"updateId": update.update_id, "number": update.number, **stated, "lines": lines}


def _cart_line(number: str, line: CartUpdateLine) -> dict[str, object]:
    return {
        "requestNumber": number,
        "lineNumber": line.line_number,
        **_stated(
            {
                "supplierPartId": line.supplier_part_id,
                "supplierPartAuxiliaryId": line.supplier_part_auxiliary_id,
                "description": line.description[:_LONGEST_DESCRIPTION],
                "quantity": format_decimal(line.quantity),
                "unitOfMeasureCode": line.unit_of_measure_code,
                "unitPrice": format_decimal(line.unit_price),
            }
        ),
    }


def _tracking_line(number: str, line: TrackingUpdateLine) -> dict[str, object]:
    return {
        "requestNumber": number,
        "lineNumber": line.line_number,
        **_stated(
            {
                "shippingDate": line.shipping_date,
                "deliveryDate": line.delivery_date,
                "invoiceId": line.invoice_id,
                "invoiceDate": line.invoice_date,
            }
        ),
    }


def _stated(values: Mapping[str, str | None]) -> dict[str, str]:
    # An empty text is Business Central's blank, so it is left out too.
    return {name: value for name, value in values.items() if value}


def _json_bytes(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
