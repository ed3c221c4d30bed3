"""Replays a ledger as it is configured: from its stored bytes into an empty database, and compares the two.

The ledger that is replayed is only read. The one it is replayed into is settled under settings without an address or a
secret: there is no channel by which anything could leave, and no order in its outbox that would want to.
"""

from dataclasses import dataclass, field
from functools import partial
from itertools import islice

import sqlalchemy as sa

from punchout.ledger import touches
from punchout.ledger.business_central.import_exports import import_exports
from punchout.ledger.documents.parse import parse
from punchout.ledger.draining import drain
from punchout.ledger.engine import reading
from punchout.ledger.ledger_hash import ledger_hash
from punchout.ledger.runs import last_as_of
from punchout.ledger.schema import upgrade
from punchout.ledger.upkeep import replay
from punchout.ledger.upkeep.compare import Difference, compare
from punchout.ledger.views.status import documents_unfinished
from punchout.model.moments import Micros
from resources import policies as from_settings
from resources.business_central.exports import read_export
from resources.exchange import Exchange, wall_clock
from resources.settings import Settings

_SHOWN = 200
_EXPORTS_AT_ONCE = 10
_DOCUMENTS_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay came to.

    Attributes:
        as_of: the moment both ledgers speak of: that of the last sync.
        documents: how many were read again.
        carried: how many went over with their facts, since their bytes were purged.
        hashes: of the ledger, and of its replay.
        waiting: how many documents and touches wait for the next sync in the ledger; they have no effect there yet.
        differences: the first of them; none for equal ledgers.
    """

    as_of: Micros
    documents: int
    carried: int
    hashes: tuple[str, str]
    waiting: int
    differences: list[Difference] = field(default_factory=list)

    @property
    def is_equal(self) -> bool:
        """Whether both ledgers come to the same, by hash and by every verdict."""
        return self.hashes[0] == self.hashes[1] and not self.differences


def replay_ledger(settings: Settings, source: sa.Engine, target: sa.Engine) -> Replayed:
    """Replay a ledger into an empty database and compare.

    Raises:
        NotEmptyError: the database to replay into is not empty; HalfMadeError, where a replay into it was cut short.
        ConfigurationError: it is not said who sends orders and who receives carts.
    """
    replay.require_empty(target)
    upgrade(target)
    with reading(source) as connection:
        _stay_open(connection)
        as_of = last_as_of(connection) or wall_clock()
        replay.begin_run(target, as_of, wall_clock())
        copied = replay.copy_documents(connection, target)
        replay.copy_own_facts(connection, target)
        _read_again(settings, target)
        _settle(Exchange(_without_channel(settings), target, as_of))
        replay.set_aside_again(connection, target)
        replay.end_run(target, wall_clock())
        with reading(target) as replayed:
            return Replayed(
                as_of,
                copied.read,
                copied.carried,
                (ledger_hash(connection), ledger_hash(replayed)),
                touches.count(connection) + documents_unfinished(connection),
                list(islice(compare(connection, replayed), _SHOWN)),
            )


def _read_again(settings: Settings, target: sa.Engine) -> None:
    """Read every document. All of them wait at once, so that fewer are taken at a time than in a sync."""
    for content in ("bc_requests", "bc_orders"):
        drain(target, partial(import_exports, content=content, read_export=read_export, limit=_EXPORTS_AT_ONCE))
    drain(target, partial(parse, rules=from_settings.acceptance_rules(settings), limit=_DOCUMENTS_AT_ONCE))


def _settle(exchange: Exchange) -> None:
    """Do what a sync does with what was read, and nothing of what it does to go out."""
    exchange.settle()
    exchange.recheck_waiting()
    exchange.settle()


def _without_channel(settings: Settings) -> Settings:
    supplier = settings.supplier.model_copy(update={"order_url": None, "shared_secret": None})
    return settings.model_copy(update={"supplier": supplier})


def _stay_open(connection: sa.Connection) -> None:
    """Keep the picture of the ledger while its replay is worked on, however long that takes."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
