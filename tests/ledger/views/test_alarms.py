"""What somebody should be woken for, on both databases."""

from dataclasses import replace

import sqlalchemy as sa

from punchout.ledger.engine import reading
from punchout.ledger.sending import outbox, switches
from punchout.ledger.tables.projections import EXCEPTION
from punchout.ledger.views.alarms import Alarm, AlarmPolicy, alarms
from punchout.model.keys import Account
from punchout.model.moments import HOUR
from punchout.ordering.answers import Answer
from tests.support.deliveries import cxml
from tests.support.plays import LOST, Play
from tests.support.purchases import ACCOUNT
from tests.support.stories import FIRST, HTML_PAGE, confirmed, ordered, queued

POLICY = AlarmPolicy(in_doubt_after=HOUR // 2)


def wrong(play: Play, policy: AlarmPolicy = POLICY, account: Account = ACCOUNT) -> list[Alarm]:
    """Give what is wrong now."""
    with reading(play.engine) as connection:
        return alarms(connection, account, policy, play.now)


def test_an_exchange_in_which_all_went_well_alarms_nobody(play: Play) -> None:
    play.switch_on()
    ordered(play)
    assert wrong(play) == []


def test_an_order_in_doubt_wakes_somebody_after_a_while_with_what_it_costs(play: Play) -> None:
    play.switch_on()
    play.supplier.answers = (LOST,)
    ordered(play)
    assert wrong(play) == []
    play.later(0.5)
    (alarm,) = wrong(play)
    assert (alarm.kind, alarm.urgency, alarm.weight) == ("orders-in-doubt", "page", 1)
    assert alarm.headline == "1 order may or may not be with the supplier"
    assert alarm.details == (FIRST.order_id, f"{cost()} USD")


def test_an_order_that_its_confirmation_proves_alarms_nobody_any_more(play: Play) -> None:
    play.switch_on()
    play.supplier.answers = (LOST,)
    ordered(play)
    play.later(1)
    play.sync(confirmed())
    assert wrong(play) == []


def test_refused_documents_are_told_of_by_reason(play: Play) -> None:
    play.sync(HTML_PAGE, cxml("cut.xml", confirmed().data[:-20]))
    (alarm,) = wrong(play)
    assert (alarm.key, alarm.weight, alarm.urgency) == ("documents-quarantined:XML_REJECTED", 2, "high")
    assert alarm.headline == "2 documents refused: XML_REJECTED"


def test_a_shut_gate_is_told_of_by_its_name(play: Play) -> None:
    with play.engine.begin() as connection:
        switches.set_gate(connection, ACCOUNT, "bc_orders", {"rows": "a secret of the export"}, play.now)
    (alarm,) = wrong(play)
    assert (alarm.key, alarm.urgency) == ("gate-shut:bc_orders", "high")
    assert "secret" not in repr(alarm)


def test_an_order_that_the_kill_switch_keeps_here_is_told_of(play: Play) -> None:
    play.switch_on()
    play.settings.orders.kill_switch.touch()
    ordered(play)
    (alarm,) = wrong(play)
    assert (alarm.key, alarm.weight, alarm.details) == ("orders-held-back", 1, (FIRST.order_id,))


def test_an_order_that_a_person_holds_wakes_nobody(play: Play) -> None:
    queued(play)
    with play.engine.begin() as connection:
        outbox.move(connection, play.order(), "hold", "ann", play.now)
    play.sync()
    assert "OUT_BLOCKED" in play.request()["exceptions"]
    assert wrong(play) == []


def test_an_order_that_the_supplier_lets_nobody_send_is_told_of_once(play: Play) -> None:
    play.switch_on()
    play.supplier.answers = (Answer(http_status=401),)
    ordered(play)
    (alarm,) = wrong(play)
    assert (alarm.key, alarm.weight, alarm.command) == ("orders-blocked", 1, "punchout doctor")


def test_critical_exceptions_are_told_of_by_code_with_what_is_at_risk(play: Play) -> None:
    play.switch_on()
    ordered(play)
    play.sync(FIRST.invoice("I-1", (1, "1")), FIRST.invoice("I-1", (1, "2")))
    assert [one.key for one in wrong(play) if one.kind == "critical-exceptions"] == []
    with play.engine.begin() as connection:
        worse = {"severity": "critical", "request_no": "PR0001", "amount_at_risk": 5_500_000}
        connection.execute(sa.update(EXCEPTION).values(worse))
    (alarm, *_) = [one for one in wrong(play) if one.kind == "critical-exceptions"]
    assert alarm.urgency == "page"
    assert "5.5" in alarm.details[0]


def test_a_sync_is_overdue_only_where_somebody_waits_for_it(play: Play) -> None:
    waits = replace(POLICY, sync_overdue_after=2 * HOUR)
    assert [one.headline for one in wrong(play, waits)] == ["no sync has begun ever, and one is expected every 2 hours"]
    assert wrong(play) == []


def test_another_account_of_the_same_ledger_is_not_alarmed(play: Play) -> None:
    play.sync(HTML_PAGE)
    assert wrong(play, account=Account("OTHER", ACCOUNT.supplier)) == []


def cost() -> str:
    """Give what the first order comes to."""
    return format(sum(float(item.price) * float(item.quantity) for item in FIRST.items), "g")
