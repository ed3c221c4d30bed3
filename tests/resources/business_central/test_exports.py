"""Reading exports: what is taken, how blanks and numbers are read, and that a bad one is refused with its place."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punchout.model.business_central import BcExport, BcOrder, BcRequest, BcRequestLine
from punchout.model.codes import Code
from punchout.model.moments import Moment
from resources.business_central.columns import CONTENT_NAMES, ContentName
from resources.business_central.errors import ExportInvalid
from resources.business_central.exports import read_export
from tests.support.bc_exports import (
    ORDER,
    ORDER_LINE,
    REQUEST,
    REQUEST_LINE,
    Row,
    as_csv,
    as_json,
    bundle,
    numbered,
    table,
    without,
)


def request_of(export: BcExport) -> BcRequest:
    (row,) = export.rows
    assert isinstance(row, BcRequest)
    return row


def order_of(export: BcExport) -> BcOrder:
    (row,) = export.rows
    assert isinstance(row, BcOrder)
    return row


def line_of(line: Row) -> BcRequestLine:
    return request_of(read_export("bc_requests", as_json({**REQUEST, "lines": [line]}))).lines[0]


def refused(data: bytes, parts: dict[str, bytes] | None = None, content: ContentName = "bc_requests") -> ExportInvalid:
    with pytest.raises(ExportInvalid) as caught:
        read_export(content, data, parts or {})
    return caught.value


def test_a_request_is_read_with_its_line() -> None:
    export = read_export("bc_requests", as_json(REQUEST))
    request = request_of(export)
    assert (export.scope, export.exported_at.text) == ("full", "2026-03-02T17:00:00Z")
    assert (request.number, request.status, request.purchase_order_number) == ("PR0001", "released", "PO0001")
    assert [(line.ordinal, line.line_number, line.supplier_part_id) for line in request.lines] == [
        (1, 10000, "0596007973")
    ]
    assert export.notes == ()


def test_a_purchase_order_is_read_with_its_line() -> None:
    order = order_of(read_export("bc_orders", as_json(ORDER)))
    assert (order.number, order.bc_id, order.punchout_request_number) == ("PO0001", ORDER["id"], "PR0001")
    assert order.order_date is not None
    assert order.order_date.day == "2026-03-02"
    assert [(line.sequence, line.punchout_line_number) for line in order.lines] == [(10000, 10000)]


@pytest.mark.parametrize(("content", "row"), [("bc_requests", REQUEST), ("bc_orders", ORDER)])
def test_csv_gives_the_same_rows_as_json(content: ContentName, row: Row) -> None:
    from_csv, from_json = read_export(content, *as_csv(row)), read_export(content, as_json(row))
    assert from_csv.rows == from_json.rows


def test_csv_lines_may_stand_in_any_order_among_their_headers() -> None:
    first, second = numbered("PR0001", REQUEST_LINE), numbered("PR0002", REQUEST_LINE)
    lines = table([*second["lines"], *first["lines"]])
    export = read_export("bc_requests", *bundle(table([without(first, "lines"), without(second, "lines")]), lines))
    assert [(row.number, len(row.lines)) for row in export.rows] == [("PR0001", 1), ("PR0002", 1)]


def test_a_byte_order_mark_and_windows_line_ends_are_read() -> None:
    headers = b"\xef\xbb\xbf" + table([without(REQUEST, "lines")]).replace(b"\n", b"\r\n")
    assert request_of(read_export("bc_requests", *bundle(headers, table([REQUEST_LINE])))).number == "PR0001"
    assert request_of(read_export("bc_requests", b"\xef\xbb\xbf" + as_json(REQUEST))).number == "PR0001"


@pytest.mark.parametrize("blank", [None, "", "   "])
def test_a_blank_text_is_none(blank: str | None) -> None:
    assert line_of({**REQUEST_LINE, "description": blank}).description is None


@pytest.mark.parametrize("blank", ["0001-01-01", "0001-01-01T00:00:00Z", None, ""])
def test_a_blank_date_is_none(blank: str | None) -> None:
    assert line_of({**REQUEST_LINE, "shippingDate": blank}).shipping_date is None
    assert request_of(read_export("bc_requests", as_json({**REQUEST, "releasedDateTime": blank}))).released is None


def test_a_blank_whole_number_of_business_central_is_none() -> None:
    order = order_of(
        read_export("bc_orders", as_json({**ORDER, "purchaseOrderLines": [{**ORDER_LINE, "punchoutLineNumber": 0}]}))
    )
    assert order.lines[0].punchout_line_number is None


@pytest.mark.parametrize("text", ["0596007973", "NA", "null", "12E4567890", "1,000", "007 ", "=1+1", 'a"b'])
def test_an_identifier_stays_exactly_as_it_is(text: str) -> None:
    row = {**REQUEST, "lines": [{**REQUEST_LINE, "supplierPartId": text}]}
    for export in (read_export("bc_requests", as_json(row)), read_export("bc_requests", *as_csv(row))):
        assert request_of(export).lines[0].supplier_part_id == text


def test_a_number_keeps_every_digit_of_its_text() -> None:
    data = as_json(REQUEST).replace(b"19.5", b"123456789012.123456")
    price = request_of(read_export("bc_requests", data)).lines[0].unit_price
    assert price is not None
    assert (price.text, price.value) == ("123456789012.123456", 123_456_789_012_123_456)


def test_a_number_may_be_text() -> None:
    quantity = line_of({**REQUEST_LINE, "quantity": "2.50"}).quantity
    assert quantity is not None
    assert quantity.value == 2_500_000


def test_an_unused_column_is_noted_once_and_ignored() -> None:
    rows = [numbered(number, **{"@odata.etag": "x"}) for number in ("PR0001", "PR0002")]
    export = read_export("bc_requests", as_json(*rows))
    assert [(note.code, note.where) for note in export.notes] == [(Code.STRUCT_DEVIATION, "value[0].@odata.etag")]


def test_a_time_without_an_offset_is_read_as_utc_and_noted() -> None:
    export = read_export("bc_requests", as_json({**REQUEST, "lastModifiedDateTime": "2026-03-02T16:30:00"}))
    assert request_of(export).modified == Moment("2026-03-02T16:30:00", 1_772_469_000_000_000, repair="naive")
    assert [(note.code, note.where) for note in export.notes] == [(Code.TS_NAIVE, "value[0].lastModifiedDateTime")]


def test_an_export_without_rows_is_an_export() -> None:
    assert read_export("bc_orders", as_json(scope="delta")).rows == ()


def test_a_csv_export_without_rows_is_an_export() -> None:
    headers = table([], columns=without(REQUEST, "lines"))
    assert read_export("bc_requests", *bundle(headers, table([], columns=REQUEST_LINE))).rows == ()


@pytest.mark.parametrize("name", [name for name in REQUEST if name != "lines"])
def test_a_json_row_that_lacks_a_column_refuses_the_export(name: str) -> None:
    error = refused(as_json(numbered("PR0001"), without(numbered("PR0002"), name)))
    assert (error.code, error.where, error.detail) == (Code.EXPORT_INVALID, f"value[1].{name}", "missing")


@pytest.mark.parametrize("name", REQUEST_LINE)
def test_a_json_line_that_lacks_a_column_refuses_the_export(name: str) -> None:
    error = refused(as_json(numbered("PR0001"), {**REQUEST, "number": "PR2", "lines": [without(REQUEST_LINE, name)]}))
    assert (error.where, error.detail) == (f"value[1].lines[0].{name}", "missing")


@pytest.mark.parametrize("name", ORDER_LINE)
def test_a_json_order_line_that_lacks_a_column_refuses_the_export(name: str) -> None:
    error = refused(as_json({**ORDER, "purchaseOrderLines": [without(ORDER_LINE, name)]}), content="bc_orders")
    assert error.where == f"value[0].purchaseOrderLines[0].{name}"


@pytest.mark.parametrize("name", REQUEST_LINE)
def test_a_csv_header_that_lacks_a_column_refuses_the_export(name: str) -> None:
    headers, lines = table([without(REQUEST, "lines")]), table([without(REQUEST_LINE, name)])
    error = refused(*bundle(headers, lines))
    assert (error.where, error.detail) == ("x-lines.csv row 1", f"column {name} is missing")


def changed(**changes: object) -> bytes:
    return as_json({**REQUEST, **changes})


def changed_line(**changes: object) -> bytes:
    return as_json({**REQUEST, "lines": [REQUEST_LINE, {**REQUEST_LINE, "lineNumber": 20000, **changes}]})


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (changed(number=None), "value[0].number"),
        (changed(number=1), "value[0].number"),
        (changed(number=True), "value[0].number"),
        (changed(number={"a": 1}), "value[0].number"),
        (changed().replace(b'"PR0001"', b"[" * 900 + b"]" * 900, 1), "value[0].number"),
        (changed(number="x" * 501), "value[0].number"),
        (changed(number="a\x00b"), "value[0].number"),
        (changed(number="a\ud800b"), "value[0].number"),
        (changed(status="Released"), "value[0].status"),
        (changed(status=""), "value[0].status"),
        (changed(releaseMode="auto"), "value[0].releaseMode"),
        (changed(releasedDateTime="2026-03-02"), "value[0].releasedDateTime"),
        (changed(lastModifiedDateTime="yesterday"), "value[0].lastModifiedDateTime"),
        (changed(lines=None), "value[0].lines"),
        (changed(lines=[1]), "value[0].lines[0]"),
        (changed_line(supplierPartId=596007973), "value[0].lines[1].supplierPartId"),
        (changed_line(lineNumber=10000), "value[0].lines[1].lineNumber"),
        (changed_line(lineNumber=0), "value[0].lines[1].lineNumber"),
        (changed_line(lineNumber=2**31), "value[0].lines[1].lineNumber"),
        (changed_line(lineNumber="1e4"), "value[0].lines[1].lineNumber"),
        (changed_line(quantity="1,5"), "value[0].lines[1].quantity"),
        (changed_line(quantity=1e300), "value[0].lines[1].quantity"),
        (changed_line(unitPrice="0.0000001"), "value[0].lines[1].unitPrice"),
        (changed_line(shippingDate="2026-02-30"), "value[0].lines[1].shippingDate"),
        (changed_line(shippingDate="03/05/2026"), "value[0].lines[1].shippingDate"),
        (changed_line(invoiceDate="2026-03-05T00:00:00Z"), "value[0].lines[1].invoiceDate"),
        (changed_line(requestNumber="PR0002"), "value[0].lines[1].requestNumber"),
        (changed_line(requestNumber=None), "value[0].lines[1].requestNumber"),
        (as_json(REQUEST, REQUEST), "value[1].number"),
        (as_json(REQUEST, scope="half"), "scope"),
        (as_json(REQUEST, scope=None), "scope"),
        (as_json(REQUEST, exportedAt="soon"), "exportedAt"),
        (as_json(REQUEST, exportedAt="2026-03-02"), "exportedAt"),
        (as_json(REQUEST, exportedAt=None), "exportedAt"),
        (as_json(REQUEST, value={}), "value"),
        (b"{}", "value"),
        (as_json("row"), "value[0]"),  # type: ignore[arg-type]
        (b"[]", "the file"),
        (b"", "line 1, column 1"),
        (b'{"a": ', "line 1, column 7"),
        (b"<html>", "line 1, column 1"),
        (b'{"value": [NaN]}', "the file"),
        (b'{"value": [], "value": []}', "the file"),
        (b'{"value": "\xe9"}', "byte 11"),
        (b"[" * 100_000, "the file"),
        (json.dumps({}).encode("utf-16"), "byte 0"),
    ],
)
def test_what_does_not_fit_refuses_the_export_and_names_the_place(data: bytes, where: str) -> None:
    error = refused(data)
    assert (error.code, error.where) == (Code.EXPORT_INVALID, where)
    assert len(error.detail) < 250


def edited(edit: Callable[[str], str], *, lines: bool = True) -> tuple[bytes, dict[str, bytes]]:
    bodies = [table([without(REQUEST, "lines")]), table([REQUEST_LINE, {**REQUEST_LINE, "lineNumber": 20000}])]
    bodies[lines] = edit(bodies[lines].decode()).encode()
    return bundle(bodies[0], bodies[1])


@pytest.mark.parametrize(
    ("edit", "where"),
    [
        (lambda text: text.replace("20000", "20000,"), "x-lines.csv row 3"),
        (lambda text: text.replace(",20000", ""), "x-lines.csv row 3"),
        (lambda text: text.replace("\nPR0001,20000", "\n\nPR0001,20000"), "x-lines.csv row 3"),
        (lambda text: text.replace("PR0001,20000", 'PR0001,"20000'), "x-lines.csv row 3"),
        (lambda text: text.replace("PR0001,20000", '"PR0001"x,20000'), "x-lines.csv row 3"),
        (lambda text: text.replace("PR0001,20000", "PR0002,20000"), "x-lines.csv row 3, column requestNumber"),
        (lambda text: text.replace("PR0001,20000", ",20000"), "x-lines.csv row 3, column requestNumber"),
        (lambda text: text.replace("20000", "10000"), "x-lines.csv row 3, column lineNumber"),
        (lambda text: text.replace("EA,19.5", "EA,19.5 USD", 1), "x-lines.csv row 2, column unitPrice"),
        (lambda text: text.replace("requestNumber", "description", 1), "x-lines.csv row 1"),
        (lambda text: text.replace(",", ";"), "x-lines.csv row 1"),
        (lambda _: "\n", "x-lines.csv row 1"),
    ],
)
def test_a_csv_file_that_leaves_the_dialect_is_refused_with_its_row(edit: Callable[[str], str], where: str) -> None:
    assert refused(*edited(edit)).where == where


def test_a_csv_file_that_is_not_utf8_is_refused() -> None:
    lines = table([REQUEST_LINE]).replace(b"A book", b"Caf\xe9")
    assert refused(*bundle(table([without(REQUEST, "lines")]), lines)).where == "x-lines.csv line 2"


def test_a_number_twice_in_csv_is_refused() -> None:
    headers = table([without(REQUEST, "lines")] * 2)
    assert refused(*bundle(headers, table([REQUEST_LINE]))).where == "x.csv row 3, column number"


def test_a_row_number_counts_records_not_physical_lines() -> None:
    lines = [{**REQUEST_LINE, "description": "two\nlines"}, {**REQUEST_LINE, "lineNumber": "x"}]
    data, parts = bundle(table([without(REQUEST, "lines")]), table(lines))
    manifest = json.loads(data)
    manifest["files"][1]["rows"] = 2
    assert refused(json.dumps(manifest).encode(), parts).where == "x-lines.csv row 3, column lineNumber"


def manifest_with(position: int, **changes: object) -> tuple[bytes, dict[str, bytes]]:
    data, parts = as_csv(REQUEST)
    manifest = json.loads(data)
    manifest["files"][position] |= changes
    return json.dumps(manifest).encode(), parts


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"rows": 2}, "x-lines.csv"),
        ({"rows": -1}, "files[1].rows"),
        ({"rows": None}, "files[1]"),
        ({"sha256": "0" * 64}, "x-lines.csv"),
        ({"sha256": "0" * 63 + "\x00"}, "files[1].sha256"),
        ({"name": "x.csv"}, "files"),
        ({"name": "../x.json"}, "files[1].name"),
        ({"role": "headers"}, "files"),
        ({"role": "notes"}, "files"),
    ],
)
def test_a_manifest_that_does_not_fit_its_files_is_refused(changes: Row, where: str) -> None:
    assert refused(*manifest_with(1, **changes)).where == where


def test_a_manifest_of_another_kind_is_refused() -> None:
    assert refused(*as_csv(ORDER), content="bc_requests").where == "kind"


def test_a_file_that_was_altered_after_the_manifest_is_refused() -> None:
    data, parts = as_csv(REQUEST)
    altered = {sha256: body.replace(b"PR0001", b"PR0009") for sha256, body in parts.items()}
    assert refused(data, altered).where == "x.csv"


def test_a_manifest_without_its_files_is_refused() -> None:
    assert refused(as_csv(REQUEST)[0]).where == "x.csv"


def test_the_name_of_a_file_cannot_forge_a_line_of_a_log() -> None:
    error = refused(*manifest_with(1, name="a\nERROR b.csv", sha256="0" * 64))
    assert error.where == "'a\\nERROR b.csv'"


def test_a_feed_of_anything_else_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="no content of a feed"):
        read_export("cxml", as_json(REQUEST))


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for content in CONTENT_NAMES:
        with pytest.raises(ExportInvalid):
            read_export(content, data)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60))
def test_any_text_survives_both_formats(text: str) -> None:
    row: Row = {**REQUEST, "lines": [{**REQUEST_LINE, "description": text}]}
    data, parts = bundle(table([without(REQUEST, "lines")]), table(row["lines"], quote_all=True))
    manifest = json.loads(data)
    manifest["files"][1]["rows"] = 1
    from_csv = read_export("bc_requests", json.dumps(manifest).encode(), parts)
    from_json = read_export("bc_requests", as_json(row))
    assert from_csv.rows == from_json.rows
    assert (request_of(from_json).lines[0].description or "") == (text if text.strip() else "")
