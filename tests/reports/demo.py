"""Sixteen requests as they stand on a Friday evening: what the report is looked at with."""

from punchout.model.codes import Code
from tests.reports.statuses import (
    Json,
    confirmed,
    content,
    decision,
    exception,
    invoiced,
    line,
    refused,
    report,
    request,
    shipped,
)

_PENS = "Gel pens, medium point, black, 12 per box"
_CABLE = "USB-C charging cable, 2 m, braided"
_FILTERS = "Café & tea filters no. 4, unbleached"
_STAPLER = "Stapler, full strip, 20 sheets"
_MONITOR = "27-inch monitor, QHD, height-adjustable stand, USB-C with 90 W, 3-year exchange"
_CALENDAR = "Wall calendar with holidays, moon phases, room for notes and a hanger, on recycled paper"

_CART = ("2026-03-02T15:04", "Cart Received")
_RELEASED = ("2026-03-02T16:31", "Released")
_QUEUED = ("2026-03-02T17:00", "PO Queued")
_SENT = ("2026-03-02T17:00", "PO Sent")
_ORDERED = (_CART, _RELEASED, _QUEUED, _SENT)
_CONFIRMED = (*_ORDERED, ("2026-03-02T19:42", "Confirmation"))
_SHIPPED = (*_CONFIRMED, ("2026-03-04T06:30", "Shipment"))
_INVOICED = (*_SHIPPED, ("2026-03-05T03:15", "Invoice"))


def demo() -> Json:
    """Return the status object, completed for people."""
    return report(
        [*_on_their_way(), *_in_trouble(), *_at_the_beginning()],
        documents={
            "accepted": 143,
            "waiting": 1,
            "duplicate": 17,
            "quarantined": {"XML_REJECTED": 2, "PAYLOAD_REUSED": 1, "DOC_UNSUPPORTED": 1},
        },
        document_exceptions=[
            exception(
                Code.ORDER_NOT_FOUND, subject="document", subject_key=content("waiting") + "#1",
                detail=Code.ORDER_NOT_FOUND.meaning, since=None,
            )
        ],
        quarantine=[
            refused(118, Code.XML_REJECTED, "invoice-0305-7.xml", place="line 41, column 7",
                    detail="ends in the middle of an element"),
            refused(121, Code.XML_REJECTED, "shipnotice_20260306.xml", place="line 1, column 1",
                    detail="an HTML page: <html><head><title>502 Bad Gateway</title>"),
            refused(126, Code.PAYLOAD_REUSED, "confirmation-106004-b.xml", kind="ConfirmationRequest",
                    detail="the same payloadID came on 2026-03-04 with another body"),
            refused(130, Code.DOC_UNSUPPORTED, "catalog.xml", kind="ProviderSetupRequest"),
        ],
        waiting=[
            {
                "document_id": 133, "kind": "InvoiceDetailRequest", "body_sha256": content("waiting"),
                "received_at": "2026-03-06T15:20:00+00:00", "names": ("inv-1KX7-9PLM.xml",), "orders": ["109940"],
                "identifiers": ["109940", "1KX7-9PLM-44TR"],
            }
        ],
        decisions_apart=[decision("acknowledge", content("waiting") + "#1", code="ORDER_NOT_FOUND",
                                  reason="asked the supplier for the order number")],
        feeds=[
            {"feed": "cxml", "documents": 151, "last_received_at": "2026-03-06T16:42:00+00:00"},
            {"feed": "bc-requests", "documents": 6, "last_received_at": "2026-03-06T16:55:00+00:00"},
            {"feed": "bc-orders", "documents": 5, "last_received_at": "2026-03-05T04:10:00+00:00"},
        ],
    )  # fmt: skip


def _on_their_way() -> list[Json]:
    return [
        request("PR1001", "Invoiced", [
            invoiced(10000, 3, description=_PENS),
            invoiced(20000, 1, supplier_part_id="0596007973", description="Programming in plain words, paperback",
                     unit_price="38.49", confirmed_price="38.49"),
        ], events=_INVOICED, order_id="106001", order_confirmation_id="111-4418275-9938641",
            order_confirmation_ids=["111-4418275-9938641"]),
        request("PR1002", "Closed", [
            invoiced(10000, 2, received="2", receipt_axis="full", supplier_part_id="B0BSHF7WHW", description=_CABLE,
                     unit_price="12.5", confirmed_price="12.5"),
        ], events=_INVOICED, order_id="106002", order_confirmation_id="111-0920031-5557001",
            order_confirmation_ids=["111-0920031-5557001"]),
        request("PR1003", "Partially Invoiced", [
            invoiced(10000, 8, invoice="1KX7-5MMP-2H4C", shipping_dates=2, delivery_dates=2, invoice_ids=2,
                     invoice_dates=2, description=_FILTERS, supplier_part_id="B000FDL7DS", unit_price="4.49",
                     confirmed_price="4.49", tracking=["1Z999AA10000031001", "1Z999AA10000031002"]),
            shipped(20000, 2, supplier_part_id="B00006IEB4", description=_STAPLER, unit_price="17.95",
                    confirmed_price="17.95"),
        ], [exception(Code.MULTI_VALUE_PROJECTED, line_number=10000, detail="shipping 2, delivery 2, invoices 2")],
            events=_INVOICED, order_id="106003", order_confirmation_id="111-7310044-1029384",
            order_confirmation_ids=["111-7310044-1029384", "111-7310044-1029385"]),
        request("PR1004", "Shipped", [
            shipped(10000, 1, supplier_part_id="B09V3KXJPB", description=_MONITOR, unit_price="419",
                    confirmed_price="419"),
            shipped(20000, 5, supplier_part_id="B01N9H8JZ2", description=_CALENDAR, unit_price="11.2",
                    confirmed_price="11.2", tracking=[]),
        ], [exception(Code.TRACKING_MISSING, line_number=20000, detail="shipment 884120")],
            events=_SHIPPED, order_id="106004", order_confirmation_id="111-2284410-7719203",
            order_confirmation_ids=["111-2284410-7719203"], next_due_at="2026-03-07T06:30:00+00:00"),
        request("PR1005", "Partially Shipped", [
            shipped(10000, 6, shipped="4", ship_axis="partial"),
            confirmed(20000, 2, supplier_part_id="B0BSHF7WHW", description=_CABLE, unit_price="12.5",
                      confirmed_price="12.5"),
        ], events=_SHIPPED, order_id="106005", order_confirmation_id="111-6629105-4401287",
            order_confirmation_ids=["111-6629105-4401287"]),
    ]  # fmt: skip


def _in_trouble() -> list[Json]:
    return [
        request("PR1006", "PO Queued", [
            line(10000, 4, supplier_part_id="B09V3KXJPB", description=_MONITOR, unit_price="419", order_axis="none"),
        ], [exception(Code.SEND_AMBIGUOUS, "1676", detail="HTTP 502 after the whole order was written",
                      since="2026-03-06T17:00:00+00:00")],
            events=_ORDERED[:3], order_id="106006", outbox_state="in_doubt", outbox_reason="HTTP 502"),
        request("PR1007", "Order Confirmed", [
            confirmed(10000, 4, accepted="0", rejected="4", order_axis="rejected", supplier_part_id="B07PGL2N7J"),
            confirmed(20000, 2, accepted="1", rejected="1", order_axis="settled", supplier_part_id="B00006IEB4",
                      description=_STAPLER, unit_price="17.95", confirmed_price="19.45"),
            confirmed(30000, 1, supplier_part_id="B0BSHF7WHW", description=_CABLE, unit_price="12.5",
                      confirmed_price="12.5"),
        ], [
            exception(Code.CONF_REJECTED_LINE, "39.96", line_number=10000, detail="4 of 4 rejected, code 300-101",
                      since="2026-03-02T19:42:00+00:00"),
            exception(Code.CONF_REJECTED_LINE, "17.95", line_number=20000, detail="1 of 2 rejected, code 300-104",
                      since="2026-03-02T19:42:00+00:00"),
            exception(Code.CONF_PRICE_UP, "1.5", line_number=20000, detail="17.95 ordered, 19.45 confirmed",
                      since="2026-03-02T19:42:00+00:00"),
        ], events=_CONFIRMED, order_id="106007", order_confirmation_id="111-5530017-8834210",
            order_confirmation_ids=["111-5530017-8834210"], requester_email="m.oduya@cronus.example"),
        request("PR1008", "Invoiced", [
            invoiced(10000, 10, invoiced="12", invoice_axis="over", invoice="1KX7-8TRE-77QA", description=_FILTERS,
                     supplier_part_id="B000FDL7DS", unit_price="4.49", confirmed_price="4.49"),
        ], [exception(Code.INV_QTY_OVER, "8.98", line_number=10000, detail="12 invoiced, 10 accepted")],
            decisions=[decision("acknowledge", "PR1008/10000", code="INV_QTY_OVER",
                                reason="The supplier credits two packs; credit memo announced for March 10")],
            events=_INVOICED, order_id="106008", order_confirmation_id="111-8847260-1120935",
            order_confirmation_ids=["111-8847260-1120935"]),
        request("PR1009", "Invoiced", [
            confirmed(10000, 2, invoiced="2", invoice_axis="full", invoice_id="1KX7-1VBN-60LD", invoice_ids=1,
                      invoice_date="2026-03-02", invoice_dates=1, supplier_part_id="B09V3KXJPB",
                      description=_MONITOR, unit_price="419", confirmed_price="419", currency="EUR"),
        ], [exception(Code.INV_BEFORE_SHIP, "838", line_number=10000, currency="EUR",
                      detail="2 invoiced, none shipped, wait window of 72 h passed")],
            events=_INVOICED[:5], order_id="106009", order_confirmation_id="306-1920047-3345120", currency="EUR",
            order_confirmation_ids=["306-1920047-3345120"]),
        request("PR1010", "PO Sent", [line(10000, 12), line(20000, 3, supplier_part_id="B00006IEB4",
                description=_STAPLER, unit_price="17.95")],
            [exception(Code.CONF_OVERDUE, "173.73", detail="sent 47 h ago, expected within 24 h")],
            events=_ORDERED, order_id="106010", requester_email="j-p.sartre@cronus.example"),
        request("PR1011", "Send Failed", [line(10000, 1, order_axis="none", unit_price="64.9",
                supplier_part_id="B08N5WRWNW", description="Standing-desk mat, anti-fatigue")],
            [exception(Code.SEND_PERMANENT, "64.9", detail="cXML 401 Unauthorized")],
            events=(*_ORDERED[:3], ("2026-03-02T17:01", "Send Failed")), order_id="106011", outbox_state="refused",
            outbox_reason="cXML 401"),
        request("PR1012", "Rejected", [
            confirmed(10000, 2, accepted="0", rejected="2", order_axis="rejected", description=_CALENDAR,
                      supplier_part_id="B01N9H8JZ2", unit_price="11.2", confirmed_price=None),
        ], [exception(Code.CONF_REJECTED_ORDER, "22.4", detail="code 100-201")], events=_CONFIRMED,
            decisions=[decision("waive", "PR1012/10000", code="CONF_REJECTED_LINE", by="m.oduya",
                                at="2026-03-03T08:15:00+00:00", reason="ordered elsewhere")],
            order_id="106012", order_confirmation_id="111-3300719-6650021",
            order_confirmation_ids=["111-3300719-6650021"]),
    ]  # fmt: skip


def _at_the_beginning() -> list[Json]:
    return [
        request("PR1013", "PO Queued", [line(10000, 20, order_axis="none", description=_PENS)], events=_ORDERED[:3],
                order_id="106013", outbox_state="draft", outbox_reason="released by hand",
                requester_email="dana.fields@cronus.example"),
        request("PR1014", "Pending Approval", [line(None, 0, requested="2", order_axis="none", description=_MONITOR,
                supplier_part_id="B09V3KXJPB", unit_price="419")],
                [exception(Code.CART_AGEING, "838", detail="cart of 2026-03-01")], events=_ORDERED[:1],
                outbox_state=None),
        request("PR1015", "New", [], outbox_state=None, requester_email="t.okafor@cronus.example"),
        request("PR1016", "Order Confirmed", [confirmed(10000, 1, inferred=True, supplier_part_id="B08N5WRWNW",
                description="Standing-desk mat, anti-fatigue", unit_price="64.9", confirmed_price="64.9")],
                [exception(Code.ORDER_ADOPTED, detail="released 2026-02-20, cut-over 2026-03-01")],
                events=_CONFIRMED[4:], order_id="105871", outbox_state=None, adopted=True,
                order_confirmation_id="111-0018823-7265504", order_confirmation_ids=["111-0018823-7265504"]),
    ]  # fmt: skip
