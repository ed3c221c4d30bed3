"""An order whose answer did not come in time is taken for one that did not leave."""

from punchout.ordering import answers
from punchout.ordering.answers import Failure

LANE = "supplier"
CAUGHT_BY = "was received 3 times"
SUPPLIER = "never answers"


def apply() -> None:
    """Break this process."""
    vars(answers)["_BY_FAILURE"][Failure.READ_TIMEOUT] = "pending"
