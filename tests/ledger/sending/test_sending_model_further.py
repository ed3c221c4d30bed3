"""The other half of the histories of sending: what `test_sending_model.py` plays, drawn from another beginning."""

import pytest

from tests.ledger.sending.test_sending_model import play_half

pytestmark = pytest.mark.slow


@pytest.mark.timeout(900)
def test_money_leaves_once_whatever_else_happens() -> None:
    play_half(2)
