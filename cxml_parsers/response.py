"""Answers: `Response`, what stands in it for a setup or a profile, and `StatusUpdateRequest`, which comes later.

What follows from its code is decided where orders are sent.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from cxml_parsers import leaves, parts, prose
from cxml_parsers.rules import Into, Leaf, Many
from cxml_parsers.scan import XML_SPACE, Scan
from cxml_parsers.shapes import Rule, Shape
from punchout.model.answers import ProfileResponse, ProfileTransaction, SetupResponse, StatusUpdate
from punchout.model.documents import Response

KIND: Final = "Response"
SETUP: Final = "PunchOutSetupResponse"
PROFILE: Final = "ProfileResponse"
STATUS_UPDATE: Final = "StatusUpdateRequest"


def _message(_scan: Scan, _index: int, _place: str | None, text: str) -> str | None:
    # A status without a message is the usual case and nothing to speak of.
    return text.strip(XML_SPACE) or None


def status(to: str = "message", code: str = "code", text: str = "text") -> Leaf:
    """Read `Status` into three fields."""
    return Leaf(
        to,
        _message,
        attributes={"code": (code, leaves.integer), "text": (text, leaves.string)},
        inside=prose.prose_inside,
    )


SHAPE: Final = Shape(record=Response, children={"Status": status()}, required={"code": "Status/@code"})
SETUP_SHAPE: Final = Shape(
    record=SetupResponse,
    children={"StartPage": Into(Shape(children={"URL": Leaf("start_url", leaves.identifier)}))},
    expected={"start_url": "StartPage/URL"},
)
_OPTION: Final = replace(prose.EXTRINSICS, to="options")
PROFILE_SHAPE: Final = Shape(
    record=ProfileResponse,
    attributes={
        "effectiveDate": ("effective", leaves.optional_moment),
        "lastRefresh": ("last_refresh", leaves.optional_moment),
    },
    children={
        "Option": _OPTION,
        "Transaction": Many(
            "transactions",
            Shape(
                record=ProfileTransaction,
                attributes={"requestName": ("name", leaves.identifier)},
                children={"URL": Leaf("url", leaves.identifier), "Option": _OPTION},
                expected={"name": "@requestName", "url": "URL"},
            ),
        ),
    },
    expected={"transactions": "Transaction"},
)


_ABOUT: Final[Mapping[str, Rule]] = {"Comments": prose.COMMENTS, "Extrinsic": prose.EXTRINSICS}
_WITH_INVOICE: Final = Into(
    Shape(
        attributes={
            "invoiceID": ("subject_id", leaves.identifier),
            "invoiceDate": ("subject_date", leaves.optional_moment),
        }
    )
)
_WITH_DOCUMENT: Final = Into(
    Shape(
        attributes={
            "documentID": ("subject_id", leaves.identifier),
            "documentDate": ("subject_date", leaves.optional_moment),
        }
    )
)
_TYPED: Final = {"type": ("subject_type", leaves.string)}
STATUS_UPDATE_SHAPE: Final = Shape(
    record=StatusUpdate,
    children={
        **parts.document_reference("payload_id"),
        "Status": status(),
        "InvoiceStatus": Into(
            Shape(attributes=_TYPED, children={"InvoiceIDInfo": _WITH_INVOICE, **_ABOUT}), name="subject"
        ),
        "DocumentStatus": Into(
            Shape(attributes=_TYPED, children={"DocumentInfo": _WITH_DOCUMENT, **_ABOUT}), name="subject"
        ),
        "PaymentStatus": Into(
            Shape(
                attributes={
                    **_TYPED,
                    "orderID": ("subject_id", leaves.identifier),
                    "transactionTimestamp": ("subject_date", leaves.optional_moment),
                },
                children=_ABOUT,
            ),
            name="subject",
        ),
        "SourcingStatus": Into(Shape(attributes={"action": ("subject_type", leaves.string)}), name="subject"),
        "IntegrationStatus": Into(
            Shape(attributes={"documentStatus": ("subject_type", leaves.string)}), name="subject"
        ),
        "Extrinsic": prose.EXTRINSICS,
    },
    required={"code": "Status/@code"},
)
