"""What a home holds when its workers have ended: read once, to be compared and judged."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from punchout.ledger.engine import reading
from punchout.ledger.ledger_hash import COVERED
from punchout.ledger.schema import METADATA
from punchout.ledger.tables.control import DOCUMENT_STATE, OUTBOX
from punchout.ledger.tables.facts import DOCUMENT, UPDATE_DELIVERED, UPDATE_QUEUED
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
        told: what Business Central was told of each request, all its updates laid over each other.
        undelivered: ids of updates that are noted as delivered and lie in no file.
    """

    tables: dict[str, list[str]]
    conclusions: frozenset[tuple[str, str]]
    verdicts: dict[str, tuple[str, str | None]]
    orders: dict[str, str]
    doubtful: frozenset[str]
    files: dict[str, str]
    told: dict[str, dict[str, Any]]
    undelivered: frozenset[str]


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
        delivered = connection.execute(
            sa.select(UPDATE_QUEUED)
            .join(UPDATE_DELIVERED, UPDATE_DELIVERED.c.update_id == UPDATE_QUEUED.c.update_id)
            .order_by(UPDATE_QUEUED.c.kind, UPDATE_QUEUED.c.version)
        ).all()
        outbox = connection.execute(sa.select(OUTBOX.c.payload_id, OUTBOX.c.state, OUTBOX.c.request_no)).all()
    return State(
        tables=tables,
        conclusions=conclusions,
        verdicts=verdicts,
        orders={row.payload_id: row.state for row in outbox},
        doubtful=frozenset(row.request_no for row in outbox if row.state == "in_doubt"),
        files=_files(settings.home),
        told=_told(delivered),
        undelivered=frozenset(row.update_id for row in delivered)
        - set(_in_files(settings.business_central.updates_dir)),
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


def _told(delivered: Iterable[sa.Row[Any]]) -> dict[str, dict[str, Any]]:
    """Lay every request's updates over each other: a later one sets what it names, and leaves the rest."""
    told: dict[str, dict[str, Any]] = defaultdict(dict)
    for row in delivered:
        update = json.loads(row.content)
        for line in update.pop("lines"):
            number = line["line_number"]
            told[row.request_no].update({f"{number} {name}": value for name, value in line.items() if value})
        told[row.request_no].update({name: value for name, value in update.items() if value and name != "update_id"})
    return dict(told)


def _in_files(folder: Path) -> Iterator[str]:
    for path in folder.glob("[!.]*.json"):
        if not path.name.endswith(".manifest.json"):
            yield from (row["updateId"] for row in json.loads(path.read_bytes())["value"])


def _shown(row: Any) -> str:  # noqa: ANN401 - a row as a mapping
    return repr(sorted(row.items()))
