"""Files that manifests name: kept as long as an export that names them, and needed once more when they come again."""

import json

from punchout.ledger.tables.control import DOCUMENT_STATE
from punchout.ledger.tables.facts import BC_REQUEST, DOCUMENT
from punchout.ledger.tables.logs import DELIVERY
from tests.support.bc_exports import Row, as_csv
from tests.support.deliveries import Delivery
from tests.support.ledgers import rows
from tests.support.plays import Play
from tests.support.purchases import PENS, Purchase
from tests.support.retention import OVER, over, pass_years, purge_now

OPEN = Purchase(number="PR0006", order_id="106006", items=(PENS,))


def exported(name: str, *news: Row, at: str = "2026-03-02T17:00:00Z") -> list[Delivery]:
    """Give an export as a manifest and two files, as they come together."""
    manifest, parts = as_csv(*news, scope="delta", exportedAt=at)
    files = [Delivery("bc_part", f"{digest}.csv", data) for digest, data in parts.items()]
    return [*files, Delivery("bc_requests", f"{name}.manifest.json", manifest)]


def parts_left(play: Play) -> int:
    return sum(bool(row["body"]) for row in rows(play.engine, DOCUMENT) if row["content"] == "bc_part")


def test_files_go_with_the_export_that_names_them(play: Play) -> None:
    over(play)
    play.sync(*exported("later", OVER.row(modified="08T08:00")))
    pass_years(play)
    assert parts_left(play) == 2
    assert purge_now(play).taken.documents["bc_part"] == 2
    assert (parts_left(play), play.broken_promises()) == (0, {})


def test_files_that_a_kept_export_names_stay(play: Play) -> None:
    over(play)
    play.sync(*exported("open", OPEN.row(status="open", modified="08T08:00")))
    pass_years(play)
    assert "bc_part" not in purge_now(play).taken.documents
    assert (parts_left(play), play.broken_promises()) == (2, {})


def test_files_that_another_export_names_too_stay_as_long_as_it_does(play: Play) -> None:
    over(play)
    row = OVER.row(modified="08T08:00")
    play.sync(*exported("first", row))
    play.later(24 * 500)
    again = exported("second", row, at="2026-03-09T17:00:00Z")
    assert json.loads(again[-1].data)["files"] == json.loads(exported("first", row)[-1].data)["files"]
    play.sync(*again)
    # Nothing came of the request: the second export says nothing new, and is not old enough.
    assert purge_now(play).taken.documents.get("bc_part", 0) == 0
    pass_years(play)
    assert purge_now(play).taken.documents["bc_part"] == 2


def test_a_purged_file_that_comes_again_is_kept_again_and_its_export_is_read(play: Play) -> None:
    over(play)
    row = OVER.row(modified="08T08:00")
    play.sync(*exported("first", row))
    pass_years(play)
    purge_now(play)
    before, facts = play.hash(), len(rows(play.engine, BC_REQUEST))
    again = exported("second", row, at="2029-03-09T17:00:00Z")
    assert play.deliver(*again).new == 1
    play.sync()
    assert (parts_left(play), play.hash(), len(rows(play.engine, BC_REQUEST))) == (2, before, facts)
    states = {row["document_id"]: str(row["state"]) for row in rows(play.engine, DOCUMENT_STATE)}
    of_parts = [states[row["id"]] for row in rows(play.engine, DOCUMENT) if row["content"] == "bc_part"]
    assert sorted(of_parts) == ["part", "part", "superseded", "superseded"]
    assert play.broken_promises() == {}
    sighted = len(rows(play.engine, DELIVERY))
    play.deliver(*again)
    assert len(rows(play.engine, DELIVERY)) == sighted + 3
    pass_years(play)
    assert purge_now(play).taken.documents["bc_part"] == 2
    assert play.broken_promises() == {}
