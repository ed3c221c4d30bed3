"""When an alarm is told of: once, again when there is more, repeated where it wakes somebody, and when it is over."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from pipelines.alert_decisions import Told, decide_notices, from_cursor, to_cursor
from punchout.ledger.views.alarms import Alarm
from punchout.model.moments import HOUR

NOW = 1_000 * HOUR
LOUD = Alarm(kind="orders-in-doubt", urgency="page", headline="1 order is in doubt", command="punchout outbox ls")
QUIET = Alarm(kind="documents-quarantined", subject="X", urgency="high", headline="1 document refused", command="x")


def titles(alarms: list[Alarm], told: dict[str, Told] | None = None, now: int = NOW) -> list[str]:
    """Give the lines that are told."""
    due = decide_notices(alarms, told or {}, now, 4 * HOUR, "punchout C/S").due
    return [notice.title for _, notice in due]


def told_of(alarm: Alarm, hours_ago: int) -> dict[str, Told]:
    """Give what is known when an alarm was told of before."""
    return {alarm.key: Told(NOW - hours_ago * HOUR, alarm.weight, alarm.headline)}


def test_what_is_new_is_told() -> None:
    assert titles([LOUD, QUIET]) == ["punchout C/S: 1 order is in doubt", "punchout C/S: 1 document refused"]


def test_a_message_says_how_much_what_to_type_and_where_to_read_on() -> None:
    alarm = replace(LOUD, details=("106001", "12.5 USD"))
    ((_, notice),) = decide_notices([alarm], {}, NOW, HOUR, "punchout").due
    assert notice.body.splitlines() == [
        "106001", "12.5 USD", "Type: punchout outbox ls", "Read: docs/runbook.md, orders-in-doubt",
    ]  # fmt: skip


def test_what_was_told_is_not_told_again_at_once() -> None:
    assert titles([LOUD, QUIET], told_of(LOUD, 1) | told_of(QUIET, 1)) == []


def test_what_wakes_somebody_is_repeated_and_nothing_else_is() -> None:
    assert titles([LOUD, QUIET], told_of(LOUD, 4) | told_of(QUIET, 40)) == ["punchout C/S: 1 order is in doubt"]


def test_more_of_it_is_news_but_not_within_the_hour() -> None:
    more = replace(QUIET, weight=7, headline="7 documents refused")
    assert titles([more], told_of(QUIET, 0)) == []
    assert titles([more], told_of(QUIET, 1)) == ["punchout C/S: 7 documents refused"]


def test_what_went_down_and_comes_up_again_is_news() -> None:
    many = replace(QUIET, weight=7)
    told = decide_notices([QUIET], told_of(many, 2), NOW, HOUR, "").told
    assert decide_notices([many], told, NOW, HOUR, "").due


def test_the_end_is_told_once() -> None:
    first = decide_notices([], told_of(LOUD, 1), NOW, HOUR, "punchout C/S")
    assert [(notice.title, notice.is_over) for _, notice in first.due] == [
        ("punchout C/S: over: 1 order is in doubt", True)
    ]
    assert decide_notices([], first.told, NOW, HOUR, "").due == ()


def test_a_cursor_that_is_none_of_ours_tells_everything_once_more() -> None:
    for text in (None, "", "x", "[1]", '{"a": 1}', '{"a": [1]}', '{"a": ["x", 1, "y"]}', "null"):
        assert from_cursor(text) == {}


@given(st.dictionaries(st.text(), st.builds(Told, st.integers(), st.integers(), st.text())))
def test_what_was_told_survives_in_the_cursor(told: dict[str, Told]) -> None:
    assert from_cursor(to_cursor(told)) == told


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), st.integers(0, 5)), max_size=30))
def test_whatever_happens_every_alarm_that_was_told_is_told_to_be_over_and_no_other(
    history: list[tuple[str, int]],
) -> None:
    told: dict[str, Told] = {}
    open_: set[str] = set()
    for hour, (kind, weight) in enumerate([*history, ("", 0)]):
        alarms = [replace(LOUD, kind=kind, weight=weight)] if weight else []
        notices = decide_notices(alarms, told, NOW + hour * HOUR, 4 * HOUR, "")
        over = {key for key, notice in notices.due if notice.is_over}
        assert over <= open_
        open_ = (open_ | {key for key, notice in notices.due if not notice.is_over}) - over
        assert open_ == notices.told.keys()
        told = dict(notices.told)
    assert open_ == set()
