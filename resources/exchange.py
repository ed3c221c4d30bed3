"""The exchange: every step of a sync as one call, with what it needs from the settings put in.

The steps themselves are units of work in `punchout.ledger`; here they are drained, in transactions of some hundreds of
items. The Dagster assets and the command line call these and nothing below.
"""

import time
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property

import sqlalchemy as sa

from punchout.ledger.business_central.import_exports import ImportCounts, import_exports
from punchout.ledger.business_central.updates import UpdateCounts, delivered, queue_updates, undelivered
from punchout.ledger.documents.parse import ParseCounts, parse
from punchout.ledger.draining import drain
from punchout.ledger.engine import open_engine, reading
from punchout.ledger.reconciling.changed_policies import touch_by_changed_policies
from punchout.ledger.reconciling.reconcile import ReconcileCounts, reconcile_touched, touch_due
from punchout.ledger.resolving.resolve import ResolveCounts, recheck_waiting, resolve
from punchout.ledger.schema import upgrade
from punchout.ledger.sending import dispatch, repeats, switches, withheld
from punchout.ledger.sending.dispatch import send_one
from punchout.ledger.sending.orders import OrderCounts, queue_orders
from punchout.ledger.sending.rules import Clocks
from punchout.ledger.upkeep.replay import require_whole
from punchout.model.moments import Micros
from punchout.ordering.answers import Verdict
from punchout.ordering.refusals import Refusal
from resources import policies as from_settings
from resources.business_central.exports import read_export
from resources.business_central.updates import UpdateKind, write_updates
from resources.home import prepare_home
from resources.inbox import Feed, Taken, take_in
from resources.mailbox import Mailbox
from resources.mailboxes import feed_mailbox, updates_mailbox
from resources.order_channel import order_channel
from resources.oversize import Oversize
from resources.settings import Settings

_BATCH = 500
_UPDATES_A_FILE = 1_000


@dataclass(frozen=True, slots=True)
class Dispatched:
    """What became of the orders that wanted to leave: how many by outbox state, and what held the others back."""

    outcomes: Mapping[str, int]
    held_back: Mapping[str, str]


def wall_clock() -> Micros:
    """Return the machine's time in microseconds UTC."""
    return time.time_ns() // 1_000


def open_ledger(settings: Settings) -> sa.Engine:
    """Open the ledger's database and bring it to this program's schema.

    Raises:
        SchemaMismatchError: a newer version of this program has written it.
        HalfMadeError: it is what a replay left that was cut short.
    """
    prepare_home(settings)
    engine = open_engine(settings.database.sqlalchemy_url(), settings.documents.archive_dir)
    upgrade(engine)
    with reading(engine) as connection:
        require_whole(connection)
    return engine


class Exchange:
    """One company's exchange with one supplier, as of one moment.

    Args:
        settings: how it is set up.
        engine: the ledger's database.
        as_of: the moment that everything in this sync happens at; the ledger never sees another clock.
    """

    def __init__(self, settings: Settings, engine: sa.Engine, as_of: Micros) -> None:
        self.settings = settings
        self.engine = engine
        self.as_of = as_of
        self.account = from_settings.account(settings)

    @cached_property
    def feeds(self) -> list[Feed]:
        """The ways in, in the order of their names."""
        return [
            Feed(name, feed.content, feed_mailbox(self.settings, feed))
            for name, feed in sorted(self.settings.feeds.items())
        ]

    @property
    def clocks(self) -> Clocks:
        """The sync's moment, and the wall clock for leases."""
        return Clocks(self.as_of, wall_clock())

    def receive(self) -> dict[str, Taken]:
        """Take in what lies in every feed; returns counts by feed. One that cannot be reached stops no other."""
        return {feed.name: self._receive(feed) for feed in self.feeds}

    def _receive(self, feed: Feed) -> Taken:
        limit = self.settings.documents.max_bytes
        aside = Oversize(self.engine, self.account, self.as_of, limit, self.settings.home)
        with closing(feed.mailbox):
            return take_in(self.engine, self.account, feed, self.as_of, limit, aside.set_aside)

    def parse(self) -> ParseCounts:
        """Judge received cXML documents and keep their facts."""
        rules = from_settings.acceptance_rules(self.settings)
        return drain(self.engine, lambda connection: parse(connection, rules, _BATCH))

    def import_exports(self, content: str) -> ImportCounts:
        """Import received exports of one content: `bc_requests` or `bc_orders`."""
        return drain(self.engine, lambda connection: import_exports(connection, content, read_export, _BATCH))

    def touch_due(self) -> int:
        """Have requests looked at again whose deadlines have passed; all of them where the policies have changed."""
        policies = from_settings.policies(self.settings)
        with self.engine.begin() as connection:
            changed = touch_by_changed_policies(connection, self.account, policies)
            return changed or touch_due(connection, self.as_of)

    def recheck_waiting(self) -> int:
        """Have waiting documents resolved again whose order became known side by side with them."""
        with self.engine.begin() as connection:
            return recheck_waiting(connection)

    def settle(self) -> tuple[ResolveCounts, ReconcileCounts]:
        """Resolve what is pending and reconcile what is touched, until neither is left."""
        return self.resolve(), self.reconcile()

    def resolve(self) -> ResolveCounts:
        """Find the request of every document that waits for that."""
        return drain(self.engine, lambda connection: resolve(connection, _BATCH))

    def reconcile(self) -> ReconcileCounts:
        """Compute every touched request anew."""
        policies = from_settings.policies(self.settings)
        return drain(self.engine, lambda connection: reconcile_touched(connection, policies, self.as_of, _BATCH))

    def queue_orders(self) -> OrderCounts:
        """Write down the orders of ready requests, unless the checks of the imports have failed."""
        ordering = from_settings.policies(self.settings).ordering
        with self.engine.begin() as connection:
            if ordering.sent_by != "pipeline" or switches.shut_gates(connection, self.account):
                return OrderCounts()
        letterhead = from_settings.letterhead(self.settings)
        return drain(self.engine, lambda connection: queue_orders(connection, ordering, letterhead, self.as_of, _BATCH))

    def dispatch(self) -> Dispatched:
        """Send every order that waits, one after the other; an attempt that nobody finished is in doubt first."""
        with self.engine.begin() as connection:
            recovered = dispatch.recover(connection, self.clocks)
            dedupes = self.settings.supplier.dedupes_payload_id
            recovered += repeats.lapse(connection, self.as_of, dedupes=dedupes)
            waiting = dispatch.waiting(connection, self.as_of)
        outcomes: Counter[str] = Counter({"in_doubt": recovered})
        held_back: dict[str, str] = {}
        for payload_id in waiting:
            ended = self.send(payload_id)
            if isinstance(ended, Refusal):
                held_back[payload_id] = ended.detail
            elif ended is not None:
                outcomes[ended.outcome] += 1
        return Dispatched(+outcomes, held_back)

    def send(self, payload_id: str) -> Verdict | Refusal | None:
        """Send one order that waits, under the same switches and caps as every other.

        What is wrong with the channel's settings comes out before the order is marked, and only where it may leave.
        """
        rules = from_settings.sending_rules(self.settings)
        try:
            channel = order_channel(self.settings)
        except Exception:
            # Of an order that is held back anyway, that is what has to be told.
            with self.engine.begin() as connection:
                refusal = withheld.held_back(connection, payload_id, rules, self.clocks)
            if refusal is None:
                raise
            return refusal
        return send_one(self.engine, payload_id, channel, rules, self.clocks)

    def update_business_central(self) -> tuple[UpdateCounts, int]:
        """Write down what Business Central should be told and deliver it as files; returns counts and files."""
        rules = from_settings.update_rules(self.settings)
        counts = drain(self.engine, lambda connection: queue_updates(connection, rules, self.as_of, _BATCH))
        return counts, sum(self._deliver(kind) for kind in UpdateKind)

    def _deliver(self, kind: UpdateKind) -> int:
        """Deliver one kind's files; the same content has the same name, so that a repetition replaces its like."""
        with closing(updates_mailbox(self.settings)) as mailbox:
            return self._deliver_to(mailbox, kind)

    def _deliver_to(self, mailbox: Mailbox, kind: UpdateKind) -> int:
        files = 0
        while True:
            with self.engine.begin() as connection:
                waiting = undelivered(connection, kind.value, _UPDATES_A_FILE)
            if waiting is None:
                return files
            written = write_updates(waiting.updates, kind, waiting.queued_at)
            mailbox.deliver(written.name, written.body)
            mailbox.deliver(written.manifest_name, written.manifest)
            with self.engine.begin() as connection:
                delivered(connection, waiting.updates, written.name, self.as_of)
            files += 1
