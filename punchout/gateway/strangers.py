"""What is said of those who prove nothing: counted always, logged now and then, so that no stranger fills the disk."""

from collections.abc import Callable

import structlog

from punchout.gateway.metrics import Metrics

_SECONDS_BETWEEN_LINES = 10
_log = structlog.get_logger(__name__)


class Strangers:
    """Counts those who were turned away; a line of the log tells how many there were since the one before.

    Nothing of what they sent is in it, only the address of the latest.
    """

    def __init__(self, metrics: Metrics, monotonic: Callable[[], float]) -> None:
        self._metrics = metrics
        self._monotonic = monotonic
        self._since = 0
        self._last_line: float | None = None

    def turned_away(self, address: str) -> None:
        """Count one."""
        self._metrics.judged("stranger")
        self._since += 1
        now = self._monotonic()
        if self._last_line is None or now - self._last_line >= _SECONDS_BETWEEN_LINES:
            _log.warning("turned away without an accepted identity and secret", times=self._since, latest=address[:45])
            self._since, self._last_line = 0, now
