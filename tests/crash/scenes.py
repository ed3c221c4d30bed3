"""What happens in the runs that are cut short: the files that lie ready, and what the worker is told to do with them.

Together they pass every place at which the product writes: the migration of an empty database and that of one which an
earlier version filled, documents and exports, orders, updates for Business Central, the report, projections made again,
a replay, a large document, and a purge.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from punchout.model.moments import DAY, HOUR, Micros
from tests.support.bc_exports import as_csv
from tests.support.deliveries import Delivery
from tests.support.plays import FIRST_SYNC, settings_for
from tests.support.purchases import (
    PENS,
    STAPLER,
    Purchase,
    orders_export,
)
from tests.support.retention import OVER, documents_of, exports_of
from tests.support.stories import FIRST, HTML_PAGE, SECOND, UNKNOWN, confirmed, documents_of_first

THIRD = Purchase(number="PR0004", order_id="106004", items=(STAPLER, PENS))
RESTARTED = ("switch_on", "sync")


@dataclass(frozen=True, slots=True)
class Scene:
    """One run of a worker.

    Attributes:
        before: the scene that it goes on from, undisturbed; None for an empty home.
        files: what lies in the feeds at its beginning.
        restart: what a restart does, whatever the worker was at when it died.
        revision: the schema that the ledger has at its beginning, where that is not this program's.
        only_reads: whether the ledger may not change in it.
    """

    name: str
    before: "Scene | None"
    as_of: Micros
    steps: tuple[str, ...]
    files: tuple[Delivery, ...] = ()
    restart: tuple[str, ...] = RESTARTED
    revision: str | None = None
    only_reads: bool = False

    def __str__(self) -> str:
        return self.name

    @property
    def hashes(self) -> frozenset[str]:
        """The SHA-256 of every file."""
        return frozenset(hashlib.sha256(one.data).hexdigest() for one in self.files)


def deliver(scene: Scene, home: Path) -> None:
    """Put a scene's files into the feeds of a home."""
    feeds = settings_for(home).feeds
    for one in scene.files:
        (feeds[one.content].path / one.name).write_bytes(one.data)


def _as_csv(purchase: Purchase) -> tuple[Delivery, ...]:
    """Give the export of a request as Business Central writes CSV: two tables, and the manifest that names them."""
    manifest, bodies = as_csv(purchase.row(), exportedAt="2026-03-03T17:00:00Z", scope="delta")
    tables = zip(("x.csv", "x-lines.csv"), bodies.values(), strict=True)
    return (
        *(Delivery("bc_requests", name, body) for name, body in tables),
        Delivery("bc_requests", "x.manifest.json", manifest),
    )


FIRST_DAY = Scene(
    "from an empty home to the first orders",
    None,
    FIRST_SYNC,
    RESTARTED,
    (FIRST.cart(), *FIRST.exported(), *SECOND.exported()),
)
SECOND_DAY = Scene(
    "answers, a poisonous document, and a third order",
    FIRST_DAY,
    FIRST_SYNC + 24 * HOUR,
    RESTARTED,
    (
        *documents_of_first(),
        documents_of_first()[0].again("once-more.xml"),
        confirmed(UNKNOWN),
        HTML_PAGE,
        THIRD.cart(),
        *_as_csv(THIRD),
        orders_export(THIRD.order_row(), at="03T17:00", name="third.json"),
    ),
)
REBUILT = Scene("projections made again", SECOND_DAY, FIRST_SYNC + 48 * HOUR, ("forget_and_compute", "sync"))
REPLAYED = Scene(
    "a ledger made anew beside the old one",
    SECOND_DAY,
    SECOND_DAY.as_of,
    ("replay",),
    restart=("replay", *RESTARTED),
    only_reads=True,
)
UPGRADED = Scene("from the first version to this one", SECOND_DAY, FIRST_SYNC + 48 * HOUR, (), revision="0001")
ARCHIVED = Scene(
    "documents that are too large for the database",
    FIRST_DAY,
    FIRST_SYNC + 24 * HOUR,
    RESTARTED,
    tuple(HTML_PAGE.saying(text * 2**20, instead_of="502 Bad Gateway").again(f"large-{text}.xml") for text in "xy"),
)
_ORDERED = Scene("a purchase is ordered", None, FIRST_SYNC, RESTARTED, (OVER.cart(), *exports_of()))
_OVER = Scene("a purchase comes to its end", _ORDERED, FIRST_SYNC + 96 * HOUR, RESTARTED, tuple(documents_of()))
PURGED = Scene(
    "a purge of what is over",
    _OVER,
    FIRST_SYNC + 900 * DAY,
    ("sync", "purge"),
    # The report shows of people what the ledger holds, and is written by a sync.
    restart=(*RESTARTED, "purge", "sync"),
)
SCENES = (FIRST_DAY, SECOND_DAY, REBUILT, REPLAYED, UPGRADED, ARCHIVED, PURGED)
SENDING = (FIRST_DAY, SECOND_DAY)
"""The scenes in which orders leave."""
