"""How `punchout inspect` draws one document for people. What is in it was read by `cxml_parsers`."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from punchout.cli.console import facts, heading, table

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

Json = Mapping[str, Any]


def document_view(document: Json) -> "Iterator[Table | Text]":
    """Yield what to draw of the object that `punchout inspect --json` prints."""
    yield heading(f"{document['file']}: {document['kind'] or 'not a readable document'}, {document['verdict']}")
    yield facts(_header(document))
    if document["lines"]:
        yield table(_LINE_COLUMNS, (_line(line) for line in document["lines"]), title="Lines")
    statuses = [(line["position"], *_status(status)) for line in document["lines"] for status in line["statuses"]]
    if statuses:
        yield table(_STATUS_COLUMNS, statuses, title="Confirmed")
    if document["notes"]:
        notes = (
            (note["severity"], note["code"], note["where"], note["detail"], note["clause"])
            for note in document["notes"]
        )
        yield table(("", "note", "where", "detail", "clause"), notes, title="Read with notes")
    if document["unread"]:
        yield table(("not read",), ((path,) for path in document["unread"]))


_LINE_COLUMNS = (">#", "order", ">line", "part", "description", ">quantity", "unit", ">price", ">amount")
_STATUS_COLUMNS = (">#", "status", ">quantity", "unit", "confirm id", ">price", "ships", "arrives")


def _header(document: Json) -> Iterator[tuple[str, object]]:
    ids, status = document["ids"], document["status"]
    yield "reason", _joined([document["reason"], document["where"], document["detail"]], ": ")
    yield "clause", document["clause"]
    yield "payload id", document["payload_id"]
    yield "made at", _instant(document["timestamp"])
    yield "from", _joined(f"{each['domain']} {each['identity']}" for each in document["from"])
    yield "to", _joined(f"{each['domain']} {each['identity']}" for each in document["to"])
    yield "mode", document["deployment_mode"]
    if document["dtd"]:
        yield "dtd", f"{'valid' if document['dtd']['valid'] else 'not valid'} by {document['dtd']['module']}"
    yield "orders", _joined(order["order_id"] for order in document["orders"])
    yield "type", _joined([document["type"], document["operation"]])
    for name, value in ids.items():
        yield name.replace("_", " "), _joined(value) if isinstance(value, list) else value
    for name, value in document["dates"].items():
        yield name, _instant(value)
    yield "status", _joined([status["code"], status["text"], status["message"]], " ")
    yield "carriers", _joined(carrier["text"] for carrier in document["shipment"]["carriers"])
    yield "tracking", _joined(document["shipment"]["tracking"])
    for name, value in document["totals"].items():
        yield name, _money(value)
    for comment in document["comments"]:
        yield _joined(["comment", comment["type"]], " "), comment["text"]
    for name, value in document["extrinsics"].items():
        yield f"extrinsic {name}", value


def _line(line: Json) -> Sequence[object]:
    return (
        line["position"],
        line["order_id"],
        line["line_number"],
        line["supplier_part_id"],
        line["description"],
        line["quantity"],
        line["unit"],
        _money(line["unit_price"]),
        _money(line["net"] or line["subtotal"]),
    )


def _status(status: Json) -> Sequence[object]:
    return (
        _joined([status["type"], status["error_code"]], " "),
        status["quantity"],
        status["unit"],
        status["confirm_id"],
        _money(status["unit_price"]),
        _instant(status["shipment_date"]),
        _instant(status["delivery_date"]),
    )


def _money(money: Json | None) -> str | None:
    return None if money is None else _joined([money["amount"], money["currency"]], " ")


def _instant(moment: Json | None) -> str | None:
    """Show an instant as UTC, a day as its text, and a repair with its code."""
    if moment is None:
        return None
    return _joined([moment["utc"] or moment["text"], f"({moment['repair']})" if moment["repair"] else None], " ")


def _joined(values: Any, by: str = ", ") -> str:  # noqa: ANN401 - an iterable of anything that has a text
    return by.join(str(value) for value in values if value not in (None, ""))
