"""`punchout init`: a home folder with a settings file in which everything is off and explained."""

import os
from pathlib import Path
from typing import Annotated

import typer

from punchout.cli.console import say, write
from punchout.cli.errors import CommandError
from punchout.cli.opening import DryRun

_FOLDERS = ("inbox/cxml", "inbox/bc-requests", "inbox/bc-orders", "outbox/bc-updates", "reports", "dagster", "secrets")
_TEMPLATE = """\
# Settings of punchout. A line that begins with # states a default or an example; take the # away to set it.
# `punchout config show` says what holds, `punchout config check` whether it can be used, `punchout doctor` the rest.
# A secret is never written here, only where it is: "env:NAME", or "file:/PATH" to a file of mode 0600.
# Relative paths lie under the home folder.

environment = "test"                  # or "production"; documents of the other one are refused

[company]
id = "COMPANY"
zone = "UTC"                          # where a day begins, such as "America/Los_Angeles"
local_currency = "USD"                # what a blank currency code in Business Central means

[supplier]
id = "AMAZON"
# Who may stand in From of an inbound document; while nobody is named, anybody may:
identities = []                       # [{ domain = "NetworkId", identity = "Amazon" }]
# Who stands in From of every OrderRequest: of those that leave from here, and of the copies of Business Central's:
# our_identity = { domain = "NetworkId", identity = "YourCompany" }
# Needed once orders are sent from here:
# supplier_identity = { domain = "NetworkId", identity = "Amazon" }
# shared_secret = "file:/PATH/TO/secrets/amazon-shared-secret"
# order_url = "https://..."
# payload_host = "punchout.example.com"

[orders]
# Who sends orders: "bc" or "pipeline". There is no default, and it is never guessed.
# sent_by = "bc"
send_enabled = false                  # the first of two switches; the second: punchout outbox release --channel orders
# cutover_at = 2026-01-01T00:00:00Z   # what was released before is tracked, and never sent
max_order_amount = "10000"
max_orders_per_day = 100
max_amount_per_day = "50000"
# business_unit = "..."
# kill_switch = "STOP"                # while this file is there, nothing is sent
# state_charges = true                # repeat in the order what the cart says of shipping and tax
# [orders.accounting]                 # state the general ledger account of every line, and the unit's cost centre
# cost_centers = { "Business Unit" = "CC100" }
# [orders.bill_to]
# name = "..."
# street = ["..."]
# city = "..."
# state = "..."
# post_code = "..."
# country = "US"

[cart]
# Who receives a returned cart: "bc" or "pipeline". There is no default.
# received_by = "bc"

# Documents on an SFTP server. It proves itself by known_hosts or fingerprint; there is no setting that trusts any.
# [feeds.amazon]
# content = "cxml"
# path = "/outgoing"                  # as the server names it
# settle_seconds = 30                 # 0 where files are renamed when they are whole
# [feeds.amazon.sftp]
# host = "sftp.example.com"
# user = "..."
# fingerprint = "SHA256:..."          # or known_hosts = "/PATH"
# private_key = "file:/PATH/TO/secrets/sftp-key"   # or password

# Documents over HTTP (`punchout gateway`): see docs/gateway.md. Without secrets it does not open.
# [gateway]
# host = "127.0.0.1"                  # anything else needs tls_certificate and tls_key, or trusted_proxies
# port = 8080
# public_url = "https://punchout.example.com"
# secrets = ["file:/PATH/TO/secrets/gateway-secret"]   # two while one takes the other's place
# tls_certificate = "/PATH/TO/chain.pem"
# tls_key = "/PATH/TO/key.pem"
# trusted_proxies = ["10.0.0.5"]      # whose X-Forwarded-For is believed

[reconciliation]
confirmation_hours = 24               # from sending; a missing confirmation is a warning then
# confirmation_error_hours = 48       # and an error then
invoice_wait_days = 3                 # how long an invoice may wait for its ship notice
# shipment_grace_days = 2             # after the promised day
# duplicate_days = 30                 # two invoices for the same within so many days may be one
# link_confidence = 80                # percent; a rule less sure which line is meant only suggests it
# confirmation_policy = "amazon"      # or "strict_cxml": an accept, except or reject discards all before it

# Goods receipts:
# [reconciliation.receipts]
# in_scope = false                    # true: a request is closed only when it was received
# grace_days = 5                      # from delivery; a missing receipt is a warning then
# error_days = 10                     # and an error then

# How far two sides may differ. Amounts are in quotes and in the document's currency; percentages have one decimal
# place at most.
# [reconciliation.tolerances]
# price = "0.01"                      # of a unit price, against the confirmed one, else the ordered one,
# price_percent = 0.5                 # or this share of it, whichever is more
# price_error_percent = 5             # higher by more than this is an error, up to it a warning
# line_amount = "0.02"                # for each piece, and at least so much
# tax = "0.05"                        # together with
# tax_percent = 1
# charges = "0"                       # shipping and the like above what was confirmed
# total = "0.05"                      # of an invoice's sums
# slip_days = 2                       # a promised delivery may move by so many days
# slip_error_days = 15                # above so many it is an error
# similarity_percent = 90             # descriptions this alike may mean the same line

# A word in the text of an invoice line, and the charge it names: shipping, handling, discount, tax or other. Where this
# table is set, no word holds that is not in it.
# [reconciliation.charge_words]
# shipping = "shipping"
# freight = "shipping"
# delivery = "shipping"
# postage = "shipping"
# handling = "handling"
# discount = "discount"
# promotion = "discount"
# wrap = "other"
# surcharge = "other"
# fee = "other"

# Who is told when something is wrong (docs/runbook.md), by the sensor `alerts` of the Dagster daemon:
# [alerts]
# channels = ["file:/PATH/TO/secrets/alerts-chat"]   # addresses as Apprise writes them
# heartbeat = "file:/PATH/TO/secrets/heartbeat"      # asked for while the scheduler lives
# in_doubt_minutes = 30               # how long an order may be in doubt
# sync_overdue_hours = 2              # where a sync is expected that often
# free_gigabytes = 2
# repeat_hours = 4                    # how soon what should wake somebody is told again

# PostgreSQL instead of SQLite:
# [database]
# url = "postgresql+psycopg://ledger@db.example/punchout"
# password = "file:/run/secrets/ledger-password"
"""


def init(
    *,
    home: Annotated[
        Path | None, typer.Option("--home", metavar="DIR", help="The home folder; else PUNCHOUT_HOME, else ./var.")
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Make a home folder with a commented settings file; nothing that is there is changed."""
    folder = (home or Path(os.environ.get("PUNCHOUT_HOME") or "var")).expanduser().absolute()
    target = folder / "punchout.toml"
    if target.exists() or target.is_symlink():
        raise CommandError(f"{target} is there already; nothing was changed")
    if dry_run:
        say(f"Would make {folder} with {', '.join(_FOLDERS)}, and write {target}.")
        return
    os.umask(0o077)
    for name in ("", *_FOLDERS):
        (folder / name).mkdir(parents=True, exist_ok=True)
    write_new(target, _TEMPLATE)
    write(str(target))
    say(
        "Everything is off. Say in it who sends orders (orders.sent_by) and who receives carts (cart.received_by),",
        "then see `punchout doctor`.",
    )
    if folder != Path("var").absolute():
        say(f"Other commands look in ./var unless told: export PUNCHOUT_HOME={folder}")


def write_new(target: Path, text: str) -> None:
    """Write a file for its owner alone, whole or not at all; one that is there stays as it is.

    Raises:
        CommandError: it is there.
    """
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        # Unlike a rename, a link never replaces what is there.
        os.link(part, target)
    except FileExistsError:
        raise CommandError(f"{target} is there already; nothing was changed") from None
    finally:
        part.unlink(missing_ok=True)
