"""Users before a gateway over an empty ledger, with one request to shop for."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from lxml import etree

from tests.gateway.sessions.shopper import LINK_SECRET, SETUP_SECRET, UNNAMED, Shopper, started
from tests.resources.suppliers import Behaviour, Server
from tests.support.lanes import DATA_VARIABLE
from tests.support.plays import settings_for
from tests.support.purchases import SECRET

Shopping = Callable[..., Shopper]
_VARIABLES = {"TEST_LINKS": LINK_SECRET, "TEST_SETUP": SETUP_SECRET, "TEST_DOOR": SECRET}


@pytest.fixture
def shopping(ledger: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shopping]:
    """Makes users; what is set says how the gateway is set up beside what every one needs."""
    made: list[Shopper] = []
    for name, value in _VARIABLES.items():
        monkeypatch.setenv(name, value)

    def make(setup_url: str, **changes: dict[str, Any]) -> Shopper:
        standing: dict[str, dict[str, Any]] = {
            "gateway": {"secrets": ["env:TEST_DOOR"], "link_secrets": ["env:TEST_LINKS"]},
            "cart": {"received_by": "pipeline", "setup_timeout_seconds": 30},
            "supplier": {
                **settings_for(tmp_path).supplier.model_dump(exclude_none=True),
                "setup_url": setup_url,
                "shared_secret": "env:TEST_SETUP",
                "start_page_hosts": ["shop.example"],
            },
        }
        merged = {name: {**standing.get(name, {}), **changes.get(name, {})} for name in {*standing, *changes}}
        shopper = Shopper(settings_for(tmp_path, **merged), ledger)
        shopper.play.sync(UNNAMED)
        made.append(shopper)
        return shopper

    yield make
    for shopper in made:
        shopper.close()


@pytest.fixture
def supplier() -> Iterator[Callable[[Behaviour], Server]]:
    """Runs suppliers that behave in some way."""
    running: list[Server] = []

    def run(behave: Behaviour) -> Server:
        running.append(Server(behave))
        return running[-1].__enter__()

    yield run
    for server in running:
        server.__exit__()
    # Whatever a test is about: what was posted is cXML, wherever the official DTD is at hand.
    folder = os.environ.get(DATA_VARIABLE)
    if folder:
        dtd = etree.DTD(str(Path(folder) / "dtd" / "cXML.dtd"))
        assert [
            dtd.error_log for server in running for body in server.bodies if not dtd.validate(etree.XML(body))
        ] == []


@pytest.fixture
def shop(supplier: Callable[[Behaviour], Server]) -> Server:
    """A supplier that opens every session."""
    return supplier(started())


@pytest.fixture
def shopper(shopping: Shopping, shop: Server) -> Shopper:
    """A user who can shop for PR0001."""
    return shopping(shop.url)
