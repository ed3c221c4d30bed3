"""Verifies a ledger as it is configured: the promises of `punchout.ledger.upkeep.verify` with this company's rules.

One promise is about what lies beside the ledger, and is checked here: the files that the exchange writes.
"""

import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from cxml_parsers.reader import ReadingRules
from punchout.ledger.engine import reading
from punchout.ledger.fact_rows import CXML_KINDS
from punchout.ledger.invariants.finding import Finding, finding
from punchout.ledger.upkeep.verify import VerifyContext, verify
from resources import policies as from_settings
from resources.business_central.exports import read_export
from resources.errors import ConfigurationError
from resources.exchange import wall_clock
from resources.oversize import KEPT
from resources.settings import Settings

_NOT_OURS = stat.S_IWGRP | stat.S_IXGRP | stat.S_IRWXO


def verify_ledger(settings: Settings, engine: sa.Engine) -> dict[str, Any]:
    """Check every promise on the live ledger, read-only."""
    context = VerifyContext(
        ReadingRules(
            max_bytes=settings.documents.max_bytes,
            naive_zone=ZoneInfo(settings.supplier.naive_zone),
            kinds=CXML_KINDS,
        ),
        read_export,
        from_settings.policies(settings),
        from_settings.update_rules(settings),
        _secrets(settings),
        wall_clock(),
        (_files_are_private(settings),),
    )
    with reading(engine) as connection:
        return verify(connection, context)


def _secrets(settings: Settings) -> list[str]:
    """Return the secrets that can be read now; one that cannot was not used lately either."""
    found = []
    for reference in (settings.supplier.shared_secret, settings.database.password):
        with suppress(ConfigurationError):
            if reference is not None:
                found.append(reference.reveal())
    return found


def _files_are_private(settings: Settings) -> Finding:
    """I20: what the exchange writes lies in its folders, and nobody but owner and group can read it."""
    wrong = []
    for path in _written(settings):
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & _NOT_OURS:
            wrong.append(f"{path} has mode {mode:04o}")
    return finding("I20", "What the exchange writes is for its owner and group alone", wrong)


def _written(settings: Settings) -> Iterator[Path]:
    address = settings.database.sqlalchemy_url()
    if address.get_backend_name() == "sqlite" and address.database:
        yield from (path for ending in ("", "-wal", "-shm") if (path := Path(address.database + ending)).is_file())
    note = from_settings.epoch_note(settings).path
    if note.is_file():
        yield note
    for folder in (
        settings.business_central.updates_dir,
        settings.report.out_dir,
        settings.home / KEPT,
        settings.documents.archive_dir,
    ):
        yield from (path for path in sorted(folder.glob("**/*")) if path.is_file())
