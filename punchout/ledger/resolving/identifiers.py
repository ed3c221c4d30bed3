"""Which identifiers portions of documents carry, and which requests these are known to belong to."""

from collections import defaultdict
from collections.abc import Mapping
from typing import TypeAlias

import sqlalchemy as sa

from punchout.ledger.resolving.assigning import Portion
from punchout.ledger.resolving.references import PORTION
from punchout.ledger.sql import chunks, key_in
from punchout.ledger.tables.facts import REFERENCE
from punchout.ledger.tables.projections import IDENTIFIER
from punchout.model.keys import Account, RequestKey
from punchout.reconciliation.order_rules import KINDS, TAUGHT, Identifier

Owners: TypeAlias = dict[Identifier, set[RequestKey]]

_TAUGHT_KINDS = frozenset(rule.kind for rule in TAUGHT)


def identifiers_of(connection: sa.Connection, accounts: Mapping[int, Account]) -> dict[Portion, set[Identifier]]:
    """Return each portion's identifiers; a portion without any is there with an empty set."""
    found: dict[Portion, set[Identifier]] = defaultdict(set)
    columns = (REFERENCE.c.document_id, REFERENCE.c.portion, REFERENCE.c.kind, REFERENCE.c.value)
    for chunk in chunks(accounts):
        for row in connection.execute(sa.select(*columns).where(REFERENCE.c.document_id.in_(chunk))):
            if row.kind == PORTION:
                found[row.document_id, row.portion]
            elif row.kind in KINDS:
                found[row.document_id, row.portion].add((row.kind, row.value))
    return found


def owners_of(
    connection: sa.Connection, accounts: Mapping[int, Account], identifiers: Mapping[Portion, set[Identifier]]
) -> dict[Account, Owners]:
    """Return the requests that identifiers are known to belong to, as far as no document has to teach it."""
    wanted = {
        (accounts[i].company, accounts[i].supplier, kind, value)
        for (i, _), pairs in identifiers.items()
        for kind, value in pairs
        if kind not in _TAUGHT_KINDS
    }
    columns = [IDENTIFIER.c[name] for name in ("company", "supplier", "kind", "value")]
    owners: dict[Account, Owners] = defaultdict(lambda: defaultdict(set))
    for chunk in chunks(sorted(wanted)):
        for row in connection.execute(sa.select(*columns, IDENTIFIER.c.request_no).where(key_in(columns, chunk))):
            account = Account(row.company, row.supplier)
            owners[account][row.kind, row.value].add(RequestKey(row.company, row.supplier, row.request_no))
    return owners
