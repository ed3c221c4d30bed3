"""An order that is sent again gets another payloadID, so that the supplier cannot tell it from a second order."""

import dataclasses
import re
import uuid
from typing import Any

from punchout.ledger.sending import dispatch
from punchout.ledger.sending.dispatch import Marked

LANE = "supplier"
CAUGHT_BY = "with other bytes"
SUPPLIER = "says 500"


def apply() -> None:
    """Break this process."""
    whole = dispatch.mark

    def mark(*arguments: Any) -> Any:  # noqa: ANN401 - as the original
        marked = whole(*arguments)
        if not isinstance(marked, Marked) or marked.attempt == 1:
            return marked
        fresh = f'payloadID="{uuid.uuid4()}@'.encode()
        return dataclasses.replace(marked, body=re.sub(rb'payloadID="[^@"]*@', fresh, marked.body))

    vars(dispatch)["mark"] = mark
