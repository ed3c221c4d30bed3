"""Settings become policies: what was said in text holds exactly, and what was not said asks for nothing."""

from pathlib import Path

import pytest

from punchout.ordering.policy import Accounting
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
