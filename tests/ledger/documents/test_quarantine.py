"""Quarantine: nothing is lost in it, and what was refused for a cause that is gone counts after all."""

import pytest

from punchout.ledger.documents import quarantine
from punchout.ledger.errors import NotPossibleError
from punchout.ledger.tables.control import DOCUMENT_STATE
from punchout.ledger.tables.logs import AUDIT
from punchout.model.codes import Code
from tests.support.bc_exports import as_csv
from tests.support.deliveries import Delivery
from tests.support.ledgers import each, rows
from tests.support.plays import FIRST_SYNC, Play
from tests.support.purchases import requests_export
from tests.support.stories import FIRST, HTML_PAGE, SECOND, confirmed

NEWCOMER = confirmed().saying("<Identity>AmazonEU</Identity>", instead_of="<Identity>Amazon</Identity>")
ACCEPTS_NEWCOMER = {"identities": [{"domain": "NetworkId", "identity": name} for name in ("Amazon", "AmazonEU")]}


def only(play: Play) -> quarantine.Quarantined:
    with play.engine.connect() as connection:
        (found,) = quarantine.listed(connection)
    return found


def redrive(play: Play) -> None:
    found = only(play)
    each(play.engine, lambda c: quarantine.redrive(c, found.document_id, "ann", play.now))


def codes(play: Play) -> list[str]:
    return [one["code"] for one in play.status()["document_exceptions"]]


def test_a_refused_document_is_listed_with_all_that_is_known_of_it(play: Play) -> None:
    play.sync(NEWCOMER, NEWCOMER.again("again.xml"))
    found = only(play)
    assert (found.content, found.kind, found.reason) == ("cxml", "ConfirmationRequest", Code.AUTH_FAILED)
    assert (found.place, found.detail) == ("/cXML/Header/From", "no accepted identity in From")
    assert (found.received_at, found.size) == (FIRST_SYNC, len(NEWCOMER.data))
    assert found.names == (NEWCOMER.name, "again.xml")


def test_a_refused_document_is_an_exception_that_says_what_to_do(play: Play) -> None:
    play.sync(NEWCOMER)
    (shown,) = play.status()["document_exceptions"]
    assert (shown["code"], shown["severity"]) == ("AUTH_FAILED", "critical")
    assert "redrive" in shown["action"]


def test_a_document_counts_once_the_cause_of_its_refusal_is_gone(placed: Play) -> None:
    placed.sync(NEWCOMER)
    wiser = Play(placed.engine, placed.settings.home, supplier=ACCEPTS_NEWCOMER)
    redrive(placed)
    wiser.sync()
    assert wiser.request()["stage"] == "Order Confirmed"
    assert (wiser.status()["documents"]["quarantined"], codes(wiser)) == ({}, [])
    assert wiser.broken_promises() == {}


def test_a_document_is_refused_again_while_its_cause_is_still_there(placed: Play) -> None:
    placed.sync(NEWCOMER)
    before = placed.hash()
    redrive(placed)
    assert codes(placed) == []
    placed.sync()
    assert (codes(placed), placed.hash()) == (["AUTH_FAILED"], before)


def test_a_document_too_large_counts_once_more_is_allowed(placed: Play) -> None:
    small = Play(placed.engine, placed.settings.home, documents={"max_bytes": 100})
    small.sync(confirmed())
    assert only(small).reason is Code.XML_REJECTED
    redrive(small)
    placed.sync()
    assert placed.request()["stage"] == "Order Confirmed"


def test_a_conflict_stays_one_when_it_is_read_again(placed: Play) -> None:
    placed.sync(FIRST.invoice("I1", (1, "3")))
    placed.sync(FIRST.invoice("I1", (1, "2"), payload_id="other@x"))
    redrive(placed)
    placed.sync()
    assert only(placed).reason is Code.INV_ID_REUSED
    assert placed.request()["lines"][0]["invoiced"] == "3"


def test_an_export_of_files_counts_once_the_missing_file_is_there(play: Play) -> None:
    manifest, parts = as_csv(FIRST.row())
    files = [Delivery("bc_part", f"{digest}.csv", data) for digest, data in parts.items()]
    play.sync(Delivery("bc_requests", "requests.manifest.json", manifest), files[0])
    assert only(play).reason is Code.EXPORT_INVALID
    play.deliver(files[1])
    redrive(play)
    play.sync()
    assert play.request()["stage"] == "PO Created"
    assert play.broken_promises() == {}


def test_a_corrected_export_is_not_held_up_by_the_refused_one(play: Play) -> None:
    broken = FIRST.row(status="nonsense")
    play.sync(requests_export(broken, name="broken.json"))
    play.sync(requests_export(FIRST.row(), name="sound.json"))
    assert play.request()["stage"] == "PO Created"
    assert codes(play) == ["EXPORT_INVALID"]


def test_a_dismissed_document_is_off_the_list_and_its_bytes_stay(play: Play) -> None:
    play.sync(HTML_PAGE)
    found = only(play)
    each(play.engine, lambda c: quarantine.dismiss(c, found.document_id, "ann", "spam", play.now))
    with play.engine.connect() as connection:
        assert quarantine.listed(connection) == []
        assert quarantine.body(connection, found.document_id) == HTML_PAGE.data
    assert (codes(play), play.broken_promises()) == ([], {})


def test_a_dismissed_document_that_comes_again_stays_dismissed(play: Play) -> None:
    play.sync(HTML_PAGE)
    found = only(play)
    each(play.engine, lambda c: quarantine.dismiss(c, found.document_id, "ann", "spam", play.now))
    play.sync(HTML_PAGE.again("again.html"))
    assert [row["state"] for row in rows(play.engine, DOCUMENT_STATE)] == ["dismissed"]


def test_only_a_refused_document_can_be_redriven(play: Play) -> None:
    play.sync(confirmed(SECOND))
    with pytest.raises(NotPossibleError, match="document 1 is not in quarantine"):
        each(play.engine, lambda c: quarantine.redrive(c, 1, "ann", play.now))


def test_only_a_refused_document_can_be_dismissed(play: Play) -> None:
    play.sync(confirmed(SECOND))
    with pytest.raises(NotPossibleError, match="document 1 is not in quarantine"):
        each(play.engine, lambda c: quarantine.dismiss(c, 1, "ann", "spam", play.now))


def test_both_steps_say_who_did_them_and_why(play: Play) -> None:
    play.sync(HTML_PAGE)
    redrive(play)
    play.sync()
    each(play.engine, lambda c: quarantine.dismiss(c, 1, "bob", "spam", play.now))
    assert [(row["who"], row["command"], row["detail"]) for row in rows(play.engine, AUDIT)] == [
        ("ann", "quarantine redrive", "XML_REJECTED"),
        ("bob", "quarantine dismiss", "XML_REJECTED: spam"),
    ]
