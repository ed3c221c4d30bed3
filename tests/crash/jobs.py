"""What a worker process is told to do: plain data, which goes to it as one line of JSON."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from punchout.model.moments import Micros

SECRET_VARIABLE = "CRASH_TEST_SECRET"  # noqa: S105 - the name of a variable


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One run of a worker.

    Attributes:
        home: the exchange's home folder.
        as_of: the moment that everything in it happens at.
        supplier_url: where orders go.
        steps: names of steps in `tests.crash.worker`, one after the other.
        talk: the file that takes what the worker says on stderr.
        hours_later: how far the wall clock has moved on since a worker before it, so that leases have run out.
        supplier_has: payloadIDs of the orders that a person found at the supplier, for the step `settle_doubts`.
        max_orders_a_day: the cap on orders.
        read_timeout: seconds that the supplier has to answer.
        mutant: the module of `tests.crash.mutants` that breaks this worker.
        database: the ledger's address; by default SQLite in the home folder.
    """

    home: str
    as_of: Micros
    supplier_url: str
    steps: tuple[str, ...]
    talk: str
    hours_later: int = 0
    supplier_has: tuple[str, ...] = ()
    max_orders_a_day: int = 100
    read_timeout: float = 30.0
    mutant: str | None = None
    database: str | None = None

    def as_line(self) -> str:
        """Give the job as one line."""
        return json.dumps(asdict(self))

    @staticmethod
    def from_values(values: Mapping[str, Any]) -> "Job":
        """Read a job."""
        return Job(**{**values, "steps": tuple(values["steps"]), "supplier_has": tuple(values["supplier_has"])})
