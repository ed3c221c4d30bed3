"""Settings: where values come from, what is refused, and what is said then."""

from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from resources.errors import ConfigurationError
from resources.settings import Settings, load_settings, settings_file


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(text: str, path: str = "punchout.toml") -> None:
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def problem() -> str:
    with pytest.raises(ConfigurationError) as caught:
        load_settings()
    return str(caught.value)


def test_without_any_settings_everything_lies_under_var(here: Path) -> None:
    settings = load_settings()
    home = here / "var"
    assert settings.home == home
    assert settings.database.url == f"sqlite:///{home}/ledger.sqlite3"
    assert {name: feed.path for name, feed in settings.feeds.items()} == {
        "cxml": home / "inbox/cxml",
        "bc_requests": home / "inbox/bc-requests",
        "bc_orders": home / "inbox/bc-orders",
    }
    assert settings.business_central.updates_dir == home / "outbox/bc-updates"
    assert settings.orders.kill_switch == home / "STOP"
    assert settings.dagster.home == home / "dagster"


def test_nothing_is_sent_unless_somebody_says_so() -> None:
    settings = load_settings()
    assert settings.environment == "test"
    assert settings.orders.send_enabled is False
    assert settings.orders.sent_by is None
    assert settings.orders.cutover_at is None
    assert settings.cart.received_by is None


def test_the_environment_stands_above_the_file_and_the_caller_above_both(monkeypatch: pytest.MonkeyPatch) -> None:
    write('[company]\nid = "FILE"\nzone = "Europe/Vienna"\nlocal_currency = "EUR"\n')
    monkeypatch.setenv("PUNCHOUT_COMPANY__ZONE", "Asia/Tokyo")
    monkeypatch.setenv("PUNCHOUT_COMPANY__LOCAL_CURRENCY", "JPY")
    company = load_settings(overrides={"company": {"local_currency": "GBP"}}).company
    assert (company.id, company.zone, company.local_currency) == ("FILE", "Asia/Tokyo", "GBP")


def test_the_home_folder_comes_from_the_caller_else_from_the_environment(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUNCHOUT_HOME", "elsewhere")
    assert load_settings().home == here / "elsewhere"
    assert load_settings(home=here / "third").feeds["cxml"].path == here / "third/inbox/cxml"


@pytest.mark.parametrize(
    ("files", "found"),
    [
        (["named.toml", "var/punchout.toml", "punchout.toml"], "named.toml"),
        (["var/punchout.toml", "punchout.toml"], "var/punchout.toml"),
        (["punchout.toml"], "punchout.toml"),
        ([], None),
    ],
)
def test_the_file_is_looked_for_in_order(files: list[str], found: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in files:
        write("", file)
    if "named.toml" in files:
        monkeypatch.setenv("PUNCHOUT_CONFIG", "named.toml")
    assert settings_file() == (None if found is None else Path(found))


def test_a_named_file_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUNCHOUT_CONFIG", "nowhere.toml")
    assert problem() == "PUNCHOUT_CONFIG names nowhere.toml, which is no file"


def test_a_file_that_is_not_toml_is_said_with_its_place() -> None:
    write("[company\n")
    assert "punchout.toml is not TOML" in problem()
    assert "line 1" in problem()


def test_relative_paths_lie_under_the_home_folder_and_absolute_ones_stay(here: Path) -> None:
    write(f'[feeds.cxml]\npath = "drop"\n[report]\nout_dir = "{here}/public"\n')
    settings = load_settings()
    assert settings.feeds["cxml"].path == here / "var/drop"
    assert settings.report.out_dir == here / "public"


def test_a_path_without_a_default_lies_under_the_home_folder_too(here: Path) -> None:
    assert load_settings().gateway.tls_certificate is None
    write('[gateway]\ntls_certificate = "chain.pem"\ntls_key = "/etc/key.pem"\n')
    gateway = load_settings().gateway
    assert (gateway.tls_certificate, gateway.tls_key) == (here / "var/chain.pem", Path("/etc/key.pem"))


def test_a_feed_of_ones_own_stands_beside_the_three_that_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    write('[feeds.second_supplier]\npath = "/drop"\ncontent = "cxml"\nsettle_seconds = 2.5\n')
    monkeypatch.setenv("PUNCHOUT_FEEDS__CXML__PATH", "/other")
    feeds = load_settings().feeds
    assert set(feeds) == {"cxml", "bc_requests", "bc_orders", "second_supplier"}
    assert feeds["second_supplier"].settle_seconds == 2.5
    assert (feeds["cxml"].path, feeds["cxml"].content) == (Path("/other"), "cxml")


def test_lists_in_the_environment_are_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUNCHOUT_SUPPLIER__IDENTITIES", '[{"domain": "DUNS", "identity": "128990368"}]')
    assert load_settings().supplier.identities[0].identity == "128990368"
    monkeypatch.setenv("PUNCHOUT_SUPPLIER__IDENTITIES", "128990368")
    assert "supplier.identities" in problem()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[orders]\nsend_by = 'bc'", "orders.send_by: there is no such setting; did you mean orders.sent_by?"),
        ("[ordres]\nsent_by = 'bc'", "ordres: there is no such setting; did you mean orders?"),
        ("[feeds.cxml]\npaht = '/x'", "feeds.cxml.paht: there is no such setting; did you mean feeds.cxml.path?"),
        (
            "[orders.bill_to]\nname='A'\nstreet=['S']\ncity='C'\ncountry='US'\npostcode='1'",
            "orders.bill_to.postcode: there is no such setting; did you mean orders.bill_to.post_code?",
        ),
        ("colour = 1", "colour: there is no such setting"),
    ],
)
def test_an_unknown_name_is_refused_with_the_one_that_was_meant(text: str, said: str) -> None:
    write(text)
    assert problem() == said


@pytest.mark.parametrize(
    ("variable", "said"),
    [
        ("PUNCHOUT_ORDRES__SENT_BY", "did you mean PUNCHOUT_ORDERS__SENT_BY?"),
        ("PUNCHOUT_ORDERS__SENT_BYY", "did you mean orders.sent_by?"),
        ("PUNCHOUT_HOEM", "did you mean PUNCHOUT_HOME?"),
        ("PUNCHOUT_XYZZY__Q", "there is no such setting"),
    ],
)
def test_a_misspelt_variable_is_refused(variable: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "bc")
    assert said in problem()


@pytest.mark.parametrize("name", ["PUNCHOUT_PORT", "PUNCHOUT_PORT_8000_TCP", "PUNCHOUT_SERVICE_HOST", "PUNCHOUT_X"])
def test_variables_that_others_make_do_no_harm(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "tcp://10.0.0.1:8000")
    assert load_settings().environment == "test"


def test_every_problem_has_a_line_of_its_own() -> None:
    write("[company]\nzone = 'Mars/Olympus'\nlocal_currency = 'dollars'\n[orders]\nsent_by = 'amazon'\n")
    lines = problem().splitlines()
    assert [line.partition(":")[0] for line in lines] == ["company.zone", "company.local_currency", "orders.sent_by"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[orders]\nmax_order_amount = 1000.10", "write it in quotes"),
        ("[orders]\nmax_order_amount = '-1'", "greater than or equal to 0"),
        ("[orders]\nmax_order_amount = '0.0000001'", "6 decimal places"),
        ("[orders]\nmax_order_amount = 'NaN'", "finite number"),
        ("[orders]\ncutover_at = 2026-03-01T00:00:00", "timezone"),
        ("[orders]\ncart_warn_age_days = 9", "cart_warn_age_days is above cart_max_age_days"),
        ("[reconciliation]\nconfirmation_hours = 72", "confirmation_hours is above confirmation_error_hours"),
        ("[supplier]\norder_url = 'http://amazon.example/orders'", "an https address is needed"),
        ("[supplier]\norder_url = 'https://u:p@amazon.example/'", "user or password does not belong"),
        ("[database]\nurl = 'postgresql://u@db/ledger'", "postgresql+psycopg://"),
        ("[database]\nurl = 'postgresql+psycopg://u:hunter2@db/ledger'", "database.password"),
        ("orders = 3", "orders: Input should be"),
        ("home = 3", "home: "),
        ("feeds = 'none'", "feeds: Input should be"),
    ],
)
def test_a_value_that_cannot_be_right_is_refused(text: str, said: str) -> None:
    write(text)
    assert said in problem()


@pytest.mark.parametrize(
    "text",
    [
        "[supplier]\nshared_secret = 'hunter2'",
        "[supplier]\nshared_secrett = 'hunter2'",
        "[supplier]\nour_identity = 'hunter2'",
        "[supplier]\norder_url = 'ftp://hunter2'",
        "[database]\nurl = 'mysql://root:hunter2@db/x'",
        "[database]\npassword = 'hunter2'",
    ],
)
def test_no_problem_shows_a_value(text: str) -> None:
    write(text)
    assert "hunter2" not in problem()


def test_a_broken_value_in_the_environment_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUNCHOUT_SUPPLIER", "{hunter2")
    assert "hunter2" not in problem()


def test_amounts_are_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUNCHOUT_ORDERS__MAX_ORDER_AMOUNT", "1000.10")
    assert load_settings().orders.max_order_amount == Decimal("1000.10")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tolerances.price = 0.01", "tolerances.price: write it in quotes"),
        ("tolerances.price = '0.0000001'", "tolerances.price: Decimal input should have no more than 6 decimal places"),
        ("tolerances.total = '-1'", "tolerances.total: Input should be greater than or equal to 0"),
        (
            "tolerances.price_percent = 0.55",
            "tolerances.price_percent: Decimal input should have no more than 1 decimal",
        ),
        ("tolerances.tax_percent = true", "tolerances.tax_percent: a number is needed"),
        ("tolerances.tax_percent = nan", "tolerances.tax_percent: Input should be a finite number"),
        ("tolerances.tax_percent = 1001", "tolerances.tax_percent: Input should be less than or equal to 1000"),
        ("tolerances.price_percent = 6", "tolerances: price_percent is above price_error_percent"),
        ("tolerances.slip_days = 16", "tolerances: slip_days is above slip_error_days"),
        ("tolerances.slip_days = 1.5", "tolerances.slip_days: Input should be a valid integer"),
        ("tolerances.similarity_percent = 0", "tolerances.similarity_percent: Input should be greater than 0"),
        ("tolerances.price_share = 5", "tolerances.price_share: there is no such setting; did you mean"),
        ("receipts.grace_days = 11", "receipts: grace_days is above error_days"),
        ("shipment_grace_days = 3651", "shipment_grace_days: Input should be less than or equal to 3650"),
        ("duplicate_days = -1", "duplicate_days: Input should be greater than or equal to 0"),
        ("link_confidence = 0", "link_confidence: Input should be greater than 0"),
        ("link_confidence = 100.1", "link_confidence: Input should be less than or equal to 100"),
        ("charge_words = { 'gift wrap' = 'other' }", "charge_words: each name is a single word"),
        ("charge_words = { Fee = 'other', fee = 'shipping' }", "charge_words: a word stands for one kind of charge"),
        ("charge_words = { fee = 'fees' }", "charge_words.fee: Input should be 'shipping', 'handling', 'discount'"),
    ],
)
def test_a_tolerance_or_deadline_that_cannot_be_meant_is_refused(text: str, said: str) -> None:
    write(f"[reconciliation]\n{text}\n")
    assert f"reconciliation.{said}" in problem()


def test_tolerances_can_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    write("[reconciliation.tolerances]\nprice_percent = 2\nslip_days = 4\n")
    monkeypatch.setenv("PUNCHOUT_RECONCILIATION__TOLERANCES__PRICE_PERCENT", "1.5")
    monkeypatch.setenv("PUNCHOUT_RECONCILIATION__TOLERANCES__PRICE", "0.05")
    monkeypatch.setenv("PUNCHOUT_RECONCILIATION__RECEIPTS__GRACE_DAYS", "7")
    monkeypatch.setenv("PUNCHOUT_RECONCILIATION__CHARGE_WORDS", '{"toll": "shipping"}')
    found = load_settings().reconciliation
    tolerances = found.tolerances
    assert (tolerances.price_percent, tolerances.price, tolerances.slip_days) == (Decimal("1.5"), Decimal("0.05"), 4)
    assert (found.receipts.grace_days, found.charge_words) == (7, {"toll": "shipping"})


def test_plain_http_is_allowed_on_this_machine() -> None:
    write("[supplier]\norder_url = 'http://127.0.0.1:8123/orders'\n")
    assert load_settings().supplier.order_url == "http://127.0.0.1:8123/orders"


def test_what_is_needed_and_not_set_is_named_with_how_to_set_it() -> None:
    settings = load_settings(overrides={"orders": {"sent_by": "bc"}})
    settings.require("orders.sent_by", "orders.send_enabled")
    with pytest.raises(ConfigurationError) as caught:
        settings.require("orders.sent_by", "cart.received_by", "orders.cutover_at")
    assert str(caught.value).splitlines() == [
        "cart.received_by is not set: set it in punchout.toml or as PUNCHOUT_CART__RECEIVED_BY",
        "orders.cutover_at is not set: set it in punchout.toml or as PUNCHOUT_ORDERS__CUTOVER_AT",
    ]


def test_settings_cannot_be_changed() -> None:
    settings = load_settings()
    with pytest.raises(ValidationError, match="frozen"):
        settings.orders.send_enabled = True  # type: ignore[misc]  # this is what must fail


def test_settings_made_in_code_do_not_look_at_the_environment(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUNCHOUT_ENVIRONMENT", "production")
    assert Settings(home=here).environment == "test"
    assert load_settings().environment == "production"


def test_the_database_address_gets_its_password_from_the_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGER_PASSWORD", "p@ss/word")
    write("[database]\nurl = 'postgresql+psycopg://ledger@db/punchout'\npassword = 'env:LEDGER_PASSWORD'\n")
    url = load_settings().database.sqlalchemy_url()
    assert url.render_as_string(hide_password=False) == "postgresql+psycopg://ledger:p%40ss%2Fword@db/punchout"
    assert "p%40ss" not in str(url)


def test_a_home_folder_with_unusual_characters_is_a_database_address(tmp_path: Path) -> None:
    home = tmp_path / "my home #1 100%"
    assert load_settings(home=home).database.sqlalchemy_url().database == str(home / "ledger.sqlite3")


def test_the_schema_names_every_section() -> None:
    assert set(Settings.model_json_schema()["properties"]) == set(Settings.model_fields)
