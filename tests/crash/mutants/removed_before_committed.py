"""A file is taken out of its feed before the ledger has it."""

from typing import Any

from resources import inbox
from resources.business_central.bundles import remove_fetched

LANE = "kill"
CAUGHT_BY = "is lost"
CUT_AFTER = "unlinkat"


def apply() -> None:
    """Break this process."""
    whole = vars(inbox)["_commit"]

    def remove_first(engine: Any, account: Any, feed: Any, batch: Any, at: Any) -> Any:  # noqa: ANN401 - as the original
        for unit in batch:
            if unit.fetched is not None:
                remove_fetched(feed.mailbox, unit.fetched)
        return whole(engine, account, feed, batch, at)

    vars(inbox)["_commit"] = remove_first
