"""Update files: only what is there is written, the manifest fits the file, and the same updates give the same bytes."""

import hashlib
import json
from dataclasses import replace

import pytest

from punchout.model.moments import Micros
from punchout.model.updates import CartLinesUpdate, CartUpdateLine, TrackingUpdate, TrackingUpdateLine
from resources.business_central.updates import UpdateKind, update_json, write_updates

AT: Micros = 1_772_470_800_000_000
CART_LINE = CartUpdateLine(
    line_number=10000,
    supplier_part_id="0596007973",
    supplier_part_auxiliary_id="146-1,1",
    description="A book, größer",
    quantity=2_000_000,
    unit_of_measure_code="EA",
    unit_price=19_500_000,
)
CART = CartLinesUpdate(update_id="u1", number="PR0001", currency_code="USD", lines=(CART_LINE,))
TRACKING = TrackingUpdate(
    update_id="u2",
    number="PR0001",
    stage="Shipped",
    lines=(TrackingUpdateLine(line_number=10000, shipping_date="2026-03-04"), TrackingUpdateLine(line_number=20000)),
)


def test_a_cart_is_written_with_decimals_as_text() -> None:
    assert update_json(CART) == {
        "updateId": "u1",
        "number": "PR0001",
        "currencyCode": "USD",
        "lines": [
            {
                "requestNumber": "PR0001",
                "lineNumber": 10000,
                "supplierPartId": "0596007973",
                "supplierPartAuxiliaryId": "146-1,1",
                "description": "A book, größer",
                "quantity": "2",
                "unitOfMeasureCode": "EA",
                "unitPrice": "19.5",
            }
        ],
    }


def test_tracking_names_only_what_is_known() -> None:
    assert update_json(TRACKING) == {
        "updateId": "u2",
        "number": "PR0001",
        "stage": "Shipped",
        "lines": [
            {"requestNumber": "PR0001", "lineNumber": 10000, "shippingDate": "2026-03-04"},
            {"requestNumber": "PR0001", "lineNumber": 20000},
        ],
    }


@pytest.mark.parametrize("blank", [None, ""])
def test_nothing_blank_is_ever_written(blank: str | None) -> None:
    line = TrackingUpdateLine(line_number=1, shipping_date=blank, delivery_date=blank, invoice_id=blank)
    written = update_json(replace(TRACKING, stage=blank, order_confirmation_id=blank, lines=(line,)))
    assert written.keys() == {"updateId", "number", "lines"}
    assert written["lines"] == [{"requestNumber": "PR0001", "lineNumber": 1}]


def test_a_description_is_cut_to_what_business_central_holds() -> None:
    update = replace(CART, lines=(replace(CART_LINE, description="€" * 101),))
    assert (
        json.loads(write_updates([update], "cart_lines", AT).body)["value"][0]["lines"][0]["description"] == "€" * 100
    )


def test_the_manifest_fits_the_file() -> None:
    files = write_updates([TRACKING, replace(TRACKING, update_id="u3")], UpdateKind.TRACKING, AT)
    assert json.loads(files.manifest) == {
        "file": files.name,
        "kind": "tracking",
        "rows": 2,
        "sha256": hashlib.sha256(files.body).hexdigest(),
        "createdAt": "2026-03-02T17:00:00+00:00",
    }
    assert files.manifest_name == files.name.removesuffix(".json") + ".manifest.json"


def test_the_same_updates_in_any_order_give_the_same_files() -> None:
    rows = [TRACKING, replace(TRACKING, update_id="u3")]
    assert write_updates(rows, "tracking", AT) == write_updates(rows[::-1], "tracking", AT)


def test_other_updates_get_another_name() -> None:
    other = replace(TRACKING, stage="Invoiced")
    assert write_updates([TRACKING], "tracking", AT).name != write_updates([other], "tracking", AT).name


@pytest.mark.parametrize("rows", [[], [CART], [TRACKING, TRACKING]])
def test_rows_that_do_not_make_a_file_are_refused(rows: list[TrackingUpdate]) -> None:
    with pytest.raises(ValueError, match=r"rows of that kind|there twice"):
        write_updates(rows, "tracking", AT)
