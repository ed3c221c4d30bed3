"""The stages in the order in which a request passes them, for the funnel and for the mark beside each stage."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from punchout.reconciliation.stages import Stage


@dataclass(frozen=True, slots=True)
class Look:
    """How a stage is marked, in shape as well as in colour: `quarters` of a disc are full; a failure has a cross."""

    style: str
    quarters: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StageCount:
    """How many requests stand at a stage."""

    stage: str
    look: Look
    requests: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """Stages that belong together. `requests` is their sum, `share` that of all requests in per cent."""

    name: str
    requests: int
    share: int
    stages: Sequence[StageCount]


_PHASES: Mapping[str, Mapping[Stage, Look]] = {
    "Request": {
        Stage.NEW: Look("open", 0),
        Stage.CART_RECEIVED: Look("open", 0),
        Stage.PENDING_APPROVAL: Look("open", 0),
        Stage.RELEASED: Look("open", 0),
    },
    "Order": {
        Stage.PO_CREATED: Look("open", 1),
        Stage.PO_QUEUED: Look("open", 1),
        Stage.PO_SENT: Look("open", 1),
        Stage.SEND_FAILED: Look("failed", 0),
    },
    "Confirmation": {
        Stage.PARTIALLY_CONFIRMED: Look("open", 2),
        Stage.ORDER_CONFIRMED: Look("open", 2),
        Stage.REJECTED: Look("failed", 0),
    },
    "Shipment": {Stage.PARTIALLY_SHIPPED: Look("open", 3), Stage.SHIPPED: Look("open", 3)},
    "Invoice": {Stage.PARTIALLY_INVOICED: Look("open", 3), Stage.INVOICED: Look("done", 4)},
    "End": {Stage.CLOSED: Look("done", 4), Stage.CANCELLED: Look("off", 0)},
}
_LOOKS: Mapping[str, Look] = {stage.value: look for stages in _PHASES.values() for stage, look in stages.items()}
_UNKNOWN = Look("open", 0)


def look_of(stage: str) -> Look:
    """Return how a stage is marked."""
    return _LOOKS.get(stage, _UNKNOWN)


def rank_of(stage: str) -> int:
    """Return a stage's place on the way; one of a later version comes last."""
    return next((place for place, known in enumerate(_LOOKS) if known == stage), len(_LOOKS))


def funnel(stages: Iterable[str]) -> list[Phase]:
    """Count requests by stage; every stage has its place, whether or not a request stands there."""
    counted = Counter(stages)
    everything = counted.total() or 1
    phases = []
    for name, looks in _PHASES.items():
        counts = [StageCount(stage=stage.value, look=look, requests=counted[stage]) for stage, look in looks.items()]
        here = sum(count.requests for count in counts)
        phases.append(Phase(name=name, requests=here, share=round(100 * here / everything), stages=counts))
    return phases
