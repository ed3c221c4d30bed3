"""The sections of the settings, each with what may stand in it and what holds when nothing does.

How they are found and put together is in `resources.settings`; what reconciliation is told is in
`resources.settings_reconciliation`. Paths without a default get theirs there, since they
lie under the home folder.
"""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    NonNegativeFloat,
    PositiveFloat,
    PositiveInt,
    model_validator,
)

from resources.secrets import SecretReference
from resources.settings_fields import (
    Amount,
    Country,
    Currency,
    DatabaseUrl,
    Fingerprint,
    Network,
    ServerUrl,
    Text,
    Zone,
)

if TYPE_CHECKING:
    import sqlalchemy as sa

Side = Literal["bc", "pipeline"]
FeedContent = Literal["cxml", "bc_requests", "bc_orders"]


class Section(BaseModel):
    """A part of the settings: read once, never changed, and with no name that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, str_strip_whitespace=True)


class DatabaseSettings(Section):
    """The ledger's database."""

    url: DatabaseUrl
    password: SecretReference | None = None

    def sqlalchemy_url(self) -> "sa.URL":
        """Return the address with its password in it, of a type whose text masks the password.

        Raises:
            resources.errors.ConfigurationError: the password's reference leads nowhere.
        """
        import sqlalchemy as sa

        url = sa.make_url(self.url)
        return url if self.password is None else url.set(password=self.password.reveal())


class CompanySettings(Section):
    """The company that buys, as Business Central knows it."""

    id: Text = "COMPANY"
    zone: Zone = Field(default="UTC", description="where a day begins: dates in reports and in Business Central")
    local_currency: Currency = Field(default="USD", description="what a blank currency code in Business Central means")


class Credential(Section):
    """Who someone is in a cXML header: `Credential/@domain` and `Identity`."""

    domain: Text
    identity: Text


class SupplierSettings(Section):
    """The supplier, how it names itself and us, and where orders go."""

    id: Text = "AMAZON"
    identities: tuple[Credential, ...] = Field(
        default=(), description="who may stand in From of an inbound document; empty: anybody"
    )
    our_identity: Credential | None = Field(default=None, description="From of every OrderRequest, ours or a copy")
    supplier_identity: Credential | None = Field(default=None, description="To of what we send")
    shared_secret: SecretReference | None = None
    order_url: ServerUrl | None = Field(default=None, description="where an OrderRequest is posted")
    setup_url: ServerUrl | None = Field(default=None, description="where a PunchOutSetupRequest is posted")
    start_page_hosts: tuple[Text, ...] = Field(
        default=(), description="where users may be sent to shop, subdomains too; by default where setup_url is"
    )
    payload_host: Text | None = Field(default=None, description="what stands behind the @ of our payloadIDs")
    user_agent: Text = "punchout-exchange"
    naive_zone: Zone = Field(default="UTC", description="the zone of an instant that the supplier states without one")
    dedupes_payload_id: bool = Field(
        default=False, description="it takes a repeated payloadID for the same order; needs `outbox conformance` first"
    )


class AddressSettings(Section):
    """A postal address as an OrderRequest carries it."""

    name: Text
    address_id: Text | None = None
    street: tuple[Text, ...] = Field(min_length=1)
    city: Text
    state: Text | None = None
    post_code: Text | None = None
    country: Country


class AccountingSettings(Section):
    """How the accounts of an order's lines are named to the supplier."""

    name: Text = "DistributionCharge"
    account_segment: Text = Field(default="G/L Account", description="of a purchase order line of type Account")
    cost_center_segment: Text = "Cost Center"
    cost_centers: Mapping[str, Text] = Field(
        default_factory=dict, description="a business unit to the cost centre that bears what it orders"
    )


class OrdersSettings(Section):
    """Who sends orders, whether they may leave, and the bounds on what leaves unasked."""

    sent_by: Side | None = None
    send_enabled: bool = Field(default=False, description="the first of the two switches; the second is in the ledger")
    cutover_at: AwareDatetime | None = Field(default=None, description="what was released before is tracked, not sent")
    max_order_amount: Amount = Decimal(10_000)
    max_orders_per_day: PositiveInt = 100
    max_amount_per_day: Amount = Decimal(50_000)
    bill_to: AddressSettings | None = None
    business_unit: Text | None = None
    accounting: AccountingSettings | None = Field(default=None, description="set to state accounts on every line")
    state_charges: bool = Field(default=False, description="repeat what the cart says of shipping and tax")
    connect_timeout_seconds: PositiveFloat = 10
    read_timeout_seconds: PositiveFloat = 60
    kill_switch: Path = Field(description="while this file is there, nothing is sent")
    unit_map: Mapping[str, Text] = Field(
        default_factory=dict, description="a unit's code in Business Central to the supplier's"
    )
    cart_max_age_days: PositiveInt = 7
    cart_warn_age_days: PositiveInt = 5

    @model_validator(mode="after")
    def _warns_before_it_refuses(self) -> Self:
        if self.cart_warn_age_days > self.cart_max_age_days:
            message = "cart_warn_age_days is above cart_max_age_days"
            raise ValueError(message)
        return self


class CartSettings(Section):
    """Who receives a returned cart; of sessions that are opened here, how long they last and what may come back."""

    received_by: Side | None = None
    session_minutes: PositiveInt = Field(default=720, description="how long after its start a session's cart is taken")
    reuse_seconds: NonNegativeFloat = Field(
        default=30, description="how long a repeated start leads to the same session instead of a second one"
    )
    setup_timeout_seconds: PositiveFloat = Field(default=20, description="how long the supplier may take to open one")
    max_bytes: PositiveInt = Field(default=5 * 1024 * 1024, description="of the form that carries a cart")
    stray_carts_per_day: PositiveInt = Field(default=100, description="how many carts of no session of ours are kept")
    stray_bytes_per_day: PositiveInt = Field(default=50 * 1024 * 1024, description="and how many bytes of them")


class SftpSettings(Section):
    """An SFTP server, how it proves itself, and who we are there."""

    host: Text
    port: int = Field(default=22, ge=1, le=65535)
    user: Text
    known_hosts: Path | None = Field(default=None, description="a file with the server's key, as OpenSSH writes it")
    fingerprint: Fingerprint | None = Field(default=None, description="SHA256:... of the server's key")
    password: SecretReference | None = None
    private_key: SecretReference | None = None
    passphrase: SecretReference | None = Field(default=None, description="of the private key")
    timeout_seconds: PositiveFloat = Field(default=30, description="how long the server may show no progress")
    window: PositiveInt = Field(default=64, description="how many files are asked for at once")

    @model_validator(mode="after")
    def _proves_itself_and_lets_us_in(self) -> Self:
        if self.known_hosts is None and self.fingerprint is None:
            message = "set known_hosts or fingerprint: a server that cannot prove itself is not spoken to"
            raise ValueError(message)
        if (self.password is None) == (self.private_key is None):
            message = "set either password or private_key"
            raise ValueError(message)
        return self


class FeedSettings(Section):
    """One way in for documents: a folder, of this machine or of an SFTP server."""

    path: Path = Field(description="the folder; on an SFTP server as that server names it")
    sftp: SftpSettings | None = None
    content: FeedContent
    settle_seconds: NonNegativeFloat = Field(
        default=0, description="how long a file must have stayed as it is; 0 where writers rename from .part"
    )


class BusinessCentralSettings(Section):
    """What goes back to Business Central."""

    updates_dir: Path = Field(description="where update files are put; on an SFTP server as that server names it")
    sftp: SftpSettings | None = None
    stage_map: Mapping[str, str] = Field(default_factory=dict, description="a stage's name here to its name there")


class DocumentsSettings(Section):
    """Bounds on what is taken in, and what it is held against."""

    max_bytes: PositiveInt = 20 * 1024 * 1024
    archive_dir: Path = Field(
        description="where documents above 1 MB are kept; workers on several machines need one that all of them share"
    )
    dtd_dir: Path = Field(description="where `punchout dtd install` puts the official cXML DTDs")
    check_dtd: bool = Field(default=False, description="note on every document what the DTD of its kind says")


class GatewaySettings(Section):
    """The HTTP door: where it listens, who may come in, and how much at once."""

    host: Text = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535, description="0 takes any that is free")
    public_url: ServerUrl | None = Field(default=None, description="the address that senders and browsers call")
    allowed_hosts: tuple[Text, ...] = Field(default=(), description="other names that it may be called by")
    trusted_proxies: tuple[Network, ...] = Field(
        default=(), description="whose X-Forwarded-For is believed: addresses or networks"
    )
    tls_certificate: Path | None = Field(default=None, description="a file with the certificate and its chain, as PEM")
    tls_key: Path | None = Field(default=None, description="a file with the certificate's private key, as PEM")
    secrets: tuple[SecretReference, ...] = Field(
        default=(), max_length=2, description="what senders prove themselves by; two while one takes the other's place"
    )
    senders: tuple[Credential, ...] = Field(
        default=(), description="who may stand in Sender beside supplier.identities and supplier.our_identity"
    )
    link_secrets: tuple[SecretReference, ...] = Field(
        default=(),
        max_length=2,
        description="what links to /punchout/start are signed with: the first signs, all count",
    )
    max_body_bytes: PositiveInt = 20 * 1024 * 1024
    max_header_bytes: PositiveInt = 16 * 1024
    header_seconds: PositiveFloat = Field(default=10, description="how long a sender may take over a request's head")
    body_seconds: PositiveFloat = Field(default=15, description="how long a sender may take over a body")
    keep_alive_seconds: PositiveInt = 5
    max_connections: PositiveInt = 256
    max_requests: PositiveInt = Field(default=64, description="how many are read, judged or waiting at once")
    max_bytes_in_flight: PositiveInt = Field(default=64 * 1024 * 1024, description="of all bodies held at once")
    requests_per_second: PositiveFloat = Field(default=50, description="of one address, over time")
    request_burst: PositiveInt = Field(default=200, description="of one address, at once")
    stop_seconds: PositiveInt = Field(default=20, description="how long requests may take to end when it stops")

    @model_validator(mode="after")
    def _has_both_halves_of_its_certificate(self) -> Self:
        if (self.tls_certificate is None) != (self.tls_key is None):
            message = "set both tls_certificate and tls_key, or neither"
            raise ValueError(message)
        return self


class QualitySettings(Section):
    """When a batch of data is not to be trusted."""

    snapshot_shrink_percent: int = Field(default=20, ge=0, le=100)


class ReportSettings(Section):
    """Where the tracking report is written."""

    out_dir: Path


class DagsterSettings(Section):
    """Where Dagster keeps its runs."""

    home: Path


class LoggingSettings(Section):
    """What is said on stderr, and in which form."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    format: Literal["json", "console"] = "console"
