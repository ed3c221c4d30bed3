"""`punchout status` and `punchout trace`: where something stands, and why; by any identifier a person may hold."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from punchout.cli.console import draw, emit
from punchout.cli.errors import CommandError
from punchout.cli.opening import AsJson, settings, to_read

if TYPE_CHECKING:
    import sqlalchemy as sa

    from punchout.ledger.search import FoundDocument
    from punchout.model.keys import RequestKey

Identifier = Annotated[
    str,
    typer.Argument(
        metavar="ID",
        help="A request, purchase order, Amazon order, invoice, shipment, tracking number, part id or payloadID.",
    ),
]


def status(
    *,
    identifier: Annotated[
        str | None,
        typer.Argument(
            metavar="[ID]",
            help="A request, purchase order, Amazon order, invoice, shipment, tracking number, part id or payloadID.",
        ),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Every request.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show where a request stands, or all of them, or how things are altogether."""
    if every and identifier is not None:
        raise typer.BadParameter("give either an identifier or --all")
    with to_read(settings()) as connection:
        if identifier is not None:
            _one(connection, identifier, as_json=as_json)
        elif every:
            _all(connection, as_json=as_json)
        else:
            _overview(connection, as_json=as_json)


def trace(*, identifier: Identifier, as_json: AsJson = False) -> None:
    """Show why a request stands where it does: each value with its rule, the document and the place in it."""
    configured = settings()
    with to_read(configured) as connection:
        from punchout.ledger.runs import last_as_of
        from punchout.ledger.views.trace import trace as traced
        from resources.exchange import wall_clock
        from resources.policies import policies

        key = _only(connection, identifier)
        as_of = last_as_of(connection)
        found = traced(connection, key, policies(configured), wall_clock() if as_of is None else as_of)
    if as_json:
        emit(found)
        return
    from punchout.cli.status_view import trace_view

    draw(*trace_view(found))


def status_of_all(connection: "sa.Connection") -> dict[str, Any]:
    """Return the one object that `punchout status --all --json` prints."""
    from punchout.ledger.views.status import status_report

    return status_report(connection)


def _all(connection: "sa.Connection", *, as_json: bool) -> None:
    report = status_of_all(connection)
    if as_json:
        emit(report)
        return
    from punchout.cli.status_view import list_view

    draw(*list_view(report))


def _overview(connection: "sa.Connection", *, as_json: bool) -> None:
    report = status_of_all(connection)
    requests = report["requests"]
    counted = {
        "as_of": report["as_of"],
        "ledger_hash": report["ledger_hash"],
        "stages": dict(Counter(request["stage"] for request in requests)),
        "outbox": dict(Counter(request["outbox_state"] for request in requests if request["outbox_state"])),
        "exceptions": dict(sorted(_exceptions(requests).items())),
        "documents": report["documents"],
        "feeds": report["feeds"],
    }
    if as_json:
        emit(counted)
        return
    from punchout.cli.status_view import overview_view

    draw(*overview_view(counted))


def _exceptions(requests: Sequence[Mapping[str, Any]]) -> Counter[str]:
    return Counter(code for request in requests for code in request["exceptions"])


def _one(connection: "sa.Connection", identifier: str, *, as_json: bool) -> None:
    from punchout.ledger.search import find
    from punchout.ledger.views.status import status_report

    found = find(connection, identifier)
    if not found.requests and not found.documents:
        raise CommandError(_nothing(identifier))
    report = status_report(connection, keys=found.requests)
    documents = [_document(connection, document) for document in found.documents]
    if as_json:
        shown = {"identifier": identifier, "as_of": report["as_of"], "requests": report["requests"]}
        emit({**shown, "documents": documents})
        return
    from punchout.cli.status_view import documents_view, list_view, request_view

    if len(found.requests) == 1:
        draw(*request_view(report["requests"][0], report["as_of"]))
    elif found.requests:
        draw(*list_view(report))
    if documents:
        draw(*documents_view(documents))


def _only(connection: "sa.Connection", identifier: str) -> "RequestKey":
    from punchout.ledger.search import find

    found = find(connection, identifier)
    if len(found.requests) == 1:
        return found.requests[0]
    if found.requests:
        numbers = ", ".join(key.request_no for key in found.requests)
        raise CommandError(f"{identifier} leads to several requests: {numbers}; name one of them")
    if found.documents:
        raise CommandError(
            f"{identifier} belongs to no request yet; `punchout status {identifier}` says what it waits for"
        )
    raise CommandError(_nothing(identifier))


def _nothing(identifier: str) -> str:
    return (
        f"nothing is known of {identifier}; `punchout status --all` lists every request, "
        "and `punchout quarantine ls` the documents that were refused"
    )


def _document(connection: "sa.Connection", found: "FoundDocument") -> dict[str, Any]:
    from punchout.model.moments import iso_utc

    return {
        "document_id": found.document_id,
        "kind": found.kind,
        "state": found.state,
        "reason": found.reason,
        "received_at": iso_utc(found.received_at),
        "names": list(found.names),
        "standing": _standing(connection, found),
    }


def _standing(connection: "sa.Connection", found: "FoundDocument") -> str:
    """Say in words why a document belongs to no request."""
    if found.state == "quarantined":
        return f"refused; see `punchout quarantine show {found.document_id}`"
    if found.state == "received":
        return "waits to be read at the next sync"
    if found.resolution == "pending":
        return "waits to be assigned at the next sync"
    if found.resolution != "waiting":
        return "repeats a document that counts" if found.state == "duplicate" else "belongs to no request"
    wanted = _orders_named(connection, found.document_id)
    return f"waits for {'order ' + ', '.join(wanted) if wanted else 'an order that it belongs to'}"


def _orders_named(connection: "sa.Connection", document_id: int) -> list[str]:
    import sqlalchemy as sa

    from punchout.ledger.tables.facts import REFERENCE

    query = sa.select(REFERENCE.c.value).where(
        REFERENCE.c.document_id == document_id, REFERENCE.c.kind.in_(("order", "cookie"))
    )
    return sorted(set(connection.execute(query).scalars()))
