"""Secrets are compared as digests, each with each; what not everybody can spell is compared all the same."""

import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxml_parsers.senders import HandedIn, Presented, secret_sha256
from punchout.gateway import authentication
from punchout.gateway.authentication import Guards, is_let_in
from punchout.model.values import Credential
from resources.errors import ConfigurationError
from resources.settings import Settings
from tests.gateway.callers import basic

AMAZON = Credential("NetworkId", "Amazon")
SECRETS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(lambda text: text.strip() == text)


def guarded(*secrets: str) -> Guards:
    return Guards(tuple(secret_sha256(secret.encode()) for secret in secrets), (AMAZON,))


def handed(secret: str | None, credential: Credential = AMAZON) -> HandedIn:
    digest = None if secret is None else secret_sha256(secret.encode())
    return HandedIn("ConfirmationRequest", "1@x", (Presented(credential, digest),))


@given(right=SECRETS, other=SECRETS)
def test_the_secret_lets_in_and_no_other_does(right: str, other: str) -> None:
    assert is_let_in(guarded(right), handed(right), None)
    assert is_let_in(guarded(right), handed(other), None) == (right == other)


@given(right=SECRETS, other=SECRETS)
def test_the_same_holds_for_http_basic(right: str, other: str) -> None:
    for document in (handed(None), None):
        assert is_let_in(guarded(right), document, basic("Amazon", right))
        assert is_let_in(guarded(right), document, basic("Amazon", other)) == (right == other)


@given(header=st.one_of(st.text(), st.binary().map(lambda raw: f"Basic {raw.decode('latin-1')}")))
def test_no_header_whatever_it_holds_is_more_than_no_proof(header: str) -> None:
    assert not is_let_in(guarded("right"), None, header)


def test_a_domain_may_be_spelled_otherwise_and_an_identity_not() -> None:
    assert is_let_in(guarded("s"), handed("s", Credential("NETWORKID", "Amazon")), None)
    assert not is_let_in(guarded("s"), handed("s", Credential("NetworkId", "amazon")), None)


def test_every_secret_is_compared_whichever_of_them_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[bytes] = []
    compare = hmac.compare_digest

    def noted(known: bytes, presented: bytes) -> bool:
        compared.append(known)
        return compare(known, presented)

    monkeypatch.setattr(hmac, "compare_digest", noted)
    lengths = set()
    for document in (handed("first"), handed("second"), handed("wrong"), handed("first", Credential("D", "Mallory"))):
        compared.clear()
        is_let_in(guarded("first", "second"), document, None)
        lengths.add(len(compared))
    assert len(lengths) == 1
    assert lengths.pop() >= 2


def test_a_secret_that_cannot_be_read_does_not_shut_out_the_other(settings: Settings) -> None:
    gateway = type(settings.gateway).model_validate({"secrets": [*settings.gateway.secrets, "env:NOT_THERE"]})
    assert len(authentication.guards(settings.model_copy(update={"gateway": gateway})).digests) == 1


@pytest.mark.parametrize("secrets", [[], ["env:NOT_THERE"]])
def test_without_any_secret_there_is_nothing_to_prove_oneself_by(settings: Settings, secrets: list[str]) -> None:
    gateway = type(settings.gateway).model_validate({"secrets": secrets})
    with pytest.raises(ConfigurationError, match=r"gateway\.secrets is not set|NOT_THERE"):
        authentication.guards(settings.model_copy(update={"gateway": gateway}))
