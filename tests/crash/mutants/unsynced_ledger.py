"""SQLite is told that a commit need not reach the disk (`synchronous=NORMAL`)."""

from punchout.ledger import engine

LANE = "order"
CAUGHT_BY = "leaves before its mark is on the disk"


def apply() -> None:
    """Break this process."""
    pragmas = vars(engine)["_SQLITE_PRAGMAS"]
    vars(engine)["_SQLITE_PRAGMAS"] = tuple(one.replace("synchronous=FULL", "synchronous=NORMAL") for one in pragmas)
