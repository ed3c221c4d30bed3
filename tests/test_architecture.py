"""The rules of the house that no other tool checks, and those of import-linter, as one more test."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("assets", "cxml_parsers", "pipelines", "punchout", "resources")
LONGEST_MODULE = 350
# A migration is the record of a schema: written once, in one piece, and never changed.
MIGRATIONS = ROOT / "punchout/ledger/migrations/versions"
# What each pure package may import beside the standard library.
PURE = {
    "punchout/model": {"punchout.model"},
    "punchout/ordering": {"punchout.model", "punchout.ordering"},
    "punchout/reconciliation": {"punchout.model", "punchout.reconciliation"},
    "cxml_parsers": {"punchout.model", "cxml_parsers", "lxml"},
}
LOCKS = ("requirements.lock", "requirements-dev.lock")


def modules(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "."


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


MODULES = modules(*PACKAGES, "benchmarks", "tests")
everywhere = pytest.mark.parametrize("path", MODULES, ids=named)


def test_the_import_rules_hold() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


@everywhere
def test_a_module_says_what_lives_there(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_bytes()))


@pytest.mark.parametrize("path", [p for p in MODULES if MIGRATIONS not in p.parents], ids=named)
def test_a_module_can_be_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE


@everywhere
def test_annotations_are_not_texts(path: Path) -> None:
    assert "__future__" not in set(imports(path))


@pytest.mark.parametrize("path", [p for p in modules(*PACKAGES) if p.name == "__init__.py"], ids=named)
def test_a_package_exports_nothing_by_itself(path: Path) -> None:
    assert len(ast.parse(path.read_bytes()).body) == 1


@pytest.mark.parametrize("folder", PURE)
def test_a_pure_package_imports_what_it_may_and_nothing_else(folder: str) -> None:
    strangers = {
        f"{named(path)}: {name}"
        for path in modules(folder)
        for name in imports(path)
        if name.partition(".")[0] not in sys.stdlib_module_names
        and not any(within(name, allowed) for allowed in PURE[folder])
    }
    assert not strangers


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host_and_no_index(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    hosts = r"[\w-]+\.(?:org|com|net|io|dev|local)\b"
    assert re.findall(rf"://|^-.*|@ *file|{hosts}", text, re.MULTILINE | re.IGNORECASE) == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_each_requirement_with_hashes(lock: str) -> None:
    entries = re.split(r"\n(?=\S)", (ROOT / lock).read_text(encoding="utf-8").strip())
    assert len(entries) > 50
    assert [entry for entry in entries if not re.match(r"[\w.-]+==\S+.*\\\n +--hash=sha256:", entry)] == []


def test_the_second_lock_holds_the_first() -> None:
    first, second = (
        set(re.findall(r"^\S+==\S+", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE)) for lock in LOCKS
    )
    assert first < second
