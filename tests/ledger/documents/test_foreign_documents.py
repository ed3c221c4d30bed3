"""Documents that other people wrote, and attacks: each ends in one known state, and every promise is kept."""

from pathlib import Path

import pytest

from punchout.ledger.tables.control import DOCUMENT_STATE
from punchout.ledger.tables.facts import DOCUMENT
from tests.support.deliveries import Delivery, cxml
from tests.support.ledgers import rows
from tests.support.plays import Play
from tests.support.purchases import Purchase
from tests.support.stories import FIRST, confirmed, ordered


@pytest.fixture
def foreign(test_data: Path) -> list[Delivery]:
    folders = [test_data / name for name in ("corpus", "attacks", "samples")]
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    return [cxml(path.name, path.read_bytes()) for path in files]


# Nobody else's numbers.
MINE = Purchase(number="PR7001", order_id="7000001")


@pytest.mark.parametrize("environment", ["production", "test"])
def test_every_document_is_judged_once_and_the_good_one_among_them_counts(
    play: Play, foreign: list[Delivery], environment: str
) -> None:
    ordered(play, MINE)
    anybody = Play(play.engine, play.settings.home, supplier={"identities": []}, environment=environment)
    anybody.now = play.now
    good = confirmed(MINE).saying(f'deploymentMode="{environment}" ', instead_of='deploymentMode="production"')
    anybody.sync(*foreign[:100], good, *foreign[100:])
    assert play.request("PR7001")["stage"] == "Order Confirmed"
    states = {str(row["state"]) for row in rows(play.engine, DOCUMENT_STATE)}
    assert states == {"accepted", "duplicate", "quarantined"}
    assert len(rows(play.engine, DOCUMENT)) == len(rows(play.engine, DOCUMENT_STATE))
    assert anybody.broken_promises() == {}


def test_a_document_with_blank_parts_is_kept_as_it_was_read(placed: Play) -> None:
    item = '<ConfirmationItem quantity="3" lineNumber="1"><UnitOfMeasure>EA</UnitOfMeasure>'
    placed.sync(confirmed().saying(f"{item}<ItemID><SupplierPartID/></ItemID>", instead_of=item))
    placed.sync(FIRST.ship_notice("S1", (1, "1")).saying('orderID="" ', instead_of=f'orderID="{FIRST.order_id}"'))
    assert placed.broken_promises() == {}
