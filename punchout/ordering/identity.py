"""The payloadID of an order: the same for the same order for ever, so that no retry can mint a second one.

cXML asks that neither payloadID nor timestamp change on a retry; the timestamp is the moment of queueing, and stored.
"""

import json
import re
from uuid import UUID, uuid5

from punchout.model.keys import Account
from punchout.ordering.policy import Environment

# Never changed: another namespace would give every order a second identity.
_ORDERS = UUID("8f6a2c0e-5d0b-5c55-9b57-3f3f6f0c7a11")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", re.ASCII)


def payload_id(account: Account, environment: Environment, order_id: str, order_version: int, host: str) -> str:
    """Return the payloadID of one version of one order.

    Raises:
        ValueError: `host` is no host name.
    """
    if _HOST.fullmatch(host) is None:
        raise ValueError(f"not a host name: {host!r}")
    # A JSON list keeps the parts apart: ("a", "bc") and ("ab", "c") are different orders.
    name = json.dumps([account.company, account.supplier, environment, order_id, order_version])
    return f"{uuid5(_ORDERS, name)}@{host}"
