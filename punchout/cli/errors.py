"""Exit codes, and which errors are answers rather than faults: these are told in a line or two, without a traceback.

An error's class is known here by its name, so that nothing is imported to recognise what was never raised.
"""

import errno
import sys
from collections.abc import Mapping
from enum import IntEnum
from typing import Any

import typer
from typer.core import TyperGroup
from typing_extensions import override


class Exit(IntEnum):
    """What a command ends with. Scripts depend on these."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    CONFIGURATION = 3
    QUARANTINED = 4
    IN_DOUBT = 5
    LOCKED = 6
    UNAVAILABLE = 7
    NOT_OK = 8
    INTERRUPTED = 130


class CommandError(Exception):
    """A command cannot do what it was asked to; the message is for the person who asked."""

    def __init__(self, message: str, code: Exit = Exit.USAGE) -> None:
        super().__init__(message)
        self.code = code


_KNOWN: Mapping[str, Exit] = {
    "resources.errors.ConfigurationError": Exit.CONFIGURATION,
    "punchout.ledger.schema.SchemaMismatchError": Exit.CONFIGURATION,
    "punchout.ledger.upkeep.replay.HalfMadeError": Exit.CONFIGURATION,
    "punchout.ledger.bodies.BodyLostError": Exit.UNAVAILABLE,
    "punchout.ledger.errors.NotPossibleError": Exit.USAGE,
    "punchout.ledger.runs.ClockRanBackwardsError": Exit.USAGE,
    "resources.mailbox.MailboxUnavailable": Exit.UNAVAILABLE,
    "sqlalchemy.exc.OperationalError": Exit.UNAVAILABLE,
    "sqlalchemy.exc.InterfaceError": Exit.UNAVAILABLE,
}
_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS})


def understood(error: BaseException) -> tuple[Exit, str] | None:
    """Return the exit code and the message of an error that is an answer, None for a fault of the program."""
    if isinstance(error, CommandError):
        return error.code, str(error)
    if isinstance(error, OSError) and error.errno in _DISK:
        return Exit.UNAVAILABLE, f"the disk cannot be written to: {error}"
    for kind in type(error).__mro__:
        code = _KNOWN.get(f"{kind.__module__}.{kind.__qualname__}")
        if code is not None:
            return code, _message(error)
    return None


def _message(error: BaseException) -> str:
    """Of a database's error what the database says, without the statement."""
    said = getattr(error, "orig", None)
    return f"the database cannot be used: {said}" if said is not None else str(error)


class Commands(TyperGroup):
    """The group of all commands: turns errors that are answers into lines on stderr and an exit code."""

    @override
    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            _tell("Interrupted.")
            raise typer.Exit(Exit.INTERRUPTED) from None
        except Exception as error:
            answer = understood(error)
            if answer is None:
                raise
            code, message = answer
            _tell(message)
            raise typer.Exit(code) from None


def _tell(message: str) -> None:
    from punchout.cli.console import safe

    for line in message.strip().split("\n"):
        sys.stderr.write(f"{safe(line)}\n")
