"""Short documents about other documents, as frozen records: status updates, and what a supplier answers at once."""

from dataclasses import dataclass

from punchout.model.moments import Moment
from punchout.model.values import Comment, Extrinsic


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusUpdate:
    """`StatusUpdateRequest`: what became of an earlier document.

    `payload_id` names that document. `subject` is the element that says more (`InvoiceStatus`, `PaymentStatus`,
    `DocumentStatus`, `SourcingStatus`, `IntegrationStatus`), None where only the status is stated.
    """

    code: int
    text: str | None = None
    message: str | None = None
    payload_id: str | None = None
    subject: str | None = None
    subject_type: str | None = None
    subject_id: str | None = None
    subject_date: Moment | None = None
    comments: tuple[Comment, ...] = ()
    extrinsics: tuple[Extrinsic, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupResponse:
    """`PunchOutSetupResponse`: where the browser goes; None where the setup was refused."""

    start_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileTransaction:
    """`Transaction`: a kind of request the supplier takes, and where."""

    ordinal: int
    name: str | None = None
    url: str | None = None
    options: tuple[Extrinsic, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileResponse:
    """`ProfileResponse`: what the supplier's server takes."""

    effective: Moment | None = None
    last_refresh: Moment | None = None
    options: tuple[Extrinsic, ...] = ()
    transactions: tuple[ProfileTransaction, ...] = ()
