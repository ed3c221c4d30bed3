"""What goes wrong in practice, continued: documents that say little, too much, or something else than was meant."""

from dataclasses import replace

import pytest

from punchout.model.codes import Code
from punchout.model.documents import InvoiceOrder, ShipPortion
from punchout.model.history import RequestHistory
from punchout.model.moments import Clock, parse_moment
from punchout.model.values import OrderReference, PartId
from punchout.ordering.answers import Answer, Failure, classify
from punchout.reconciliation.reconcile import reconcile
from tests.reconciliation.histories import (
    NOW,
    POLICY,
    REFERENCE,
    accept,
    add,
    at,
    billing,
    cart,
    confirmation,
    history,
    invoice,
    invoice_line,
    item,
    mark,
    now,
    part_of,
    payload_of,
    purchase_order,
    queued,
    reject,
    request,
    result,
    sent,
    shipment,
    status,
    usd,
)
from tests.reconciliation.stories import credit, decided, shown, told

LATE = at("2026-03-04T15:00:00Z")
WHOLE = (ShipPortion(ordinal=1, order=REFERENCE),)


def test_case_20_a_portion_without_items_ships_the_open_accepted_quantity() -> None:
    agreed = confirmation(item(1, accept(2), reject(1, 2)), item(2, accept(1)))
    facts = add(sent(3, 1), agreed, shipment((1, 1)), shipment(portions=WHOLE, shipment_id="S2"))
    assert told(facts) == (
        "Shipped",
        ["2/2/0", "1/1/0"],
        ["CONF_PARTIAL_QTY", "CONF_REJECTED_LINE", "SHIP_WHOLE_ORDER_IMPLIED"],
    )


def test_case_21_a_ship_notice_without_part_ids_and_carrier() -> None:
    facts = add(sent(3, 1), shipment((2, 1), (1, 3), carriers=(), tracking=()))
    assert told(facts) == ("Shipped", ["0/3/0", "0/1/0"], ["TRACKING_MISSING"])
    assert {(link.rule, link.confidence) for link in now(facts).links} == {("L1", 970)}


@pytest.mark.parametrize(
    ("text", "clock", "day"),
    [
        ("2026-03-05T13:04:24+13:04", Clock(self_offset=-7 * 60), "2026-03-05"),
        ("2026-03-06T02:00:00Z", Clock(), "2026-03-05"),
        ("2026-03-06T02:00:00+0900", Clock(), "2026-03-05"),
        ("2026-03-05T18:00:00", Clock(), "2026-03-05"),
        ("2026-03-05", Clock(), "2026-03-05"),
    ],
)
def test_case_22_times_in_every_spelling_are_cut_in_the_companys_zone(text: str, clock: Clock, day: str) -> None:
    notice = shipment((1, 3), shipment_date=parse_moment(text, clock), delivery_date=None)
    facts = add(sent(3), notice)
    assert (told(facts)[:2], now(facts).lines[0].shipping_date) == (("Shipped", ["0/3/0"]), day)


def test_case_23_boxes_were_ordered_and_pieces_shipped() -> None:
    notice = shipment((1, 90))
    items = tuple(replace(one, unit="BX") for one in notice.portions[0].items)
    facts = add(sent(3), replace(notice, portions=(replace(notice.portions[0], items=items),)))
    assert told(facts) == ("PO Sent", ["0/0/0"], ["UOM_UNMAPPED"])
    assert told(facts, policy=replace(POLICY, unit_map=(("BX", "EA"),)))[1:] == (["0/90/0"], ["SHIP_OVER_QTY"])


def test_case_24_a_part_of_the_quantity_is_available() -> None:
    facts = add(sent(5), confirmation(item(1, accept(2), status("unknown", 3, 2))))
    assert told(facts) == ("Partially Confirmed", ["2/0/0"], ["CONF_PARTIAL_QTY"])


def test_case_25_a_substitute_is_confirmed_shipped_and_billed() -> None:
    other = PartId("B0NEW")
    facts = add(
        sent(3),
        confirmation(item(1, status("detail", 3, substitute=other))),
        shipment((1, 3)),
        billing(invoice_line(1, 1, 3, part=other)),
    )
    assert told(facts) == ("Invoiced", ["3/3/3"], ["SUBSTITUTION"])
    waived = decided("waive", "PR1/10000", code="SUBSTITUTION")
    assert told(add(facts, waived)) == ("Invoiced", ["3/3/3"], [])


def test_case_26_a_credit_without_lines_is_left_to_a_person() -> None:
    header = credit(purpose="creditMemo", is_header_invoice=True, due=usd(-5))
    facts = add(sent(3), shipment((1, 3)), invoice((1, 3)), header)
    assert told(facts) == ("Invoiced", ["0/3/3"], ["CREDIT_HEADER_ONLY"])


def test_case_27_a_refund_is_a_negative_line_of_a_standard_invoice() -> None:
    refund = billing(
        invoice_line(1, 2, 1), invoice_line(2, 1, -1, subtotal=usd(-10)), invoice_id="I2", invoice_date=LATE
    )
    facts = add(sent(3, 1), shipment((1, 3), (2, 1)), invoice((1, 3)), refund)
    assert told(facts) == ("Partially Invoiced", ["0/3/2", "0/1/1"], [])
    assert now(facts).lines[0].invoice_id == "I1"


def test_case_28_a_credit_names_an_invoice_that_is_not_known() -> None:
    facts = add(sent(3), shipment((1, 3)), invoice((1, 3)), credit((1, 1), original_invoice_id="I9"))
    assert told(facts) == ("Partially Invoiced", ["0/3/2"], ["CREDIT_UNREFERENCED"])


def test_case_29_a_lost_parcel_waits_for_its_credit() -> None:
    back = shipment((1, 3), shipment_id="S2", reason="return")
    facts = add(sent(3), shipment((1, 3)), invoice((1, 3)), back)
    assert told(facts) == ("Invoiced", ["0/0/3"], ["CREDIT_EXPECTED"])
    assert told(add(facts, credit((1, 3)))) == ("Invoiced", ["0/0/0"], [])


def test_case_30_a_document_without_the_purchase_order_number_counts_once_it_is_assigned() -> None:
    nameless = OrderReference(None, None)
    bill = invoice(
        orders=(InvoiceOrder(ordinal=1, order=nameless, supplier_order_id="111-1", lines=(invoice_line(1, 1, 3),)),)
    )
    facts = add(sent(3), confirmation(item(1, accept(3))), shipment((1, 3)), bill)
    assert told(facts) == ("Invoiced", ["3/3/3"], [])


def answered(answer: Answer) -> RequestHistory:
    outcome = classify(answer).outcome
    return history(request(3), purchase_order(3), cart(3), queued(3), mark(), result(outcome))


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer(http_status=200, is_cxml=True, cxml_code=401), "OUT_BLOCKED"),
        (Answer(http_status=200, is_cxml=True, cxml_code=400), "SEND_PERMANENT"),
        (Answer(http_status=500), "SEND_AMBIGUOUS"),
    ],
)
def test_case_32_the_body_of_an_answer_counts_and_a_page_says_nothing(answer: Answer, code: str) -> None:
    stage, lines, codes = told(answered(answer))
    assert (stage, lines, codes) == ("Send Failed" if code == "SEND_PERMANENT" else "PO Queued", ["0/0/0"], [code])


def test_case_33_already_processed_is_in_doubt_until_a_document_answers() -> None:
    answer = Answer(http_status=200, is_cxml=True, cxml_code=500, cxml_text="PO has already been processed")
    facts = answered(answer)
    assert told(facts) == ("PO Queued", ["0/0/0"], ["SEND_AMBIGUOUS"])
    assert told(add(facts, confirmation(item(1, accept(3))))) == ("Order Confirmed", ["3/0/0"], [])
    lost = answered(Answer(failure=Failure.READ_TIMEOUT))
    assert told(lost) == ("PO Queued", ["0/0/0"], ["SEND_AMBIGUOUS"])


def test_case_34_a_mangled_description_moves_nothing() -> None:
    bill = billing(invoice_line(1, 1, 3, part=part_of(1), description="Th\u00c3\u00afng 1 \u2026"))
    facts = add(sent(3), shipment((1, 3)), bill)
    assert told(facts) == ("Invoiced", ["0/3/3"], [])
    assert now(facts).lines[0].description == "Thing 1"


def test_case_35_an_update_that_omits_lines_replaces_its_own_confirmation_only() -> None:
    first = confirmation(item(1, accept(3)), item(2, accept(1)), confirm_id="111-1")
    other = confirmation(item(3, accept(2)), confirm_id="111-2")
    update = confirmation(
        item(1, accept(3)), confirm_id="111-1", operation="update", previous_payload_id=payload_of(first), notice=LATE
    )
    facts = add(sent(3, 1, 2), first, other, update)
    assert told(facts) == ("Partially Confirmed", ["3/0/0", "0/0/0", "2/0/0"], ["MULTI_VALUE_PROJECTED"])


def test_case_36_another_currency_is_held_and_a_blank_one_is_the_local_one() -> None:
    euros = billing(invoice_line(1, 1, 3, unit_price=replace(usd(10), currency="EUR"), subtotal=None))
    facts = add(sent(3), shipment((1, 3)), euros)
    assert told(facts) == ("Invoiced", ["0/3/3"], ["CURRENCY_MISMATCH"])
    local = replace(POLICY, sent_by="bc", local_currency="EUR")
    blank = history(request(3), purchase_order(3, currency_code=None), shipment((1, 3)), euros)
    assert told(blank, policy=local) == ("Invoiced", ["0/3/3"], [])


def test_case_37_a_wrong_group_or_address_holds_the_order() -> None:
    ready = history(request(3), purchase_order(3), cart(3))
    refusals = ((Code.OUT_VALIDATION, "shipTo.city is missing"), (Code.OUT_VALIDATION, "requester e-mail is missing"))
    found = reconcile(ready, POLICY, NOW, refusals)
    assert shown(found) == ("PO Created", ["0/0/0"], ["OUT_VALIDATION"])
    assert found.exceptions[0].detail == "requester e-mail is missing; shipTo.city is missing"
