"""Answers to documents, each given after the transaction that holds it is committed.

Documents that wait at the same moment share a transaction: what the disk asks for it is then paid once for all. What
becomes of a document, and in which order, does not depend on what it was judged together with.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

import sqlalchemy as sa

from punchout.gateway import replies, statuses
from punchout.gateway.door import Door
from punchout.ledger.documents.answering import Answer, Answered, Standing, answer
from punchout.ledger.documents.receive import Arrival
from punchout.model.moments import Micros

_MOST_AT_ONCE = 64
_MOST_BYTES_AT_ONCE = 4 * 1024 * 1024
_NOT_NOW = (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError)


class Answering:
    """Documents on their way to the ledger, in the order in which they came. Used from the event loop alone."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._waiting: deque[tuple[Arrival, asyncio.Future[Answered]]] = deque()
        self._draining: asyncio.Task[None] | None = None

    async def to(self, arrival: Arrival) -> Answered:
        """Return the answer to a document, committed.

        Raises:
            sqlalchemy.exc.OperationalError: the ledger cannot be written at this moment; nothing of it was kept.
        """
        promised: asyncio.Future[Answered] = asyncio.get_running_loop().create_future()
        self._waiting.append((arrival, promised))
        if self._draining is None or self._draining.done():
            self._draining = asyncio.create_task(self._drain())
        return await promised

    async def _drain(self) -> None:
        while self._waiting:
            await self._answer([one for one in self._next() if not one[1].done()])

    def _next(self) -> list[tuple[Arrival, asyncio.Future[Answered]]]:
        """Take those that have waited longest, at least one, and no more than may be unfolded side by side."""
        taken = [self._waiting.popleft()]
        size = len(taken[0][0].data)
        while self._waiting and len(taken) < _MOST_AT_ONCE:
            size += len(self._waiting[0][0].data)
            if size > _MOST_BYTES_AT_ONCE:
                break
            taken.append(self._waiting.popleft())
        return taken

    async def _answer(self, taken: Sequence[tuple[Arrival, asyncio.Future[Answered]]]) -> None:
        if not taken:
            return
        try:
            answers = await self._door.workers.write(self._unit([arrival for arrival, _ in taken]))
        except Exception as error:  # noqa: BLE001 - whoever waits for the answer gets it
            if len(taken) == 1 or isinstance(error, _NOT_NOW):
                for _, promised in taken:
                    _settle(promised, partial(promised.set_exception, error))
                return
            # One that cannot be judged must not take others with it.
            for one in taken:
                await self._answer([one])
            return
        for (_, promised), answered in zip(taken, answers, strict=True):
            _settle(promised, partial(promised.set_result, answered))

    def _unit(self, arrivals: Sequence[Arrival]) -> Callable[[sa.Connection], list[Answered]]:
        at = self._door.clock()
        compose = partial(_compose, self._door, at)
        return partial(answer, arrivals=arrivals, rules=self._door.rules, at=at, compose=compose)


def _compose(door: Door, at: Micros, standing: Standing) -> Answer:
    status = statuses.status_of(standing)
    return Answer(status.code, replies.written(door, status, at))


def _settle(promised: "asyncio.Future[Answered]", settle: Callable[[], None]) -> None:
    """Keep a promise, unless whoever waited for it has gone."""
    if not promised.done():
        settle()
