"""What commands begin with."""

import logging
from pathlib import Path

import pytest
from structlog.stdlib import ProcessorFormatter

from punchout.cli import opening


def test_whoever_reads_the_settings_logs_as_they_say_with_secrets_taken_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PUNCHOUT_HOME", str(tmp_path))
    monkeypatch.setenv("PUNCHOUT_LOGGING__LEVEL", "WARNING")
    opening.settings()
    root = logging.getLogger()
    assert root.level == logging.WARNING
    assert [type(handler.formatter) for handler in root.handlers] == [ProcessorFormatter]
    logging.getLogger("supplier").warning("sent <SharedSecret>canary-7f3a</SharedSecret>")
    shown = capsys.readouterr().err
    assert "SharedSecret" in shown
    assert "canary-7f3a" not in shown
