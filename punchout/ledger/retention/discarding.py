"""Files of the archive that nothing refers to any more: those of purged documents, and what was never committed.

A file is removed after the row that needed it says so on the disk. Whoever writes one holds the archive to the end of
its transaction, so that none is removed that another document is about to need.
"""

from collections.abc import Collection, Iterable

import sqlalchemy as sa

from punchout.ledger.archive import archive_of, sha256_of
from punchout.ledger.bodies import ARCHIVED, hold_archive
from punchout.ledger.sql import chunks
from punchout.ledger.tables.facts import DOCUMENT

_NOBODY_WRITES_SO_LONG = 3_600.0


def archived(connection: sa.Connection, documents: Collection[int]) -> set[str]:
    """Return the hashes of those bodies of some documents that lie in the archive."""
    found: set[str] = set()
    for chunk in chunks(sorted(documents)):
        query = sa.select(DOCUMENT.c.stored_sha256).where(DOCUMENT.c.id.in_(chunk), DOCUMENT.c.codec.in_(ARCHIVED))
        found |= set(connection.execute(query).scalars())
    return found


def discard(engine: sa.Engine, bodies: Iterable[str]) -> int:
    """Remove those of some bodies that no document needs; returns how many."""
    removed = 0
    for chunk in chunks(sorted(bodies)):
        with engine.begin() as connection:
            archive = archive_of(connection)
            if archive is None:
                return removed
            hold_archive(connection)
            query = sa.select(DOCUMENT.c.stored_sha256).where(
                DOCUMENT.c.stored_sha256.in_(chunk), DOCUMENT.c.codec.in_(ARCHIVED)
            )
            unneeded = set(chunk) - set(connection.execute(query).scalars())
            for one in unneeded:
                archive.remove(one)
            removed += len(unneeded)
    return removed


def sweep(engine: sa.Engine) -> int:
    """Remove what lies in the archive and no document needs, such as what a killed worker left; returns how many."""
    with engine.connect() as connection:
        archive = archive_of(connection)
    if archive is None:
        return 0
    left = list(archive.listed(_NOBODY_WRITES_SO_LONG))
    unfinished = [path for path in left if path.name.startswith(".")]
    for path in unfinished:
        path.unlink(missing_ok=True)
    return len(unfinished) + discard(engine, {sha256_of(path) for path in left if not path.name.startswith(".")})
