"""Why the match says what it says: prices, tax and charges lead to their places, with the tolerance applied."""

from dataclasses import replace

from punchout.model.history import RequestHistory
from punchout.reconciliation.evidence import explain
from punchout.reconciliation.policy import ReconciliationPolicy
from punchout.reconciliation.reasons import Reason
from tests.reconciliation.histories import (
    NOW,
    POLICY,
    accept,
    add,
    billing,
    confirmation,
    history,
    invoice,
    invoice_line,
    item,
    order_line,
    purchase_order,
    request,
    sent,
    stated,
    usd,
)
from tests.reconciliation.stories import decided

CONFIRMED = add(sent(3), stated(confirmation(item(1, accept(3, unit_price=usd(11), tax=usd(3), shipping=usd(2)))), 7))
BILLED = stated(billing(invoice_line(1, 1, 3, unit_price=usd(12), subtotal=usd(36), tax=usd(4), shipping=usd(1))), 8)


def why(facts: RequestHistory, field: str, policy: ReconciliationPolicy = POLICY) -> Reason:
    (found,) = [reason for reason in explain(facts, policy, NOW) if reason.field == field]
    return found


def said(reason: Reason) -> tuple[str | None, str, list[tuple[int | None, str, tuple[int, ...], str]]]:
    places = [(place.document_id, place.record, place.ordinals, place.field) for place in reason.places]
    return reason.value, reason.rule, places


def test_a_confirmed_price_and_the_billed_one_lead_to_their_places() -> None:
    facts = add(CONFIRMED, BILLED)
    assert said(why(facts, "price_expected")) == (
        "11",
        "as confirmed, within 0.055",
        [(7, "ConfirmationStatus", (1, 1), "unit_price")],
    )
    assert said(why(facts, "price_invoiced")) == (
        "12",
        "average billed, without credits",
        [(8, "InvoiceLine", (1, 1), "unit_price")],
    )
    assert said(why(facts, "match")) == ("price", "nothing worse applies", [(8, "InvoiceLine", (1, 1), "quantity")])


def test_of_several_words_the_others_are_told() -> None:
    over = billing(invoice_line(1, 1, 4, unit_price=usd(12), subtotal=usd(48)))
    assert why(add(CONFIRMED, over), "match").rule == "the worst of: qty over, price"


def test_tax_leads_to_both_sides() -> None:
    facts = add(CONFIRMED, BILLED)
    rule = "as confirmed, within 0.08"
    assert said(why(facts, "tax_expected")) == ("3", rule, [(7, "ConfirmationStatus", (1, 1), "tax")])
    assert said(why(facts, "tax_invoiced"))[::2] == ("4", [(8, "InvoiceLine", (1, 1), "tax")])


def test_a_charge_beside_a_line_says_what_was_confirmed() -> None:
    assert said(why(add(CONFIRMED, BILLED), "charges")) == (
        "1",
        "billed beside its goods, 2 confirmed",
        [(8, "InvoiceLine", (1, 1), "shipping")],
    )
    assert why(add(sent(3), BILLED), "charges").rule == "billed beside its goods, none confirmed"


def test_charges_beside_all_lines_lead_to_the_summary_or_a_line_of_their_own() -> None:
    freight = invoice_line(2, None, 1, description="Shipping", unit_price=usd(5), subtotal=usd(5))
    bill = stated(billing(invoice_line(1, 1, 3), freight, handling=usd(2)), 8)
    reason = why(add(sent(3), bill), "charges")
    assert (reason.subject_kind, reason.value) == ("request", "7")
    assert sorted(said(reason)[2], key=repr) == [(8, "Invoice", (), "handling"), (8, "InvoiceLine", (1, 2), "subtotal")]


def test_an_ordered_price_leads_to_the_order_as_it_was_written_down() -> None:
    reason = why(add(sent(3), invoice((1, 3))), "price_expected")
    rule = "as ordered, within 0.05"
    assert said(reason) == ("10", rule, [(None, "OrderedLine", (1,), "unit_price")])


def test_an_ordered_price_leads_to_business_central_where_that_sends_the_order() -> None:
    order = stated(purchase_order(lines=(order_line(1, 3), order_line(2, 1))), 5, row=2)
    facts = history(request(3, 1), order, invoice((1, 3)))
    reason = why(facts, "price_expected", replace(POLICY, sent_by="bc"))
    assert said(reason)[2] == [(5, "BcOrderLine", (2, 1), "direct_unit_cost")]


def test_a_price_that_a_person_agreed_to_says_so() -> None:
    agreed = decided("accept_price", "PR1/10000", price=usd(12).amount)
    assert why(add(sent(3), invoice((1, 3)), agreed), "price_expected").rule.startswith("as a person agreed")


def test_a_line_that_is_billed_without_a_price_expects_none() -> None:
    order = purchase_order(lines=(order_line(1, 3, direct_unit_cost=None),))
    unpriced = request(3, lines=(replace(request(3).lines[0], unit_price=None),))
    bill = billing(invoice_line(1, 1, 3, unit_price=None, subtotal=None))
    fields = {one.field for one in explain(history(unpriced, order, bill), replace(POLICY, sent_by="bc"), NOW)}
    assert "match" in fields
    assert not {"price_expected", "price_invoiced", "tax_expected", "tax_invoiced", "charges"} & fields
