"""Setting up from a fresh clone: what is said, in one line, when a machine lacks what it takes to begin."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.lanes import need_command

ROOT = Path(__file__).parents[1]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A checkout without an environment, as far as setting up reads it."""
    folder = tmp_path / "a clone"
    shutil.copytree(ROOT / ".ci", folder / ".ci")
    for name in ("Makefile", "pyproject.toml", "requirements.lock", "requirements-dev.lock"):
        shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture
def bin_folder(tmp_path: Path) -> Path:
    """A PATH with what the commands of a Makefile need, and without any Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "awk", "cat", "cksum", "date", "dirname", "tr"):
        (folder / name).symlink_to(need_command(name))
    return folder


def put_python(folder: Path, name: str, *, version: str = "3.11", venv: bool = True) -> None:
    """An interpreter that answers what setting up asks it."""
    inside = "exit 0" if venv else "exit 1"
    fits = "exit 0" if version in {"3.11", "3.12", "3.13"} else "exit 1"
    script = f'#!/bin/sh\ncase "$2" in *ensurepip*) {inside};; *sys.exit*) {fits};; *print*) echo {version};; esac\n'
    (folder / name).write_text(script)
    (folder / name).chmod(0o755)


def make(clone: Path, path: Path, *arguments: str) -> tuple[int, list[str]]:
    environment = {"PATH": str(path), "LC_ALL": "C"}
    command = [need_command("make"), *arguments]
    result = subprocess.run(
        command, cwd=clone, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return result.returncode, result.stdout.splitlines()


@pytest.mark.parametrize("target", ["run", "test", "dev", "lint"])
def test_a_missing_venv_module_is_one_line_with_the_package_to_install(
    target: str, clone: Path, bin_folder: Path
) -> None:
    put_python(bin_folder, "python3.12", version="3.12", venv=False)
    status, lines = make(clone, bin_folder, target)
    assert status != 0
    assert len(lines) == 1
    assert "install the package python3.12-venv" in lines[0]
    assert not (clone / ".venv").exists()


@pytest.mark.parametrize(("version", "said"), [("3.10", "python3 is 3.10"), ("3.14", "python3 is 3.14")])
def test_a_python_that_does_not_fit_is_one_line(version: str, said: str, clone: Path, bin_folder: Path) -> None:
    put_python(bin_folder, "python3", version=version)
    status, lines = make(clone, bin_folder, "run")
    assert status != 0
    assert len(lines) == 1
    assert said in lines[0]


def test_no_python_at_all_is_one_line(clone: Path, bin_folder: Path) -> None:
    status, lines = make(clone, bin_folder, "run")
    assert status != 0
    assert len(lines) == 1
    assert "python3 is not installed" in lines[0]


def test_a_chosen_python_that_does_not_fit_is_one_line(clone: Path, bin_folder: Path) -> None:
    put_python(bin_folder, "python3.11")
    put_python(bin_folder, "old", version="3.9")
    _, lines = make(clone, bin_folder, "run", "PYTHON=old")
    assert len(lines) == 1
    assert "PYTHON=old is 3.9" in lines[0]


def test_an_interpreter_without_venv_is_passed_over_for_one_that_has_it(clone: Path, bin_folder: Path) -> None:
    put_python(bin_folder, "python3.11", venv=False)
    put_python(bin_folder, "python3.13", version="3.13")
    result = subprocess.run(
        ["/bin/sh", ".ci/venv.sh", "check"],
        cwd=clone,
        env={"PATH": str(bin_folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_a_real_interpreter_without_its_venv_module_is_recognised(
    clone: Path, bin_folder: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    # As Debian's python3 is without python3-venv: the module venv is there, and what it needs is not.
    (broken / "ensurepip.py").write_text("raise ModuleNotFoundError('ensurepip')\n")
    python = bin_folder / "python3"
    python.write_text(f"#!/bin/sh\nPYTHONPATH='{broken}' exec '{sys.executable}' \"$@\"\n")
    python.chmod(0o755)
    _, lines = make(clone, bin_folder, "run")
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert len(lines) == 1
    assert f"python{version}-venv" in lines[0]


@pytest.mark.parametrize("target", ["run", "test", "dev", "bench", "lint", "nightly", "lock", "help", "clean"])
def test_help_lists_every_command(target: str, clone: Path, bin_folder: Path) -> None:
    status, lines = make(clone, bin_folder, "help")
    assert status == 0
    assert [line for line in lines if line.split()[:2] == ["make", target]]


@pytest.mark.parametrize(
    ("chosen", "option"),
    [
        ("FRESH=1", "--fresh"),
        ("SET=handful", '--scenario-set "handful"'),
        ("SEED=8", '--seed "8"'),
        ("SENT_BY=bc", '--orders-sent-by "bc"'),
        ("PROFILE=postgres", '--profile "postgres"'),
        ("DOORS=folder", '--doors "folder"'),
    ],
)
def test_what_is_chosen_for_a_run_reaches_its_command(chosen: str, option: str, clone: Path, bin_folder: Path) -> None:
    put_python(bin_folder, "python3.11")
    plain, told = ("\n".join(make(clone, bin_folder, "-n", "run", *words)[1]) for words in ([], [chosen]))
    assert "sandbox run" in plain
    assert (option in plain, option in told) == (False, True)


def test_a_make_without_a_target_says_what_there_is(clone: Path, bin_folder: Path) -> None:
    assert make(clone, bin_folder) == make(clone, bin_folder, "help")


def test_the_scripts_are_plain_shell() -> None:
    for script in ("venv.sh", "lock.sh"):
        result = subprocess.run(["/bin/sh", "-n", ROOT / ".ci" / script], capture_output=True, text=True, check=False)
        assert (result.returncode, result.stderr) == (0, "")


def test_the_ci_script_is_executable() -> None:
    assert os.access(ROOT / ".ci/run", os.X_OK)
