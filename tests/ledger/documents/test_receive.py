"""Receiving: bytes are kept once, every sighting is logged, and no secret reaches the disk."""

import zlib
from pathlib import Path

import pytest
import sqlalchemy as sa

from punchout.ledger.bodies import sha256, unpack
from punchout.ledger.documents import quarantine
from punchout.ledger.documents.receive import Arrival, Receipt, receive
from punchout.ledger.tables.base import METADATA
from punchout.ledger.tables.control import DOCUMENT_STATE
from punchout.ledger.tables.facts import DOCUMENT
from punchout.ledger.tables.logs import DELIVERY
from punchout.model.keys import Account
from tests.support.deliveries import Delivery, cxml
from tests.support.ledgers import each, rows
from tests.support.plays import FIRST_SYNC, Play
from tests.support.purchases import (
    ACCOUNT,
    SECRET,
)
from tests.support.stories import confirmed

DOCUMENT_WITH_SECRET = confirmed()


def test_the_same_bytes_under_two_names_are_one_document_and_two_deliveries(play: Play) -> None:
    assert play.deliver(confirmed(), confirmed().again("other.xml")) == Receipt(total=2, new=1)
    deliveries = rows(play.engine, DELIVERY)
    assert len(rows(play.engine, DOCUMENT)) == 1
    assert {(one["name"], one["is_first"]) for one in deliveries} == {(confirmed().name, True), ("other.xml", False)}


def test_a_document_that_comes_again_later_keeps_its_first_receipt(play: Play) -> None:
    play.deliver(confirmed())
    play.later(5)
    play.deliver(confirmed())
    assert [document["received_at"] for document in rows(play.engine, DOCUMENT)] == [FIRST_SYNC]


@pytest.mark.parametrize("account", [Account("OTHER", "AMAZON"), Account("CONTOSO", "OTHER")])
def test_the_same_bytes_for_another_account_are_another_document(play: Play, account: Account) -> None:
    play.deliver(confirmed())
    with play.engine.begin() as connection:
        receipt = receive(connection, [Arrival(account, "cxml", "cxml", "a.xml", confirmed().data)], play.now)
    assert receipt.new == 1


def test_the_hash_of_the_bytes_as_they_came_is_the_identity(play: Play) -> None:
    play.deliver(DOCUMENT_WITH_SECRET)
    (stored,) = rows(play.engine, DOCUMENT)
    assert stored["received_sha256"] == sha256(DOCUMENT_WITH_SECRET.data)


def test_stored_bytes_are_the_received_ones_with_the_secret_masked(play: Play) -> None:
    play.deliver(DOCUMENT_WITH_SECRET)
    (stored,) = rows(play.engine, DOCUMENT)
    body = unpack(bytes(stored["body"]))  # type: ignore[call-overload]
    assert body == DOCUMENT_WITH_SECRET.data.replace(SECRET.encode(), b"*" * len(SECRET))
    assert sha256(body) == stored["stored_sha256"] != stored["received_sha256"]


def test_no_secret_is_anywhere_in_the_database(play: Play) -> None:
    torn = cxml("torn.xml", DOCUMENT_WITH_SECRET.data[: DOCUMENT_WITH_SECRET.data.index(b"</SharedSecret>")])
    play.sync(DOCUMENT_WITH_SECRET, torn)
    for table in METADATA.sorted_tables:
        for row in rows(play.engine, table):
            assert SECRET not in repr([_readable(value) for value in row.values()]), table


def test_no_secret_is_in_the_files_of_the_database(play: Play) -> None:
    if play.engine.dialect.name != "sqlite":
        pytest.skip("one database in files of our own")
    play.sync(DOCUMENT_WITH_SECRET)
    path = Path(play.engine.url.database or "")
    for file in path.parent.glob(f"{path.name}*"):
        assert SECRET.encode() not in file.read_bytes()


OPAQUE = Delivery("cxml", "packed.xml.gz", b"\x1f\x8b" + zlib.compress(DOCUMENT_WITH_SECRET.data))


def test_bytes_of_no_usable_encoding_are_kept_as_they_came_and_never_shown(play: Play) -> None:
    play.sync(OPAQUE)
    (stored,) = rows(play.engine, DOCUMENT)
    assert unpack(bytes(stored["body"])) == OPAQUE.data  # type: ignore[call-overload]
    with play.engine.connect() as connection:
        assert quarantine.body(connection, int(str(stored["id"]))) is None


def test_bytes_that_can_be_masked_are_shown_masked(play: Play) -> None:
    play.sync(DOCUMENT_WITH_SECRET)
    with play.engine.connect() as connection:
        shown = quarantine.body(connection, 1) or b""
    assert b"<SharedSecret>***" in shown


def test_a_very_long_name_is_cut_and_the_document_taken(play: Play) -> None:
    play.deliver(confirmed().again("n" * 5000 + ".xml"))
    assert [one["name"] for one in rows(play.engine, DELIVERY)] == ["n" * 255]


def test_a_part_of_an_export_waits_for_its_manifest_and_is_not_read_by_itself(play: Play) -> None:
    play.sync(Delivery("bc_part", "x.csv", b"number\n"))
    assert [one["state"] for one in rows(play.engine, DOCUMENT_STATE)] == ["part"]


def test_nothing_is_received_where_the_transaction_fails(play: Play) -> None:
    def receive_and_fail(connection: sa.Connection) -> None:
        receive(connection, [Arrival(ACCOUNT, "cxml", "cxml", "a.xml", confirmed().data)], play.now)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        each(play.engine, receive_and_fail)
    assert rows(play.engine, DOCUMENT) == rows(play.engine, DELIVERY) == []


def _readable(value: object) -> object:
    """Give what compressed bytes stand for."""
    try:
        return unpack(value) if isinstance(value, bytes) else value
    except zlib.error:
        return value
