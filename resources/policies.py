"""Settings become the frozen policies that the pure packages and the ledger work with.

Settings are text and sections, made for people; policies are exact numbers and instants. Nothing is decided here.
"""

from decimal import Decimal
from zoneinfo import ZoneInfo

from punchout.ledger.business_central.updates import UpdateRules
from punchout.ledger.documents.judging import AcceptanceRules
from punchout.ledger.reconciling.reconcile import Policies
from punchout.ledger.sending.orders import Letterhead
from punchout.ledger.sending.rules import SendingRules
from punchout.model.exact import ONE, Millionths
from punchout.model.keys import Account
from punchout.model.moments import Micros, to_micros
from punchout.model.orders import Address
from punchout.model.values import Credential
from punchout.ordering.policy import Accounting, OrderingPolicy
from punchout.reconciliation.policy import ReconciliationPolicy
from punchout.reconciliation.tolerances import Tolerances
from resources.epoch_note import NAME, EpochFile
from resources.errors import ConfigurationError
from resources.settings import Settings
from resources.settings_reconciliation import ToleranceSettings
from resources.settings_sections import AccountingSettings, AddressSettings, Side
from resources.settings_sections import Credential as CredentialSettings

_NO_HOST = "punchout.invalid"


def account(settings: Settings) -> Account:
    """Return whose books these are, and which supplier's documents."""
    return Account(settings.company.id, settings.supplier.id)


def acceptance_rules(settings: Settings) -> AcceptanceRules:
    """Return what an inbound document must say to count."""
    ours = settings.supplier.our_identity
    return AcceptanceRules(
        environment=settings.environment,
        senders=tuple(_credential(one) for one in settings.supplier.identities),
        own=() if ours is None else (_credential(ours),),
        naive_zone=ZoneInfo(settings.supplier.naive_zone),
        max_bytes=settings.documents.max_bytes,
        dtd_dir=settings.documents.dtd_dir if settings.documents.check_dtd else None,
    )


def policies(settings: Settings) -> Policies:
    """Return the policies of reconciliation and ordering.

    Raises:
        ConfigurationError: it is not said who sends orders and who receives carts.
    """
    sent_by, received_by = _sides(settings)
    deadlines = settings.reconciliation
    return Policies(
        ReconciliationPolicy(
            zone=settings.company.zone,
            sent_by=sent_by,
            received_by=received_by,
            local_currency=settings.company.local_currency,
            cutover_at=_cutover(settings),
            cart_warn_age_days=settings.orders.cart_warn_age_days,
            cart_max_age_days=settings.orders.cart_max_age_days,
            unit_map=_unit_map(settings),
            tolerances=_tolerances(deadlines.tolerances),
            link_from=_thousandths(deadlines.link_confidence),
            charge_words=tuple(deadlines.charge_words.items()),
            shipment_grace_days=deadlines.shipment_grace_days,
            receipt_grace_days=deadlines.receipts.grace_days,
            receipt_error_days=deadlines.receipts.error_days,
            duplicate_days=deadlines.duplicate_days,
            confirmation_hours=deadlines.confirmation_hours,
            confirmation_error_hours=deadlines.confirmation_error_hours,
            confirmation_policy=deadlines.confirmation_policy,
            invoice_wait_days=deadlines.invoice_wait_days,
            receipts_in_scope=deadlines.receipts.in_scope,
        ),
        _ordering(settings),
    )


def letterhead(settings: Settings) -> Letterhead:
    """Return who writes to whom in our documents.

    Raises:
        ConfigurationError: one of the identities is not set.
    """
    settings.require("supplier.our_identity", "supplier.supplier_identity", "supplier.payload_host")
    ours, theirs = settings.supplier.our_identity, settings.supplier.supplier_identity
    if ours is None or theirs is None:
        message = "supplier.our_identity and supplier.supplier_identity must be set"
        raise ConfigurationError(message)
    return Letterhead(_credential(ours), _credential(theirs), settings.supplier.user_agent)


def sending_rules(settings: Settings) -> SendingRules:
    """Return what sending depends on beside the ledger."""
    orders = settings.orders
    longest = 2 * orders.read_timeout_seconds + 2 * orders.connect_timeout_seconds
    return SendingRules(
        policy=_ordering(settings),
        config_switch=orders.send_enabled,
        kill_switch=orders.kill_switch.exists,
        epoch_note=epoch_note(settings),
        zone=ZoneInfo(settings.company.zone),
        # Whoever gives an attempt up must be sure that nothing of it is still on its way.
        lease_seconds=int(longest) + 60,
    )


def epoch_note(settings: Settings) -> EpochFile:
    """Return where the last epoch of sending is noted."""
    return EpochFile(settings.home / NAME)


def update_rules(settings: Settings) -> UpdateRules:
    """Return what updates to Business Central depend on beside the facts."""
    settings.require("cart.received_by")
    return UpdateRules(
        stage_map=settings.business_central.stage_map,
        received_by=settings.cart.received_by or "bc",
        local_currency=settings.company.local_currency,
    )


def _sides(settings: Settings) -> tuple[Side, Side]:
    """Return who sends orders and who receives carts."""
    settings.require("orders.sent_by", "cart.received_by")
    sent_by, received_by = settings.orders.sent_by, settings.cart.received_by
    if sent_by is None or received_by is None:
        message = "orders.sent_by and cart.received_by must be set"
        raise ConfigurationError(message)
    return sent_by, received_by


def _tolerances(stated: ToleranceSettings) -> Tolerances:
    return Tolerances(
        price=_exact(stated.price),
        price_share=_thousandths(stated.price_percent),
        price_error_share=_thousandths(stated.price_error_percent),
        line_amount=_exact(stated.line_amount),
        tax=_exact(stated.tax),
        tax_share=_thousandths(stated.tax_percent),
        charges=_exact(stated.charges),
        total=_exact(stated.total),
        slip_days=stated.slip_days,
        slip_error_days=stated.slip_error_days,
        similarity=_thousandths(stated.similarity_percent),
    )


def _ordering(settings: Settings) -> OrderingPolicy:
    orders = settings.orders
    return OrderingPolicy(
        environment=settings.environment,
        payload_host=settings.supplier.payload_host or _NO_HOST,
        local_currency=settings.company.local_currency,
        sent_by=orders.sent_by,
        bill_to=None if orders.bill_to is None else _address(orders.bill_to),
        business_unit=orders.business_unit,
        cutover_at=_cutover(settings),
        max_order_amount=_exact(orders.max_order_amount),
        max_orders_per_day=orders.max_orders_per_day,
        max_amount_per_day=_exact(orders.max_amount_per_day),
        cart_warn_age_days=orders.cart_warn_age_days,
        cart_max_age_days=orders.cart_max_age_days,
        accounting=None if orders.accounting is None else _accounting(orders.accounting),
        states_charges=orders.state_charges,
        dedupes_payload_id=settings.supplier.dedupes_payload_id,
        unit_map=_unit_map(settings),
    )


def _accounting(stated: AccountingSettings) -> Accounting:
    return Accounting(
        name=stated.name,
        account_segment=stated.account_segment,
        cost_center_segment=stated.cost_center_segment,
        cost_centers=tuple(sorted(stated.cost_centers.items())),
    )


def _unit_map(settings: Settings) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(settings.orders.unit_map.items()))


def _cutover(settings: Settings) -> Micros | None:
    stated = settings.orders.cutover_at
    return None if stated is None else to_micros(stated)


def _address(address: AddressSettings) -> Address:
    return Address(
        address_id=address.address_id,
        name=address.name,
        deliver_to=(),
        street=address.street,
        city=address.city,
        state=address.state,
        post_code=address.post_code,
        country=address.country,
    )


def _credential(stated: CredentialSettings) -> Credential:
    return Credential(stated.domain, stated.identity)


def _exact(amount: Decimal) -> Millionths:
    return int(amount * ONE)


def _thousandths(percent: Decimal) -> int:
    return int(percent * 10)
