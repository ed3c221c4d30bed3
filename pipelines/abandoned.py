"""Runs whose process is gone: they are ended in the record, so that nobody waits for them.

Dagster's daemon looks after the runs that it has launched. A sync that was started from the command line runs in that
process; where it is killed, or the machine goes down, its run would be under way for ever.
"""

import os
import socket

import dagster as dg

PROCESS_TAG = "punchout/process"
UNDER_WAY = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


def this_process() -> str:
    """Return what a run is tagged with that is executed in this process: the machine's name and its own number."""
    return f"{socket.gethostname()}/{os.getpid()}"


def end_abandoned(instance: dg.DagsterInstance) -> None:
    """Write down as failed what a process of this machine was doing that is there no more.

    A number that another process has by now is taken for the one that had it: then the run ends with Dagster's own
    `max_runtime_seconds`.
    """
    for run in instance.get_runs(dg.RunsFilter(statuses=UNDER_WAY)):
        process = run.tags.get(PROCESS_TAG)
        if process is not None and _is_gone(process):
            instance.report_run_failed(run, f"the process that executed it is gone ({process})")


def _is_gone(process: str) -> bool:
    machine, _, number = process.rpartition("/")
    if machine != socket.gethostname() or not number.isdecimal():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        # Somebody else's, and there.
        return False
    return False
