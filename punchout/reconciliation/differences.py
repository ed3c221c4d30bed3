"""What tells two results of one request from each other, value by value: what a decision changes, or would change.

How a value comes about is the other modules' business; nothing is judged here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, TypeAlias

from punchout.model.exact import format_decimal
from punchout.reconciliation.results import LinePosition, Reconciled
from punchout.reconciliation.rulings import place_key

_Name: TypeAlias = tuple[str, str]
"""What a value is of, and the value's name."""


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One value that differs; None where there is none on that side.

    Attributes:
        subject: as exceptions name it: a request number, `request number/line key`, or `body hash#ordinals`.
        field: which value; for an exception its code, with its standing as the value: open, acknowledged or waived.
    """

    subject: str
    field: str
    before: str | None
    after: str | None


_OF_REQUEST = ("stage", "order_id", "outbox_state", "adopted", "order_confirmation_id")
_QUANTITIES = frozenset(
    {
        "requested", "ordered", "accepted", "rejected", "backordered", "shipped", "returned", "received", "invoiced",
        "credited", "effective", "price_ordered", "price_confirmed",
    }
)  # fmt: skip


def differences(before: Reconciled | None, after: Reconciled | None) -> tuple[Change, ...]:
    """Return what differs, sorted; a result that is None holds no value at all."""
    old, new = dict(_values(before)), dict(_values(after))
    return tuple(
        Change(subject, name, old.get((subject, name)), new.get((subject, name)))
        for subject, name in sorted(old.keys() | new.keys())
        if old.get((subject, name)) != new.get((subject, name))
    )


def _values(result: Reconciled | None) -> Iterator[tuple[_Name, str]]:
    if result is None:
        return
    number = result.key.request_no
    for name in _OF_REQUEST:
        yield from _shown(number, name, getattr(result, name))
    for line in result.lines:
        for field in fields(LinePosition):
            yield from _shown(f"{number}/{line.key}", field.name, _value(field.name, getattr(line, field.name)))
    yield from _of_documents(result)
    yield from _of_exceptions(result)


def _of_documents(result: Reconciled) -> Iterator[tuple[_Name, str]]:
    for link in result.links:
        yield (place_key(link.body_sha256, link.ordinals), "line"), f"{link.line_key or 'the order'} by {link.rule}"
    for version in result.versions:
        yield (version.body_sha256, f"standing of the {version.kind}"), version.standing


def _of_exceptions(result: Reconciled) -> Iterator[tuple[_Name, str]]:
    for found in result.exceptions:
        by = found.acknowledged_by
        yield (found.subject_key, found.code.value), "open" if by is None else f"acknowledged by {by}"
    for found in result.waived:
        yield (found.subject_key, found.code.value), "waived"


def _value(name: str, value: Any) -> Any:  # noqa: ANN401 - a field of a line
    return format_decimal(value) if name in _QUANTITIES and value is not None else value


def _shown(subject: str, name: str, value: object) -> Iterator[tuple[_Name, str]]:
    if value is not None:
        yield (subject, name), str(value)
