"""Ordinals to paths: where in a document a fact's field was stated.

Facts keep ordinals, not paths; these tables turn a record's class, ordinals and field into the path of the element or
attribute that the kind modules read it from. Where cXML allows a field at several places, the usual one is given.
Places of elements at hand are in `places`.
"""

from dataclasses import dataclass
from typing import Final

from punchout.model import answers, documents, order_documents

_CART = "/cXML/Message/PunchOutOrderMessage"
_CONFIRMATION = "/cXML/Request/ConfirmationRequest"
_SHIP_NOTICE = "/cXML/Request/ShipNoticeRequest"
_ORDER_REQUEST = "/cXML/Request/OrderRequest"
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
        in_reply_to      Message/@inReplyTo
        status_code      */Status/@code
        status_text      */Status/@text
        status_message   */Status
        """,
    ),
    documents.Cart: _place(
        _CART,
        """
        buyer_cookie       BuyerCookie
        lines              ItemIn
        operation_allowed  PunchOutOrderMessageHeader/@operationAllowed
        quote_status       PunchOutOrderMessageHeader/@quoteStatus
        supplier_order_id    PunchOutOrderMessageHeader/SupplierOrderInfo/@orderID
        supplier_order_date  PunchOutOrderMessageHeader/SupplierOrderInfo/@orderDate
        tax_details          PunchOutOrderMessageHeader/Tax/TaxDetail
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
        buyer_part_id              ItemID/BuyerPartID
        parent_line_number         @parentLineNumber
        item_type                  @itemType
        open_quantity              @openQuantity
        promised_quantity          @promisedQuantity
        lead_time                  ItemDetail/LeadTime
        tax_details                Tax/TaxDetail
        price_basis_quantity       ItemDetail/PriceBasisQuantity/@quantity
        price_basis_factor         ItemDetail/PriceBasisQuantity/@conversionFactor
        price_basis_unit           ItemDetail/PriceBasisQuantity/UnitOfMeasure
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
        invoice_id           ConfirmationHeader/@invoiceID
        tax_details          ConfirmationHeader/Tax/TaxDetail
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
        buyer_part_id              ItemID/BuyerPartID
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
        substitute_quantity              ItemIn/@quantity
        substitute_price                 ItemIn/ItemDetail/UnitPrice/Money
        substitute_unit                  ItemIn/ItemDetail/UnitOfMeasure
        substitute_description           ItemIn/ItemDetail/Description
        tax_details                      Tax/TaxDetail
        extrinsics                       Extrinsic
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
        fulfillment_type     ShipNoticeHeader/@fulfillmentType
        service_level        ShipNoticeHeader/ServiceLevel
        packages_from        ShipControl/PackageIdentification/@rangeBegin
        packages_to          ShipControl/PackageIdentification/@rangeEnd
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
        buyer_part_id              ItemID/BuyerPartID
        description                ShipNoticeItemDetail/Description
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
        is_tax_in_line         InvoiceDetailRequestHeader/InvoiceDetailLineIndicator/@isTaxInLine
        is_handling_in_line    InvoiceDetailRequestHeader/InvoiceDetailLineIndicator/@isSpecialHandlingInLine
        is_shipping_in_line    InvoiceDetailRequestHeader/InvoiceDetailLineIndicator/@isShippingInLine
        is_discount_in_line    InvoiceDetailRequestHeader/InvoiceDetailLineIndicator/@isDiscountInLine
        is_accounting_in_line  InvoiceDetailRequestHeader/InvoiceDetailLineIndicator/@isAccountingInLine
        payment_days           InvoiceDetailRequestHeader/PaymentTerm/@payInNumberOfDays
        partners               InvoiceDetailRequestHeader/InvoicePartner
        original_invoice_date  InvoiceDetailRequestHeader/InvoiceIDInfo/@invoiceDate
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
        discount_percentage  InvoiceDetailSummary/InvoiceDetailDiscount/@percentageRate
        charges              InvoiceDetailSummary/TotalCharges/Money
        allowances           InvoiceDetailSummary/TotalAllowances/Money
        without_tax          InvoiceDetailSummary/TotalAmountWithoutTax/Money
        deposit              InvoiceDetailSummary/DepositAmount/Money
        tax_details          InvoiceDetailSummary/Tax/TaxDetail
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
        agreement_id          InvoiceDetailOrderInfo/MasterAgreementReference/@agreementID
        agreement_payload_id  InvoiceDetailOrderInfo/MasterAgreementReference/DocumentReference/@payloadID
        invoice_line_number   InvoiceDetailOrderSummary/@invoiceLineNumber
        services              InvoiceDetailServiceItem
        subtotal             InvoiceDetailOrderSummary/SubtotalAmount/Money
        tax                  InvoiceDetailOrderSummary/Tax/Money
        shipping             InvoiceDetailOrderSummary/InvoiceDetailLineShipping/Money
        handling             InvoiceDetailOrderSummary/InvoiceDetailLineSpecialHandling/Money
        discount             InvoiceDetailOrderSummary/InvoiceDetailDiscount/Money
        discount_percentage  InvoiceDetailOrderSummary/InvoiceDetailDiscount/@percentageRate
        gross                InvoiceDetailOrderSummary/GrossAmount/Money
        net                  InvoiceDetailOrderSummary/NetAmount/Money
        tax_details          InvoiceDetailOrderSummary/Tax/TaxDetail
        comments             InvoiceDetailOrderSummary/Comments
        extrinsics           InvoiceDetailOrderSummary/Extrinsic
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
        buyer_part_id              InvoiceDetailItemReference/ItemID/BuyerPartID
        classification             InvoiceDetailItemReference/Classification
        classification_domain      InvoiceDetailItemReference/Classification/@domain
        manufacturer_name          InvoiceDetailItemReference/ManufacturerName
        manufacturer_part_id       InvoiceDetailItemReference/ManufacturerPartID
        handling                   InvoiceDetailLineSpecialHandling/Money
        discount_percentage        InvoiceDetailDiscount/@percentageRate
        tax_details                Tax/TaxDetail
        price_basis_quantity       PriceBasisQuantity/@quantity
        price_basis_factor         PriceBasisQuantity/@conversionFactor
        price_basis_unit           PriceBasisQuantity/UnitOfMeasure
        description                InvoiceDetailItemReference/Description
        reason                     @reason
        subtotal                   SubtotalAmount/Money
        tax                        Tax/Money
        shipping                   InvoiceDetailLineShipping/Money
        discount                   InvoiceDetailDiscount/Money
        gross                      GrossAmount/Money
        net                        NetAmount/Money
        comments                   Comments
        extrinsics                 Extrinsic
        """,
    ),
    documents.InvoiceService: _place(
        f"{_INVOICE}/{_ORDER}/InvoiceDetailServiceItem[{{}}]",
        """
        invoice_line_number        @invoiceLineNumber
        line_number                InvoiceDetailServiceItemReference/@lineNumber
        quantity                   @quantity
        unit                       UnitOfMeasure
        unit_price                 UnitPrice/Money
        part                       InvoiceDetailServiceItemReference/ItemID
        part.supplier_part_id      InvoiceDetailServiceItemReference/ItemID/SupplierPartID
        part.supplier_part_aux_id  InvoiceDetailServiceItemReference/ItemID/SupplierPartAuxiliaryID
        buyer_part_id              InvoiceDetailServiceItemReference/ItemID/BuyerPartID
        description                InvoiceDetailServiceItemReference/Description
        classification             InvoiceDetailServiceItemReference/Classification
        classification_domain      InvoiceDetailServiceItemReference/Classification/@domain
        manufacturer_name          InvoiceDetailServiceItemReference/ManufacturerName
        manufacturer_part_id       InvoiceDetailServiceItemReference/ManufacturerPartID
        reference_date             @referenceDate
        subtotal                   SubtotalAmount/Money
        tax                        Tax/Money
        discount                   InvoiceDetailDiscount/Money
        discount_percentage        InvoiceDetailDiscount/@percentageRate
        gross                      GrossAmount/Money
        net                        NetAmount/Money
        tax_details                Tax/TaxDetail
        comments                   Comments
        extrinsics                 Extrinsic
        """,
    ),
    answers.StatusUpdate: _place(
        "/cXML/Request/StatusUpdateRequest",
        """
        code          Status/@code
        text          Status/@text
        message       Status
        payload_id    DocumentReference/@payloadID
        subject_type  */@type
        subject_id    InvoiceStatus/InvoiceIDInfo/@invoiceID
        subject_date  InvoiceStatus/InvoiceIDInfo/@invoiceDate
        comments      */Comments
        extrinsics    Extrinsic
        """,
    ),
    answers.SetupResponse: _place("/cXML/Response/PunchOutSetupResponse", "start_url StartPage/URL"),
    answers.ProfileResponse: _place(
        "/cXML/Response/ProfileResponse",
        """
        effective     @effectiveDate
        last_refresh  @lastRefresh
        options       Option
        transactions  Transaction
        """,
    ),
    answers.ProfileTransaction: _place(
        "/cXML/Response/ProfileResponse/Transaction[{}]",
        """
        name     @requestName
        url      URL
        options  Option
        """,
    ),
    order_documents.OrderRequest: _place(
        _ORDER_REQUEST,
        """
        order_id             OrderRequestHeader/@orderID
        order_date           OrderRequestHeader/@orderDate
        type                 OrderRequestHeader/@type
        order_type           OrderRequestHeader/@orderType
        order_version        OrderRequestHeader/@orderVersion
        requisition_id       OrderRequestHeader/@requisitionID
        requested_delivery   OrderRequestHeader/@requestedDeliveryDate
        payment_method       OrderRequestHeader/Payment/PaymentReference/@method
        payment              OrderRequestHeader/Payment/PaymentReference/Money
        previous_payload_id  OrderRequestHeader/DocumentReference/@payloadID
        total                OrderRequestHeader/Total/Money
        tax                  OrderRequestHeader/Tax/Money
        shipping             OrderRequestHeader/Shipping/Money
        ship_to              OrderRequestHeader/ShipTo/Address
        bill_to              OrderRequestHeader/BillTo/Address
        tax_details          OrderRequestHeader/Tax/TaxDetail
        comments             OrderRequestHeader/Comments
        extrinsics           OrderRequestHeader/Extrinsic
        lines                ItemOut
        """,
    ),
    order_documents.OrderRequestLine: _place(
        f"{_ORDER_REQUEST}/ItemOut[{{}}]",
        """
        line_number                @lineNumber
        quantity                   @quantity
        requested_delivery         @requestedDeliveryDate
        requisition_id             @requisitionID
        part                       ItemID
        part.supplier_part_id      ItemID/SupplierPartID
        part.supplier_part_aux_id  ItemID/SupplierPartAuxiliaryID
        buyer_part_id              ItemID/BuyerPartID
        unit_price                 ItemDetail/UnitPrice/Money
        unit                       ItemDetail/UnitOfMeasure
        price_basis_quantity       ItemDetail/PriceBasisQuantity/@quantity
        price_basis_factor         ItemDetail/PriceBasisQuantity/@conversionFactor
        price_basis_unit           ItemDetail/PriceBasisQuantity/UnitOfMeasure
        description                ItemDetail/Description
        classification             ItemDetail/Classification
        classification_domain      ItemDetail/Classification/@domain
        manufacturer_name          ItemDetail/ManufacturerName
        manufacturer_part_id       ItemDetail/ManufacturerPartID
        ship_to                    ShipTo/Address
        tax                        Tax/Money
        shipping                   Shipping/Money
        tax_details                Tax/TaxDetail
        comments                   Comments
        extrinsics                 ItemDetail/Extrinsic
        distributions              Distribution
        """,
    ),
    order_documents.Distribution: _place(
        f"{_ORDER_REQUEST}/ItemOut[{{}}]/Distribution[{{}}]",
        """
        name      Accounting/@name
        charge    Charge/Money
        segments  Accounting/*
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
