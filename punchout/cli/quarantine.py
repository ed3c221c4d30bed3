"""`punchout quarantine`: documents that were refused, and what a person decides about them."""

import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from punchout.cli.console import draw, emit, facts, heading, numbered, say, table
from punchout.cli.errors import CommandError
from punchout.cli.opening import AsJson, By, DryRun, Yes, ask_first, person, settings, to_read, to_write
from punchout.cli.rehearsing import rehearsed

if TYPE_CHECKING:
    import sqlalchemy as sa

    from punchout.ledger.documents.quarantine import Quarantined
    from punchout.model.moments import Micros

app = typer.Typer(help="Documents that were refused.", no_args_is_help=True)

Document = Annotated[int, typer.Argument(metavar="ID", help="The document's number in `quarantine ls`.")]


@app.command("ls")
def list_documents(*, as_json: AsJson = False) -> None:
    """List refused documents with the reason."""
    from punchout.ledger.documents.quarantine import listed

    with to_read(settings()) as connection:
        found = [as_plain(document) for document in listed(connection)]
    if as_json:
        emit(found)
        return
    columns = (">document", "code", "kind", "where", "detail", "received", "delivered as")
    names = ("document_id", "reason", "kind", "place", "detail", "received_at")
    draw(table(columns, ((*(one[name] for name in names), ", ".join(one["names"])) for one in found)))


@app.command()
def show(
    *,
    document: Document,
    body: Annotated[bool, typer.Option("--body", help="Print the document as it is kept, secrets masked.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show why one document was refused; with --body, the document itself."""
    from punchout.ledger.documents import quarantine

    with to_read(settings()) as connection:
        found = one(connection, document)
        stored = quarantine.body(connection, document) if body else None
    if body:
        if stored is None:
            raise CommandError(
                f"document {document} is not shown: its encoding is not known, or it was too large to be read, "
                "so nothing in it could be masked"
            )
        _print_body(stored)
    elif as_json:
        emit(as_plain(found))
    else:
        draw(heading(f"Document {document}: {found.reason}, {found.reason.meaning}"), facts(as_plain(found).items()))


@app.command()
def redrive(*, document: Document, by: By = None, dry_run: DryRun = False) -> None:
    """Have a document read again by the next sync, once the cause is mended."""
    from punchout.ledger.documents import quarantine

    configured, who = settings(), person(by)
    if dry_run:
        found = _foreseen(document, lambda connection, at: quarantine.redrive(connection, document, who, at))
        say(f"Would have read again {found}.")
        return
    with to_write(configured) as engine, engine.begin() as connection:
        number = quarantine.redrive(connection, one(connection, document).document_id, who, _now(connection))
    renamed = "" if number == document else f" as document {number}"
    say(f"Document {document} is read again by the next sync{renamed}.")


@app.command()
def dismiss(
    *,
    document: Document,
    reason: Annotated[str, typer.Option("--reason", help="Why it need not be looked at any more.")],
    by: By = None,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Take a document off the list for good; its bytes are kept."""
    from punchout.ledger.documents import quarantine

    if not reason.strip():
        raise typer.BadParameter("say why", param_hint="--reason")
    configured, who = settings(), person(by)

    def foreseen() -> str:
        return _foreseen(document, lambda connection, at: quarantine.dismiss(connection, document, who, reason, at))

    if dry_run:
        say(f"Would dismiss {foreseen()}.")
        return
    ask_first(lambda: f"This dismisses {foreseen()} for good.", yes=yes)
    with to_write(configured) as engine, engine.begin() as connection:
        quarantine.dismiss(connection, one(connection, document).document_id, who, reason, _now(connection))
    say(f"Document {document} is dismissed.")


def as_plain(document: "Quarantined") -> dict[str, Any]:
    """Return a refused document as JSON shows it, with what to do about it."""
    from punchout.model.moments import iso_utc

    values = {**asdict(document), "reason": str(document.reason), "names": list(document.names)}
    return {**values, "received_at": iso_utc(document.received_at), "action": document.reason.action}


def one(connection: "sa.Connection", document: int) -> "Quarantined":
    """Return a document that is in quarantine.

    Raises:
        CommandError: it is not.
    """
    from punchout.ledger.documents.quarantine import listed

    found = listed(connection, document)
    if not found:
        raise CommandError(f"document {document} is not in quarantine; `punchout quarantine ls` lists those that are")
    return found[0]


def _foreseen(document: int, step: "Callable[[sa.Connection, Micros], object]") -> str:
    """Rehearse a step; returns which document it is about, for people."""

    def rehearsal(connection: "sa.Connection", at: "Micros") -> str:
        found = one(connection, document)
        step(connection, at)
        return f"document {document} ({found.reason}, {numbered(found.size, 'byte')})"

    return rehearsed(settings(), rehearsal)


def _now(connection: "sa.Connection") -> int:
    from punchout.ledger.runs import moment_of
    from resources.exchange import wall_clock

    return moment_of(connection, None, wall_clock())


def _print_body(stored: bytes) -> None:
    """Print bytes as they are where they go to a file, and without what could steer it where they go to a terminal."""
    if not sys.stdout.isatty():
        sys.stdout.flush()
        sys.stdout.buffer.write(stored)
        return
    from punchout.cli.console import write

    write(*stored.decode("utf-8", "backslashreplace").splitlines())
