"""Which orders were placed before this system took over."""

from dataclasses import replace

import pytest

from punchout.model.adoption import Adoption, adoption
from punchout.model.history import RequestHistory
from punchout.model.moments import Moment
from tests.reconciliation.histories import (
    KEY,
    at,
    confirmation,
    history,
    invoice,
    micros,
    purchase_order,
    queued,
    request,
    shipment,
)

CUTOVER = micros("2026-03-03T12:00:00Z")


def released(moment: Moment | None) -> RequestHistory:
    return history(replace(request(1), released=moment), purchase_order(1))


def test_a_request_released_before_the_cut_over_is_adopted() -> None:
    assert adoption(released(at("2026-03-03T11:59:59Z")), CUTOVER) is Adoption.RELEASED_BEFORE_CUTOVER


def test_a_request_released_at_the_cut_over_is_ours() -> None:
    assert adoption(released(at("2026-03-03T12:00:00Z")), CUTOVER) is None


def test_without_a_cut_over_no_release_is_too_early() -> None:
    assert adoption(released(at("2020-01-01T00:00:00Z")), None) is None


@pytest.mark.parametrize(("day", "adopted"), [("2026-03-02", True), ("2026-03-03", True), ("2026-03-04", False)])
def test_a_release_known_by_its_day_is_adopted_up_to_the_day_of_the_cut_over(day: str, adopted: bool) -> None:  # noqa: FBT001 - a column
    assert (adoption(released(at(day)), CUTOVER) is not None) is adopted


def test_a_request_that_is_not_released_is_not_adopted_by_time() -> None:
    open_request = replace(request(1), status="open", released=at("2026-03-01T00:00:00Z"))
    assert adoption(history(open_request), CUTOVER) is None


def test_a_release_without_a_time_is_not_adopted_by_time() -> None:
    assert adoption(released(None), CUTOVER) is None


@pytest.mark.parametrize("answer", [confirmation(), shipment((1, 1)), invoice((1, 1))])
def test_an_answer_to_an_order_that_was_never_queued_adopts_it(answer: object) -> None:
    assert adoption(history(request(1), answer), None) is Adoption.ANSWERED


def test_an_order_confirmation_id_in_business_central_adopts_an_order_that_was_never_queued() -> None:
    assert adoption(history(request(1, order_confirmation_id="111-1")), None) is Adoption.CONFIRMED_IN_BC


def test_what_was_queued_here_stays_ours() -> None:
    facts = history(request(1, order_confirmation_id="111-1"), queued(1), confirmation())
    assert adoption(facts, micros("2030-01-01T00:00:00Z")) is None


def test_of_an_unknown_request_nothing_is_adopted() -> None:
    assert adoption(RequestHistory(key=KEY), CUTOVER) is None
