"""Whether an order may leave now. Everything here is off until somebody switched it on.

Pure: the state is read by the ledger in the transaction that marks the order. What an order must contain is
`punchout.ordering.draft`; what its answer means is `punchout.ordering.answers`.
"""

from dataclasses import dataclass

from punchout.model.codes import Code
from punchout.model.exact import Millionths, format_decimal
from punchout.ordering.policy import OrderingPolicy
from punchout.ordering.refusals import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingState:
    """What the switches and the day's count say at the moment of sending.

    Attributes:
        config_switch: sending is enabled in the settings.
        ledger_switch: sending is enabled in the ledger; both are needed.
        kill_switch: True stops everything.
        cutover_set: a cut-over is set, without which old requests could be ordered again.
        gate_open: the latest batch checks of the imports are green.
        older_than_noted: what says that this ledger is a restored copy, or another one; None where it is the latest.
        repeats_are_shown: a recorded check stands behind the setting that the supplier takes repeats for one order.
        orders_today: orders marked as sending today, whatever became of them, without this one.
        amount_today: the sum of their totals in the local currency.
    """

    config_switch: bool
    ledger_switch: bool
    kill_switch: bool
    cutover_set: bool
    gate_open: bool
    older_than_noted: str | None = None
    repeats_are_shown: bool = False
    orders_today: int
    amount_today: Millionths


_NOT_SHOWN = "supplier.dedupes_payload_id is set, and no conformance check that stands behind it is recorded"


def may_send(total: Millionths, currency: str, policy: OrderingPolicy, state: SendingState) -> Refusal | None:
    """Return what holds an order of this total back, as `OUT_BLOCKED` with the gate's name; None lets it go."""
    amount_then = state.amount_today + total
    gates = (
        ("kill_switch", state.kill_switch, "the kill switch is set"),
        ("restored", state.older_than_noted is not None, state.older_than_noted),
        ("sent_by", policy.sent_by != "pipeline", "orders are not sent from here"),
        ("config_switch", not state.config_switch, "sending is not enabled in the settings"),
        ("ledger_switch", not state.ledger_switch, "sending is not enabled in the ledger"),
        ("cutover", not state.cutover_set, "no cut-over is set"),
        ("conformance", policy.dedupes_payload_id and not state.repeats_are_shown, _NOT_SHOWN),
        ("quality_gate", not state.gate_open, "the latest checks of the imports failed"),
        ("currency", _incomparable(currency, policy), "a cap cannot be compared with another currency"),
        ("max_order_amount", _above(total, policy.max_order_amount), "above the cap of one order"),
        (
            "max_orders_per_day",
            _above(state.orders_today + 1, policy.max_orders_per_day),
            "the day's orders are used up",
        ),
        ("max_amount_per_day", _above(amount_then, policy.max_amount_per_day), "above what the day's amount has left"),
    )
    for name, shut, wrong in gates:
        if shut:
            return Refusal(Code.OUT_BLOCKED, name, f"{wrong} ({format_decimal(total, decimals=2)} {currency})")
    return None


def _incomparable(currency: str, policy: OrderingPolicy) -> bool:
    capped = policy.max_order_amount is not None or policy.max_amount_per_day is not None
    return capped and currency != policy.local_currency


def _above(value: int, cap: int | None) -> bool:
    return cap is not None and value > cap
