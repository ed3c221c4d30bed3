"""Every way an attempt can end, on real sockets, with and without repeats, and with the worker dying around it.

A row is what the supplier does and what must follow. After the first attempt the supplier is well, and the exchange
goes on for more than a day: whatever happened, the order is there, the supplier has it at most once unless it was shown
to take repeats, and what nobody can know is in doubt, for everybody to see.
"""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import pytest
import sqlalchemy as sa

from cxml_parsers.order_request import with_secret
from punchout.cli.errors import Exit
from punchout.cli.sync import _code, _troubles
from punchout.ledger.engine import reading
from punchout.ledger.sending import conformance
from punchout.ledger.sending.dispatch import Marked, mark
from punchout.model.moments import Micros
from punchout.ordering.answers import Answer
from punchout.reports.tracking import write_tracking_report
from resources.policies import sending_rules
from resources.supplier import SupplierClient
from tests.cli.homes import Outcome as SyncOutcome
from tests.resources.suppliers import Behaviour, Server, answers, closes, drips, hangs, resets, says, unused_port
from tests.support.ledgers import Ledgers, each
from tests.support.plays import Play
from tests.support.purchases import ACCOUNT
from tests.support.stories import FIRST, ONE_SEEN, queued

State: TypeAlias = Literal["sent", "refused", "blocked", "in_doubt", "unsent", "unsent or in_doubt", "repeated"]
"""Where the first attempt leads: `unsent` is tried again by itself, `repeated` too although it may have left."""
Crash: TypeAlias = Literal["lives on", "dies before sending", "dies after sending"]
CRASHES: tuple[Crash, ...] = ("lives on", "dies before sending", "dies after sending")

HTML = b"<!DOCTYPE html><html><body><h1>Error</h1></body></html>"
HOURS_AFTER = (0.3, 2, 30)


@dataclass(frozen=True, kw_only=True)
class Row:
    """What the supplier does with an order, and what follows.

    Attributes:
        behave: None where nobody listens.
        then: what follows.
        trusted: what follows where the supplier was shown to take repeats; None where it is the same.
        takes: whether an order that arrived whole may have been taken.
        listens: False where the connection is ended before anything is read.
        address: in the place of the server's.
        patience: seconds for an answer: what answers may be late on a busy machine, and what never does is given up.
    """

    behave: Behaviour | None
    then: State
    trusted: State | None = None
    takes: bool = True
    listens: bool = True
    address: str | None = None
    patience: float = 30.0


def cxml(code: int, text: str = "", *, payload_id: str = "r1@amazon.example", http: str = "200 OK") -> Behaviour:
    return answers(
        f'<?xml version="1.0"?><cXML payloadID="{payload_id}" timestamp="2026-03-03T17:00:01+00:00">'
        f'<Response><Status code="{code}" text="{text}"/></Response></cXML>'.encode(),
        http,
    )


WELL = cxml(200, "OK")
ANOTHER_OF_OURS = f"another@{FIRST.payload_id.rpartition('@')[2]}"

ROWS: dict[str, Row] = {
    # The connection.
    "nobody listens": Row(behave=None, then="unsent"),
    "no such host": Row(behave=None, then="unsent", address="http://supplier.invalid/orders"),
    "reset before it is read": Row(behave=resets, then="unsent or in_doubt", listens=False),
    "read, then closed": Row(behave=closes, then="in_doubt"),
    "read, then reset": Row(behave=resets, then="in_doubt"),
    "read, then silent": Row(behave=hangs, then="in_doubt", patience=0.5),
    # The answer as HTTP.
    "half a status line": Row(behave=says(b"HTTP/1.1 20"), then="in_doubt"),
    "a body cut off": Row(behave=answers(b"<cXML", length=5000), then="in_doubt"),
    "a chunk cut off": Row(
        behave=says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n<cXML"), then="in_doubt"
    ),
    "a body that drips": Row(
        behave=drips(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"), then="in_doubt", patience=0.5
    ),
    "a page with 200": Row(behave=answers(HTML), then="in_doubt"),
    "a page with 502": Row(behave=answers(HTML, "502 Bad Gateway"), then="in_doubt"),
    "a page with 503": Row(behave=answers(HTML, "503 Service Unavailable"), then="in_doubt", trusted="repeated"),
    "throttled with 429": Row(behave=answers(b"", "429 Too Many Requests"), then="unsent", takes=False),
    "sent elsewhere with 307": Row(
        behave=answers(b"", "307 Temporary Redirect", "Location: http://127.0.0.1:9/"), then="blocked"
    ),
    # The answer as cXML.
    "another order's payloadID": Row(behave=cxml(200, payload_id=ANOTHER_OF_OURS), then="in_doubt"),
    "cXML 200 in HTTP 500": Row(behave=cxml(200, http="500 Internal Server Error"), then="sent"),
    "cXML 200": Row(behave=cxml(200), then="sent"),
    "cXML 201": Row(behave=cxml(201), then="sent"),
    "cXML 204": Row(behave=cxml(204), then="sent"),
    "cXML 280": Row(behave=cxml(280), then="sent"),
    "cXML 281": Row(behave=cxml(281), then="sent"),
    "cXML 400": Row(behave=cxml(400, "Bad Request"), then="refused"),
    "cXML 401": Row(behave=cxml(401, "Unauthorized"), then="blocked"),
    "cXML 402": Row(behave=cxml(402, "Payment Required"), then="blocked"),
    "cXML 403": Row(behave=cxml(403, "Forbidden"), then="blocked"),
    "cXML 406": Row(behave=cxml(406, "Not Acceptable"), then="refused"),
    "cXML 409": Row(behave=cxml(409, "Conflict"), then="refused"),
    "cXML 409, already processed": Row(behave=cxml(409, "PO 1 has already been processed"), then="in_doubt"),
    "cXML 412": Row(behave=cxml(412, "Precondition Failed"), then="refused"),
    "cXML 450": Row(behave=cxml(450, "Not Implemented"), then="refused"),
    "cXML 475": Row(behave=cxml(475, "Signature Required"), then="blocked"),
    "cXML 499": Row(behave=cxml(499, "Size Limit"), then="refused"),
    "cXML 500": Row(behave=cxml(500, "PO 1 has already been processed"), then="in_doubt"),
    "cXML 550": Row(behave=cxml(550, "Unable to reach server"), then="in_doubt"),
    "cXML 551": Row(behave=cxml(551, "Unable to forward request"), then="in_doubt"),
    "cXML 560": Row(behave=cxml(560, "Temporary server error"), then="in_doubt", trusted="repeated"),
}
OFTEN = ("read, then silent", "read, then reset", "a page with 503", "cXML 200", "cXML 401", "cXML 500", "cXML 560",
         "nobody listens")  # fmt: skip


def matrix() -> Iterator[object]:
    """Cross the rows with both profiles and with when the worker dies; what is not run often is for the night."""
    for name in ROWS:
        for trusted in (False, True):
            for crash in CRASHES:
                is_rare = crash != "lives on" and (name not in OFTEN or trusted)
                profile = "repeats taken" if trusted else "repeats unknown"
                marks = (pytest.mark.nightly,) if is_rare else ()
                yield pytest.param(name, trusted, crash, marks=marks, id=f"{name}, {profile}, {crash}")


@dataclass
class Door:
    """Posts orders to an address, as the order channel does."""

    url: str
    patience: float = 30.0

    def send(self, stored_body: bytes) -> Answer:
        client = SupplierClient(
            self.url,
            connect_timeout=self.patience,
            read_timeout=self.patience,
            answer_timeout=self.patience,
            user_agent="punchout-exchange",
        )
        return client.post(with_secret(stored_body, "secret"))


@pytest.fixture(scope="module")
def ledgers(tmp_path_factory: pytest.TempPathFactory) -> Ledgers:
    return Ledgers("sqlite", tmp_path_factory.mktemp("ledgers"))


@pytest.fixture
def waiting(ledgers: Ledgers, tmp_path: Path) -> Iterator[Play]:
    """An exchange with one order that waits; everything is switched on."""

    def tell(engine: sa.Engine) -> Micros:
        play = Play(engine, tmp_path / "told")
        play.switch_on()
        queued(play)
        return play.now

    with ledgers.prepared("queued", tell) as (engine, moment):
        play = Play(engine, tmp_path / "home", database=database_of(engine))
        play.now = moment
        yield play


@pytest.mark.parametrize(("name", "trusted", "crash"), list(matrix()))
def test_an_order_is_never_lost_nor_sent_twice_when(waiting: Play, name: str, crash: Crash, *, trusted: bool) -> None:
    row, play = ROWS[name], waiting
    if trusted:
        each(play.engine, lambda connection: conformance.record(connection, ACCOUNT, ONE_SEEN))
        play = play.under(database=database_of(play.engine), supplier={"dedupes_payload_id": True})

    taken = attempted(play, row, crash)
    wanted = row.then if not trusted or row.trusted is None else row.trusted
    first = wanted if crash == "lives on" else "in_doubt"
    assert play.order().state in outbox_states(first)
    with Server(WELL) as well:
        play.supplier = Door(well.url)  # type: ignore[assignment] # stands in for the stand-in, on a real socket
        for hours in HOURS_AFTER:
            play.later(hours)
            play.sync()

    assert play.order().state == at_last(play, first)
    assert len({*taken, *well.bodies}) <= 1
    assert len(taken) * row.takes + len(well.bodies) <= (2 if first == "repeated" else 1)
    assert (play.order().state == "in_doubt") == is_seen_as_doubtful(play)
    assert play.broken_promises() == {}


def database_of(engine: sa.Engine) -> dict[str, str]:
    """Give the setting under which commands find the ledger."""
    return {"url": engine.url.render_as_string()}


def attempted(play: Play, row: Row, crash: Crash) -> list[bytes]:
    """Make the first attempt, as far as its worker lives, and settle what came of it; returns what arrived."""
    if row.behave is None:
        with unused_port() as port:
            dispatched(play, Door(row.address or f"http://127.0.0.1:{port}/orders"), crash)
        return []
    with Server(row.behave, listens=row.listens) as server:
        dispatched(play, Door(server.url, row.patience), crash)
    return server.bodies


def dispatched(play: Play, door: Door, crash: Crash) -> None:
    play.supplier = door  # type: ignore[assignment] # as above
    if crash != "lives on":
        # Its lease is over at once: whoever comes next finds that the worker is gone.
        rules = dataclasses.replace(sending_rules(play.settings), lease_seconds=0)
        with play.engine.begin() as connection:
            marked = mark(connection, FIRST.payload_id, rules, play.exchange().clocks)
        assert isinstance(marked, Marked)
        if crash == "dies after sending":
            door.send(marked.body)
        play.later(0.01)
    play.sync()


def outbox_states(first: State) -> set[str]:
    return {"unsent": {"pending"}, "unsent or in_doubt": {"pending", "in_doubt"}, "repeated": {"pending"}}.get(
        first, {first}
    )


def at_last(play: Play, first: State) -> str:
    """Where a day later leads: unsent orders were sent by then, all others are where they were."""
    if first == "unsent or in_doubt":
        return "sent" if play.order().attempt > 1 else "in_doubt"
    return "sent" if first in {"unsent", "repeated"} else first


def is_seen_as_doubtful(play: Play) -> bool:
    """Whether the exit code, the request's exceptions and the report say that an order is in doubt: all or none."""
    with reading(play.engine) as connection:
        page = write_tracking_report(connection, play.settings.report.out_dir, play.now).read_text()
    by = {
        _code(SyncOutcome(), _troubles(play.settings, set())) is Exit.IN_DOUBT,  # type: ignore[arg-type] # a stand-in
        "SEND_AMBIGUOUS" in play.request()["exceptions"],
        "SEND_AMBIGUOUS" in page,
    }
    assert len(by) == 1, "one place says what another does not"
    return by.pop()
