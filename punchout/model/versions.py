"""Which of several versions stands: rows of Business Central, and carts.

The choice never looks at the order of arrival: the highest stated time wins, ties fall to the content's hash.
Versions of confirmations, ship notices and invoices need their own rules and live in `punchout.reconciliation`.
"""

from collections.abc import Iterable
from typing import TypeVar

from punchout.model.history import Stated

T = TypeVar("T")


def current(versions: Iterable[Stated[T]]) -> Stated[T] | None:
    """Return the version of a row that stands: highest version time, then highest body hash; None of none."""
    return max(versions, key=lambda stated: (stated.source.version, stated.source.body_sha256), default=None)
