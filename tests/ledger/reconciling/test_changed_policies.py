"""What the company decides anew holds at the next sync, for every request, though nothing has come."""

import pytest
import sqlalchemy as sa

from punchout.ledger.tables.control import REQUEST_WORK
from punchout.ledger.touches import count
from punchout.ledger.upkeep.rebuild import rebuild
from tests.support.ledgers import each
from tests.support.plays import Play
from tests.support.stories import ordered

PATIENT = {"confirmation_hours": 100, "confirmation_error_hours": 200}


@pytest.fixture
def overdue(play: Play) -> Play:
    """An exchange whose order should have been confirmed by now."""
    ordered(play)
    play.later(30)
    play.sync()
    assert "CONF_OVERDUE" in play.request()["exceptions"]
    return play


def test_another_deadline_holds_at_the_next_sync(overdue: Play) -> None:
    patient = overdue.under(reconciliation=PATIENT)
    patient.sync()
    assert "CONF_OVERDUE" not in patient.request()["exceptions"]
    assert patient.broken_promises() == {}
    back = patient.under()
    back.sync()
    assert "CONF_OVERDUE" in back.request()["exceptions"]


def test_a_ledger_is_the_same_as_if_the_new_policies_had_always_held(overdue: Play) -> None:
    patient = overdue.under(reconciliation=PATIENT)
    patient.sync()
    before = patient.hash()
    each(patient.engine, rebuild)
    patient.exchange().settle()
    assert patient.hash() == before


def test_what_waits_for_the_sync_after_a_change_of_policies_is_no_broken_promise(overdue: Play) -> None:
    assert overdue.under(reconciliation=PATIENT).broken_promises() == {}


def test_a_wrong_projection_is_seen_however_the_policies_were_before(overdue: Play) -> None:
    patient = overdue.under(reconciliation=PATIENT)
    patient.sync()
    each(patient.engine, lambda c: c.execute(sa.text("UPDATE request_stage SET stage = 'Closed'")))
    assert list(patient.broken_promises()) == ["I3"]


def test_the_same_policies_have_nothing_computed_again(overdue: Play) -> None:
    assert overdue.exchange().touch_due() == 0
    with overdue.engine.connect() as connection:
        assert count(connection) == 0


def test_every_request_is_computed_again_once(overdue: Play) -> None:
    patient = overdue.under(reconciliation=PATIENT)
    with overdue.engine.connect() as connection:
        requests = connection.execute(sa.select(sa.func.count()).select_from(REQUEST_WORK)).scalar_one()
    assert patient.exchange().touch_due() == requests > 0
    patient.exchange().settle()
    assert patient.exchange().touch_due() == 0
