"""`punchout decide`: what a named person decides where the rules cannot, and what was decided so far."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from punchout.cli.console import draw, emit, numbered, say
from punchout.cli.deciding import Taken, foresee, subjects_to_read, take
from punchout.cli.opening import AsJson, DryRun, instant

if TYPE_CHECKING:
    from punchout.ledger.decisions.asked import Asked
    from punchout.model.decisions import AnalystDecision, DecisionKind
    from punchout.model.moments import Micros

app = typer.Typer(
    help="What a person decides where the rules cannot; it outranks every rule, and the latest word stands.",
    no_args_is_help=True,
)

Line = Annotated[str, typer.Argument(metavar="REQ/LINE", help="A line, such as PR0001/10000.")]
Place = Annotated[
    str,
    typer.Argument(
        metavar="DOC#PLACE",
        help="A place of a document, such as I-4711#1.2. The document by its number, file name, hash, or the number it "
        "goes by; without #PLACE the one place that it has.",
    ),
]
Document = Annotated[
    str, typer.Argument(metavar="DOC", help="A document by its number, file name, hash, or the number it goes by.")
]
Subject = Annotated[
    str, typer.Argument(metavar="SUBJECT", help="A request, REQ/LINE, DOC or DOC#PLACE: what the exception is about.")
]
Code = Annotated[str, typer.Argument(metavar="CODE", help="The exception's code, such as INV_QTY_OVER.")]
By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who decides.")]
Why = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")]
At = Annotated[
    str | None,
    typer.Option("--as-of", "--at", metavar="T", help="The moment of it, such as 2026-03-02T17:00:00+00:00; else now."),
]


@app.command()
def link(
    *,
    place: Place,
    line: Annotated[str, typer.Argument(metavar="LINE", help="The line, or REQ/LINE.")],
    by: By,
    reason: Why,
    at: At = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Put a place of a document on a line, whatever the rules say."""
    _one("link", place, by, reason, at, dry_run=dry_run, as_json=as_json, line=line)


@app.command()
def unlink(
    *, place: Place, by: By, reason: Why, at: At = None, dry_run: DryRun = False, as_json: AsJson = False
) -> None:
    """Take a place of a document off every line."""
    _one("unlink", place, by, reason, at, dry_run=dry_run, as_json=as_json)


@app.command()
def waive(
    *,
    subject: Subject,
    code: Code,
    by: By,
    reason: Why,
    at: At = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Let an exception be: it stands in nobody's way any more."""
    _one("waive", subject, by, reason, at, dry_run=dry_run, as_json=as_json, code=code)


@app.command()
def acknowledge(
    *,
    subject: Subject,
    code: Code,
    by: By,
    reason: Why,
    at: At = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Say that somebody knows of an exception; it holds all the same."""
    _one("acknowledge", subject, by, reason, at, dry_run=dry_run, as_json=as_json, code=code)


@app.command("accept-price")
def accept_price(
    *,
    line: Line,
    price: Annotated[str, typer.Argument(metavar="PRICE", help="Of one piece, such as 12.50.")],
    by: By,
    reason: Why,
    at: At = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Agree to a unit price of a line: confirmations and invoices up to it are in order."""
    _one("accept_price", line, by, reason, at, dry_run=dry_run, as_json=as_json, price=price)


@app.command("close-line")
def close_line(
    *, line: Line, by: By, reason: Why, at: At = None, dry_run: DryRun = False, as_json: AsJson = False
) -> None:
    """Say that nothing more will come of a line."""
    _one("close_line", line, by, reason, at, dry_run=dry_run, as_json=as_json)


@app.command("ignore-doc")
def ignore_doc(
    *, document: Document, by: By, reason: Why, at: At = None, dry_run: DryRun = False, as_json: AsJson = False
) -> None:
    """Have a document count for nothing; it is kept, and still proves that the supplier has the order."""
    _one("ignore_doc", document, by, reason, at, dry_run=dry_run, as_json=as_json)


@app.command("file")
def from_file(
    *,
    path: Annotated[
        Path, typer.Argument(metavar="FILE", help="JSON lines, or CSV whose first line names the columns.")
    ],
    by: By,
    at: At = None,
    ahead: Annotated[
        bool,
        typer.Option("--ahead", help="Take what is not known yet too, where the file states hashes and line numbers."),
    ] = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Take the decisions of a file, all or none; the same file once more adds nothing.

    Each has kind, subject, by, at and reason; link also has line, waive and acknowledge code, accept_price price.
    """
    from punchout.cli.decide_file import read_decisions

    asked = read_decisions(path)
    moment = instant(at)
    if dry_run:
        _tell(foresee(lambda _: asked, by, moment, ahead=ahead), dry_run=True, as_json=as_json)
    else:
        taken = take("decide file", lambda _: asked, by, moment, ahead=ahead)
        _tell(taken, dry_run=False, as_json=as_json)


@app.command("ls")
def list_decisions(
    *,
    identifier: Annotated[str | None, typer.Argument(metavar="[REQ]", help="Only those about this request.")] = None,
    as_json: AsJson = False,
) -> None:
    """List what was decided, oldest first."""
    from punchout.cli.decide_view import decisions_table
    from punchout.ledger.decisions.decided import decision_as_plain, decisions_of
    from punchout.ledger.kept_decisions import kept

    with subjects_to_read() as (connection, subjects, judging):
        if identifier is None:
            found: Sequence[AnalystDecision] = kept(connection, judging.account)
        else:
            key = subjects.request(identifier)
            found = decisions_of(connection, [key]).get(key, ())
        shown = [decision_as_plain(one) for one in found]
    if as_json:
        emit(shown)
    else:
        draw(decisions_table(shown))


def _one(
    kind: "DecisionKind",
    subject: str,
    by: str,
    reason: str,
    at: str | None,
    *,
    dry_run: bool,
    as_json: bool,
    **more: str,
) -> None:
    from punchout.ledger.decisions.asked import Asked

    def asking(moment: "Micros") -> "list[Asked]":
        return [Asked(kind=kind, subject=subject, by=by, at=moment, reason=reason, **more)]

    moment = instant(at)
    taken = foresee(asking, by, moment) if dry_run else take(f"decide {kind}", asking, by, moment)
    _tell(taken, dry_run=dry_run, as_json=as_json)


def _tell(taken: Taken, *, dry_run: bool, as_json: bool) -> None:
    from punchout.cli.decide_view import taken_as_plain, taken_view

    plain = taken_as_plain(taken, dry_run=dry_run)
    if as_json:
        emit(plain)
    else:
        draw(*taken_view(plain))
    new, repeated = len(taken.new), len(taken.meant) - len(taken.new)
    again = f", {repeated} were kept already" if repeated else ""
    say(f"{'Would keep' if dry_run else 'Kept'} {numbered(new, 'decision')}{again}.")
