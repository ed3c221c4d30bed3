"""Log lines that anybody can cause: written now and then, with how many there were, so that no disk is filled."""

import threading
import time
from collections.abc import Callable

import structlog

_SECONDS_BETWEEN_LINES = 10
_log = structlog.get_logger(__name__)


class Seldom:
    """Lines of one kind. What is logged of it is that of the latest; nothing that a sender wrote belongs into it."""

    def __init__(self, event: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._event = event
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._since = 0
        self._last_line: float | None = None

    def note(self, **latest: str) -> None:
        """Count one, and log if the last line is long enough ago."""
        with self._lock:
            self._since += 1
            now = self._monotonic()
            if self._last_line is not None and now - self._last_line < _SECONDS_BETWEEN_LINES:
                return
            times, self._since, self._last_line = self._since, 0, now
        _log.warning(self._event, times=times, **latest)
