"""Which tables of the ledger an asset fills, and which columns of other assets its columns come from. Plain data.

An asset of several tables names its columns `table.column`, one of a single table by the column alone. Lineage is
stated for the columns that people ask about: quantities, prices, dates, and the numbers documents go by.
"""

from collections.abc import Mapping
from typing import TypeAlias

import sqlalchemy as sa

from punchout.ledger.tables import control, facts, projections

Column: TypeAlias = tuple[str, str]
"""Asset and column."""

_BODY: Column = ("received_documents", "body")


def _parsed(*columns: str) -> tuple[Column, ...]:
    return tuple(("parsed_documents", column) for column in columns)


def _requests(*columns: str) -> tuple[Column, ...]:
    return tuple(("punchout_requests", column) for column in columns)


def _orders(*columns: str) -> tuple[Column, ...]:
    return tuple(("purchase_orders", column) for column in columns)


def _positions(*columns: str) -> tuple[Column, ...]:
    return tuple(("line_positions", column) for column in columns)


TABLES: Mapping[str, tuple[sa.Table, ...]] = {
    "received_documents": (facts.DOCUMENT,),
    "parsed_documents": (
        facts.DOCUMENT_ENVELOPE,
        facts.CART,
        facts.CART_LINE,
        facts.ORDER_REQUEST,
        facts.ORDER_REQUEST_LINE,
        facts.ORDER_REQUEST_DISTRIBUTION,
        facts.CONFIRMATION,
        facts.CONFIRMATION_ITEM,
        facts.CONFIRMATION_STATUS,
        facts.SHIP_NOTICE,
        facts.SHIP_PORTION,
        facts.SHIP_ITEM,
        facts.INVOICE,
        facts.INVOICE_ORDER,
        facts.INVOICE_LINE,
        facts.RESPONSE,
        facts.STATUS_UPDATE,
    ),
    "punchout_requests": (facts.BC_REQUEST, facts.BC_REQUEST_LINE),
    "purchase_orders": (facts.BC_ORDER, facts.BC_ORDER_LINE),
    "line_positions": (projections.LINE_POSITION,),
    "line_matches": (projections.THREE_WAY, projections.CHARGE, projections.SUGGESTION),
    "request_stages": (projections.REQUEST_STAGE,),
    "exceptions": (projections.EXCEPTION,),
    "order_candidates": (control.REQUEST_WORK,),
    "order_requests": (facts.ORDER_QUEUED, facts.ORDER_LINE),
    "order_responses": (facts.SEND_RESULT,),
    "bc_updates": (facts.UPDATE_QUEUED,),
}
"""The tables of each asset; the first is the one whose rows are counted."""

LINEAGE: Mapping[str, Mapping[str, tuple[Column, ...]]] = {
    "parsed_documents": {
        "document_envelope.document_id": (("received_documents", "id"),),
        **dict.fromkeys(
            (
                "document_envelope.kind",
                "document_envelope.payload_id",
                "document_envelope.body_sha256",
                "cart.buyer_cookie",
                "cart_line.quantity",
                "confirmation.confirm_id",
                "confirmation_status.quantity",
                "confirmation_status.unit_price",
                "ship_notice.shipment_id",
                "ship_item.quantity",
                "invoice.invoice_id",
                "invoice_line.quantity",
            ),
            (_BODY,),
        ),
    },
    "punchout_requests": {
        "bc_request.number": (_BODY,),
        "bc_request.status": (_BODY,),
        "bc_request.buyer_cookie": (_BODY,),
        "bc_request_line.quantity": (_BODY,),
    },
    "purchase_orders": {
        "bc_order.number": (_BODY,),
        "bc_order.status": (_BODY,),
        "bc_order_line.quantity": (_BODY,),
        "bc_order_line.direct_unit_cost": (_BODY,),
    },
    "line_positions": {
        "supplier_part_id": (*_requests("bc_request_line.supplier_part_id"), *_parsed("cart_line.part_id")),
        "supplier_part_aux_id": (
            *_requests("bc_request_line.supplier_part_auxiliary_id"),
            *_parsed("cart_line.part_aux_id"),
        ),
        "requested": _requests("bc_request_line.quantity"),
        "ordered": _orders("bc_order_line.quantity"),
        "accepted": _parsed("confirmation_status.quantity", "confirmation_status.type"),
        "rejected": _parsed("confirmation_status.quantity", "confirmation_status.type"),
        "backordered": _parsed("confirmation_status.quantity", "confirmation_status.type"),
        "shipped": _parsed("ship_item.quantity"),
        "received": _orders("bc_order_line.received_quantity"),
        "invoiced": _parsed("invoice_line.quantity"),
        "credited": _parsed("invoice_line.quantity", "invoice.purpose"),
        "price_ordered": _orders("bc_order_line.direct_unit_cost"),
        "price_confirmed": _parsed("confirmation_status.unit_price"),
        "shipping_date": _parsed("ship_notice.shipment_date"),
        "delivery_date": _parsed("ship_notice.delivery_date"),
        "invoice_id": _parsed("invoice.invoice_id"),
        "invoice_date": _parsed("invoice.invoice_date"),
    },
    "line_matches": {
        "three_way.word": (
            *_positions("ordered", "accepted", "shipped", "received", "invoiced", "credited"),
            *_parsed("invoice_line.unit_price"),
        ),
        "three_way.ordered": _positions("ordered"),
        "three_way.confirmed": _positions("accepted"),
        "three_way.effective": _positions("effective"),
        "three_way.shipped": _positions("shipped"),
        "three_way.received": _positions("received"),
        "three_way.invoiced": _positions("invoiced"),
        "three_way.credited": _positions("credited"),
        "three_way.price_expected": _positions("price_ordered", "price_confirmed"),
        "three_way.price_invoiced": _parsed("invoice_line.unit_price", "invoice_line.subtotal"),
        "three_way.amount_invoiced": _parsed("invoice_line.subtotal", "invoice_line.unit_price"),
        "three_way.tax_expected": _parsed("confirmation_status.tax"),
        "three_way.tax_invoiced": _parsed("invoice_line.tax"),
        "charge.amount": _parsed("invoice.shipping", "invoice.handling", "invoice.discount", "invoice_line.subtotal"),
        "charge.kind": _parsed("invoice_line.description"),
        "suggestion.line_key": _positions("key"),
    },
    "request_stages": {
        "stage": (
            *_positions("order_axis", "ship_axis", "receipt_axis", "invoice_axis"),
            *_requests("bc_request.status"),
            *_orders("bc_order.status"),
        ),
        "order_id": _orders("bc_order.number"),
        "order_confirmation_id": _parsed("confirmation.confirm_id", "confirmation.notice"),
    },
    "exceptions": {
        "request_no": _requests("bc_request.number"),
        "amount_at_risk": (*_positions("price_ordered", "price_confirmed"), *_parsed("invoice_line.net")),
    },
    "order_candidates": {
        "order_is_ready": (*_requests("bc_request.status", "bc_request.release_mode"), *_orders("bc_order.status"))
    },
    "order_requests": {
        "order_queued.order_id": _orders("bc_order.number"),
        "order_queued.release_mode": _requests("bc_request.release_mode"),
        "order_queued.total": _orders("bc_order_line.quantity", "bc_order_line.direct_unit_cost"),
        "order_line.supplier_part_id": _requests("bc_request_line.supplier_part_id"),
        "order_line.supplier_part_aux_id": _requests("bc_request_line.supplier_part_auxiliary_id"),
        "order_line.quantity": _orders("bc_order_line.quantity"),
        "order_line.unit_price": _orders("bc_order_line.direct_unit_cost"),
    },
    "order_responses": {"payload_id": (("order_requests", "order_queued.payload_id"),)},
    "bc_updates": {
        "content": (
            ("request_stages", "stage"),
            ("request_stages", "order_confirmation_id"),
            *_positions("shipping_date", "delivery_date", "invoice_id", "invoice_date"),
        )
    },
}


def named_in_lineage(asset: str) -> frozenset[str]:
    """Return the columns of an asset that lineage speaks of, on either side."""
    sources = {name for deps in LINEAGE.values() for many in deps.values() for of, name in many if of == asset}
    return frozenset(sources | LINEAGE.get(asset, {}).keys())
