"""Settings become policies: what was said in text holds exactly, and what was not said asks for nothing."""

from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punchout.ordering.policy import Accounting
from punchout.reconciliation.policy import ReconciliationPolicy
from punchout.reconciliation.tolerances import Tolerances
from resources.policies import acceptance_rules, policies, sending_rules
from tests.support.exchange_home import home_settings


def test_nothing_is_said_of_accounts_charges_and_dtds_unless_it_is_set(tmp_path: Path) -> None:
    settings = home_settings(tmp_path)
    ordering = policies(settings).ordering
    assert (ordering.accounting, ordering.states_charges) == (None, False)
    assert acceptance_rules(settings).dtd_dir is None
    assert settings.documents.dtd_dir == tmp_path / "dtd"


def test_accounts_are_named_as_the_settings_say(tmp_path: Path) -> None:
    accounting = {"account_segment": "Sachkonto", "cost_centers": {"Sales": "CC2", "Office": "CC1"}}
    settings = home_settings(tmp_path, orders={"accounting": accounting, "state_charges": True})
    wanted = Accounting(account_segment="Sachkonto", cost_centers=(("Office", "CC1"), ("Sales", "CC2")))
    for ordering in (policies(settings).ordering, sending_rules(settings).policy):
        assert (ordering.accounting, ordering.states_charges) == (wanted, True)


def test_documents_are_held_against_the_dtds_where_the_settings_say_so(tmp_path: Path) -> None:
    settings = home_settings(tmp_path, documents={"check_dtd": True, "dtd_dir": "official"})
    assert acceptance_rules(settings).dtd_dir == tmp_path / "official"


@pytest.mark.parametrize("policy", ["amazon", "strict_cxml"])
def test_which_confirmations_stand_together_is_what_the_settings_say(tmp_path: Path, policy: str) -> None:
    settings = home_settings(tmp_path, reconciliation={"confirmation_policy": policy})
    assert policies(settings).reconciliation.confirmation_policy == policy


def test_confirmations_are_read_by_amazons_habit_unless_it_is_set(tmp_path: Path) -> None:
    assert policies(home_settings(tmp_path)).reconciliation.confirmation_policy == "amazon"


def reconciliation(home: Path, **stated: Any) -> ReconciliationPolicy:  # noqa: ANN401 - as settings have it
    return policies(home_settings(home, reconciliation=stated)).reconciliation


def test_empty_settings_are_the_default_policy(tmp_path: Path) -> None:
    found = reconciliation(tmp_path)
    told = {name: getattr(found, name) for name in ("zone", "sent_by", "received_by", "local_currency", "cutover_at")}
    assert found == ReconciliationPolicy(**told)


def test_every_tolerance_can_be_set_and_is_exact(tmp_path: Path) -> None:
    found = reconciliation(
        tmp_path,
        tolerances={
            "price": "0.000001",
            "price_percent": 0.7,
            "price_error_percent": 7,
            "line_amount": "0.03",
            "tax": "1.10",
            "tax_percent": "2.9",
            "charges": 4,
            "total": "0.06",
            "slip_days": 0,
            "slip_error_days": 3,
            "similarity_percent": 95.5,
        },
    ).tolerances
    assert found == Tolerances(
        price=1,
        price_share=7,
        price_error_share=70,
        line_amount=30_000,
        tax=1_100_000,
        tax_share=29,
        charges=4_000_000,
        total=60_000,
        slip_days=0,
        slip_error_days=3,
        similarity=955,
    )
    unchanged = [one.name for one in fields(Tolerances) if getattr(found, one.name) == getattr(Tolerances(), one.name)]
    assert unchanged == []


@given(thousandths=st.integers(0, 10_000), is_text=st.booleans())
def test_a_percentage_is_the_thousandths_it_names(
    tmp_path_factory: pytest.TempPathFactory, thousandths: int, *, is_text: bool
) -> None:
    stated = str(Decimal(thousandths) / 10) if is_text else thousandths / 10
    tolerances = {"price_percent": 0, "price_error_percent": stated, "tax_percent": stated}
    found = reconciliation(tmp_path_factory.getbasetemp(), tolerances=tolerances).tolerances
    assert (found.price_error_share, found.tax_share) == (thousandths, thousandths)


def test_deadlines_confidence_and_words_for_charges_are_those_of_the_settings(tmp_path: Path) -> None:
    found = reconciliation(
        tmp_path,
        shipment_grace_days=4,
        duplicate_days=60,
        receipts={"grace_days": 6, "error_days": 12},
        link_confidence=72.5,
        charge_words={"Palette": "handling", "Maut": "shipping"},
    )
    assert found == replace(
        reconciliation(tmp_path),
        shipment_grace_days=4,
        duplicate_days=60,
        receipt_grace_days=6,
        receipt_error_days=12,
        link_from=725,
        charge_words=(("palette", "handling"), ("maut", "shipping")),
    )
