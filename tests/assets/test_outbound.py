"""What the outbound assets say of their work, and when they refuse to call it done."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from assets import outbound
from pipelines.running import run_sync
from punchout.ledger.engine import reading
from punchout.ledger.tables.logs import RUN
from tests.support.exchange_home import at, home_settings, opened

NOON = at("2026-03-02T20:00:00Z")


def test_orders_are_held_back_for_one_reason_whatever_their_amounts() -> None:
    reasons = {
        "a@x": "above the cap of one order (10.00 USD)",
        "b@x": "above the cap of one order (20.50 USD)",
        "c@x": "the kill switch is set (1.00 USD)",
    }
    assert outbound._held_back(reasons) == {"above the cap of one order": 2, "the kill switch is set": 1}


def test_a_sync_that_leaves_touches_fails_and_stays_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = home_settings(tmp_path / "home")
    monkeypatch.setattr("punchout.ledger.touches.count", lambda _: 7)
    outcome = run_sync(settings, NOON)
    assert outcome.failure is not None
    assert "7 touches are left after the last step of the sync" in outcome.failure
    with opened(settings, NOON) as exchange, reading(exchange.engine) as connection:
        assert connection.execute(sa.select(RUN.c.ended_at)).scalars().all() == [None]
