"""A document read again has new facts, the old ones stay, and the ledger is what it would be had it come just now."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
from alembic import command

from cxml_parsers.reader import ReadingRules, read
from punchout.ledger import schema
from punchout.ledger.documents import judging, quarantine
from punchout.ledger.documents.rereading import Reread, reprocess
from punchout.ledger.errors import NotPossibleError
from punchout.ledger.search import find, names_of
from punchout.ledger.tables.control import DOCUMENT_STATE
from punchout.ledger.tables.facts import CONFIRMATION_STATUS, DOCUMENT, DOCUMENT_ENVELOPE
from punchout.ledger.tables.logs import AUDIT
from punchout.model.codes import Code
from punchout.model.documents import Confirmation
from punchout.model.exact import ONE
from punchout.model.parsed import Parsed
from punchout.model.values import Number
from resources import policies as from_settings
from resources.replaying import replay_ledger
from tests.ledger.test_table_classes import forbid
from tests.support.ledgers import Ledgers, each, rows
from tests.support.plays import Play
from tests.support.stories import FIRST, confirmed

Reader = Callable[[bytes, ReadingRules], Parsed]


def number_of(play: Play, kind: str = "ConfirmationRequest") -> int:
    numbers = [row["document_id"] for row in rows(play.engine, DOCUMENT_ENVELOPE) if row["kind"] == kind]
    return max(number for number in numbers if isinstance(number, int))


def read_again(play: Play, number: int) -> Reread:
    """Read a document again and let everything follow from it."""
    rules = from_settings.acceptance_rules(play.settings)
    with play.engine.begin() as connection:
        found = reprocess(connection, number, rules, "ann", play.now)
    play.exchange().settle()
    return found


def refusing(data: bytes, rules: ReadingRules) -> Parsed:
    """Read as a reader does that takes no confirmation, and so knows of no body."""
    found = read(data, rules)
    if not isinstance(found.body, Confirmation):
        return found
    return replace(found, body=None, body_sha256=None, reason=Code.STRUCT_INVALID, where="/cXML", detail="not known")


def of_one_piece(data: bytes, rules: ReadingRules) -> Parsed:
    """Read as a reader does that takes every confirmed quantity for one."""
    found = read(data, rules)
    if not isinstance(found.body, Confirmation):
        return found
    items = tuple(
        replace(item, statuses=tuple(replace(one, quantity=Number("1", ONE)) for one in item.statuses))
        for item in found.body.items
    )
    return replace(found, body=replace(found.body, items=items), body_sha256="0" * 64)


@pytest.fixture
def reading_by(monkeypatch: pytest.MonkeyPatch) -> Callable[[Reader], None]:
    """Change what reads documents, as another version of this program would."""
    return lambda reader: monkeypatch.setattr(judging, "read", reader)


def accepted(play: Play) -> str:
    return str(play.request()["lines"][0]["accepted"])


def test_a_document_that_was_read_again_and_comes_again_has_come_before(placed: Play) -> None:
    placed.sync(confirmed())
    read_again(placed, number_of(placed))
    placed.sync(confirmed().again("once-more.xml"))
    assert placed.broken_promises() == {}


def test_a_document_read_by_another_reader_counts_as_that_one_reads_it(
    placed: Play, reading_by: Callable[[Reader], None]
) -> None:
    reading_by(of_one_piece)
    placed.sync(confirmed())
    old = number_of(placed)
    assert accepted(placed) == "1"
    reading_by(read)
    found = read_again(placed, old)
    assert (found.state, found.document_id > old, accepted(placed)) == ("accepted", True, "3")
    assert placed.broken_promises() == {}


def test_the_facts_of_the_reading_before_stay_as_they_were(placed: Play, reading_by: Callable[[Reader], None]) -> None:
    forbid(placed.engine)
    reading_by(of_one_piece)
    placed.sync(confirmed())
    old, before = number_of(placed), rows(placed.engine, CONFIRMATION_STATUS)
    reading_by(read)
    number = read_again(placed, old).document_id
    kept = [row for row in rows(placed.engine, CONFIRMATION_STATUS) if row["document_id"] == old]
    assert kept == before
    states = {row["document_id"]: (row["state"], row["detail"]) for row in rows(placed.engine, DOCUMENT_STATE)}
    assert states[old] == ("superseded", f"read again as document {number}")


def test_reading_again_with_the_same_reader_changes_nothing_that_the_ledger_says(finished: Play) -> None:
    before = finished.hash()
    for kind in ("ConfirmationRequest", "ShipNoticeRequest", "InvoiceDetailRequest", "PunchOutOrderMessage"):
        assert read_again(finished, number_of(finished, kind)).state == "accepted"
    assert finished.hash() == before
    assert finished.broken_promises() == {}


def test_a_document_that_was_read_again_keeps_receipt_and_names(finished: Play) -> None:
    old = number_of(finished)
    new = read_again(finished, old).document_id
    received = {row["id"]: row["received_at"] for row in rows(finished.engine, DOCUMENT)}
    assert received[new] == received[old]
    with finished.engine.connect() as connection:
        assert names_of(connection, [new])[new] == names_of(connection, [old])[old] != ()
        payload_id = "PR0001-confirmation-111-PR0001-new@amazon.example"
        found = find(connection, payload_id)
        assert ([key.request_no for key in found.requests], found.documents) == (["PR0001"], ())


def test_a_document_that_comes_again_after_it_was_read_again_is_known(finished: Play) -> None:
    read_again(finished, number_of(finished))
    before = finished.hash()
    assert finished.deliver(confirmed().again("once-more.xml")).new == 0
    finished.sync()
    assert finished.hash() == before


def test_a_replay_honours_what_was_read_again(
    ledgers: Ledgers, placed: Play, reading_by: Callable[[Reader], None]
) -> None:
    reading_by(of_one_piece)
    placed.sync(confirmed(), FIRST.ship_notice("S1", (1, "3")))
    reading_by(read)
    read_again(placed, number_of(placed))
    read_again(placed, number_of(placed))
    with ledgers.blank() as empty:
        found = replay_ledger(placed.settings, placed.engine, empty)
        assert found.differences == []
        assert found.is_equal


def test_a_document_that_counts_is_not_given_up_for_a_reading_that_does_not(
    placed: Play, reading_by: Callable[[Reader], None]
) -> None:
    placed.sync(confirmed())
    before = placed.hash(), rows(placed.engine, DOCUMENT)
    reading_by(refusing)
    with pytest.raises(NotPossibleError, match="counts, and read now it would be quarantined: STRUCT_INVALID"):
        read_again(placed, number_of(placed))
    assert (placed.hash(), rows(placed.engine, DOCUMENT)) == before


def test_a_refused_document_has_its_whole_envelope_once_a_reader_takes_it(
    placed: Play, reading_by: Callable[[Reader], None]
) -> None:
    reading_by(refusing)
    placed.sync(confirmed())
    (refused,) = _listed(placed)
    reading_by(read)
    each(placed.engine, lambda c: quarantine.redrive(c, refused.document_id, "ann", placed.now))
    placed.sync()
    (version,) = [one for one in rows(placed.engine, DOCUMENT_ENVELOPE) if one["document_id"] == number_of(placed)]
    assert version["body_sha256"] == read(confirmed().data).body_sha256
    assert accepted(placed) == "3"
    assert placed.broken_promises() == {}


def test_a_refused_document_can_be_read_again_at_once(placed: Play, reading_by: Callable[[Reader], None]) -> None:
    reading_by(refusing)
    placed.sync(confirmed())
    (refused,) = _listed(placed)
    reading_by(read)
    assert read_again(placed, refused.document_id).state == "accepted"
    assert (_listed(placed), placed.status()["document_exceptions"]) == ([], [])
    assert [row["command"] for row in rows(placed.engine, AUDIT)] == ["reprocess"]


def test_a_document_that_waits_for_its_order_waits_on_after_it_was_read_again(play: Play) -> None:
    play.sync(confirmed())
    before = play.hash()
    assert [one["code"] for one in play.status()["document_exceptions"]] == ["ORDER_NOT_FOUND"]
    read_again(play, number_of(play))
    assert play.hash() == before


@pytest.mark.parametrize("twice", [True, False])
def test_what_cannot_be_read_again_is_said(placed: Play, *, twice: bool) -> None:
    placed.sync(confirmed())
    number = number_of(placed)
    if twice:
        read_again(placed, number)
        with pytest.raises(NotPossibleError, match=f"document {number} was read again before"):
            read_again(placed, number)
    else:
        with pytest.raises(NotPossibleError, match="is an export of Business Central"):
            read_again(placed, number_of(placed, "bc_requests"))
        with pytest.raises(NotPossibleError, match="there is no document 999"):
            read_again(placed, 999)


def _listed(play: Play) -> list[quarantine.Quarantined]:
    with play.engine.connect() as connection:
        return quarantine.listed(connection)


def test_a_ledger_of_the_first_schema_keeps_every_row_and_gives_no_number_twice(
    ledgers: Ledgers, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with ledgers.blank() as engine:
        config = schema._config()
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "0001")
        with engine.begin() as connection:
            for number in (1, 2):
                connection.execute(sa.text(_DOCUMENT), {"sha": f"{number}"})
                connection.execute(sa.text(_STATE), {"id": number})
            connection.execute(sa.text("DELETE FROM document_state WHERE document_id = 2"))
            connection.execute(sa.text("DELETE FROM document WHERE id = 2"))
        schema.upgrade(engine)
        assert [(row["id"], row["received_sha256"], row["reading"]) for row in rows(engine, DOCUMENT)] == [(1, "1", 1)]
        play = Play(engine, tmp_path_factory.mktemp("home"))
        play.sync(*FIRST.exported())
        assert min(row["id"] for row in rows(engine, DOCUMENT) if row["received_sha256"] != "1") == 3  # type: ignore[type-var] # numbers
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
        with pytest.raises(sa.exc.IntegrityError), engine.begin() as connection:
            connection.execute(sa.text(_STATE), {"id": 77})


_DOCUMENT = (
    "INSERT INTO document (company, supplier, content, received_sha256, stored_sha256, size, codec, body, received_at)"
    " VALUES ('CONTOSO', 'AMAZON', 'bc_part', :sha, 'x', 1, 'zlib', 'x', 1)"
)
_STATE = "INSERT INTO document_state (document_id, state) VALUES (:id, 'part')"
