"""What the command line says of the gateway before it is opened."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.cli.homes import Home

SECRET_FILE = "gateway-secret"  # noqa: S105 - its name


def checks(home: Home, gateway: str) -> dict[str, Any]:
    home.write_settings(more=f"gateway = {{ {gateway} }}\n")
    result = home.run("doctor", "--json")
    return {one["name"]: one for one in json.loads(result.stdout)["checks"] if one["name"].startswith("gateway")}


@pytest.fixture
def secret(home: Home) -> Path:
    path = home.path / SECRET_FILE
    path.write_text("hush")
    path.chmod(0o600)
    return path


def test_where_nothing_is_set_up_there_is_nothing_to_look_at(home: Home) -> None:
    assert checks(home, "")["gateway"]["found"] == "not set up: documents come by feeds alone"


def test_a_gateway_that_can_be_opened_is_said_to_be(home: Home, secret: Path) -> None:
    found = checks(home, f'secrets = ["file:{secret}"], public_url = "https://p.example"')
    assert {name: one["state"] for name, one in found.items()} == {
        "gateway": "ok",
        "gateway tls": "ok",
        "gateway address": "ok",
    }


@pytest.mark.parametrize(
    ("gateway", "name", "state", "words"),
    [
        ("port = 9000", "gateway", "fail", "gateway.secrets is not set"),
        ('secrets = ["env:NOT_THERE"]', "gateway", "fail", "env:NOT_THERE is missing"),
        ('secrets = ["file:SECRET", "env:NOT_THERE"]', "gateway", "fail", "env:NOT_THERE is missing"),
        ('secrets = ["file:SECRET"], host = "0.0.0.0"', "gateway", "fail", "in clear"),
        ('secrets = ["file:SECRET"]', "gateway address", "warn", "public_url is not set"),
        ('secrets = ["file:SECRET", "file:SECRET"]', "gateway secrets", "warn", "two are valid"),
        ('tls_certificate = "c.pem", tls_key = "k.pem"', "gateway tls", "fail", "HOME/c.pem and HOME/k.pem"),
    ],
)
def test_what_is_wrong_with_it_is_said_with_what_to_do(
    home: Home, secret: Path, gateway: str, name: str, state: str, words: str
) -> None:
    found = checks(home, gateway.replace("SECRET", str(secret)))[name]
    assert (found["state"], bool(found["fix"])) == (state, True)
    assert words.replace("HOME", str(home.path)) in found["found"]


def test_the_secret_is_not_shown(home: Home, secret: Path) -> None:
    assert "hush" not in str(checks(home, f'secrets = ["file:{secret}"]'))
    assert os.environ.get("PUNCHOUT_HOME") == str(home.path)
