"""The identity of a row: the same for the same content however it was written, another for any change."""

import pytest

from punchout.model.business_central import BcRow
from punchout.model.row_identity import row_sha256
from resources.business_central.columns import ContentName
from resources.business_central.exports import read_export
from tests.support.bc_exports import ORDER, REQUEST, REQUEST_LINE, Row, as_csv, as_json


def row_of(row: Row, content: ContentName = "bc_requests") -> BcRow:
    return read_export(content, as_json(row)).rows[0]


@pytest.mark.parametrize(("content", "row"), [("bc_requests", REQUEST), ("bc_orders", ORDER)])
def test_csv_and_json_of_a_row_have_one_identity(content: ContentName, row: Row) -> None:
    (from_csv,) = read_export(content, *as_csv(row)).rows
    assert row_sha256(from_csv) == row_sha256(row_of(row, content))


@pytest.mark.parametrize(
    "changes",
    [
        {"lines": [{**REQUEST_LINE, "quantity": "2.00"}]},
        {"lines": [{**REQUEST_LINE, "shippingDate": None}]},
        {"currencyCode": None},
        {"lastModifiedDateTime": "2026-03-02T08:30:00.000-08:00"},
    ],
)
def test_the_spelling_of_a_value_does_not_count(changes: Row) -> None:
    assert row_sha256(row_of({**REQUEST, **changes})) == row_sha256(row_of(REQUEST))


def test_the_order_of_lines_does_not_count() -> None:
    lines = [{**REQUEST_LINE, "lineNumber": number} for number in (100_000, 20_000)]
    forward, backward = ({**REQUEST, "lines": order} for order in (lines, lines[::-1]))
    assert row_sha256(row_of(forward)) == row_sha256(row_of(backward))


@pytest.mark.parametrize(
    "changes",
    [{name: "2026-03-03T10:00:00Z" if name.endswith("DateTime") else "other"} for name in REQUEST if name not in
     {"status", "releaseMode", "lines", "number"}]
    + [
        {"status": "open"},
        {"releaseMode": "manual"},
        {"lines": []},
        {"lines": [{**REQUEST_LINE, "quantity": 3}]},
        {"lines": [{**REQUEST_LINE, "lineNumber": 20000}]},
        {"lines": [{**REQUEST_LINE, "description": None, "invoiceId": "A book"}]},
    ],
)  # fmt: skip
def test_any_other_content_is_another_row(changes: Row) -> None:
    assert row_sha256(row_of({**REQUEST, **changes})) != row_sha256(row_of(REQUEST))


def test_a_number_with_a_leading_zero_is_another_row() -> None:
    rows = [row_of({**REQUEST, "vendorNumber": number}) for number in ("00010", "10")]
    assert row_sha256(rows[0]) != row_sha256(rows[1])


def test_the_identity_of_a_row_is_pinned() -> None:
    """Ledgers hold it: another value here would make every row of theirs a new version."""
    assert row_sha256(row_of(REQUEST)) == "8ae70a47cdc56c6393bf9c59b3f335990d2b5bcbb54172e9b9b9bec9a57680ce"
    assert row_sha256(row_of(ORDER, "bc_orders")) == "e2323904351b9dbc436234d0949c56350b7f2aff79b9a4f93843b670cb9550ee"
