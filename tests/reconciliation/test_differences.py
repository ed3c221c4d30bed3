"""What tells two results apart is what a person is shown before deciding."""

from punchout.reconciliation.differences import Change, differences
from tests.reconciliation.histories import add, billing, codes, invoice_line, now, sent, stated
from tests.reconciliation.stories import decided

STRANGER = billing(invoice_line(1, 97, 2))
SHA = stated(STRANGER).source.body_sha256
PLACE = f"{SHA}#1.1"
FACTS = add(sent(3, 1), STRANGER)
PUT = add(FACTS, decided("link", PLACE, line_key="20000"))


def test_a_result_does_not_differ_from_itself() -> None:
    assert differences(now(FACTS), now(FACTS)) == ()


def test_a_place_put_on_a_line_changes_the_line_the_place_and_the_exceptions() -> None:
    found = {(one.subject, one.field): (one.before, one.after) for one in differences(now(FACTS), now(PUT))}
    assert found["PR1/20000", "invoiced"] == ("0", "2")
    assert found[PLACE, "line"] == (None, "20000 by DECISION")
    assert found[PLACE, "LINE_NOT_FOUND"] == ("open", None)
    assert found["PR1/20000", "INV_QTY_OVER"] == (None, "open")


def test_the_other_way_round_before_and_after_change_places() -> None:
    there, back = differences(now(FACTS), now(PUT)), differences(now(PUT), now(FACTS))
    assert back == tuple(Change(one.subject, one.field, one.after, one.before) for one in there)


def test_a_waiver_and_an_acknowledgement_change_how_an_exception_stands() -> None:
    for kind, standing in (("waive", "waived"), ("acknowledge", "acknowledged by ann")):
        decision = decided(kind, PLACE, code="LINE_NOT_FOUND")  # type: ignore[arg-type] # one of two kinds
        assert differences(now(FACTS), now(add(FACTS, decision))) == (
            Change(PLACE, "LINE_NOT_FOUND", "open", standing),
        )


def test_an_ignored_document_changes_its_standing() -> None:
    found = differences(now(PUT), now(add(PUT, decided("ignore_doc", SHA))))
    assert Change(SHA, "standing of the invoice", "current", "ignored") in found


def test_from_nothing_everything_differs() -> None:
    assert codes(FACTS)
    found = differences(None, now(FACTS))
    assert {one.before for one in found} == {None}
    assert {"stage", "ordered", "LINE_NOT_FOUND"} <= {one.field for one in found}
