"""References to secrets: settings say where a secret is, and only its use reads it.

No secret's value lives in settings, in run configuration or in a log. Nothing here caches what it read, so that a
rotated secret counts from its next use on.
"""

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from resources.errors import ConfigurationError

_LARGEST_SECRET = 64 * 1024
_READABLE_BY_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_REFERENCE = r"^(env:[A-Za-z_][A-Za-z0-9_]*|file:[~/].*)$"


def _open_at_once(path: str, flags: int) -> int:
    """Open without waiting: a pipe would have the program wait for a writer."""
    return os.open(path, flags | os.O_NONBLOCK)


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretReference:
    """Where a secret is: `env:NAME`, or `file:PATH` with an absolute path or one that starts with `~`.

    Its text is the reference; the value is had by `reveal` alone.
    """

    kind: Literal["env", "file"]
    place: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a reference.

        Raises:
            ValueError: the text is no reference. The message leaves the text out, since it may be the secret itself.
        """
        if re.fullmatch(_REFERENCE, text) is None:
            message = "a secret is given as env:NAME or file:/PATH, never as its own text"
            raise ValueError(message)
        kind, _, place = text.partition(":")
        return cls(kind="env" if kind == "env" else "file", place=place)

    def reveal(self) -> str:
        """Read the secret's value, without a line end.

        Raises:
            ConfigurationError: there is none, it is empty, or its file can be read by others than its owner.
        """
        value = self._from_environment() if self.kind == "env" else self._from_file()
        if not value:
            message = f"the secret {self} is empty"
            raise ConfigurationError(message)
        return value

    def _from_environment(self) -> str:
        value = os.environ.get(self.place)
        if value is None:
            message = f"the secret {self} is missing: the environment has no variable {self.place}"
            raise ConfigurationError(message)
        return value

    def _from_file(self) -> str:
        path = Path(self.place).expanduser()
        try:
            with open(path, "rb", opener=_open_at_once) as file:
                # Of the opened file, so that it cannot be exchanged between the look and the read.
                self._refuse_unsafe(os.fstat(file.fileno()))
                return file.read(_LARGEST_SECRET).decode().removesuffix("\n").removesuffix("\r")
        except OSError as error:
            message = f"the secret {self} cannot be read: {error.strerror}"
            raise ConfigurationError(message) from None
        except UnicodeDecodeError:
            message = f"the secret {self} is not UTF-8 text"
            raise ConfigurationError(message) from None

    def _refuse_unsafe(self, status: os.stat_result) -> None:
        if not stat.S_ISREG(status.st_mode) or status.st_size > _LARGEST_SECRET:
            message = f"the secret {self} is not a file of at most {_LARGEST_SECRET} bytes"
            raise ConfigurationError(message)
        if status.st_mode & _READABLE_BY_OTHERS:
            message = f"the secret {self} is open to others than its owner: chmod 600 {self.place}"
            raise ConfigurationError(message)

    def __str__(self) -> str:
        return f"{self.kind}:{self.place}"

    def __repr__(self) -> str:
        return f"SecretReference({str(self)!r})"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[Any], handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let a setting of this type be written as the reference's text."""
        return core_schema.no_info_plain_validator_function(
            cls._from_setting, serialization=core_schema.to_string_ser_schema()
        )

    @classmethod
    def _from_setting(cls, value: object) -> Self:
        if isinstance(value, cls):
            return value
        return cls.parse(value if isinstance(value, str) else "")

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Describe the text for an editor that checks `punchout.toml`."""
        return {"type": "string", "pattern": _REFERENCE, "description": "where the secret is: env:NAME or file:/PATH"}
