"""What `punchout doctor` finds out about the machine, the installed packages, the settings and the folders."""

import os
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import TYPE_CHECKING

from punchout.cli.check import Check
from punchout.cli.errors import understood

if TYPE_CHECKING:
    from resources.secrets import SecretReference
    from resources.settings import Settings

_PYTHONS = ((3, 11), (3, 14))
_LXML = (6, 1)


def of_machine() -> Iterator[Check]:
    """Look at Python and what is installed."""
    found = ".".join(map(str, sys.version_info[:3]))
    if _PYTHONS[0] <= sys.version_info[:2] < _PYTHONS[1]:
        yield Check.okay("python", found)
    else:
        yield Check.fail("python", found, "use Python 3.11, 3.12 or 3.13")
    yield _packages()
    yield _lxml()
    yield _analytics()


def of_settings(settings: "Settings") -> Iterator[Check]:
    """Look at what the settings say, and at the folders they name."""
    yield _duties(settings)
    if settings.supplier.identities:
        yield Check.okay("senders", ", ".join(one.identity for one in settings.supplier.identities))
    else:
        yield Check.warn(
            "senders", "documents of any sender are accepted", "set supplier.identities to those of the supplier"
        )
    if settings.orders.sent_by == "pipeline":
        yield _way_to_supplier(settings)
    if settings.orders.sent_by == "bc":
        yield _copies(settings)
    yield from _folders(settings)
    yield _dtds(settings)
    yield _dagster_home(settings)
    yield _alerts(settings)


def _packages() -> Check:
    """Compare what is installed with what the package asks for."""
    try:
        asked = requires("punchout-exchange") or []
    except PackageNotFoundError:
        return Check.warn("packages", "punchout-exchange is not installed", "install it: pip install -e .")
    from packaging.requirements import Requirement

    wrong = []
    for line in asked:
        wanted = Requirement(line)
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
            continue
        try:
            installed = version(wanted.name)
        except PackageNotFoundError:
            wrong.append(f"{wanted.name} is missing")
            continue
        if not wanted.specifier.contains(installed, prereleases=True):
            wrong.append(f"{wanted.name} is {installed}, not {wanted.specifier}")
    if wrong:
        return Check.fail("packages", "; ".join(wrong), "install what requirements.lock says")
    return Check.okay("packages", f"{version('punchout-exchange')}, with what it asks for")


def _lxml() -> Check:
    from lxml import etree

    found = ".".join(map(str, etree.LXML_VERSION[:3]))
    if etree.LXML_VERSION[:2] >= _LXML:
        return Check.okay("lxml", found)
    return Check.fail("lxml", found, "install lxml 6.1 or later: older ones can be made to read local files")


def _analytics() -> Check:
    """Great Expectations reports its use unless told not to; so does Dagster."""
    said = os.environ.get("GX_ANALYTICS_ENABLED", "").lower()
    if said in {"1", "true", "yes", "on"}:
        return Check.warn("analytics", "GX_ANALYTICS_ENABLED is on", "set GX_ANALYTICS_ENABLED=false")
    return Check.okay("analytics", "off")


def _duties(settings: "Settings") -> Check:
    try:
        settings.require("orders.sent_by", "cart.received_by")
    except Exception as error:
        answer = understood(error)
        if answer is None:
            raise
        return Check.fail("duties", answer[1], "say who sends orders and who receives carts: bc or pipeline")
    return Check.okay(
        "duties", f"orders are sent by {settings.orders.sent_by}, carts received by {settings.cart.received_by}"
    )


def _copies(settings: "Settings") -> Check:
    ours = settings.supplier.our_identity
    if ours is not None:
        return Check.okay("copies", f"of OrderRequests are accepted from {ours.identity}")
    advice = "set supplier.our_identity: without copies the lines of an order are inferred from its purchase order"
    return Check.warn("copies", "no identity of ours is set, so no copy of an OrderRequest is accepted", advice)


def _way_to_supplier(settings: "Settings") -> Check:
    from resources.order_channel import order_channel
    from resources.policies import letterhead

    try:
        letterhead(settings)
        order_channel(settings)
        settings.require("orders.bill_to")
    except Exception as error:
        answer = understood(error)
        if answer is None:
            raise
        return Check.fail("supplier", answer[1], "complete [supplier] and [orders]: orders are sent from here")
    return Check.okay(
        "supplier", f"{settings.supplier.order_url}, secret {settings.supplier.shared_secret} can be read"
    )


def _folders(settings: "Settings") -> Iterator[Check]:
    from resources.mailboxes import local_folders

    others = {"reports": settings.report.out_dir, "archive": settings.documents.archive_dir}
    for name, path in {**local_folders(settings), **others}.items():
        if not path.is_dir():
            ours = path.is_relative_to(settings.home)
            if ours:
                yield Check.warn(name, f"{path} is not there", "the first sync makes it")
            else:
                yield Check.fail(name, f"{path} is not there", "make it or mount it; it lies outside the home folder")
        elif not os.access(path, os.R_OK | os.W_OK | os.X_OK):
            yield Check.fail(
                name, f"{path} cannot be read and written", f"give the owner of this process its rights on {path}"
            )
        else:
            yield Check.okay(name, str(path))


def _dtds(settings: "Settings") -> Check:
    from cxml_parsers.dtd_archive import installed
    from cxml_parsers.dtds import checked_module
    from punchout.model.unreadable import Refused

    folder, is_wanted = settings.documents.dtd_dir, settings.documents.check_dtd
    found = installed(folder)
    get = "get the archive from cxml.org, then `punchout dtd install ARCHIVE`"
    if not found.files and not is_wanted:
        return Check.okay("dtd", "not installed: documents are read without")
    if not found.is_usable:
        lacks = f"{folder} lacks {', '.join(found.missing)}"
        return Check.fail("dtd", lacks, get) if is_wanted else Check.warn("dtd", lacks, get)
    try:
        for file in found.files:
            if file.name.endswith(".dtd"):
                checked_module(file.name, (folder / file.name).read_bytes())
    except (Refused, OSError) as error:
        return Check.fail("dtd", f"{folder}: {error}", get)
    release = ", ".join(found.versions) or "no stated version"
    if found.unpublished:
        names = ", ".join(found.unpublished)
        return Check.warn("dtd", f"{release} at {folder}; of no release that is known: {names}", get)
    return Check.okay("dtd", f"{release} at {folder}, as published")


def _dagster_home(settings: "Settings") -> Check:
    said = os.environ.get("DAGSTER_HOME")
    if said and Path(said).absolute() != settings.dagster.home.absolute():
        return Check.warn(
            "dagster",
            f"DAGSTER_HOME is {said}, the settings say {settings.dagster.home}",
            "set one of them to the other",
        )
    return Check.okay("dagster", str(settings.dagster.home))


def _alerts(settings: "Settings") -> Check:
    channels = settings.alerts.channels
    if not channels:
        return Check.warn(
            "alerts", "nobody is told when something is wrong", "set alerts.channels, then: punchout alert test"
        )
    missing = [str(one) for one in (*channels, settings.alerts.heartbeat) if one is not None and not _is_there(one)]
    if missing:
        return Check.warn("alerts", f"cannot be read: {', '.join(missing)}", "put the address where the setting says")
    beat = "with a heartbeat" if settings.alerts.heartbeat is not None else "without a heartbeat"
    return Check.okay("alerts", f"{', '.join(map(str, channels))}, {beat}")


def _is_there(secret: "SecretReference") -> bool:
    from resources.errors import ConfigurationError

    try:
        secret.reveal()
    except ConfigurationError:
        return False
    return True
