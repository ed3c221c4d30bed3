"""Whether an order may leave now."""

from dataclasses import replace

import pytest

from punchout.model.codes import Code
from punchout.model.exact import ONE
from punchout.ordering.gates import SendingState, may_send
from punchout.ordering.policy import OrderingPolicy
from tests.ordering.examples import POLICY

OPEN = SendingState(
    config_switch=True,
    ledger_switch=True,
    kill_switch=False,
    cutover_set=True,
    gate_open=True,
    orders_today=0,
    amount_today=0,
)
CAPPED = replace(POLICY, max_order_amount=100 * ONE, max_orders_per_day=3, max_amount_per_day=150 * ONE)


def gate(total: int, policy: OrderingPolicy = CAPPED, state: SendingState = OPEN, currency: str = "USD") -> str | None:
    blocked = may_send(total, currency, policy, state)
    if blocked is None:
        return None
    assert blocked.code is Code.OUT_BLOCKED
    return blocked.where


def test_with_everything_switched_on_an_order_may_leave() -> None:
    assert gate(50 * ONE) is None


@pytest.mark.parametrize(
    ("state", "name"),
    [
        (replace(OPEN, kill_switch=True), "kill_switch"),
        (replace(OPEN, config_switch=False), "config_switch"),
        (replace(OPEN, ledger_switch=False), "ledger_switch"),
        (replace(OPEN, cutover_set=False), "cutover"),
        (replace(OPEN, gate_open=False), "quality_gate"),
        (replace(OPEN, older_than_noted="older"), "restored"),
        (replace(OPEN, orders_today=3), "max_orders_per_day"),
        (replace(OPEN, amount_today=100 * ONE + 1), "max_amount_per_day"),
    ],
)
def test_any_one_gate_holds_the_order(state: SendingState, name: str) -> None:
    assert gate(50 * ONE, state=state) == name


def test_repeats_need_a_recorded_check_behind_them() -> None:
    trusting = replace(CAPPED, dedupes_payload_id=True)
    assert gate(ONE, trusting) == "conformance"
    assert gate(ONE, trusting, replace(OPEN, repeats_are_shown=True)) is None


@pytest.mark.parametrize("sent_by", ["bc", None])
def test_nothing_leaves_where_others_send(sent_by: str | None) -> None:
    assert gate(ONE, replace(CAPPED, sent_by=sent_by)) == "sent_by"  # type: ignore[arg-type]


def test_a_cap_may_be_reached_and_not_passed() -> None:
    assert gate(100 * ONE) is None
    assert gate(100 * ONE + 1) == "max_order_amount"
    assert gate(50 * ONE, state=replace(OPEN, orders_today=2, amount_today=100 * ONE)) is None


def test_without_caps_only_the_switches_count() -> None:
    assert gate(10**15, POLICY, replace(OPEN, orders_today=10_000, amount_today=10**17)) is None


def test_a_cap_of_zero_lets_nothing_out() -> None:
    assert gate(1, replace(POLICY, max_order_amount=0)) == "max_order_amount"


def test_an_order_in_another_currency_is_held_while_an_amount_is_capped() -> None:
    assert gate(ONE, currency="EUR") == "currency"
    assert gate(ONE, POLICY, currency="EUR") is None
    assert gate(ONE, replace(POLICY, max_orders_per_day=3), currency="EUR") is None


@pytest.mark.parametrize("cap", ["max_order_amount", "max_amount_per_day"])
def test_either_cap_on_an_amount_holds_another_currency(cap: str) -> None:
    assert gate(ONE, replace(POLICY, **{cap: 100 * ONE}), currency="EUR") == "currency"  # type: ignore[arg-type]


def test_the_kill_switch_is_named_before_anything_else() -> None:
    everything = replace(OPEN, kill_switch=True, config_switch=False, ledger_switch=False, gate_open=False)
    assert gate(10**15, state=everything) == "kill_switch"
