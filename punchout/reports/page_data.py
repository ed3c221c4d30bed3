"""What the page's script lays out: the tables as columns of text, ready to be shown.

Nothing is computed here: each text is one that a row has; the script adds and compares them, and nothing else. Where a
cell holds several texts they stand a line each; a value into which several were folded has their number as its second
line.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from functools import partial
from types import MappingProxyType
from typing import Any, Final, TypeVar

from punchout.model.exact import minor_units
from punchout.reports.decided import DecisionItem
from punchout.reports.findings import DocumentItem, WorkItem
from punchout.reports.lines import Field, LineRow
from punchout.reports.matches import MatchCells, WordCount
from punchout.reports.packing import Packed, differing, listed, pack
from punchout.reports.requests import Event, RequestRow
from punchout.reports.text import visible

_Row = TypeVar("_Row")
_Cells = Mapping[str, Callable[[_Row], str]]


def _attributes(*names: str) -> dict[str, Callable[[Any], str]]:
    return {name: partial(_attribute, name) for name in names}


def _attribute(name: str, row: object) -> str:
    return visible(getattr(row, name))


def _of_the_match(name: str, row: LineRow) -> str:
    return visible(getattr(row.match, name))


_REQUESTS: Final[_Cells[RequestRow]] = {
    **_attributes(
        "request_no", "company", "supplier", "account", "requester", "business_unit", "ordered_on", "order_id", "stage",
        "outbox_state", "ordered", "accepted", "shipped", "invoiced", "command", "days", "age",
    ),
    "word": lambda row: row.match.word,
    "look": lambda row: row.match.look,
    "confirmation_ids": lambda row: listed(row.confirmation_ids),
    "codes": lambda row: listed(code for code, _ in row.codes),
    "severities": lambda row: listed(severity for _, severity in row.codes),
    "notes": lambda row: listed(row.notes),
    "billed_beside": lambda row: listed(row.billed_beside),
    "others": lambda row: listed(row.others),
    # Most requests have come the same way.
    "happened": lambda row: listed(event.what for event in row.events),
    # The script can write a command that needs no quoting.
    "trace": lambda row: "" if row.trace == f"punchout trace {row.request_no}" else visible(row.trace),
}  # fmt: skip
_LINES: Final[_Cells[LineRow]] = {
    **_attributes(
        "number", "part", "description", "ordered", "accepted", "shipped", "invoiced", "value", "currency", "state"
    ),
    "tracking": lambda row: listed(row.tracking),
    "shipping_date": lambda row: _folded(row.shipping_date),
    "delivery_date": lambda row: _folded(row.delivery_date),
    "invoice_id": lambda row: _folded(row.invoice_id),
    "invoice_date": lambda row: _folded(row.invoice_date),
}
_MATCHES: Final[_Cells[LineRow]] = {field.name: partial(_of_the_match, field.name) for field in fields(MatchCells)}
_LIKE: Final = {"came": "value", "billed": "came", "price_invoiced": "price_expected"}
"""Columns of lines that mostly have the text of another one."""
_OF_THE_FIRST_LINE: Final = ("shipping_date", "delivery_date", "invoice_id", "invoice_date")
"""What a request mostly has as its first line has it."""
_EVENTS: Final[_Cells[Event]] = {
    # Days repeat, and so do times of day; both together hardly do.
    "day": lambda row: visible(row.at.partition(" ")[0]),
    "time": lambda row: visible(row.at.partition(" ")[2]),
}
_KNOWN: Final[_Cells[WorkItem | DocumentItem]] = {
    "known_by": lambda row: row.known.by,
    "known_at": lambda row: visible(row.known.at),
    "known_words": lambda row: row.known.reason,
}
_WORK: Final[_Cells[WorkItem]] = {
    **_attributes("line", "code", "severity", "meaning", "detail", "since", "action"),
    # Amounts repeat where those with their currency do not.
    "at_risk": lambda row: row.at_risk.partition(" ")[0],
    "currency": lambda row: visible(row.currency),
    **_KNOWN,
}
_DOCUMENTS: Final[_Cells[DocumentItem]] = {
    **_attributes(
        "title", "code", "severity", "meaning", "place", "detail", "kind", "received", "action", "command"
    ),
    "identifiers": lambda row: listed(row.identifiers),
    **_KNOWN,
}  # fmt: skip
_DECISIONS: Final[_Cells[DecisionItem]] = _attributes("at", "by", "what", "about", "reason")


def page_data(
    rows: Sequence[RequestRow],
    work: Sequence[WorkItem],
    documents: Sequence[DocumentItem],
    decisions: Sequence[DecisionItem],
    order: Sequence[int],
    words: Sequence[WordCount],
) -> dict[str, Any]:
    """Return what the page's script reads, as plain JSON.

    Args:
        rows: the requests; `lines` and `events` of the result are theirs, one request's after the other's, as many as
            `counts` says.
        work: the worklist; the request of each is in `of`.
        documents: those that need a person.
        decisions: what people decided; the request of each is in `of`, -1 where there is none.
        order: the places of the lines that have a match, in the order in which they are shown.
        words: the verdicts there are.
    """
    lines = [line for row in rows for line in row.lines]
    return {
        "requests": _columns(_REQUESTS, rows)
        | {name: pack(_beside_its_lines(name, rows)) for name in _OF_THE_FIRST_LINE},
        "counts": {"lines": [len(row.lines) for row in rows], "events": [len(row.events) for row in rows]},
        "lines": _columns({**_LINES, **_MATCHES}, lines, _LIKE),
        "like": _LIKE,
        "events": _columns(_EVENTS, [event for row in rows for event in row.events]) | {"source": pack(_sources(rows))},
        "work": _columns(_WORK, work)
        | {
            # Most are the command of their request.
            "command": pack("" if item.command == rows[item.request].trace else visible(item.command) for item in work),
            "of": [item.request for item in work],
        },
        "documents": _columns(_DOCUMENTS, documents),
        "decisions": _columns(_DECISIONS, decisions)
        | {"of": [-1 if item.request is None else item.request for item in decisions]},
        "order": list(order),
        "looks": {visible(row.stage): [row.look.style, row.look.quarters] for row in rows},
        "rules": {count.word: count.rule for count in words},
        "decimals": _decimals(visible(text) for one in lines for text in (one.currency, one.match.billed_in))
        | _decimals(visible(item.currency) for item in work),
    }


def _columns(
    cells: _Cells[_Row], rows: Iterable[_Row], like: Mapping[str, str] = MappingProxyType({})
) -> dict[str, Packed]:
    taken = list(rows)
    texts = {name: [cell(row) for row in taken] for name, cell in cells.items()}
    return {
        name: pack(differing(column, texts[like[name]]) if name in like else column) for name, column in texts.items()
    }


def _beside_its_lines(name: str, rows: Iterable[RequestRow]) -> Iterator[str | None]:
    """Return a value of each request, None where it is that of its first line."""
    for row in rows:
        text = visible(getattr(row, name))
        yield None if row.lines and text == visible(getattr(row.lines[0], name).text) else text


def _sources(rows: Iterable[RequestRow]) -> Iterator[str | None]:
    """Return what says that something happened, None where it is the request itself."""
    for row in rows:
        for event in row.events:
            source = visible(event.source)
            yield None if source == row.request_no else source


def _decimals(currencies: Iterable[str]) -> dict[str, int]:
    """Return how many decimals an amount of each currency has at least."""
    return {name: minor_units(name) for name in sorted(set(currencies)) if name}


def _folded(field: Field) -> str:
    return listed([field.text, str(field.values)]) if field.values > 1 else visible(field.text)
