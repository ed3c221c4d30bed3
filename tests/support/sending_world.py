"""What the machine of sending is about: the orders, what may arrive, and the supplier as it really is."""

from collections import Counter
from dataclasses import dataclass

import sqlalchemy as sa

from punchout.ledger import runs
from punchout.ledger.engine import reading
from punchout.ledger.schema import upgrade
from punchout.ledger.sending import conformance
from punchout.ledger.sending.epochs import Epoch
from punchout.ledger.tables.facts import SEND_MARKED
from punchout.ordering.answers import Answer
from tests.support.deliveries import Delivery
from tests.support.endings import ENDINGS
from tests.support.plays import Play
from tests.support.purchases import ACCOUNT, PENS, Purchase
from tests.support.stories import HTML_PAGE, ONE_SEEN, TAKEN_BY_SUPPLIER

APPROVED = [Purchase(number=f"PR{n:04}", order_id=f"10600{n}", items=(PENS,)) for n in (1, 2, 3, 4)]
BY_HAND = Purchase(number="PR0005", order_id="106005", items=(PENS,))
PURCHASES = [*APPROVED, BY_HAND]
PAYLOAD_IDS = [one.payload_id for one in PURCHASES]


def documents() -> list[Delivery]:
    """Give what may arrive: answers to each purchase, exports again, and what is no document of ours."""
    found = [HTML_PAGE, TAKEN_BY_SUPPLIER]
    for purchase in PURCHASES:
        found += [
            purchase.confirmation(f"111-{purchase.number}", (1, "detail", "3")),
            purchase.ship_notice(f"S-{purchase.number}", (1, "3")),
            purchase.invoice(f"I-{purchase.number}", (1, "3")),
        ]
    return found


DOCUMENTS = documents()
ANSWERS = {f"{what}-{one.number}": one.payload_id for one in PURCHASES for what in ("111", "S", "I")}


class Supplier:
    """The supplier as it really is: what arrived, and what it has."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self.ending = ENDINGS["taken"]
        self.arrived: dict[str, list[bytes]] = {}
        self.has: Counter[str] = Counter()

    def send(self, stored_body: bytes) -> Answer:
        payload_id = next(one for one in PAYLOAD_IDS if one.encode() in stored_body)
        with reading(self.engine) as connection:
            marks = connection.execute(sa.select(SEND_MARKED.c.payload_id)).scalars().all()
        assert payload_id in marks, "it left unmarked"
        self.arrived.setdefault(payload_id, []).append(stored_body)
        self.has[payload_id] += self.ending.has_it
        return self.ending.seen


@dataclass
class Remembered:
    """The note of the last epoch, without a file: thousands of histories would wait for the disk."""

    noted: Epoch | None = None

    def read(self) -> Epoch | None:
        return self.noted

    def write(self, epoch: Epoch) -> None:
        self.noted = epoch


def fill(play: Play) -> None:
    """Write down what every history begins with."""
    upgrade(play.engine)
    play.switch_on()
    with play.engine.begin() as connection:
        conformance.record(connection, ACCOUNT, ONE_SEEN)
        runs.open_run(connection, "the first", play.now, play.now)
    exports = [one.again(f"{purchase.number}-{one.name}") for purchase in APPROVED for one in purchase.exported()]
    requests, purchase_orders = BY_HAND.exported()
    play.take_in(*exports, requests.saying('"manual"', '"approval"'), purchase_orders)
    play.exchange().queue_orders()
    play.exchange().settle()
