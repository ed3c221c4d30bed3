"""Decisions by the names that requests and lines go by now, for readers of projections.

How they are found is `punchout.reconciliation.decision_names`; reconciling does the same with what it computes.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from punchout.ledger.codec import codec_of
from punchout.ledger.decisions.decided import in_order
from punchout.ledger.reconciling.histories import histories
from punchout.model.decisions import AnalystDecision
from punchout.model.keys import RequestKey
from punchout.reconciliation.decision_names import named_now
from punchout.reconciliation.results import LinePosition
from punchout.reconciliation.rows import current_rows
from punchout.reconciliation.rulings import without_ignored
from punchout.reconciliation.sending import sending

_CODEC = codec_of(LinePosition)
_HASH = 64


def named_by_lines(
    connection: sa.Connection,
    decisions: Mapping[RequestKey, Sequence[AnalystDecision]],
    lines: Mapping[tuple[str, str, str], Sequence[Mapping[Any, Any]]],
) -> dict[RequestKey, Sequence[AnalystDecision]]:
    """Return decisions as they count for their requests, oldest first; those that count for nothing are left out.

    Args:
        connection: to read from.
        decisions: about some requests.
        lines: the rows of their lines' positions.
    """
    # Who names a line as it is named still needs nothing more to be read.
    known = {key: {f"{key.request_no}/{row['key']}" for row in lines.get(_row_key(key), ())} for key in decisions}
    others = [
        key
        for key, decided in decisions.items()
        if any(one.kind == "acknowledge" and not _is_named_so(one.subject, key, known[key]) for one in decided)
    ]
    named = dict(decisions)
    for key, known_of in histories(connection, others).items():
        history, placed = without_ignored(known_of), sending(known_of)
        positions = [_CODEC.decode(row, {}) for row in lines.get(_row_key(key), ())]
        found = named_now(history, current_rows(history, placed.order), positions)
        named[key] = in_order(one.counts for one in found if one.counts is not None)
    return named


def _is_named_so(subject: str, key: RequestKey, lines: set[str]) -> bool:
    is_place = len(subject.partition("#")[0]) == _HASH
    return is_place or subject == key.request_no or subject in lines


def _row_key(key: RequestKey) -> tuple[str, str, str]:
    return key.company, key.supplier, key.request_no
