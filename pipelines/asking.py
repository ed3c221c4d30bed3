"""How a sensor asks for a run: what became of earlier ones is looked up, and `decisions` decides."""

from collections.abc import Callable
from typing import TypeAlias

import dagster as dg

from pipelines.abandoned import UNDER_WAY, end_abandoned
from pipelines.decisions import Batch, Start, Wait, decide
from pipelines.jobs import WRITES
from resources.settings import Settings

SettingsReader: TypeAlias = Callable[[], Settings]

BATCH_TAG = "punchout/batch"
SECONDS_BETWEEN_TICKS = 30


def asked_for(context: dg.SensorEvaluationContext, batch: Batch | None) -> dg.SensorResult:
    """Return what a tick of a sensor comes to: one run for the batch, or the reason why there is none."""
    if batch is not None and batch.digest == context.cursor:
        return dg.SensorResult(skip_reason="nothing has changed since the last run")
    decision = decide(batch, _attempts(context, batch), is_running=_is_running(context, batch))
    match decision:
        case Start():
            tags = {BATCH_TAG: decision.batch.digest}
            return dg.SensorResult(run_requests=[dg.RunRequest(run_key=decision.run_key, tags=tags)])
        case Wait():
            # Only saves asking the run storage again: without the cursor the answer would be the same.
            cursor = batch.digest if batch is not None and decision.is_final else None
            return dg.SensorResult(skip_reason=decision.reason, cursor=cursor)


def _attempts(context: dg.SensorEvaluationContext, batch: Batch | None) -> int:
    if batch is None:
        return 0
    return context.instance.get_runs_count(dg.RunsFilter(tags={BATCH_TAG: batch.digest}))


def _is_running(context: dg.SensorEvaluationContext, batch: Batch | None) -> bool:
    """Tell whether a run that writes is under way, whoever asked for it: another sensor, a schedule or a person."""
    if batch is None:
        return False
    end_abandoned(context.instance)
    return context.instance.get_runs_count(dg.RunsFilter(tags=WRITES, statuses=UNDER_WAY)) > 0
