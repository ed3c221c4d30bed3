"""A supplier that says 500 is taken for one that has not got the order."""

from punchout.ordering import answers

LANE = "supplier"
CAUGHT_BY = "was received 3 times"
SUPPLIER = "says 500"


def apply() -> None:
    """Break this process."""
    vars(answers)["_BY_CXML"][500] = "pending"
