"""What only the outbox knew before schema revision 0005 becomes a fact when a ledger is brought there."""

from punchout.ledger import schema
from punchout.ledger.sending import epochs
from punchout.ledger.tables.control import OUTBOX
from punchout.ledger.tables.decisions import SEND_HELD
from punchout.ledger.tables.facts import SEND_RESULT
from tests.support.ledgers import Ledgers, at_revision, rows

_ORDER = (
    "INSERT INTO outbox (payload_id, company, supplier, request_no, order_id, state, epoch, attempt) "
    "VALUES ('{0}', 'C', 'S', 'R{0}', 'O{0}', '{1}', {2}, {2})"
)
_RESULT = "INSERT INTO send_result (payload_id, attempt, at, outcome) VALUES ('{0}', 1, 7, '{1}')"


def test_holds_and_releases_are_written_down_and_attempts_are_counted(ledgers: Ledgers) -> None:
    with ledgers.blank() as engine:
        at_revision(engine, "0001")
        with engine.begin() as connection:
            for statement in (
                _ORDER.format("held", "hold", 0),
                _ORDER.format("let go", "pending", 1),
                _ORDER.format("unsent", "pending", 1),
                _RESULT.format("let go", "blocked"),
                _RESULT.format("unsent", "pending"),
                "INSERT INTO send_marked (payload_id, attempt, at) VALUES ('let go', 1, 7), ('unsent', 1, 7)",
                "INSERT INTO audit (at, who, command) VALUES (9, 'ann', 'outbox hold')",
                "INSERT INTO gate (company, supplier, name, is_open, at) VALUES ('C', 'S', 'bc_orders', true, 1)",
            ):
                connection.exec_driver_sql(statement)
        schema.upgrade(engine)
        words = {row["payload_id"]: (row["is_held"], row["at"]) for row in rows(engine, SEND_HELD)}
        assert words == {"held": (True, 10), "let go": (False, 10)}
        assert [row["may_have_left"] for row in rows(engine, SEND_RESULT)] == [False, False]
        assert len(rows(engine, OUTBOX)) == 3
        with engine.connect() as connection:
            assert epochs.current(connection).number == 2
