"""Fetching from an SFTP server against the usual code, over the same files of one OpenSSH server, in turns.

The usual code is paramiko's `get()` in a loop, as its users write it; beside it stands OpenSSH's own `sftp -b`. All
three connect, prove who they are, list the folder, fetch every file and write it under its name into an empty folder.
Ours beyond that looks at every file after it was read; nothing is committed to a ledger by any of them.
Far away is the same server behind a proxy that holds every byte back for a while, each way. What was fetched is
compared with what was put there: a side that does not fetch every file whole ends the benchmark.

Where the system has a folder in memory, the files lie there: the disk is the same for all three, and how busy others
keep it is not what is measured.
"""

import os
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import paramiko

from benchmarks.delay import delayed
from resources.sftp.connection import SftpServer
from resources.sftp.folder import SftpFolder
from tests.support.ssh_servers import OpenSsh, openssh

_FILES: Final = 1_000
_SIZE: Final = 4_096
_FAR_FILES, _FAR_FILES_QUICK = 400, 100
_FAR_SECONDS: Final = 0.020
_LIMIT: Final = 1_000_000
_IN_MEMORY: Final = "/dev/shm"  # noqa: S108 - the folders made there are new and their owner's alone


def measure(quick: bool) -> dict[str, Any]:  # noqa: FBT001 - the one thing a part is told
    """Return the figures of this part; they are null where no OpenSSH server is installed."""
    if shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin") is None or shutil.which("sftp") is None:
        return {"get_loop_ratio": None, "sftp_b_ratio": None, "far_get_loop_ratio": None, "files": 0}
    rounds, far_files = (3, _FAR_FILES_QUICK) if quick else (7, _FAR_FILES)
    with TemporaryDirectory() as folder, openssh(Path(folder)) as server:
        near = _compare(server, server.server, _FILES, rounds, with_batch=True)
        with delayed(server.port, _FAR_SECONDS) as port:
            known = _known_as(server, port)
            far = _compare(known, known.server, far_files, 1 if quick else 3, with_batch=False)
    return {
        "get_loop_ratio": _ratio(near["get_loop"], near["ours"]),
        "sftp_b_ratio": _ratio(near["sftp_b"], near["ours"]),
        "far_get_loop_ratio": _ratio(far["get_loop"], far["ours"]),
        "files_per_second": round(_FILES / statistics.median(near["ours"])),
        "get_loop_files_per_second": round(_FILES / statistics.median(near["get_loop"])),
        "sftp_b_files_per_second": round(_FILES / statistics.median(near["sftp_b"])),
        "far_files_per_second": round(far_files / statistics.median(far["ours"])),
        "far_get_loop_files_per_second": round(far_files / statistics.median(far["get_loop"]), 1),
        "far_round_trip_ms": round(2 * _FAR_SECONDS * 1000),
        "far_files": far_files,
        "files": _FILES,
        "average_bytes": _SIZE,
    }


def _ratio(baseline: list[float], ours: list[float]) -> float:
    return round(statistics.median(theirs / own for theirs, own in zip(baseline, ours, strict=True)), 1)


def _compare(
    server: OpenSsh, reached: SftpServer, files: int, rounds: int, *, with_batch: bool
) -> dict[str, list[float]]:
    ways: dict[str, Callable[[Path, Path], None]] = {
        "ours": lambda source, target: _ours(reached, source, target),
        "get_loop": lambda source, target: _get_loop(server, source, target),
    }
    if with_batch:
        ways["sftp_b"] = lambda source, target: _sftp_batch(server, source, target)
    spent: dict[str, list[float]] = {name: [] for name in ways}
    room = _IN_MEMORY if os.access(_IN_MEMORY, os.W_OK) else None
    for _ in range(rounds):
        for name, way in ways.items():
            with TemporaryDirectory(dir=room) as folder:
                source, target = Path(folder, "source"), Path(folder, "target")
                expected = _filled(source, files)
                target.mkdir()
                started = time.perf_counter()
                way(source, target)
                spent[name].append(time.perf_counter() - started)
                if {path.name: path.read_bytes() for path in target.iterdir()} != expected:
                    raise RuntimeError(f"{name} did not fetch every file whole")
    return spent


def _filled(folder: Path, files: int) -> dict[str, bytes]:
    folder.mkdir()
    written = {f"document-{number:05}.xml": os.urandom(_SIZE) for number in range(files)}
    for name, data in written.items():
        (folder / name).write_bytes(data)
    return written


def _ours(reached: SftpServer, source: Path, target: Path) -> None:
    box = SftpFolder(reached, str(source))
    for entry, outcome in box.fetch_all(sorted(box.settled()), _LIMIT):
        if isinstance(outcome, bytes):
            (target / entry.name).write_bytes(outcome)
    box.close()


def _get_loop(server: OpenSsh, source: Path, target: Path) -> None:
    client = paramiko.SSHClient()
    client.load_host_keys(str(server.known_hosts))
    client.connect(
        "127.0.0.1",
        server.port,
        server.server.user,
        key_filename=str(server.user_key.private),
        allow_agent=False,
        look_for_keys=False,
    )
    with client, client.open_sftp() as sftp:
        for name in sorted(sftp.listdir(str(source))):
            sftp.get(f"{source}/{name}", str(target / name))


def _sftp_batch(server: OpenSsh, source: Path, target: Path) -> None:
    subprocess.run(
        [
            "sftp", "-q", "-b", "-", "-P", str(server.port), "-i", str(server.user_key.private),
            "-o", f"UserKnownHostsFile={server.known_hosts}", "-o", "IdentitiesOnly=yes",
            f"{server.server.user}@127.0.0.1",
        ],
        input=f"get {source}/* {target}/\n",
        text=True,
        stdout=subprocess.DEVNULL,
        check=True,
    )  # fmt: skip


def _known_as(server: OpenSsh, port: int) -> OpenSsh:
    """Return the same server under another port, with its key known there too."""
    with server.known_hosts.open("a") as file:
        file.write(f"[127.0.0.1]:{port} {server.host_key.public}\n")
    return replace(server, port=port)
