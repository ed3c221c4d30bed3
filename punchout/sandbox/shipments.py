"""ShipNoticeRequests in Amazon's shape: one a shipment, its lines in no particular order and named by number alone.

What they are about is in `subject`; when they are due in `deliveries`.
"""

from punchout.sandbox import cxml
from punchout.sandbox.cxml import Element, node
from punchout.sandbox.plan import Shipment, utc
from punchout.sandbox.subject import Subject

_DAY = len("2026-03-02")


def ship_notice(subject: Subject, planned: Shipment, key: str, notice_date: str) -> Element:
    """Make a ShipNoticeRequest; the shipment's numbers are drawn by `key`."""
    ids = subject.catalogue.ids
    operation = "delete" if planned.deletes else "new" if planned.replaces is None else "update"
    header = node("ShipNoticeHeader", shipmentID=ids.shipment(key), operation=operation, noticeDate=notice_date)
    header.set("shipmentDate", cxml.stamp(utc(planned.ships), planned.clock))
    is_day = len(planned.arrives) == _DAY
    header.set("deliveryDate", planned.arrives if is_day else cxml.stamp(utc(planned.arrives), planned.clock))
    header.set("shipmentType", "actual")
    if planned.replaces is not None:
        header.append(subject.earlier(planned.replaces))
    control = node(
        "ShipControl",
        node("CarrierIdentifier", planned.carrier, domain="companyName"),
        node("ShipmentIdentifier", ids.tracking(key)),
        node("PackageIdentification", rangeBegin="1", rangeEnd="1"),
    )
    portion = node("ShipNoticePortion", subject.reference())
    for line, quantity in sorted(planned.items, key=lambda item: ids.number(10**6, "shuffle", key, item[0])):
        item = node("ShipNoticeItem", node("UnitOfMeasure", "EA"), quantity=str(quantity))
        item.set("lineNumber", subject.line_number(line))
        portion.append(item)
    return node("ShipNoticeRequest", header, control, portion)
