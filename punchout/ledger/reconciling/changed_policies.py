"""Whether requests were computed by the policies that hold now: where these are others, all are computed again."""

import hashlib

import sqlalchemy as sa

from punchout.ledger.reconciling.reconcile import Policies
from punchout.ledger.sql import upsert
from punchout.ledger.tables.control import POLICY_APPLIED, REQUEST_WORK
from punchout.ledger.touches import touch
from punchout.model.keys import Account, RequestKey


def touch_by_changed_policies(connection: sa.Connection, account: Account, policies: Policies) -> int:
    """Touch every request of an account if others than these policies were applied before; returns how many."""
    of_account = (POLICY_APPLIED.c.company == account.company, POLICY_APPLIED.c.supplier == account.supplier)
    applied = connection.execute(sa.select(POLICY_APPLIED.c.sha256).where(*of_account)).scalar_one_or_none()
    wanted = _sha256(policies)
    if applied == wanted:
        return 0
    row = {"company": account.company, "supplier": account.supplier, "sha256": wanted}
    upsert(connection, POLICY_APPLIED, [row])
    work = REQUEST_WORK.c
    requests = sa.select(work.request_no).where(work.company == account.company, work.supplier == account.supplier)
    numbers = connection.execute(requests).scalars().all()
    touch(connection, (RequestKey(account.company, account.supplier, number) for number in numbers))
    return len(numbers)


def computed_otherwise(connection: sa.Connection, policies: Policies) -> set[Account]:
    """Return the accounts whose requests were computed by other policies, which the next sync will see to."""
    query = sa.select(POLICY_APPLIED.c.company, POLICY_APPLIED.c.supplier).where(
        POLICY_APPLIED.c.sha256 != _sha256(policies)
    )
    return {Account(*row) for row in connection.execute(query)}


def _sha256(policies: Policies) -> str:
    return hashlib.sha256(repr(policies).encode()).hexdigest()
