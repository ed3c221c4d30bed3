"""Ctrl-C while something must be brought to its end first, such as the result of an order that may have left."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from punchout.cli.console import say


@dataclass
class Interrupt:
    """Whether Ctrl-C was pressed."""

    came: bool = False


@contextmanager
def finishing_first() -> Iterator[Interrupt]:
    """Let a first Ctrl-C wait until the block is done; a second one ends it at once."""
    interrupt = Interrupt()
    before = signal.getsignal(signal.SIGINT) or signal.SIG_DFL

    def noted(_signal: int, _frame: FrameType | None) -> None:
        interrupt.came = True
        say("Finishing what may have left already; Ctrl-C again ends at once and leaves the order in doubt.")
        signal.signal(signal.SIGINT, before)

    try:
        signal.signal(signal.SIGINT, noted)
    except ValueError:
        # Not in the main thread: no signal comes here.
        yield interrupt
        return
    try:
        yield interrupt
    finally:
        signal.signal(signal.SIGINT, before)
