"""Which documents teach what they call their things by."""

import pytest

from punchout.reconciliation.teaching import teaching_bodies
from tests.reconciliation.histories import at, confirmation, invoice, payload_of, shipment, stated
from tests.reconciliation.stories import credit

LATER = at("2026-03-09T10:00:00Z")


def teaching(
    *, confirmations: tuple[object, ...] = (), notices: tuple[object, ...] = (), bills: tuple[object, ...] = ()
) -> set[object]:
    """Give the bodies that teach."""
    parts = [[stated(body) for body in part] for part in (confirmations, notices, bills)]
    found = teaching_bodies(*parts)
    return {one.body for part in parts for one in part if one.source.body_sha256 in found}


def test_what_stands_teaches() -> None:
    one, other, bill = confirmation(), shipment((1, 3)), invoice((1, 3))
    assert teaching(confirmations=(one,), notices=(other,), bills=(bill,)) == {one, other, bill}


def test_of_two_versions_the_later_teaches() -> None:
    first = confirmation()
    later = confirmation(operation="update", notice=LATER)
    assert teaching(confirmations=(first, later)) == {later}


@pytest.mark.parametrize("by", ["number", "payloadID"])
def test_what_is_deleted_teaches_nothing_and_neither_does_its_deletion(by: str) -> None:
    bill = invoice((1, 3))
    reference = {"original_payload_id": payload_of(bill)} if by == "payloadID" else {}
    gone = invoice(operation="delete", invoice_date=LATER, **reference)
    assert teaching(bills=(bill, gone)) == set()


def test_a_credit_teaches_nothing() -> None:
    bill = invoice((1, 3))
    assert teaching(bills=(bill, credit((1, 1)))) == {bill}
