"""The cut-over: with everything switched on, what was released before it is tracked and never ordered again."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from punchout.ledger.engine import reading
from punchout.ledger.views.status import status_report
from resources.settings import Settings
from tests.cli.homes import plain_sync
from tests.support.bc_exports import as_json
from tests.support.exchange_home import (
    KEY_VARIABLE,
    at,
    drop,
    home_settings,
    opened,
    purchase_order,
    request,
    supplier,
    switch_on,
)

pytestmark = pytest.mark.slow

BEFORE, CUT_OVER, AFTER = "2026-03-02T15:59:59Z", "2026-03-02T16:00:00Z", "2026-03-02T16:00:01Z"
FIRST_SYNC, SECOND_SYNC = at("2026-03-02T18:00:00Z"), at("2026-03-02T19:00:00Z")
OLD = [f"{number:04}" for number in range(1, 501)]
NEW = "0501"


def settings_for(home: Path, url: str, cut_over: str = CUT_OVER) -> Settings:
    """Give settings that let 501 orders leave and more, were it not for the cut-over."""
    orders = {
        "cutover_at": cut_over,
        "send_enabled": True,
        "max_orders_per_day": 1000,
        "max_order_amount": "100000",
        "max_amount_per_day": "100000000",
    }
    return home_settings(home, orders=orders, supplier={"order_url": url})


def export(settings: Settings, name: str, exported: str, numbers: list[str]) -> None:
    """Drop both exports; the requests of all numbers but the new one were released before the cut-over."""
    requests = [request(f"PR{one}", releasedDateTime=AFTER if one == NEW else BEFORE) for one in numbers]
    drop(settings, "bc_requests", f"r{name}.json", as_json(*requests, exportedAt=exported))
    orders = [purchase_order(f"PO{one}") for one in numbers]
    drop(settings, "bc_orders", f"o{name}.json", as_json(*orders, exportedAt=exported))


def standing(settings: Settings) -> list[dict[str, Any]]:
    with opened(settings, SECOND_SYNC) as exchange, reading(exchange.engine) as connection:
        return list(status_report(connection)["requests"])


def test_of_five_hundred_requests_before_it_and_one_after_only_the_one_is_posted_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "hush")
    with supplier() as (url, received):
        settings = settings_for(tmp_path / "home", url)
        with opened(settings, FIRST_SYNC) as exchange:
            switch_on(exchange)
        posts = []
        for name, as_of in (("1", FIRST_SYNC), ("2", SECOND_SYNC)):
            before = len(received)
            export(settings, name, f"2026-03-02T17:{name}0:00Z", [*OLD, NEW])
            plain_sync(settings, as_of)
            posts.append(len(received) - before)
    assert posts == [1, 0]
    assert f'orderID="PO{NEW}"'.encode() in received[0]
    found = Counter((one["adopted"], one["outbox_state"]) for one in standing(settings))
    assert found == {(True, None): 500, (False, "sent"): 1}


def test_it_is_the_cut_over_that_holds_them_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "hush")
    with supplier() as (url, received):
        settings = settings_for(tmp_path / "home", url, cut_over=BEFORE)
        with opened(settings, FIRST_SYNC) as exchange:
            switch_on(exchange)
        export(settings, "1", "2026-03-02T17:10:00Z", [*OLD[:5], NEW])
        plain_sync(settings, FIRST_SYNC)
    assert len(received) == 6
