"""Findings about the cart, before it is ordered: empty, wrongly summed, or getting old."""

from collections.abc import Iterator

from punchout.model.codes import Code
from punchout.model.exact import format_decimal, round_to_currency, times
from punchout.reconciliation.assessment import Assessment
from punchout.reconciliation.deadlines import cart_due
from punchout.reconciliation.results import ExceptionFound
from punchout.reconciliation.subjects import of_request

Found = Iterator[ExceptionFound]


def empty(assessment: Assessment) -> Found:
    """Report a cart without items."""
    cart = assessment.rows.cart
    if cart is not None and not cart.body.lines:
        yield of_request(assessment, Code.CART_EMPTY, at_risk=0, detail="the cart holds no items")


def wrong_total(assessment: Assessment) -> Found:
    """Report a cart whose total is not the sum of its goods; shipping and tax stand beside it."""
    cart = assessment.rows.cart
    stated = cart.body.total if cart is not None else None
    if cart is None or stated is None or assessment.has_order:
        return
    prices = [(line.quantity.value, line.unit_price) for line in cart.body.lines]
    known = [(quantity, price) for quantity, price in prices if price is not None]
    if len(known) < len(prices) or any(price.currency != stated.currency for _, price in known):
        return
    total = sum(round_to_currency(times(quantity, price.amount), stated.currency) for quantity, price in known)
    if total != stated.amount:
        yield of_request(
            assessment,
            Code.CART_TOTAL_MISMATCH,
            at_risk=abs(total - stated.amount),
            detail=f"the cart says {format_decimal(stated.amount)}, its lines sum to {format_decimal(total)}",
        )


def ageing(assessment: Assessment) -> Found:
    """Report a cart that waits for its order while the supplier holds its prices, and when it does so no longer.

    Once ordering has refused it for its age that is said instead.
    """
    due = cart_due(assessment)
    refused = any(code is Code.CART_EXPIRED for code, _ in assessment.refusals)
    if due is not None and due[0] <= assessment.as_of and not refused:
        warned, lapsed = due
        policy = assessment.policy
        days = policy.cart_max_age_days if lapsed <= assessment.as_of else policy.cart_warn_age_days
        yield of_request(assessment, Code.CART_AGEING, detail=f"the cart is {days} days old or more", since=warned)
