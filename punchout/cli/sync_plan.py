"""What `punchout sync --dry-run` foretells: what lies in the feeds, and what waits in the ledger. Nothing is changed.

A folder on an SFTP server is not looked into: whoever lists it there also mends what was broken off.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from punchout.cli.errors import CommandError
from punchout.cli.rehearsing import rehearsed

if TYPE_CHECKING:
    import sqlalchemy as sa

    from punchout.model.moments import Micros
    from resources.settings import Settings


def sync_plan(configured: "Settings", as_of: "Micros | None") -> dict[str, Any]:
    """Return what a sync would begin with, as JSON shows it; `ledger` is None while there is none.

    Raises:
        ClockRanBackwardsError: `as_of` lies before the last sync.
    """
    from punchout.cli.opening import existing

    feeds = dict(_feeds(configured))
    try:
        existing(configured).dispose()
    except CommandError:
        return {"dry_run": True, "feeds": feeds, "ledger": None}
    waiting = rehearsed(configured, lambda connection, at: _waiting(configured, connection, at), as_of)
    return {"dry_run": True, "feeds": feeds, "ledger": waiting}


def _feeds(configured: "Settings") -> "Iterator[tuple[str, int | None]]":
    """Yield how many files would be taken from each feed; None where it cannot be looked into from here."""
    from resources.mailbox import MailboxUnavailable
    from resources.mailboxes import feed_mailbox

    for name, feed in sorted(configured.feeds.items()):
        if feed.sftp is not None:
            yield name, None
            continue
        try:
            yield name, sum(1 for _ in feed_mailbox(configured, feed).settled())
        except MailboxUnavailable:
            yield name, None


def _waiting(configured: "Settings", connection: "sa.Connection", at: "Micros") -> dict[str, Any]:
    import sqlalchemy as sa

    from punchout.ledger.reconciling.reconcile import touch_due
    from punchout.ledger.sending.switches import ORDERS, is_on
    from punchout.ledger.tables.control import TOUCH
    from punchout.ledger.views.status import documents_unfinished
    from punchout.ledger.views.work_waiting import pending_orders, ready_requests
    from punchout.model.moments import iso_utc
    from resources.policies import account

    due = touch_due(connection, at)
    touched = sa.select(TOUCH.c.company, TOUCH.c.supplier, TOUCH.c.request_no).distinct().subquery()
    return {
        "as_of": iso_utc(at),
        "documents": documents_unfinished(connection),
        "requests": connection.execute(sa.select(sa.func.count()).select_from(touched)).scalar_one(),
        "requests_due": due,
        "orders_ready": len(ready_requests(connection, account(configured))),
        "orders_pending": len(pending_orders(connection, at)),
        "sending": configured.orders.send_enabled
        and is_on(connection, ORDERS)
        and not configured.orders.kill_switch.exists(),
    }
