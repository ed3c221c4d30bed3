"""The traffic of a company, day by day: each day's documents speak of purchases at four points of their way.

On a day come as many carts, confirmations, ship notices and invoices as each other, in no order: the carts of the
purchases that were begun that day, the confirmations of those of the day before, and so on. So every document of a day
is about a request of its own, as it is where a supplier's documents are taken in soon after they come. What Business
Central exports of those purchases comes before.
"""

import random
from datetime import date, timedelta
from functools import cache
from typing import Final

from benchmarks.documents import KINDS, bought
from punchout.model.moments import Micros
from tests.support.deliveries import Delivery, cxml
from tests.support.purchases import Purchase, instant, orders_export, requests_export

FIRST_WHOLE_DAY: Final = len(KINDS) - 1
"""The first day on which documents of every kind come."""
_FIRST_DAY: Final = date(2026, 3, 9)


class Traffic:
    """The documents of each day, the same for the same seed.

    Args:
        documents: how many of them come a day; from `FIRST_WHOLE_DAY` on.
        seed: what chance begins with.
    """

    def __init__(self, documents: int, *, seed: int) -> None:
        self._begun_a_day = documents // len(KINDS)
        self._seed = seed
        self.begun = cache(self._begun)

    def _begun(self, day: int) -> list[Purchase]:
        """Return the purchases that were begun on a day."""
        chance = self._chance("purchases", day)
        return [bought(chance, f"-T{self._seed}-{day}-{number:04}") for number in range(self._begun_a_day)]

    def evening(self, day: int) -> Micros:
        """Return the moment at which a day's documents have all come."""
        return instant(f"{_FIRST_DAY + timedelta(day)}T20:00:00Z")

    def exports(self, day: int) -> list[Delivery]:
        """Return what Business Central exports before a day's documents: new requests, and purchase orders."""
        opened = [one.new_row() for one in self.begun(day)]
        name = f"day-{self._seed}-{day}"
        found = [requests_export(*opened, name=f"{name}-new.json")]
        if day:
            before = self.begun(day - 1)
            found += [
                requests_export(*(one.row() for one in before), name=f"{name}-requests.json"),
                orders_export(*(one.order_row() for one in before), name=f"{name}-orders.json"),
            ]
        return found

    def documents(self, day: int) -> list[Delivery]:
        """Return a day's documents; the names of their files say nothing of their order."""
        chance = self._chance("documents", day)
        made = [
            kind(chance, purchase, _FIRST_DAY + timedelta(day))
            for back, kind in enumerate(KINDS)
            for purchase in (self.begun(day - back) if day >= back else ())
        ]
        return [cxml(f"{chance.getrandbits(64):016x}.xml", data) for data in made]

    def _chance(self, what: str, day: int) -> random.Random:
        return random.Random(f"{what} {self._seed} {day}")  # noqa: S311 - not a secret
