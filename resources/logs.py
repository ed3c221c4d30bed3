"""Logging: one configuration for structlog and the standard library, on stderr, with secrets taken out.

What a log line may hold is decided here once, for our own records and for those of libraries. Documents come from
outside: nothing they contain may look like a line of the log, or steer a terminal.
"""

import logging
import re
import sys
from collections.abc import Mapping
from typing import Any, Literal

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

MASK = "***"
LONGEST_VALUE = 2048

_SENSITIVE_KEY = re.compile(r"secret|passw|token|authorization|credential", re.IGNORECASE)
_SENSITIVE_TEXT = (
    # To the end where the closing tag was cut off. Also as it stands inside an escaped document.
    re.compile(r"(<(?:\w+:)?SharedSecret\b[^>]*>).*?(?=</(?:\w+:)?SharedSecret|\Z)", re.IGNORECASE | re.DOTALL),
    re.compile(r"(&lt;(?:\w+:)?SharedSecret\b.*?&gt;).*?(?=&lt;/(?:\w+:)?SharedSecret|\Z)", re.IGNORECASE | re.DOTALL),
    re.compile(r"(\bauthorization['\"]?\s*[:=]\s*['\"]?(?:bearer |basic )?)[^\s'\",;]+", re.IGNORECASE),
    re.compile(r"(\b\w*(?:secret|password|passwd|token)['\"]?\s*=\s*['\"]?)[^\s'\",;&]+", re.IGNORECASE),
    re.compile(r"(://[^/\s:@]*:)[^/\s@]+(?=@)"),
)
# What libraries tell about every step of theirs is no news of ours.
_TALKATIVE = ("alembic", "httpx", "httpcore")
_KEPT_AS_THEY_ARE = (bool, int, float, type(None))


def configure_logging(*, level: str = "INFO", form: Literal["json", "console"] = "console") -> None:
    """Send all log records of this process to stderr. May be called again.

    Args:
        level: the least level that is shown, by its name.
        form: one JSON object a line, or text for people.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            redact,
            shorten,
            *_rendering(form),
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Mask what a key says is secret, and what looks like a secret inside a text."""
    return {key: _redacted(key, value) for key, value in event.items()}


def shorten(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Bound each value to 2 kB; of a longer one the beginning and the end are kept, where a traceback says most."""
    return {key: _shortened(value) for key, value in event.items()}


def escape(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Write line ends and control characters as escapes; a traceback keeps its lines, each with a bar before it."""
    return {key: _lines(value) if key == "exception" else _escaped(value) for key, value in event.items()}


def _rendering(form: Literal["json", "console"]) -> list[Processor]:
    if form == "json":
        # JSON escapes by itself.
        return [structlog.processors.JSONRenderer(ensure_ascii=True, sort_keys=False)]
    return [escape, structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]


def _redacted(key: object, value: Any) -> Any:  # noqa: ANN401 - a log value can be anything
    if isinstance(key, str) and _SENSITIVE_KEY.search(key):
        return MASK
    if isinstance(value, Mapping):
        return {_redacted_text(str(inner)): _redacted(inner, item) for inner, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_redacted("", item) for item in value]
    if isinstance(value, _KEPT_AS_THEY_ARE):
        return value
    return _redacted_text(value if isinstance(value, str) else repr(value))


def _redacted_text(text: str) -> str:
    for pattern in _SENSITIVE_TEXT:
        text = pattern.sub(rf"\1{MASK}", text)
    return text


def _shortened(value: Any) -> Any:  # noqa: ANN401 - as above
    if isinstance(value, _KEPT_AS_THEY_ARE):
        return value
    text = value if isinstance(value, str) else repr(value)
    if len(text) <= LONGEST_VALUE:
        return value
    half = (LONGEST_VALUE - 40) // 2
    return f"{text[:half]} ... {len(text) - 2 * half} more ... {text[-half:]}"


def _escaped(value: Any) -> Any:  # noqa: ANN401 - as above
    return _escaped_text(value) if isinstance(value, str) else value


def _escaped_text(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def _lines(value: object) -> str:
    return "\n".join(f"  | {_escaped_text(line)}" for line in str(value).split("\n"))
