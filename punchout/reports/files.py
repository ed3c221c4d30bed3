"""Writing a file that is either whole or not there, for its owner alone."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_OWNER_ONLY = 0o600
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def write_private(path: Path, content: bytes) -> None:
    """Put `content` in place of whatever `path` holds; after a crash the old or the new file is there, never a part.

    What a crash leaves of an unfinished file goes with the next writing.

    Raises:
        OSError: the folder cannot be written to; what was there stays.
    """
    unfinished = f".{path.name}.part"
    with _alone_in(path.parent) as folder:
        _discard(unfinished, folder)
        try:
            _write_durably(unfinished, folder, content)
            os.rename(unfinished, path.name, src_dir_fd=folder, dst_dir_fd=folder)
        except BaseException:
            _discard(unfinished, folder)
            raise
        # The renaming itself must survive a power cut.
        os.fsync(folder)


@contextmanager
def _alone_in(path: Path) -> Iterator[int]:
    """Open a folder, and keep every other writer out of it until it is closed; a lock ends with its process."""
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        # Some shares know no locks; there, two writers at once must not be.
        with suppress(OSError):
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield folder
    finally:
        os.close(folder)


def _write_durably(name: str, folder: int, content: bytes) -> None:
    descriptor = os.open(name, _WRITE, _OWNER_ONLY, dir_fd=folder)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)


def _discard(name: str, folder: int) -> None:
    with suppress(FileNotFoundError):
        os.unlink(name, dir_fd=folder)
