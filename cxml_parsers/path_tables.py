"""Where the fields of each record stand: the tables behind `paths`. Invoices have a module of their own.

Each table has two columns: a field, and the place below the record. Where cXML allows a field at several places, the
usual one is given.
"""

from dataclasses import dataclass
from typing import Final

from punchout.model import answers, documents, order_documents

_CART = "/cXML/Message/PunchOutOrderMessage"
_CONFIRMATION = "/cXML/Request/ConfirmationRequest"
_SHIP_NOTICE = "/cXML/Request/ShipNoticeRequest"
_ORDER_REQUEST = "/cXML/Request/OrderRequest"


@dataclass(frozen=True, slots=True)
class RecordPlace:
    """Where a record stands (`{}` for each ordinal), and where its fields stand below it."""

    base: str
    fields: dict[str, str]


def table(base: str, rows: str) -> RecordPlace:
    """Make a place from the rows of a table."""
    stated = (line.split(maxsplit=1) for line in rows.strip().splitlines())
    return RecordPlace(base, {name: place.strip() for name, place in stated})


PLACES: Final[dict[type, RecordPlace]] = {
    documents.Envelope: table(
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
    documents.Cart: table(
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
    documents.CartLine: table(
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
    documents.Confirmation: table(
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
    documents.ConfirmationItem: table(
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
    documents.ConfirmationStatus: table(
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
    documents.ShipNotice: table(
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
    documents.ShipPortion: table(
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
    documents.ShipItem: table(
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
    answers.StatusUpdate: table(
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
    answers.SetupResponse: table("/cXML/Response/PunchOutSetupResponse", "start_url StartPage/URL"),
    answers.ProfileResponse: table(
        "/cXML/Response/ProfileResponse",
        """
        effective     @effectiveDate
        last_refresh  @lastRefresh
        options       Option
        transactions  Transaction
        """,
    ),
    answers.ProfileTransaction: table(
        "/cXML/Response/ProfileResponse/Transaction[{}]",
        """
        name     @requestName
        url      URL
        options  Option
        """,
    ),
    order_documents.OrderRequest: table(
        _ORDER_REQUEST,
        """
        order_id             OrderRequestHeader/@orderID
        order_date           OrderRequestHeader/@orderDate
        type                 OrderRequestHeader/@type
        order_type           OrderRequestHeader/@orderType
        order_version        OrderRequestHeader/@orderVersion
        requisition_id       OrderRequestHeader/@requisitionID
        requested_delivery   OrderRequestHeader/@requestedDeliveryDate
        payments             OrderRequestHeader/Payment/PaymentReference
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
    order_documents.OrderRequestLine: table(
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
    order_documents.Payment: table(
        f"{_ORDER_REQUEST}/OrderRequestHeader/Payment/PaymentReference[{{}}]",
        """
        method      @method
        provider    @provider
        amount      Money
        ids         IdReference
        extrinsics  Extrinsic
        """,
    ),
    order_documents.Distribution: table(
        f"{_ORDER_REQUEST}/ItemOut[{{}}]/Distribution[{{}}]",
        """
        name      Accounting/@name
        charge    Charge/Money
        segments  Accounting/*
        """,
    ),
    documents.Response: table(
        "/cXML/Response",
        """
        code     Status/@code
        text     Status/@text
        message  Status
        """,
    ),
}
