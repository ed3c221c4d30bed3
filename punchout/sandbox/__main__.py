"""The command line of the sandbox: `serve` runs the stand-ins, `compare` judges one round. Nothing else lives here."""

import argparse
import fcntl
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from punchout.sandbox.compare import differences
from punchout.sandbox.cxml import Parties
from punchout.sandbox.identifiers import Identifiers
from punchout.sandbox.posting import Address, PostingError
from punchout.sandbox.rounds import Sandbox, Settings
from punchout.sandbox.server import addresses, make_server
from punchout.sandbox.state import write_durably

_USAGE = 2


def main(arguments: list[str] | None = None) -> int:
    """Run one command. Returns the exit code: 0 well, 1 differences found, 2 it cannot start."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.command == "compare":
        return _compare(options)
    if options.sftp_root and not options.sftp_password_file:
        parser.error("--sftp-root wants --sftp-password-file")
    if options.post_url and not options.post_trusted:
        parser.error("--post-url wants --post-trusted")
    return _serve(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m punchout.sandbox", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="run the stand-ins until killed")
    for name in ("home", "cxml-drop", "bc-requests", "bc-orders", "bc-updates"):
        serve.add_argument(f"--{name}", type=Path, required=True, metavar="DIR")
    serve.add_argument(
        "--seed", type=int, required=True, help="varies identifiers, prices and who plays what, never what is played"
    )
    serve.add_argument("--port", type=int, default=0, help="0 takes any free one")
    serve.add_argument("--sftp-root", type=Path, metavar="DIR", help="serve this folder by SFTP; it holds feeds")
    serve.add_argument("--sftp-port", type=int, default=0, help="0 takes any free one")
    serve.add_argument("--sftp-user", default="punchout", help="who is let in there")
    serve.add_argument("--sftp-password-file", type=Path, help="with which password")
    serve.add_argument("--deployment-mode", choices=("production", "test"), default="production")
    serve.add_argument("--buyer-identity", default="ContosoPunchout", help="who the buyer is, in From and To")
    serve.add_argument("--secret-file", type=Path, help="the buyer's SharedSecret, or JSON with identity and secret")
    serve.add_argument("--sender-secret-file", type=Path, help="the SharedSecret that Amazon's documents carry")
    serve.add_argument("--scenario-set", choices=("handful", "full"), default="handful", help="what is played")
    serve.add_argument("--cutover", metavar="INSTANT", help="what was released before is Business Central's own order")
    serve.add_argument("--orders-sent-by", choices=("pipeline", "bc"), default="pipeline", help="who sends the orders")
    serve.add_argument("--post-url", metavar="URL", help="where Amazon posts its documents, instead of the folder")
    serve.add_argument("--post-trusted", type=Path, metavar="PEM", help="the certificate that is trusted there")
    serve.add_argument("--clock", type=Path, metavar="FILE", help="a file to write down when they are posted")
    compare = commands.add_parser("compare", help="judge one round; exit 1 on any difference")
    for name in ("expected", "status", "business_central"):
        compare.add_argument(name, type=Path, metavar=f"{name.upper()}.json")
    compare.add_argument("--orders", type=Path, metavar="ORDERS.json", help="what Amazon received")
    return parser


def _compare(options: argparse.Namespace) -> int:
    paths = (options.expected, options.status, options.business_central)
    expected, status, business_central = (json.loads(path.read_bytes()) for path in paths)
    orders = json.loads(options.orders.read_bytes()) if options.orders else None
    compared, found = differences(expected, status, business_central, orders)
    for item in found:
        sys.stdout.write(f"{item.where}: expected {item.expected!r}, actual {item.actual!r}\n")
    sys.stdout.write(f"compared={compared} differences={len(found)}\n")
    return 1 if found else 0


def _serve(options: argparse.Namespace) -> int:
    options.home.mkdir(parents=True, exist_ok=True)
    with (options.home / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            settings = _settings(options)
            sandbox = Sandbox(settings)
        except (OSError, ValueError, PostingError) as error:
            sys.stderr.write(f"The sandbox cannot start in {options.home}: {error}\n")
            return _USAGE
        with make_server(sandbox, options.port) as server, _file_server(options) as files:
            ready = {
                **addresses(server),
                **files,
                **sandbox.health(),
                **sandbox.played(),
                "sender_secret": settings.parties.secret,
            }
            sys.stdout.write(json.dumps(ready) + "\n")
            sys.stdout.flush()
            try:
                server.serve_forever()
            except KeyboardInterrupt:
                return 0
    return 0


@contextmanager
def _file_server(options: argparse.Namespace) -> Iterator[dict[str, object]]:
    """Serve by SFTP what is to be served, and return how it is reached; its key stands in `known_hosts` too."""
    if options.sftp_root is None:
        yield {}
        return
    # SSH is not loaded where nothing is served.
    from punchout.sandbox.file_server import Access, FileServer

    password = options.sftp_password_file.read_text(encoding="utf-8").strip()
    access = Access(root=options.sftp_root, user=options.sftp_user, password=password)
    with FileServer(access, options.home / "host-key", options.sftp_port) as server:
        write_durably(options.home / "known_hosts", server.known_hosts().encode())
        yield {"sftp": server.told()}


def _settings(options: argparse.Namespace) -> Settings:
    identity, secret = options.buyer_identity, None
    if options.secret_file:
        secret = options.secret_file.read_text(encoding="utf-8").strip()
        if secret.startswith("{"):
            stated = json.loads(secret)
            identity, secret = stated["identity"], stated["secret"]
    if options.sender_secret_file:
        canary = options.sender_secret_file.read_text(encoding="utf-8").strip()
    else:
        canary = Identifiers(options.seed).sender_secret()
    return Settings(
        home=options.home,
        cxml_drop=options.cxml_drop,
        bc_requests=options.bc_requests,
        bc_orders=options.bc_orders,
        bc_updates=options.bc_updates,
        seed=options.seed,
        parties=Parties(buyer=identity, secret=canary, mode=options.deployment_mode),
        secret=secret,
        post=Address(url=options.post_url, trusted=options.post_trusted, secret=canary) if options.post_url else None,
        clock=options.clock,
        scenario_set=options.scenario_set,
        cutover=options.cutover,
        sent_by=options.orders_sent_by,
    )


if __name__ == "__main__":
    sys.exit(main())
