"""`punchout reprocess`: one document read again with what this version reads, and what that changes."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from punchout.cli import acting
from punchout.cli.console import draw, emit, facts, heading, say
from punchout.cli.decide_view import changes_as_plain, changes_table
from punchout.cli.errors import Exit
from punchout.cli.opening import AsJson, AsOf, By, DryRun, instant, person, settings, to_write
from punchout.cli.rehearsing import rehearsed

if TYPE_CHECKING:
    import sqlalchemy as sa

    from punchout.ledger.decisions.standing import Judging
    from punchout.ledger.documents.rereading import Reread
    from punchout.model.keys import RequestKey
    from punchout.model.moments import Micros
    from punchout.reconciliation.results import Reconciled
    from resources.settings import Settings

Document = Annotated[
    int, typer.Option("--doc", metavar="ID", help="The document's number, as `punchout trace` shows it.")
]


def reprocess(
    *, document: Document, by: By = None, as_of: AsOf = None, dry_run: DryRun = False, as_json: AsJson = False
) -> None:
    """Read one document again: new facts take the place of those before. Exit 4 where it is refused."""
    configured, who, moment = settings(), person(by), instant(as_of)
    changes: list[dict[str, Any]] | None = None
    if dry_run:
        found = _foreseen(configured, document, who, moment)
    else:
        with to_write(configured) as engine:
            found, changes = _read(configured, engine, document, who, moment)
    plain = {
        "dry_run": dry_run, "document_id": document, "read_as": None if dry_run else found.document_id,
        "state": found.state, "reason": found.reason, "detail": found.detail, "changes": changes,
    }  # fmt: skip
    if as_json:
        emit(plain)
    else:
        draw(heading(f"Document {document}: {found.state}"), facts((*plain.items(),)[:-1]))
        if changes:
            draw(changes_table(changes, "What it changed"))
    said = f"Would be read as {found.state}." if dry_run else f"Read again as document {found.document_id}."
    say(said)
    raise typer.Exit(Exit.QUARANTINED if found.state == "quarantined" else Exit.DONE)


def _foreseen(configured: "Settings", document: int, who: str, as_of: "Micros | None") -> "Reread":
    from punchout.ledger.documents.rereading import reprocess as read_now
    from resources.policies import acceptance_rules

    rules = acceptance_rules(configured)
    return rehearsed(configured, lambda connection, at: read_now(connection, document, rules, who, at), as_of)


def _read(
    configured: "Settings", engine: "sa.Engine", document: int, who: str, as_of: "Micros | None"
) -> "tuple[Reread, list[dict[str, Any]]]":
    from punchout.ledger.decisions.standing import Effect, Judging, standings
    from punchout.ledger.documents.rereading import reprocess as read_now
    from punchout.ledger.documents.rereading import requests_of
    from punchout.reconciliation.differences import differences
    from resources.policies import acceptance_rules, account, policies

    read: list[Reread] = []
    before: dict[RequestKey, Reconciled | None] = {}

    def judging(moment: "Micros") -> "Judging":
        return Judging(account(configured), policies(configured), moment)

    def step(connection: "sa.Connection", moment: "Micros") -> None:
        before.update(standings(connection, requests_of(connection, document), judging(moment)))
        read.append(read_now(connection, document, acceptance_rules(configured), who, moment))

    act = acting.begin(configured, engine, "reprocess", as_of, step)
    act.finish(document_id=read[0].document_id)
    with engine.begin() as connection:
        keys = before.keys() | requests_of(connection, read[0].document_id)
        after = standings(connection, keys, judging(act.exchange.as_of))
    effects = [Effect(key, differences(before.get(key), after[key])) for key in sorted(keys)]
    return read[0], changes_as_plain(effects)
