"""A reason: one value, the rule that gave it, and the places it rests on. Which reasons there are is `evidence`."""

from dataclasses import dataclass

from punchout.reconciliation.places import Place
from punchout.reconciliation.results import SubjectKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One value, the rule that gave it, and the places it rests on."""

    subject_kind: SubjectKind
    subject_key: str
    field: str
    value: str | None
    rule: str
    places: tuple[Place, ...]


def request_reason(key: str, field: str, value: str, rule: str, places: tuple[Place, ...]) -> Reason:
    """Return a reason for a value of a request."""
    return Reason(subject_kind="request", subject_key=key, field=field, value=value, rule=rule, places=places)


def line_reason(subject: str, field: str, value: str | None, rule: str, places: tuple[Place, ...]) -> Reason:
    """Return a reason for a value of a line."""
    return Reason(subject_kind="line", subject_key=subject, field=field, value=value, rule=rule, places=places)
