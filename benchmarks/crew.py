"""Worker processes that drain the queues of one ledger side by side, each as a sync does."""

import multiprocessing
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Final

import sqlalchemy as sa

from punchout.cli.main import look_for_cycles_seldom
from punchout.ledger.engine import open_engine
from punchout.model.moments import Micros
from resources.exchange import Exchange
from resources.settings import Settings

_READY: Final = "ready"
_PATIENCE_SECONDS: Final = 600
_SECONDS_TO_END: Final = 10


@dataclass(frozen=True, slots=True)
class Work:
    """A ledger whose queues are to be drained."""

    url: str
    settings: Settings
    as_of: Micros


@dataclass(frozen=True, slots=True)
class Done:
    """How many documents a worker judged, how many requests it computed, and the processor time that it took."""

    parsed: int
    reconciled: int
    cpu_seconds: float


class Crew:
    """Running workers."""

    def __init__(self, pipes: Sequence[Connection]) -> None:
        self._pipes = pipes

    def prepare(self, work: Work, workers: int) -> None:
        """Have some workers connect to a ledger and wait there."""
        for pipe in self._pipes[:workers]:
            pipe.send(work)
        for pipe in self._pipes[:workers]:
            _received(pipe)

    def drain(self, workers: int) -> list[Done]:
        """Have the workers that wait begin; returns what each did when all have ended."""
        for pipe in self._pipes[:workers]:
            pipe.send(None)
        return [_received(pipe) for pipe in self._pipes[:workers]]


@contextmanager
def crew(workers: int) -> Iterator[Crew]:
    """Run worker processes, which end with the block."""
    context = multiprocessing.get_context("spawn")
    pipes: list[Connection] = []
    processes: list[BaseProcess] = []
    try:
        for _ in range(workers):
            ours, theirs = context.Pipe()
            process = context.Process(target=_work, args=(theirs,), daemon=True)
            process.start()
            theirs.close()
            pipes.append(ours)
            processes.append(process)
        yield Crew(pipes)
    finally:
        for pipe in pipes:
            pipe.close()  # for a worker that is the end
        for running in processes:
            running.join(_SECONDS_TO_END)
            running.kill()


def _received(pipe: Connection) -> Done:
    """Return what a worker says.

    Raises:
        EOFError: the worker is gone; what went wrong it has said on stderr.
        TimeoutError: it takes too long.
    """
    if not pipe.poll(_PATIENCE_SECONDS):
        raise TimeoutError("a worker does not end")
    done: Done = pipe.recv()
    return done


def _work(pipe: Connection) -> None:
    look_for_cycles_seldom()
    try:
        while True:
            work: Work = pipe.recv()
            engine = _engine(work.url)
            engine.connect().close()
            pipe.send(_READY)
            pipe.recv()
            pipe.send(_drain(Exchange(work.settings, engine, work.as_of)))
    except EOFError:
        return


@cache
def _engine(url: str) -> sa.Engine:
    """Return the same engine for the same place: it keeps the statements that it has compiled."""
    return open_engine(url)


def _drain(exchange: Exchange) -> Done:
    start = time.process_time()
    parsed = exchange.parse()
    _, reconciled = exchange.settle()
    done = Done(parsed.total, reconciled.total, time.process_time() - start)
    exchange.engine.dispose()
    return done
