"""The payloadID of an order."""

import pytest

from punchout.model.keys import Account
from punchout.ordering.identity import payload_id

ACCOUNT = Account("CONTOSO", "AMAZON")


def test_the_payload_id_of_an_order_never_changes() -> None:
    """A literal: any change to how it is made would give orders that were sent a second identity."""
    made = payload_id(ACCOUNT, "test", "106001", 1, "contoso.example")
    assert made == "c7a81f38-cd74-5e46-b388-14ea457a2c7b@contoso.example"


@pytest.mark.parametrize(
    "other",
    [
        payload_id(Account("CONTOSO", "OTHER"), "test", "106001", 1, "contoso.example"),
        payload_id(Account("OTHER", "AMAZON"), "test", "106001", 1, "contoso.example"),
        payload_id(ACCOUNT, "production", "106001", 1, "contoso.example"),
        payload_id(ACCOUNT, "test", "106002", 1, "contoso.example"),
        payload_id(ACCOUNT, "test", "106001", 2, "contoso.example"),
        payload_id(Account("CONTOSOAMA", "ZON"), "test", "106001", 1, "contoso.example"),
    ],
)
def test_every_part_of_the_key_makes_another_payload_id(other: str) -> None:
    assert other != payload_id(ACCOUNT, "test", "106001", 1, "contoso.example")


@pytest.mark.parametrize("host", ["", "a b", "a@b", "-a", 'a"b', "a\n"])
def test_a_host_that_is_none_is_refused(host: str) -> None:
    with pytest.raises(ValueError, match="not a host name"):
        payload_id(ACCOUNT, "test", "106001", 1, host)
