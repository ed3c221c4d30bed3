"""The folder that Dagster keeps its runs in: made once, and then the user's."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import dagster as dg

from pipelines.instance import open_instance, ready_home
from resources.settings import Settings
from tests.support.exchange_home import home_settings


def test_a_new_home_gets_a_configuration_that_phones_nobody(tmp_path: Path) -> None:
    settings = home_settings(tmp_path / "home")
    with open_instance(settings) as instance:
        assert not instance.telemetry_enabled
        assert not instance.nux_enabled
        assert instance.run_monitoring_enabled
        assert instance.root_directory == str(settings.dagster.home)


def test_a_configuration_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    settings = home_settings(tmp_path / "home")
    settings.dagster.home.mkdir(parents=True)
    mine = "telemetry: {enabled: false}\n# mine\n"
    (settings.dagster.home / "dagster.yaml").write_text(mine, encoding="utf-8")
    ready_home(settings)
    assert [path.name for path in settings.dagster.home.iterdir()] == ["dagster.yaml"]
    assert (settings.dagster.home / "dagster.yaml").read_text(encoding="utf-8") == mine


def test_what_is_written_is_the_owner_s_alone(tmp_path: Path) -> None:
    home = ready_home(home_settings(tmp_path / "home"))
    assert (home / "dagster.yaml").stat().st_mode & 0o077 == 0


def test_those_who_open_a_new_home_side_by_side_do_not_stumble_over_each_other(tmp_path: Path) -> None:
    for attempt in range(3):
        settings, together = home_settings(tmp_path / str(attempt)), threading.Barrier(4)

        def runs(settings: Settings = settings, together: threading.Barrier = together) -> int:
            together.wait()
            with open_instance(settings) as instance:
                return instance.get_runs_count()

        with ThreadPoolExecutor(4) as several:
            assert [one.result() for one in [several.submit(runs) for _ in range(4)]] == [0] * 4


def test_runs_that_write_wait_for_each_other(tmp_path: Path) -> None:
    with open_instance(home_settings(tmp_path / "home")) as instance:
        assert isinstance(instance, dg.DagsterInstance)
        queue = instance.get_concurrency_config().run_queue_config
    assert queue is not None
    assert queue.tag_concurrency_limits == [{"key": "punchout/ledger", "value": "writes", "limit": 1}]
