"""What the wheel holds. The folders of this project have general names, so that what is installed must be chosen."""

import re
import tomllib
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest
from hatchling import build

ROOT = Path(__file__).parents[1]
PACKAGES = {"assets", "cxml_parsers", "pipelines", "punchout", "resources"}
DEPENDENCIES = {
    "alembic",
    "apprise",
    "cryptography",
    "dagster",
    "dagster-webserver",
    "great-expectations",
    "h11",
    "httpx",
    "jinja2",
    "lxml",
    "markupsafe",
    "pandas",
    "paramiko",
    "pydantic-settings",
    "rich",
    "sqlalchemy",
    "starlette",
    "structlog",
    "typer",
    "tzdata",
    "uvicorn",
    "xlsxwriter",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        name = build.build_wheel(str(folder))
    return zipfile.ZipFile(folder / name)


@pytest.fixture(scope="module")
def metadata(wheel: zipfile.ZipFile) -> Message:
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    return Parser().parsestr(wheel.read(name).decode())


def test_the_wheel_holds_the_five_packages_and_nothing_beside_them(wheel: zipfile.ZipFile) -> None:
    tops = {name.partition("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == PACKAGES


def test_every_module_of_the_packages_is_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    sources = {str(path.relative_to(ROOT)) for package in PACKAGES for path in (ROOT / package).rglob("*.py")}
    assert sources == {name for name in wheel.namelist() if name.endswith(".py")}


def test_the_wheel_holds_no_cache_and_nothing_written_by_a_run(wheel: zipfile.ZipFile) -> None:
    assert not [name for name in wheel.namelist() if re.search(r"__pycache__|\.pyc$|\.sqlite3|\.log$", name)]


def test_the_licence_is_in_the_wheel(wheel: zipfile.ZipFile, metadata: Message) -> None:
    (name,) = (name for name in wheel.namelist() if name.endswith("LICENSE"))
    assert wheel.read(name) == (ROOT / "LICENSE").read_bytes()
    assert metadata["License-Expression"] == "Apache-2.0"


def test_the_command_is_installed(wheel: zipfile.ZipFile) -> None:
    (name,) = (name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    assert "punchout = punchout.cli.main:main" in wheel.read(name).decode()


def test_the_wheel_asks_for_what_the_product_runs_with(metadata: Message) -> None:
    asked = [line.partition(";") for line in metadata.get_all("Requires-Dist", [])]
    names = {re.split(r"[^\w-]", name)[0] for name, _, condition in asked if "extra" not in condition}
    assert names == DEPENDENCIES
    assert [name.strip() for name, _, condition in asked if "postgres" in condition] == ["psycopg[binary]>=3.3"]


def test_the_pythons_it_takes_are_those_it_is_tested_with(metadata: Message) -> None:
    assert set(metadata["Requires-Python"].split(",")) == {">=3.11", "<3.14"}


def test_the_definitions_are_named_the_same_everywhere() -> None:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    assert tools["dagster"]["module_name"] == "pipelines.definitions"
    assert tools["dg"]["project"]["code_location_target_module"] == "pipelines.definitions"
    assert "module_name: pipelines.definitions" in (ROOT / "workspace.yaml").read_text(encoding="utf-8")
