"""How `punchout status` and `punchout trace` are drawn for people. What they show comes from `punchout.ledger`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from punchout.cli.console import facts, heading, table
from punchout.cli.decide_view import decisions_table, short

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

Json = Mapping[str, Any]

_LIST_COLUMNS = ("request", "order", "stage", "sending", "confirmation", "exceptions")
_LINE_COLUMNS = (
    ">line", "part", "description", ">ordered", ">accepted", ">rejected", ">backordered", ">shipped", ">invoiced",
    "ships", "arrives", "invoice", "invoiced on",
)  # fmt: skip
_QUANTITIES = ("ordered", "accepted", "rejected", "backordered", "shipped", "invoiced")
_VALUES = ("shipping_date", "delivery_date", "invoice_id", "invoice_date")
_HASH = re.compile(r"[0-9a-f]{64}")
_HASH_SHOWN = 12
_SEVERITIES = ("critical", "error", "warning", "info")


def request_view(request: Json, as_of: str | None) -> "Iterator[Table | Text]":
    """Yield what to draw of one request."""
    yield heading(f"{request['request_no']}: {request['stage']}")
    yield facts(
        (
            ("purchase order", request["order_id"]),
            ("sending", _sending(request)),
            ("order confirmation id", request["order_confirmation_id"]),
            ("all confirmation ids", _if_several(request["order_confirmation_ids"])),
            ("adopted", "yes: ordered before this system took over" if request["adopted"] else None),
            ("requester", request.get("requester_email")),
            ("next deadline", request.get("next_due_at")),
            ("as of", as_of),
        )
    )
    if request["lines"]:
        yield table(_LINE_COLUMNS, (_line(line) for line in request["lines"]), title="Lines")
    details = sorted(request.get("exception_details", ()), key=lambda one: _SEVERITIES.index(one["severity"]))
    if details:
        columns = ("severity", "code", "about", "detail", ">at risk", "what to do")
        yield table(columns, (_exception(one) for one in details), title="Exceptions")
    if request.get("decisions"):
        yield decisions_table(request["decisions"])
    if request.get("timeline"):
        events = ((event["at"], event["what"], _short(event["source"])) for event in request["timeline"])
        yield table(("at", "what", "from"), events, title="Timeline")


def list_view(report: Json) -> "Iterator[Table | Text]":
    """Yield what to draw of several requests."""
    yield heading(f"{len(report['requests'])} requests, as of {report['as_of'] or 'before the first sync'}")
    yield table(_LIST_COLUMNS, (_row(request) for request in report["requests"]))
    yield from _documents(report["documents"])


def overview_view(counted: Json) -> "Iterator[Table | Text]":
    """Yield what to draw of everything together."""
    yield heading(f"As of {counted['as_of'] or 'before the first sync'}")
    for name in ("stages", "outbox", "exceptions"):
        if counted[name]:
            yield table((name, ">requests"), counted[name].items())
    yield from _documents(counted["documents"])
    if counted["feeds"]:
        rows = ((feed["feed"], feed["documents"], feed["last_received_at"]) for feed in counted["feeds"])
        yield table(("feed", ">documents", "last received"), rows)


def documents_view(documents: Sequence[Json]) -> "Iterator[Table | Text]":
    """Yield what to draw of documents that belong to no request."""
    yield heading("Documents that belong to no request")
    columns = (">document", "kind", "received", "standing", "delivered as")
    names = ("document_id", "kind", "received_at", "standing")
    yield table(columns, ((*(one[name] for name in names), ", ".join(one["names"])) for one in documents))


def trace_view(found: Json) -> "Iterator[Table | Text]":
    """Yield what to draw of the reasons of a request: one row for each place a value rests on."""
    yield heading(f"{found['request_no']}: {found['stage']}")
    yield table(("of", "value", "is", "by", "document", "place", "says"), _reasons(found["values"]))
    if found["decisions"]:
        yield decisions_table(found["decisions"])
        yield from map(heading, _renamed(found["decisions"]))
        names = ("subject", "field", "before", "after")
        rows = (
            (one["kind"], *(short(change[name]) for name in names))
            for one in found["decisions"]
            for change in one["changes"]
        )
        yield table(("by", "of", "value", "without it", "with it"), rows, title="What the decisions decide")
    rows = ((_source(one), one["portion"], one["rule"], one["found_by"], one["purged"]) for one in found["documents"])
    yield table(("document", ">part", "rule", "found by", ""), rows, title="Why these documents belong here")


def _renamed(decisions: Sequence[Json]) -> Iterator[str]:
    """Yield what is to be said of decisions that were taken under another name than the request or its line has now."""
    for one in decisions:
        said, now = f"{one['kind']} of {short(one['subject'])} by {one['by']}", one["counts_for"]
        if now is None:
            yield f"{said} counts for nothing: the request has no such order or line"
        elif now["subject"] != one["subject"]:
            yield f"{said} counts for {now['subject']}"
        elif now["line"] != one["line"]:
            yield f"{said} to {one['line']} counts for line {now['line']}"


def _reasons(values: Sequence[Json]) -> Iterator[Sequence[object]]:
    for value in values:
        start = (value["subject"], value["field"], value["value"], value["rule"])
        for source in value["sources"]:
            yield (*start, _source(source), source["path"], source["text"])
            start = ("", "", "", "")
        if not value["sources"]:
            yield (*start, None, None, None)


def _source(source: Json) -> str:
    return " ".join(str(part) for part in (source["document_id"], source["kind"], source["file"]) if part is not None)


def _documents(documents: Json) -> "Iterator[Table]":
    refused = sum(documents["quarantined"].values())
    yield facts(
        (
            ("documents accepted", documents["accepted"]),
            ("waiting for their order", documents["waiting"] or None),
            ("repeated", documents["duplicate"] or None),
            ("refused", f"{refused}: {_by_code(documents['quarantined'])}" if refused else None),
        )
    )


def _by_code(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{code} {count}" for code, count in sorted(counts.items()))


def _row(request: Json) -> Sequence[object]:
    return (
        request["request_no"],
        request["order_id"],
        request["stage"],
        request["outbox_state"],
        request["order_confirmation_id"],
        ", ".join(request["exceptions"]),
    )


def _line(line: Json) -> Sequence[object]:
    number = "cart" if line["line_number"] is None else line["line_number"]
    quantities = (line[name] for name in _QUANTITIES)
    return (number, line["supplier_part_id"], line.get("description"), *quantities, *(line[name] for name in _VALUES))


def _exception(one: Json) -> Sequence[object]:
    risk = None if one["amount_at_risk"] in (None, "0") else f"{one['amount_at_risk']} {one['currency'] or ''}".strip()
    known = f"{one['acknowledged_by']} knows of it. " if one.get("acknowledged_by") else ""
    # As `punchout decide` takes it.
    about = short(one["subject_key"]) if one["subject"] == "document" else one["line_number"]
    return (one["severity"], one["code"], about, one["detail"], risk, f"{known}{one['action']}")


def _short(source: str) -> str:
    """Cut the hash of a document's content to what tells it from the others."""
    return source[:_HASH_SHOWN] if _HASH.fullmatch(source) else source


def _sending(request: Json) -> str | None:
    state, reason = request["outbox_state"], request.get("outbox_reason")
    return f"{state}: {reason}" if state and reason else state


def _if_several(values: Sequence[str]) -> str | None:
    return ", ".join(values) if len(values) > 1 else None
