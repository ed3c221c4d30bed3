"""How text from documents is written so that a reader sees what is really there.

Escaping for HTML is the template engine's; this module makes visible what HTML would show as nothing, or as something
else: control characters, direction overrides, spaces that are none, and blanks at the ends of an identifier.
"""

import re
import shlex
from datetime import datetime, tzinfo

from markupsafe import Markup

# Lawful in prose: spaces that do not break, and the joiners of Persian and of emoji. In an identifier nothing is.
_KEPT_IN_PROSE = frozenset("\u00a0\u2009\u202f\u3000\u200c\u200d")
_CODE = Markup("<code>{}</code>")
_NOT_IN_A_NAME = re.compile(r"[\W\d_]+")


def visible(text: str) -> str:
    r"""Write control, format and unassigned characters as escapes, such as `\x1b` and `\u202e`."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char in _KEPT_IN_PROSE else _escape(char) for char in text)


def visible_id(text: str) -> str:
    r"""Write an identifier: as `visible`, and every space but a plain one, and blanks at its ends (`\x20`)."""
    core = text.strip(" ")
    ahead = len(text) - len(text.lstrip(" ")) if core else len(text)
    behind = len(text) - len(core) - ahead
    shown = core if core.isprintable() else "".join(char if char.isprintable() else _escape(char) for char in core)
    return f"{_escape(' ') * ahead}{shown}{_escape(' ') * behind}"


def prose(text: str) -> Markup:
    """Write one of our own sentences, in which a command stands between backquotes."""
    parts = enumerate(visible(text).split("`"))
    return Markup("").join(_CODE.format(part) if place % 2 else part for place, part in parts)


def argument(identifier: str) -> str:
    """Quote an identifier for a shell: a reader copies it from the page, and its writer may be a stranger."""
    quoted = shlex.quote(identifier)
    return f"-- {quoted}" if identifier.startswith("-") else quoted


def initials(email: str) -> str:
    """Reduce an e-mail address to the initials of its local part: the report is passed on freely."""
    names = [name for name in _NOT_IN_A_NAME.split(email.partition("@")[0]) if name]
    return " ".join(f"{name[0].upper()}." for name in names)


def at(instant: str | None, zone: tzinfo) -> str:
    """Write an ISO 8601 instant as `2026-03-06 17:00` in `zone`; anything else stays as it is."""
    if not instant:
        return ""
    try:
        moment = datetime.fromisoformat(instant)
    except ValueError:
        return instant
    return (moment if moment.tzinfo is None else moment.astimezone(zone)).strftime("%Y-%m-%d %H:%M")


def _escape(char: str) -> str:
    return r"\x20" if char == " " else char.encode("unicode_escape").decode("ascii")
