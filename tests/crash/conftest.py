"""Labs for the tests of this folder; every one of them wants strace, and takes its time."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from queue import SimpleQueue
from typing import TypeAlias, TypeVar

import pytest

from tests.crash.lab import Lab, opened_lab
from tests.crash.strace import may_trace
from tests.crash.together import Databases, on_postgres, on_sqlite
from tests.support.lanes import need, need_command
from tests.support.postgres import PostgresServer, running_server

T = TypeVar("T")
R = TypeVar("R")
_AT_ONCE = 2

Everywhere: TypeAlias = Callable[[Callable[[Lab, T], R], list[T]], list[R]]
"""Does something for each of many cases, in whichever lab is free; gives the results in the order of the cases."""


@pytest.fixture(scope="session")
def labs() -> Iterator[list[Lab]]:
    """As many labs as there are cores in the smallest machine that tests run on."""
    need("no process may be traced here", given=may_trace(need_command("strace")))
    with ExitStack() as stack:
        yield [stack.enter_context(opened_lab()) for _ in range(_AT_ONCE)]


@pytest.fixture
def everywhere(labs: list[Lab]) -> Everywhere[T, R]:
    """Spreads cases over the labs."""

    def spread(try_out: Callable[[Lab, T], R], cases: list[T]) -> list[R]:
        free: SimpleQueue[Lab] = SimpleQueue()
        for lab in labs:
            free.put(lab)

        def in_a_lab(case: T) -> R:
            lab = free.get()
            try:
                return try_out(lab, case)
            finally:
                free.put(lab)

        with ThreadPoolExecutor(len(labs)) as threads:
            return list(threads.map(in_a_lab, cases))

    return spread


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A running PostgreSQL server."""
    with running_server() as server:
        yield server


@pytest.fixture(params=[pytest.param("sqlite"), pytest.param("postgres", marks=pytest.mark.postgres)])
def databases(request: pytest.FixtureRequest, labs: list[Lab]) -> Databases:
    """Makes empty databases of one kind."""
    return on_sqlite(labs[0]) if request.param == "sqlite" else on_postgres(request.getfixturevalue("postgres"))
