"""What a home holds when its workers have ended: read once, to be compared and judged."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from punchout.ledger.engine import reading
from punchout.ledger.ledger_hash import COVERED
from punchout.ledger.schema import METADATA
from punchout.ledger.tables.control import DOCUMENT_STATE, OUTBOX
from punchout.ledger.tables.facts import DOCUMENT
from punchout.ledger.tables.logs import RUN
from resources.settings import Settings
from resources.verification import verify_ledger


@dataclass(frozen=True, slots=True)
class State:
    """A home at rest.

    Attributes:
        tables: every row of every table but the log of syncs, by table.
        conclusions: what the ledger concludes, as (request, row).
        verdicts: what became of each document, by its hash.
        orders: the outbox: state by payloadID.
        doubtful: the requests whose order is in doubt.
        files: hashes of what lies in the home beside the database, by path.
        updates: what the update files tell Business Central, as (request, row).
    """

    tables: dict[str, list[str]]
    conclusions: frozenset[tuple[str, str]]
    verdicts: dict[str, tuple[str, str | None]]
    orders: dict[str, str]
    doubtful: frozenset[str]
    files: dict[str, str]
    updates: frozenset[tuple[str, str]]


def read_state(settings: Settings, engine: sa.Engine) -> State:
    """Read everything."""
    with reading(engine) as connection:
        tables = {
            table.name: sorted(_shown(row) for row in connection.execute(sa.select(table)).mappings())
            for table in METADATA.sorted_tables
            if table is not RUN
        }
        conclusions = frozenset(
            (str(row.get("request_no")), f"{table.name} {_shown(row)}")
            for table in COVERED
            for row in connection.execute(sa.select(table)).mappings()
        )
        judged = sa.select(DOCUMENT.c.received_sha256, DOCUMENT_STATE.c.state, DOCUMENT_STATE.c.reason).join(
            DOCUMENT_STATE, DOCUMENT_STATE.c.document_id == DOCUMENT.c.id
        )
        verdicts = {row[0]: (row[1], row[2]) for row in connection.execute(judged)}
        outbox = connection.execute(sa.select(OUTBOX.c.payload_id, OUTBOX.c.state, OUTBOX.c.request_no)).all()
    return State(
        tables=tables,
        conclusions=conclusions,
        verdicts=verdicts,
        orders={row.payload_id: row.state for row in outbox},
        doubtful=frozenset(row.request_no for row in outbox if row.state == "in_doubt"),
        files=_files(settings.home),
        updates=frozenset(_updates(settings.business_central.updates_dir)),
    )


def broken_promises(settings: Settings, engine: sa.Engine) -> list[str]:
    """Give what `punchout verify` finds broken."""
    promises = verify_ledger(settings, engine)["invariants"]
    return [f"{one['id']} is broken: {one['detail']}" for one in promises if one["ok"] is False]


def _files(home: Path) -> dict[str, str]:
    return {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.rglob("*"))
        if path.is_file() and not path.name.startswith("ledger.sqlite3")
    }


def _updates(folder: Path) -> Iterator[tuple[str, str]]:
    for path in folder.glob("[!.]*.json"):
        if not path.name.endswith(".manifest.json"):
            for row in json.loads(path.read_bytes())["value"]:
                yield row["number"], json.dumps(row, sort_keys=True)


def _shown(row: Any) -> str:  # noqa: ANN401 - a row as a mapping
    return repr(sorted(row.items()))
