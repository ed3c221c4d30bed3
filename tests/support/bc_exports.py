"""Small Business Central exports, as JSON bytes and as a manifest with CSV files: made from rows, and easily broken."""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

Row = dict[str, Any]

REQUEST_LINE: Row = {
    "requestNumber": "PR0001",
    "lineNumber": 10000,
    "supplierPartId": "0596007973",
    "supplierPartAuxiliaryId": "146-1,1",
    "description": "A book",
    "quantity": 2,
    "unitOfMeasureCode": "EA",
    "unitPrice": 19.5,
    "shippingDate": "0001-01-01",
    "deliveryDate": None,
    "invoiceId": "",
    "invoiceDate": "2026-03-05",
}
REQUEST: Row = {
    "number": "PR0001",
    "status": "released",
    "releaseMode": "approval",
    "releasedDateTime": "2026-03-02T16:00:00Z",
    "buyerCookie": "cookie-1",
    "requesterEmail": "ann@example.com",
    "businessUnit": "",
    "vendorNumber": "00010",
    "purchaseOrderNumber": "PO0001",
    "orderConfirmationId": None,
    "stage": "",
    "currencyCode": "",
    "lastModifiedDateTime": "2026-03-02T16:30:00Z",
    "lines": [REQUEST_LINE],
}
ORDER_LINE: Row = {
    "sequence": 10000,
    "lineType": "Item",
    "lineObjectNumber": "1000",
    "description": "A book",
    "unitOfMeasureCode": "EA",
    "quantity": 2,
    "directUnitCost": 19.5,
    "receivedQuantity": 0,
    "invoicedQuantity": 0,
    "punchoutLineNumber": 10000,
}
ORDER: Row = {
    "id": "5d115c9c-44e3-ea11-bb43-000d3a2feca1",
    "number": "PO0001",
    "orderDate": "2026-03-02",
    "vendorNumber": "00010",
    "vendorName": "Amazon Business",
    "shipToName": "Main",
    "shipToContact": "Ann",
    "shipToAddressLine1": "1 Street",
    "shipToAddressLine2": "",
    "shipToCity": "Seattle",
    "shipToState": "WA",
    "shipToPostCode": "01234",
    "shipToCountry": "US",
    "currencyCode": "",
    "status": "Open",
    "lastModifiedDateTime": "2026-03-02T16:30:00Z",
    "punchoutRequestNumber": "PR0001",
    "purchaseOrderLines": [ORDER_LINE],
}
EXPORTED_AT = "2026-03-02T17:00:00Z"


def without(row: Row, name: str) -> Row:
    """Gives a row that has lost a column."""
    return {key: value for key, value in row.items() if key != name}


def numbered(number: str, *lines: Row, **changes: object) -> Row:
    """Gives a request of another number, its lines under it."""
    return {**REQUEST, "number": number, "lines": [{**line, "requestNumber": number} for line in lines], **changes}


def as_json(*rows: Row, **envelope: object) -> bytes:
    """Gives a JSON export of these rows."""
    return json.dumps({"exportedAt": EXPORTED_AT, "scope": "full", "value": list(rows), **envelope}).encode()


def as_csv(*rows: Row, **envelope: object) -> tuple[bytes, dict[str, bytes]]:
    """Gives a manifest and the files it lists, by their SHA-256."""
    orders = "purchaseOrderLines" in rows[0]
    lines_name, parent = ("purchaseOrderLines", "orderNumber") if orders else ("lines", "requestNumber")
    headers = [without(row, lines_name) for row in rows]
    lines = [{parent: row["number"], **line} for row in rows for line in row[lines_name]]
    bodies = {"headers": table(headers or [without(REQUEST, "lines")])} | {"lines": table(lines or [REQUEST_LINE])}
    return bundle(bodies["headers"], bodies["lines"], "purchaseOrders" if orders else "punchoutRequests", **envelope)


def bundle(
    headers: bytes, lines: bytes, kind: str = "punchoutRequests", **envelope: object
) -> tuple[bytes, dict[str, bytes]]:
    """Gives a manifest over two files, counting their rows as a careless writer would: by line ends."""
    files = [
        {"name": name, "role": role, "sha256": hashlib.sha256(body).hexdigest(), "rows": body.count(b"\n") - 1}
        for name, role, body in (("x.csv", "headers", headers), ("x-lines.csv", "lines", lines))
    ]
    manifest = {"kind": kind, "exportedAt": EXPORTED_AT, "scope": "full", "files": files, **envelope}
    return json.dumps(manifest).encode(), {hashlib.sha256(body).hexdigest(): body for body in (headers, lines)}


def table(
    rows: Iterable[Mapping[str, object]], columns: Iterable[str] | None = None, *, quote_all: bool = False
) -> bytes:
    """Gives a CSV file in the exchange format's dialect."""
    listed = list(rows)
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(
        stream,
        list(columns or listed[0]),
        lineterminator="\n",
        quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL,
    )
    writer.writeheader()
    writer.writerows(listed)
    return stream.getvalue().encode()
