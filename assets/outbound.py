"""Assets of the group `outbound`: from ready requests to orders, their answers, and what Business Central is told.

The one check that blocks stands before the first step that cannot be taken back.
"""

import re
from collections import Counter
from collections.abc import Mapping
from typing import TypeAlias

import dagster as dg

from assets.counts import added, counts_of
from assets.metadata import Counts, described
from assets.reconciliation import settled_counts
from punchout.ledger import runs, touches
from punchout.ledger.engine import reading
from punchout.ledger.sending import ready_orders
from resources.exchange import Exchange, wall_clock

_GROUP = "outbound"
_OWNERS = ["team:purchasing"]
_SHOWN = 20
# Somebody else may touch a request meanwhile; who still does so after this often is a defect.
_ROUNDS = 3
# Why an order is held back, without its amount: one reason, however many orders.
_AMOUNT = re.compile(r" \([^()]*\)$")

_Result: TypeAlias = dg.MaterializeResult[None]


@dg.asset(
    deps=["line_positions", "line_matches", "request_stages", "exceptions"],
    group_name=_GROUP,
    owners=_OWNERS,
    kinds={"sql"},
    description="Released requests with their purchase order, whose order could be written down now.",
)
def order_candidates(exchange: dg.ResourceParam[Exchange]) -> _Result:
    """Count the requests that are ready; nothing is written."""
    with reading(exchange.engine) as connection:
        ready = ready_orders.count_ready(connection, exchange.account)
    return dg.MaterializeResult(metadata=described("order_candidates", exchange.engine, {"order_candidates": ready}))


@dg.asset_check(
    asset=order_candidates,
    blocking=True,
    description="Every candidate has one purchase order, with as many lines, that no other candidate has.",
)
def candidates_agree_with_their_purchase_orders(exchange: dg.ResourceParam[Exchange]) -> dg.AssetCheckResult:
    """Compare the candidates with their purchase orders and with each other; a contradiction stops ordering."""
    with reading(exchange.engine) as connection:
        found = ready_orders.candidates(connection, exchange.account)
    wrong = ready_orders.contradictions(found)
    by_rule = Counter(one.rule for one in wrong)
    requests = sorted({one.key.request_no for one in wrong})
    return dg.AssetCheckResult(
        passed=not wrong,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata={
            "candidates": dg.MetadataValue.int(len(found)),
            "contradictions": dg.MetadataValue.json(dict(by_rule)),
            "requests": dg.MetadataValue.json(requests[:_SHOWN]),
        },
    )


@dg.asset(
    deps=[order_candidates],
    group_name=_GROUP,
    owners=_OWNERS,
    kinds={"xml", "sql"},
    description="Orders written down with their exact bytes and lines, before any of them leaves.",
)
def order_requests(exchange: dg.ResourceParam[Exchange]) -> _Result:
    """Write down the orders of ready requests."""
    done = exchange.queue_orders()
    counts: Counts = {"orders_queued": done.queued, "orders_drafted": done.drafts, **settled_counts(*exchange.settle())}
    return dg.MaterializeResult(metadata=described("order_requests", exchange.engine, counts))


@dg.asset(
    deps=[order_requests],
    group_name=_GROUP,
    owners=_OWNERS,
    kinds={"https", "sql"},
    description="What became of each attempt to send an order; what cannot be proved unsent is in doubt.",
)
def order_responses(exchange: dg.ResourceParam[Exchange]) -> _Result:
    """Send the orders that wait."""
    done = exchange.dispatch()
    counts: Counts = {
        **{f"orders_{outcome}": number for outcome, number in sorted(done.outcomes.items())},
        "orders_sent": done.outcomes.get("sent", 0),
        "held_back": _held_back(done.held_back),
        **settled_counts(*exchange.settle()),
    }
    return dg.MaterializeResult(metadata=described("order_responses", exchange.engine, counts))


@dg.asset(
    deps=[order_responses],
    group_name=_GROUP,
    owners=_OWNERS,
    kinds={"json", "sql"},
    description="What Business Central is told: cart lines, and the stage, dates and numbers of a request.",
)
def bc_updates(context: dg.AssetExecutionContext, exchange: dg.ResourceParam[Exchange]) -> _Result:
    """Settle what is left, tell Business Central, and close the sync.

    Raises:
        dagster.Failure: requests are still touched, so that what was told may be out of date.
    """
    rounds = [_round(exchange)]
    while left := _touches(exchange):
        if len(rounds) == _ROUNDS:
            raise dg.Failure(f"{left} touches are left after the last step of the sync")
        rounds.append(_round(exchange))
    done = added(rounds)
    _close(context, exchange, done)
    return dg.MaterializeResult(metadata=described("bc_updates", exchange.engine, done))


def _touches(exchange: Exchange) -> int:
    with reading(exchange.engine) as connection:
        return touches.count(connection)


def _round(exchange: Exchange) -> Counts:
    rechecked = exchange.recheck_waiting()
    settled = settled_counts(*exchange.settle())
    done, files = exchange.update_business_central()
    return {"documents_rechecked": rechecked, **settled, "bc_updates": done.queued, "bc_update_files": files}


def _held_back(reasons: Mapping[str, str]) -> dict[str, int]:
    return dict(Counter(_AMOUNT.sub("", reason) for reason in reasons.values()))


def _close(context: dg.AssetExecutionContext, exchange: Exchange, counts: Counts) -> None:
    events = context.instance.all_logs(context.run.run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION)
    before = counts_of(event.asset_materialization for event in events if event.asset_materialization is not None)
    with exchange.engine.begin() as connection:
        runs.close_run(connection, context.run.run_id, added([before, counts]), wall_clock())
