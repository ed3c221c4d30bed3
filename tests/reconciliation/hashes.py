"""Hashes of bodies that no bytes were read for: made of what a body states, the same in every run and version."""

import hashlib
from dataclasses import fields, is_dataclass
from typing import Any


def sha_of(body: object) -> str:
    """Hash what a body states. A field at its default does not count, so that a new one changes no hash."""
    return hashlib.sha256(repr(_stated_in(body)).encode()).hexdigest()


def _stated_in(value: Any) -> Any:  # noqa: ANN401 - any record, tuple of records or plain value
    if isinstance(value, tuple):
        return [_stated_in(part) for part in value]
    if not is_dataclass(value):
        return value
    said = [(field, getattr(value, field.name)) for field in fields(value)]
    return type(value).__name__, [(field.name, _stated_in(each)) for field, each in said if each != field.default]
