"""What `punchout doctor` finds out about the HTTP door: whether it can be opened, and safely."""

import ssl
import stat
from collections.abc import Iterator
from typing import TYPE_CHECKING

from punchout.cli.check import Check, until
from punchout.cli.errors import understood

if TYPE_CHECKING:
    from resources.settings import Settings
    from resources.settings_sections import GatewaySettings

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_DURING_ROTATION = 2


def of_gateway(settings: "Settings") -> Iterator[Check]:
    """Look at what the gateway depends on; where it is not set up there is nothing to look at."""
    gateway = settings.gateway
    if gateway == type(gateway)():
        yield Check.okay("gateway", "not set up: documents come by feeds alone")
        return
    yield _opening(settings)
    yield _certificate(gateway)
    yield _name(gateway)
    if len(gateway.secrets) == _DURING_ROTATION:
        yield Check.warn(
            "gateway secrets",
            "two are valid",
            "remove the old one from gateway.secrets once its sender uses the new one",
        )


def _opening(settings: "Settings") -> Check:
    from punchout.gateway.serving import require_safe

    gateway = settings.gateway
    try:
        require_safe(settings)
    except Exception as error:
        answer = understood(error)
        if answer is None:
            raise
        return Check.fail("gateway", answer[1], "complete [gateway]: see docs/gateway.md")
    return Check.okay("gateway", f"{gateway.host}:{gateway.port}, its secrets can be read")


def _certificate(gateway: "GatewaySettings") -> Check:
    from resources.certificates import ends_of

    certificate, key = gateway.tls_certificate, gateway.tls_key
    if certificate is None or key is None:
        return Check.okay("gateway tls", "left to a proxy, or not needed on this machine alone")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
        mode = stat.S_IMODE(key.stat().st_mode)
        ends = min(ends_of(certificate))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        return Check.fail(
            "gateway tls", f"{certificate} and {key}: {reason}", "name a certificate and its own key, as PEM"
        )
    if mode & _OTHERS:
        return Check.warn("gateway tls", f"{key} has mode {mode:04o}", f"chmod 600 {key}")
    return until("gateway tls", str(certificate), ends, "renew it, and start the gateway again: senders refuse it then")


def _name(gateway: "GatewaySettings") -> Check:
    if gateway.public_url is not None:
        return Check.okay("gateway address", gateway.public_url)
    return Check.warn(
        "gateway address",
        "gateway.public_url is not set",
        "set it: it is what senders are told, and what they may call the gateway",
    )
