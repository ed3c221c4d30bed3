"""Compares what the oracle expects with what the product says and what Business Central holds. Pure.

Only fields that the oracle states are compared, but keys both ways: a request or line too many is a difference too.
"""

import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_ABSENT = "(absent)"
_PLACE = re.compile(r"(?:request request_no|Business Central number) (\S+)")
_DOCUMENT_FIELDS = ("quarantined", "waiting")
_NOT_COMPARED = ("lines", "scenario", "not_judged")

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One value that is not as expected; `request` is the punchout request it belongs to, if to any."""

    where: str
    expected: object
    actual: object
    request: str | None = None


def differences(
    expected: Json, status: Json, business_central: Json, orders: Json | None = None
) -> tuple[int, list[Difference]]:
    """Compare everything the oracle states.

    Args:
        expected: the answer of `GET /control/expected`.
        status: what `punchout status --all --json` printed.
        business_central: the answer of `GET /control/business-central`.
        orders: the answer of `GET /control/orders`; each expected order must then have been received exactly once.

    Returns:
        How many values were compared, and those that differ.
    """
    pairs = [
        ("as_of", expected["as_of"], status.get("as_of", _ABSENT)),
        *_documents(expected["documents"], status.get("documents", {})),
        *_requests(expected, status),
        *_tables(expected, business_central),
    ]
    if orders is not None:
        received = {order["payloadID"]: f"{order['orderID']} x {order['receipts']}" for order in orders["orders"]}
        pairs.append(("orders", sorted(f"{order} x 1" for order in expected["orders"]), sorted(received.values())))
    found = [
        Difference(where=where, expected=wanted, actual=actual, request=_request_of(where))
        for where, wanted, actual in pairs
        if wanted != actual
    ]
    return len(pairs), found


Pair = tuple[str, object, object]


def _request_of(where: str) -> str | None:
    """Return the punchout request a place belongs to."""
    named = _PLACE.match(where)
    return named[1] if named else None


def _documents(expected: Json, actual: Json) -> Iterator[Pair]:
    for name in _DOCUMENT_FIELDS:
        yield f"documents {name}", expected[name], actual.get(name, _ABSENT)


def _requests(expected: Json, status: Json) -> Iterator[Pair]:
    judged = set(expected["codes_judged"])
    left_out = {row["request_no"]: row.get("not_judged", ()) for row in expected["requests"]}
    found = [
        {
            **row,
            "exceptions": sorted(
                judged.intersection(row.get("exceptions", ())).difference(left_out.get(row.get("request_no"), ()))
            ),
        }
        for row in status.get("requests", ())
    ]
    for where, wanted, actual in _matched("request", expected["requests"], found, ("request_no",)):
        yield from _row(where, wanted, actual)
        for place, line, other in _matched(
            f"{where} line", _lines(wanted), _lines(actual), ("line_number", "cart_position")
        ):
            yield from _row(place, line, other)


def _tables(expected: Json, business_central: Json) -> Iterator[Pair]:
    yield "Business Central refused updates", [], list(business_central.get("refused_updates", ()))
    rows = business_central.get("requests", ())
    for where, wanted, actual in _matched("Business Central", expected["business_central"], rows, ("number",)):
        yield from _row(where, wanted, actual)
        for place, line, other in _matched(f"{where} line", _lines(wanted), _lines(actual), ("lineNumber",)):
            yield from _row(place, line, other)


def _lines(row: Json | None) -> Sequence[Json]:
    return row.get("lines", ()) if row else ()


def _matched(
    what: str, expected: Sequence[Json], actual: Sequence[Json], names: tuple[str, ...]
) -> Iterator[tuple[str, Json | None, Json | None]]:
    """Pair rows by the first of `names` that a row has; a key that stands twice on one side is paired in turn."""
    wanted, found = _by_key(expected, names), _by_key(actual, names)
    for key in [*wanted, *(key for key in found if key not in wanted)]:
        place = f"{what} {key[0]}" if key[1] == 0 else f"{what} {key[0]} (again)"
        yield place, wanted.get(key), found.get(key)


def _by_key(rows: Sequence[Json], names: tuple[str, ...]) -> dict[tuple[Hashable, int], Json]:
    keyed: dict[tuple[Hashable, int], Json] = {}
    for row in rows:
        key = next((f"{name} {row[name]}" for name in names if row.get(name) is not None), _ABSENT)
        times = sum(1 for known, _ in keyed if known == key)
        keyed[key, times] = row
    return keyed


def _row(where: str, expected: Json | None, actual: Json | None) -> Iterator[Pair]:
    if expected is None or actual is None:
        present = {True: _ABSENT, False: "present"}
        yield where, present[expected is None], present[actual is None]
        return
    for name, value in expected.items():
        if name not in _NOT_COMPARED:
            yield f"{where} {name}", value, actual.get(name, _ABSENT)
