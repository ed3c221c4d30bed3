"""The note of the last epoch of sending, a small file in the home folder. It is for `punchout.ledger.sending.epochs`.

Never put it into a backup together with the database: what is restored must be older than the note.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from punchout.ledger.sending.epochs import Epoch

NAME = "sending-epoch.json"


@dataclass(frozen=True, slots=True)
class EpochFile:
    """A note in a file; see `punchout.ledger.sending.epochs.EpochNote`."""

    path: Path

    def read(self) -> Epoch | None:
        """See `EpochNote.read`."""
        try:
            noted = json.loads(self.path.read_bytes())
            return Epoch(str(noted["ledger_id"]), int(noted["epoch"]))
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError):
            raise OSError(f"{self.path.name} is damaged") from None

    def write(self, epoch: Epoch) -> None:
        """See `EpochNote.write`."""
        with self._alone():
            noted = self._readable()
            if noted is None or noted.ledger_id != epoch.ledger_id or noted.number < epoch.number:
                self._replace(json.dumps({"ledger_id": epoch.ledger_id, "epoch": epoch.number}).encode())

    def _readable(self) -> Epoch | None:
        try:
            return self.read()
        except OSError:
            return None

    def _replace(self, data: bytes) -> None:
        part = self.path.with_name(f".{self.path.name}.part")
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        part.replace(self.path)
        folder = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the folder's lock: of two workers the later epoch must stand."""
        folder = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)
