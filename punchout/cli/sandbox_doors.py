"""The doors of a sandbox run: by which way each kind of file comes and goes, as settings, arguments and addresses say.

`folder`: everything lies in folders of this machine. `all`: Business Central's exports and the updates for it lie on an
SFTP server, which the stand-in runs; Amazon posts its documents to our gateway; carts, and what people drop, come by a
folder.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from punchout.cli.child_process import free_port
from punchout.cli.sandbox_gateway import GatewayChild, make_certificate
from punchout.cli.start import write_new

if TYPE_CHECKING:
    from resources.settings import Settings

_USER = "punchout"
# The options of the stand-ins, the settings of the same folders, and what these are called on the server.
_OF_BUSINESS_CENTRAL = (
    ("bc-requests", "feeds.bc_requests", "path"),
    ("bc-orders", "feeds.bc_orders", "path"),
    ("bc-updates", "business_central", "updates_dir"),
)
_SFTP = """
[{section}]
{name} = "/{folder}"

[{section}.sftp]
host = "127.0.0.1"
port = {port}
user = "{user}"
known_hosts = {known_hosts}
password = {password}
"""


_GATEWAY = """
[gateway]
port = {port}
tls_certificate = "secrets/gateway.pem"
tls_key = "secrets/gateway-key.pem"
secrets = [{secret}]
# The stand-in posts a day's documents in a second or two.
requests_per_second = 2000
"""


class Doors(StrEnum):
    """Which doors are used."""

    ALL = "all"
    FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class SandboxDoors:
    """The doors of one home folder."""

    home: Path
    doors: str

    @property
    def _is_far(self) -> bool:
        return self.doors != Doors.FOLDER

    @property
    def _served(self) -> Path:
        return self.home / "sandbox" / "sftp"

    @property
    def _secrets(self) -> Path:
        return self.home / "secrets"

    @property
    def _password(self) -> Path:
        return self._secrets / "sftp-password"

    @property
    def _clock(self) -> Path:
        return self.home / "sandbox" / "clock"

    @property
    def _certificate(self) -> Path:
        return self._secrets / "gateway.pem"

    @property
    def _sender_secret(self) -> Path:
        return self._secrets / "sender-secret"

    def prepare(self, password: str, sender_secret: str) -> None:
        """Put into the home what the doors need and is not there yet; the certificate is one of this run.

        Args:
            password: a new one, for the SFTP server.
            sender_secret: what Amazon's documents carry.
        """
        if not self._is_far:
            return
        for file, text in ((self._password, password), (self._sender_secret, sender_secret)):
            if not file.is_file():
                write_new(file, text)
        make_certificate(self._certificate, self._secrets / "gateway-key.pem")

    @contextmanager
    def gateway(self, settings: "Settings") -> Iterator[Sequence[str]]:
        """Have the gateway running where one is used, and return what the stand-ins are told of it."""
        if not self._is_far:
            yield ()
            return
        log, ports = self.home / "sandbox" / "gateway.log", {"--port": settings.gateway.port}
        with GatewayChild(self._clock, log, ports) as gateway:
            trusted = ("--post-trusted", str(self._certificate))
            yield ("--post-url", gateway.url, *trusted, "--clock", str(self._clock))

    def settings(self) -> str:
        """Return what the settings file says of them."""
        if not self._is_far:
            return ""
        port = free_port()
        sections = (
            _SFTP.format(
                section=section,
                name=name,
                folder=folder,
                port=port,
                user=_USER,
                known_hosts=json.dumps(str(self.home / "sandbox" / "known_hosts")),
                password=json.dumps(f"file:{self._password}"),
            )
            for folder, section, name in _OF_BUSINESS_CENTRAL
        )
        gateway = _GATEWAY.format(port=free_port(), secret=json.dumps(f"file:{self._sender_secret}"))
        return "".join((*sections, gateway))

    def arguments(self, settings: "Settings") -> Sequence[str]:
        """Return where the stand-ins deliver and fetch: the folders that the settings name, or that they serve."""
        drop = ("--cxml-drop", str(settings.feeds["cxml"].path))
        if not self._is_far:
            feeds, updates = settings.feeds, settings.business_central.updates_dir
            folders = (("bc-requests", feeds["bc_requests"].path), ("bc-orders", feeds["bc_orders"].path))
            near = [part for name, path in (*folders, ("bc-updates", updates)) for part in (f"--{name}", str(path))]
            return [*drop, *near]
        served = [part for name, _, _ in _OF_BUSINESS_CENTRAL for part in (f"--{name}", str(self._served / name))]
        login = ("--sftp-user", _USER, "--sftp-password-file", str(self._password))
        return [*drop, *served, "--sftp-root", str(self._served), *login]

    def ports(self, settings: "Settings") -> Mapping[str, int]:
        """Return the ports that the settings name, by the stand-ins' option."""
        sftp = settings.business_central.sftp
        return {} if sftp is None else {"--sftp-port": sftp.port}

    def environment(self, ready: Mapping[str, Any]) -> Mapping[str, str]:
        """Return the settings that hold while the stand-ins run: a port may be another than the settings name."""
        if not self._is_far:
            return {}
        port = str(ready["sftp"]["port"])
        return {_variable(section, "sftp", "port"): port for _, section, _ in _OF_BUSINESS_CENTRAL}


def _variable(*names: str) -> str:
    return "PUNCHOUT_" + ".".join(names).upper().replace(".", "__")
