"""The product's gateway as a child process of a sandbox run, and its certificate. Run as a module it is that child.

It is the gateway that `punchout gateway` opens, with one thing other: the moment at which a document comes in is read
from a file, because a sandbox run moves its own clock.
"""

import argparse
import json
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from punchout.cli.child_process import ChildProcess, end_with_parent, finding_this_package, stop_orderly

if TYPE_CHECKING:
    from punchout.model.moments import Micros

_HOST = "127.0.0.1"
_DAYS = 30


class GatewayChild(ChildProcess):
    """A running gateway under the settings of this process; leaving the `with` block ends it.

    Args:
        clock: the file that says which moment it is.
        log: where its stderr goes.
        ports: by option, the port it should listen on; another where that is taken.
    """

    def __init__(self, clock: Path, log: Path, ports: Mapping[str, int]) -> None:
        command = [sys.executable, "-m", "punchout.cli.sandbox_gateway", str(clock)]
        super().__init__("the gateway", command, finding_this_package(os.environ), log, ports)

    @property
    def url(self) -> str:
        """Where documents are posted to."""
        return f"{self.ready['address']}/cxml"


def make_certificate(certificate: Path, key: Path) -> None:
    """Write a certificate for this machine's own address, which vouches for itself, and its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "punchout sandbox")])
    now = datetime.now(UTC)
    public = private.public_key()
    identifier = x509.SubjectKeyIdentifier.from_public_key(public)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=_DAYS))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(_HOST))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(identifier, critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False)
        .sign(private, hashes.SHA256())
    )
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    _write(key, private.private_bytes(*form))
    _write(certificate, made.public_bytes(serialization.Encoding.PEM))


def _write(path: Path, data: bytes) -> None:
    part = path.with_name(f".{path.name}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
    part.replace(path)


def _moment(clock: Path) -> "Micros":
    from punchout.model.moments import to_micros

    return to_micros(datetime.fromisoformat(clock.read_text(encoding="utf-8").strip()))


def _serve(clock: Path, port: int) -> None:
    from punchout.cli.opening import settings, to_write
    from punchout.gateway.door import open_door
    from punchout.gateway.serving import require_safe, serve

    configured = settings()
    configured = configured.model_copy(update={"gateway": configured.gateway.model_copy(update={"port": port})})
    require_safe(configured)
    with to_write(configured) as engine:
        serve(open_door(configured, engine, partial(_moment, clock)), _announce)


def _announce(address: str) -> None:
    # Whoever waits for this line reads from a pipe.
    print(json.dumps({"address": address}), flush=True)


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clock", type=Path)
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    end_with_parent(stop_orderly)
    _serve(options.clock, options.port)


if __name__ == "__main__":
    _main()
