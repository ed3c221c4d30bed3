"""The PostgreSQL server of a home folder of the sandbox: its start and its certain end.

Run as a module it is the keeper of a server: it ends the server as soon as whoever started it is gone. Where the server
keeps its data and its programs is in `sandbox_postgres_folder`.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from punchout.cli.errors import CommandError, Exit
from punchout.cli.sandbox_child import child_environment
from punchout.cli.sandbox_postgres_folder import PLAIN, PostgresFolder

_SECONDS_TO_START = 60
_SECONDS_TO_END = 30
_LAST_LINES = 3
_STARTS = 3


class PostgresChild:
    """A running server with the ledger's database; leaving the `with` block ends it."""

    def __init__(self, folder: PostgresFolder) -> None:
        self._folder = folder
        self._keeper: subprocess.Popen[bytes] | None = None
        self._log = folder.path / "server.log"

    def __enter__(self) -> Self:
        programs = self._folder.initialise()
        for attempt in range(1, _STARTS + 1):
            self._start(programs)
            if self._serves():
                return self
            self._end()
            if attempt < _STARTS:
                # The one before it may need a moment to let go of its data.
                time.sleep(1)
        lines = self._log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        message = f"PostgreSQL does not start: {' / '.join(lines[-_LAST_LINES:]) or 'it said nothing'}"
        raise CommandError(message, Exit.UNAVAILABLE)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def _start(self, programs: Path) -> None:
        user = self._folder.user
        numbers = ("-", "-") if user is None else (str(user.pw_uid), str(user.pw_gid))
        with self._log.open("wb") as log:
            self._keeper = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-m", __name__, *numbers, *self._folder.serving(programs)],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=self._folder.path,
                env={**child_environment(), **PLAIN},
                # Ctrl-C is for whoever started it.
                start_new_session=True,
            )

    def _serves(self) -> bool:
        """Wait until it serves; False where it has ended instead, or takes too long."""
        import sqlalchemy as sa

        patience = time.monotonic() + _SECONDS_TO_START
        while self._keeper is not None and self._keeper.poll() is None and time.monotonic() < patience:
            try:
                self._folder.make_database()
            except sa.exc.OperationalError:
                time.sleep(0.1)
            else:
                return True
        return False

    def _end(self) -> None:
        keeper, self._keeper = self._keeper, None
        if keeper is None or keeper.stdin is None:
            return
        keeper.stdin.close()
        try:
            keeper.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            keeper.kill()
            keeper.wait()


def _keep(arguments: Sequence[str]) -> int:
    """Run a server until standard input ends, which is when the parent is gone."""
    user, group, *command = arguments
    rights: dict[str, Any] = {} if user == "-" else {"user": int(user), "group": int(group), "extra_groups": []}
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, **rights) as server:  # noqa: S603 - the wheel's own

        def end() -> None:
            while os.read(0, 1):
                pass
            # Fast shutdown: whoever is connected is sent away.
            server.send_signal(signal.SIGINT)

        threading.Thread(target=end, daemon=True).start()
        return server.wait()


if __name__ == "__main__":
    sys.exit(_keep(sys.argv[1:]))
