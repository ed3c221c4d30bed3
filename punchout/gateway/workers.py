"""Threads behind the event loop: some that read and judge text, and one that writes to the ledger.

One writer is enough: SQLite has one at a time anyway, and whoever waits for it waits here instead of in the database.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import sqlalchemy as sa

from punchout.ledger.engine import reading

T = TypeVar("T")

_READERS = 2


class Workers:
    """What runs off the event loop. The number of those who wait is bounded by whoever lets requests in."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="gateway-reader")
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="gateway-writer")

    async def think(self, work: Callable[[], T]) -> T:
        """Run work that needs a processor and no database."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, work)

    async def read(self, work: Callable[[sa.Connection], T]) -> T:
        """Run a unit of work that only reads the ledger."""

        def within() -> T:
            with reading(self._engine) as connection:
                return work(connection)

        return await asyncio.get_running_loop().run_in_executor(self._readers, within)

    async def write(self, work: Callable[[sa.Connection], T]) -> T:
        """Run a unit of work in one transaction; it is committed when this returns."""

        def within() -> T:
            with self._engine.begin() as connection:
                return work(connection)

        return await asyncio.get_running_loop().run_in_executor(self._writer, within)

    def close(self) -> None:
        """Wait for what runs, and take no more."""
        self._readers.shutdown()
        self._writer.shutdown()
