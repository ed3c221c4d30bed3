"""The folder in which a ledger is replayed that nobody wants to keep: in the home folder, and removed afterwards."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

_PREFIX = "replay-"


@contextmanager
def replay_folder(home: Path) -> Iterator[Path]:
    """Give a folder of its own, which is removed when it is no longer needed.

    What replays left behind that were killed goes as well: each is as large as the ledger. Whoever works in such a
    folder holds its lock, and a lock ends with its process.
    """
    with ExitStack() as stack:
        with _locked(home, fcntl.LOCK_EX):
            for left in sorted(home.glob(f"{_PREFIX}*")):
                with suppress(BlockingIOError, FileNotFoundError), _locked(left, fcntl.LOCK_EX | fcntl.LOCK_NB):
                    shutil.rmtree(left)
            folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=home))
            stack.enter_context(_locked(folder, fcntl.LOCK_EX))
        stack.callback(shutil.rmtree, folder)
        yield folder


@contextmanager
def _locked(path: Path, operation: int) -> Iterator[None]:
    """Hold a folder's lock.

    Raises:
        BlockingIOError: somebody else holds it, and the operation does not wait.
        FileNotFoundError: the folder is gone.
    """
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(folder, operation)
        yield
    finally:
        os.close(folder)
