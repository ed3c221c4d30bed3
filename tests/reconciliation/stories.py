"""What the named cases share: one line for a whole result, and what people decide."""

from collections.abc import Iterable
from typing import Any

from punchout.model.decisions import AnalystDecision, DecisionKind
from punchout.model.exact import ONE, format_decimal
from punchout.model.history import RequestHistory
from punchout.reconciliation.results import Reconciled
from tests.reconciliation.histories import (
    NOW,
    POLICY,
    SENT_AT,
    invoice,
    now,
)


def told(facts: RequestHistory, when: int = NOW, policy: Any = POLICY) -> tuple[str, list[str], list[str]]:  # noqa: ANN401 - a policy
    """Stage, `accepted/shipped/invoiced` of each line, and codes."""
    return shown(now(facts, when, policy))


def shown(found: Reconciled) -> tuple[str, list[str], list[str]]:
    lines = [f"{line.accepted // ONE}/{line.shipped // ONE}/{line.invoiced // ONE}" for line in found.lines]
    return found.stage.value, lines, [one.code.value for one in found.exceptions]


def credit(*pairs: tuple[int | None, int], **more: Any) -> Any:  # noqa: ANN401 - any field
    return invoice(
        *pairs, **{"invoice_id": "C1", "purpose": "lineLevelCreditMemo", "original_invoice_id": "I1", **more}
    )


def decided(kind: DecisionKind, subject: str, **more: Any) -> AnalystDecision:  # noqa: ANN401 - any field
    return AnalystDecision(
        **{"kind": kind, "subject": subject, "by": "ann", "at": SENT_AT, "reason": "I know better", **more}
    )


def pieces(values: Iterable[int]) -> list[str]:
    return [format_decimal(value) for value in values]
