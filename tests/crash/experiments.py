"""What is done to workers beside killing them, each as one experiment that gives what was wrong."""

import os
import re
import signal
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import pairwise
from socket import socket
from threading import Event

from resources.epoch_note import NAME as EPOCH_NOTE
from tests.crash.lab import TAKES, Lab
from tests.crash.scenes import FIRST_DAY, REBUILT, REPLAYED, RESTARTED, Scene
from tests.crash.strace import Call, Point, killed_at
from tests.crash.worker import replayed_in
from tests.crash.write_order import wrong_order
from tests.resources.suppliers import Behaviour, Server, answers, closes
from tests.support.plays import FIRST_SYNC
from tests.support.stories import FIRST

ONE_ORDER = Scene("one order", None, FIRST_SYNC, ("switch_on", "take_in", "queue"), FIRST.exported())


def says_nothing(connection: socket, _server: Server) -> None:
    """Waits until the other side gives up."""
    connection.recv(1)


MISBEHAVING: Mapping[str, Behaviour] = {
    "closes without a word": closes,
    "never answers": says_nothing,
    "says 500": answers(
        b'<?xml version="1.0" encoding="UTF-8"?><cXML payloadID="1@supplier" timestamp="2026-03-02T17:00:00+00:00">'
        b'<Response><Status code="500" text="PO Number: 1 has already been processed."/></Response></cXML>',
        "200 OK",
        "Content-Type: text/xml",
    ),
}
_PATIENCE = 20.0
_TIMEOUT = 0.3
_ORDER = re.compile(rb'orderID="([^"]*)"')


def killed_after(lab: Lab, scene: Scene, name: str) -> list[str]:
    """Kill workers just after calls of one name, until a promise breaks; gives what was wrong then."""
    for point in after(lab.calls(scene), name):
        wrong = lab.cut(scene, killed_at(point)).wrong
        if wrong:
            return wrong
    return []


def after(made: list[Call], name: str) -> list[Point]:
    """Give the places to cut just after calls of one name, each time there were some."""
    changing = [call for call in made if call.changes]
    return [Point(then.name, then.number) for call, then in pairwise(changing) if call.name == name != then.name]


def order_of_writing(lab: Lab, scene: Scene) -> list[str]:
    """Check the order of a scene's calls."""
    return wrong_order(lab.calls(scene), str(lab.home))


def projections_made_again(lab: Lab) -> list[str]:
    """Have every projection made again, and judge what follows."""
    lab.undisturbed(REBUILT)
    lab.begin(REBUILT)
    lab.must(lab.job(REBUILT))
    return lab.judged(REBUILT)[1]


def gone_on_from_a_replay(lab: Lab) -> list[str]:
    """Put a replay in the place of the ledger, on a machine that knows of no sending, and see what leaves once more."""
    lab.begin(REPLAYED)
    lab.nursery.run(lab.job(REPLAYED))
    replayed_in(lab.home).replace(lab.home / "ledger.sqlite3")
    (lab.home / EPOCH_NOTE).unlink()
    for hours in (1, 2):
        lab.must(lab.job(REPLAYED, RESTARTED, hours_later=hours))
    counted = Counter([*lab.received, *lab.sent_before(REPLAYED)])
    wrong = [f"order {one} was received {times} times" for one, times in counted.items() if times > 1]
    return wrong + lab.broken_promises()


def misbehaving_supplier(lab: Lab, supplier: str) -> list[str]:
    """Let the supplier take orders and not say so; then a person who cannot find them has them sent again."""
    lab.undisturbed(FIRST_DAY)
    lab.begin(FIRST_DAY)
    lab.behave = MISBEHAVING[supplier]
    try:
        for hours in range(3):
            lab.must(lab.job(FIRST_DAY, RESTARTED, hours_later=hours, read_timeout=_TIMEOUT))
        state = lab.state()
        wrong = [f"order {one} was received {times} times" for one, times in Counter(lab.received).items() if times > 1]
        wrong += [f"order {one} is {at}, and nobody knows" for one, at in state.orders.items() if at != "in_doubt"]
        lab.behave = TAKES
        lab.must(lab.job(FIRST_DAY, ("settle_doubts", "sync"), hours_later=4))
    finally:
        lab.behave = TAKES
    wrong += [f"order {one} is {at} after a person's word" for one, at in lab.state().orders.items() if at != "sent"]
    return wrong + _other_bytes(lab) + lab.broken_promises()


def given_up(lab: Lab) -> list[str]:
    """Give a worker up that waits for its answer, and let the answer come; it may not change a thing any more."""
    answer_now = Event()

    def withhold(connection: socket, server: Server) -> None:
        answer_now.wait(_PATIENCE)
        TAKES(connection, server)

    lab.begin(ONE_ORDER)
    lab.must(lab.job(ONE_ORDER))
    lab.behave = withhold
    try:
        pid = lab.nursery.start(lab.job(ONE_ORDER, ("dispatch",)))
        os.kill(pid, signal.SIGCONT)
        _wait_for_an_order(lab)
        lab.must(lab.job(ONE_ORDER, ("dispatch",), hours_later=1))
        before = lab.state()
        answer_now.set()
        code = lab.nursery.ended(pid)
    finally:
        answer_now.set()
        lab.behave = TAKES
    after_all = lab.state()
    changed = [name for name in before.tables if before.tables[name] != after_all.tables[name]]
    wrong = [f"a worker that was given up has changed {name}" for name in changed]
    return wrong if code == 0 else [*wrong, f"the worker that was given up ended with {code}: {lab.talk.read_text()}"]


def _wait_for_an_order(lab: Lab) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not lab.received:
        assert time.monotonic() < deadline, "no order came"
        time.sleep(0.01)


def _other_bytes(lab: Lab) -> list[str]:
    bodies: dict[bytes, set[bytes]] = defaultdict(set)
    for body in lab.supplier.bodies:
        found = _ORDER.search(body)
        bodies[found.group(1) if found else b""].add(body)
    return [f"order {one.decode()} was sent again with other bytes" for one, sent in bodies.items() if len(sent) > 1]
