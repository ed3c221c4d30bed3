"""References to secrets: what is accepted, what is read, and that no value shows."""

import json
import os
from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

from resources.errors import ConfigurationError
from resources.secrets import SecretReference

VALUE = "s3cret-välue"


class Holder(BaseModel):
    secret: SecretReference


def secret_file(folder: Path, *, mode: int = 0o600, content: bytes = VALUE.encode() + b"\n") -> SecretReference:
    path = folder / "secret"
    path.write_bytes(content)
    path.chmod(mode)
    return SecretReference.parse(f"file:{path}")


def test_a_secret_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHARED", VALUE)
    assert SecretReference.parse("env:SHARED").reveal() == VALUE


def test_a_secret_is_read_from_a_file_without_its_line_end(tmp_path: Path) -> None:
    assert secret_file(tmp_path).reveal() == VALUE


def test_a_changed_secret_counts_from_the_next_use(tmp_path: Path) -> None:
    reference = secret_file(tmp_path)
    reference.reveal()
    secret_file(tmp_path, content=b"rotated")
    assert reference.reveal() == "rotated"


@pytest.mark.parametrize("show", [str, repr, lambda holder: holder.model_dump_json()])
def test_no_text_of_a_reference_shows_the_value(show: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHARED", VALUE)
    holder = Holder.model_validate({"secret": "env:SHARED"})
    holder.secret.reveal()
    assert callable(show)
    assert VALUE not in show(holder)
    assert "env:SHARED" in show(holder)


@pytest.mark.parametrize("text", ["hunter2", "env:", "env:1X", "file:relative/path", "file:", "vault:x", "env:A B", 7])
def test_what_is_no_reference_is_refused_without_being_shown(text: object) -> None:
    with pytest.raises(ValidationError) as caught:
        Holder.model_validate({"secret": text})
    message = caught.value.errors()[0]["msg"]
    assert "env:NAME or file:/PATH" in message
    assert "hunter2" not in message


def test_a_missing_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHARED", raising=False)
    with pytest.raises(ConfigurationError, match="has no variable SHARED"):
        SecretReference.parse("env:SHARED").reveal()


def test_an_empty_secret_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHARED", "")
    with pytest.raises(ConfigurationError, match="is empty"):
        SecretReference.parse("env:SHARED").reveal()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"nowhere cannot be read: No such file"):
        SecretReference.parse(f"file:{tmp_path}/nowhere").reveal()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o610, 0o644])
def test_a_file_that_others_can_open_is_refused(mode: int, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="chmod 600"):
        secret_file(tmp_path, mode=mode).reveal()


def test_a_link_is_judged_by_the_file_it_leads_to(tmp_path: Path) -> None:
    secret_file(tmp_path, mode=0o644)
    (tmp_path / "link").symlink_to(tmp_path / "secret")
    with pytest.raises(ConfigurationError, match="open to others"):
        SecretReference.parse(f"file:{tmp_path}/link").reveal()


def test_a_folder_is_no_secret(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        SecretReference.parse(f"file:{tmp_path}").reveal()


def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe, 0o600)
    with pytest.raises(ConfigurationError, match="is not a file"):
        SecretReference.parse(f"file:{pipe}").reveal()


@pytest.mark.parametrize(("content", "reason"), [(b"\xff\xfe", "not UTF-8"), (b"x" * 65537, "at most 65536 bytes")])
def test_a_file_with_something_else_in_it_is_refused(content: bytes, reason: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=reason):
        secret_file(tmp_path, content=content).reveal()


def test_the_schema_describes_a_reference() -> None:
    schema = json.dumps(Holder.model_json_schema())
    assert "env:" in schema
    assert "pattern" in schema
