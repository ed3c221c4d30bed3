"""Bodies that are too large for the database: files named by the hash of what they hold, written once.

A file is on the disk, under its name, before the row that needs it is committed; so one that nothing refers to may be
left behind, and does no harm. Which bodies go here, and what the row says of it, is `bodies`.
"""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

OPTION = "punchout_archive"
"""The execution option by which a connection knows its archive."""

_ENDING = ".zlib"
_PART = ".part"
_READABLE = 0o400


@dataclass(frozen=True, slots=True)
class Archive:
    """A folder of such files: `ab/cd/<sha256>.zlib`, for their owner to read and nobody to change.

    Attributes:
        may_be_made: whether the folder itself is made when it is needed. Made where a share ought to be mounted, it
            would hide that this is not so.
    """

    folder: Path
    may_be_made: bool = False

    def path_of(self, sha256: str) -> Path:
        """Return where a body lies, or would lie."""
        return self.folder / sha256[:2] / sha256[2:4] / f"{sha256}{_ENDING}"

    def keep(self, sha256: str, data: bytes) -> None:
        """Write a body durably under the hash of what it unpacks to; one writer at a time.

        Raises:
            OSError: it cannot be written; nothing of it stays.
        """
        path = self.path_of(sha256)
        for folder in ((self.folder,) if self.may_be_made else ()) + (path.parent.parent, path.parent):
            if not folder.is_dir():
                folder.mkdir(mode=0o700, exist_ok=True)
                _sync(folder.parent)
        # Always the same name: what a killed worker has begun is begun anew, not left. Nobody else writes at once.
        part = path.with_name(f".{sha256}{_PART}")
        part.unlink(missing_ok=True)
        try:
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fchmod(descriptor, _READABLE)
                os.fsync(descriptor)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        _sync(path.parent)

    def read(self, sha256: str) -> bytes | None:
        """Return a body as it was kept, None where it is not there."""
        with suppress(FileNotFoundError):
            return self.path_of(sha256).read_bytes()
        return None

    def remove(self, sha256: str) -> None:
        """Remove a body for good; one that is not there is removed already."""
        path = self.path_of(sha256)
        with suppress(FileNotFoundError):
            path.unlink()
            _sync(path.parent)

    def listed(self, older_than_seconds: float) -> Iterator[Path]:
        """Yield the files that nobody can be writing any more."""
        latest = time.time() - older_than_seconds
        for ending in (_ENDING, _PART):
            for path in sorted(self.folder.glob(f"*/*/*{ending}")):
                with suppress(FileNotFoundError):
                    if path.stat().st_mtime < latest:
                        yield path


def archive_of(connection: sa.Connection) -> Archive | None:
    """Return the archive of the ledger that a connection is to; None where every body is in the database."""
    archive: Archive | None = connection.get_execution_options().get(OPTION)
    return archive


def archive_beside(url: sa.URL) -> Archive | None:
    """Return the archive of a SQLite file that no settings speak of: it lies beside it, under its name."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return Archive(Path(f"{url.database}-archive"), may_be_made=True)


def sha256_of(path: Path) -> str:
    """Return the hash that a file of the archive is named by."""
    return path.name.removesuffix(_ENDING)


def _sync(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
