"""Ordinals to paths: where in a document a fact's field was stated.

Facts keep ordinals, not paths; these tables turn a record's class, ordinals and field into the path of the element or
attribute that the kind modules read it from. Where cXML allows a field at several places, the usual one is given.
Places of elements at hand are in `places`.
"""

from dataclasses import dataclass
from typing import Final

from punchout.model import documents

_CART = "/cXML/Message/PunchOutOrderMessage"
_CONFIRMATION = "/cXML/Request/ConfirmationRequest"
_SHIP_NOTICE = "/cXML/Request/ShipNoticeRequest"
_INVOICE = "/cXML/Request/InvoiceDetailRequest"
_ORDER, _HEADER_ORDER = "InvoiceDetailOrder[{}]", "InvoiceDetailHeaderOrder[{}]"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a record stands (`{}` for each ordinal), and where its fields stand below it."""

    base: str
    fields: dict[str, str]


def _place(base: str, table: str) -> _Place:
    """Make a place from a table of two columns: field, and the place below the record."""
    rows = (line.split(maxsplit=1) for line in table.strip().splitlines())
    return _Place(base, {name: place.strip() for name, place in rows})


_PLACES: Final[dict[type, _Place]] = {
    documents.Envelope: _place(
        "/cXML",
        """
        payload_id       @payloadID
        timestamp        @timestamp
        version          @version
        deployment_mode  */@deploymentMode
        sent_from        Header/From/Credential
        sent_to          Header/To/Credential
        sender           Header/Sender/Credential
        user_agent       Header/Sender/UserAgent
        """,
    ),
    documents.Cart: _place(
        _CART,
        """
        buyer_cookie       BuyerCookie
        lines              ItemIn
        operation_allowed  PunchOutOrderMessageHeader/@operationAllowed
        quote_status       PunchOutOrderMessageHeader/@quoteStatus
        total              PunchOutOrderMessageHeader/Total/Money
        tax                PunchOutOrderMessageHeader/Tax/Money
        shipping           PunchOutOrderMessageHeader/Shipping/Money
        comments           PunchOutOrderMessageHeader/Comments
        extrinsics         PunchOutOrderMessageHeader/Extrinsic
        """,
    ),
    documents.CartLine: _place(
        f"{_CART}/ItemIn[{{}}]",
        """
        line_number                @lineNumber
        quantity                   @quantity
        part                       ItemID
        part.supplier_part_id      ItemID/SupplierPartID
        part.supplier_part_aux_id  ItemID/SupplierPartAuxiliaryID
        unit_price                 ItemDetail/UnitPrice/Money
        unit                       ItemDetail/UnitOfMeasure
        description                ItemDetail/Description
        classification             ItemDetail/Classification
        classification_domain      ItemDetail/Classification/@domain
        manufacturer_name          ItemDetail/ManufacturerName
        manufacturer_part_id       ItemDetail/ManufacturerPartID
        extrinsics                 ItemDetail/Extrinsic
        tax                        Tax/Money
        shipping                   Shipping/Money
        comments                   Comments
        """,
    ),
    documents.Confirmation: _place(
        _CONFIRMATION,
        """
        confirm_id           ConfirmationHeader/@confirmID
        type                 ConfirmationHeader/@type
        operation            ConfirmationHeader/@operation
        notice               ConfirmationHeader/@noticeDate
        previous_payload_id  ConfirmationHeader/DocumentReference/@payloadID
        total                ConfirmationHeader/Total/Money
        tax                  ConfirmationHeader/Tax/Money
        shipping             ConfirmationHeader/Shipping/Money
        error_code           ConfirmationHeader/Comments[@type="OrderErrorCode"]
        comments             ConfirmationHeader/Comments
        extrinsics           ConfirmationHeader/Extrinsic
        order                OrderReference
        order.order_id       OrderReference/@orderID
        order.payload_id     OrderReference/DocumentReference/@payloadID
        order.order_date     OrderReference/@orderDate
        items                ConfirmationItem
        """,
    ),
    documents.ConfirmationItem: _place(
        f"{_CONFIRMATION}/ConfirmationItem[{{}}]",
        """
        line_number                @lineNumber
        quantity                   @quantity
        unit                       UnitOfMeasure
        part                       ItemID
        part.supplier_part_id      ItemID/SupplierPartID
        part.supplier_part_aux_id  ItemID/SupplierPartAuxiliaryID
        statuses                   ConfirmationStatus
        """,
    ),
    documents.ConfirmationStatus: _place(
        f"{_CONFIRMATION}/ConfirmationItem[{{}}]/ConfirmationStatus[{{}}]",
        """
        type                             @type
        quantity                         @quantity
        unit                             UnitOfMeasure
        confirm_id                       Comments[@type="confirmID"]
        unit_price                       UnitPrice/Money
        tax                              Tax/Money
        shipping                         Shipping/Money
        shipment_date                    @shipmentDate
        delivery_date                    @deliveryDate
        error_code                       Comments[@type="LineItemErrorCode"]
        substitute                       ItemIn/ItemID
        substitute.supplier_part_id      ItemIn/ItemID/SupplierPartID
        substitute.supplier_part_aux_id  ItemIn/ItemID/SupplierPartAuxiliaryID
        comments                         Comments
        """,
    ),
    documents.ShipNotice: _place(
        _SHIP_NOTICE,
        """
        shipment_id          ShipNoticeHeader/@shipmentID
        operation            ShipNoticeHeader/@operation
        type                 ShipNoticeHeader/@shipmentType
        notice               ShipNoticeHeader/@noticeDate
        shipment_date        ShipNoticeHeader/@shipmentDate
        delivery_date        ShipNoticeHeader/@deliveryDate
        reason               ShipNoticeHeader/@reason
        previous_payload_id  ShipNoticeHeader/DocumentReference/@payloadID
        comments             ShipNoticeHeader/Comments
        extrinsics           ShipNoticeHeader/Extrinsic
        carriers             ShipControl/CarrierIdentifier
        tracking             ShipControl/ShipmentIdentifier
        portions             ShipNoticePortion
        """,
    ),
    documents.ShipPortion: _place(
        f"{_SHIP_NOTICE}/ShipNoticePortion[{{}}]",
        """
        order             OrderReference
        order.order_id    OrderReference/@orderID
        order.payload_id  OrderReference/DocumentReference/@payloadID
        order.order_date  OrderReference/@orderDate
        comments          Comments
        extrinsics        Extrinsic
        items             ShipNoticeItem
        """,
    ),
    documents.ShipItem: _place(
        f"{_SHIP_NOTICE}/ShipNoticePortion[{{}}]/ShipNoticeItem[{{}}]",
        """
        line_number                @lineNumber
        quantity                   @quantity
        unit                       UnitOfMeasure
        part                       ItemID
        part.supplier_part_id      ItemID/SupplierPartID
        part.supplier_part_aux_id  ItemID/SupplierPartAuxiliaryID
        ship_notice_line_number    @shipNoticeLineNumber
        extrinsics                 Extrinsic
        """,
    ),
    documents.Invoice: _place(
        _INVOICE,
        """
        invoice_id           InvoiceDetailRequestHeader/@invoiceID
        purpose              InvoiceDetailRequestHeader/@purpose
        operation            InvoiceDetailRequestHeader/@operation
        invoice_date         InvoiceDetailRequestHeader/@invoiceDate
        is_information_only  InvoiceDetailRequestHeader/@isInformationOnly
        is_header_invoice    InvoiceDetailRequestHeader/InvoiceDetailHeaderIndicator/@isHeaderInvoice
        original_invoice_id  InvoiceDetailRequestHeader/InvoiceIDInfo/@invoiceID
        original_payload_id  InvoiceDetailRequestHeader/DocumentReference/@payloadID
        comments             InvoiceDetailRequestHeader/Comments
        extrinsics           InvoiceDetailRequestHeader/Extrinsic
        subtotal             InvoiceDetailSummary/SubtotalAmount/Money
        tax                  InvoiceDetailSummary/Tax/Money
        shipping             InvoiceDetailSummary/ShippingAmount/Money
        handling             InvoiceDetailSummary/SpecialHandlingAmount/Money
        discount             InvoiceDetailSummary/InvoiceDetailDiscount/Money
        gross                InvoiceDetailSummary/GrossAmount/Money
        net                  InvoiceDetailSummary/NetAmount/Money
        due                  InvoiceDetailSummary/DueAmount/Money
        orders               InvoiceDetailOrder
        """,
    ),
    documents.InvoiceOrder: _place(
        f"{_INVOICE}/{_ORDER}",
        """
        order              InvoiceDetailOrderInfo/OrderReference
        order.order_id     InvoiceDetailOrderInfo/OrderReference/@orderID
        order.payload_id   InvoiceDetailOrderInfo/OrderReference/DocumentReference/@payloadID
        order.order_date   InvoiceDetailOrderInfo/OrderReference/@orderDate
        supplier_order_id  InvoiceDetailOrderInfo/SupplierOrderInfo/@orderID
        lines              InvoiceDetailItem
        """,
    ),
    documents.InvoiceLine: _place(
        f"{_INVOICE}/{_ORDER}/InvoiceDetailItem[{{}}]",
        """
        invoice_line_number        @invoiceLineNumber
        line_number                InvoiceDetailItemReference/@lineNumber
        quantity                   @quantity
        unit                       UnitOfMeasure
        unit_price                 UnitPrice/Money
        part                       InvoiceDetailItemReference/ItemID
        part.supplier_part_id      InvoiceDetailItemReference/ItemID/SupplierPartID
        part.supplier_part_aux_id  InvoiceDetailItemReference/ItemID/SupplierPartAuxiliaryID
        description                InvoiceDetailItemReference/Description
        reason                     @reason
        subtotal                   SubtotalAmount/Money
        tax                        Tax/Money
        shipping                   InvoiceDetailLineShipping/Money
        discount                   InvoiceDetailDiscount/Money
        gross                      GrossAmount/Money
        net                        NetAmount/Money
        ship_notice_id             ShipNoticeIDInfo/@shipNoticeID
        ship_notice_line_number    ShipNoticeLineItemReference/@shipNoticeLineNumber
        is_ad_hoc                  @isAdHoc
        comments                   Comments
        extrinsics                 Extrinsic
        """,
    ),
    documents.Response: _place(
        "/cXML/Response",
        """
        code     Status/@code
        text     Status/@text
        message  Status
        """,
    ),
}


def path_of(record: type, ordinals: tuple[int, ...], field: str | None = None, *, header_invoice: bool = False) -> str:
    """Return the path of a field in its document, or of the record itself where no field is named.

    Args:
        record: a record class of `punchout.model.documents`.
        ordinals: the record's ordinal, behind those of the records it is part of.
        field: a field's name; `order.order_id`, `part.supplier_part_id` and the like reach into a part.
        header_invoice: the invoice has `InvoiceDetailHeaderOrder` in place of `InvoiceDetailOrder`.

    Raises:
        KeyError: the record or field is not read from any place.
        ValueError: the number of ordinals is not the record's.
    """
    place = _PLACES[record]
    base = place.base.replace(_ORDER, _HEADER_ORDER) if header_invoice else place.base
    if base.count("{}") != len(ordinals):
        raise ValueError(f"{record.__name__} has {base.count('{}')} ordinals, not {len(ordinals)}")
    path = base.format(*ordinals)
    return path if field is None else f"{path}/{place.fields[field]}"
