"""Logs as JSON lines that hold no secret and nobody's name: cookies, tokens, passwords, addresses and query strings are masked."""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, Final

import structlog

from maiia_pro.settings import get_settings

MASK: Final = "[masqué]"
_SECRET_NAMES: Final = re.compile(r"cookie|token|passw|secret|authori[sz]ation|credential|api_?key|session_id|email", re.IGNORECASE)
_HEAD: Final = 2_000
_TAIL: Final = 6_000
"""How much of a long text is kept at either end; the end of a trace says what broke."""

_PATTERNS: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    # what Reflex quotes of an event: its payload is what somebody typed
    (re.compile(r"(Event\(name='[^']{0,300}'), .*"), rf"\1, {MASK}"),
    (re.compile(r"(Error transforming event argument '[^']{0,200}' with value ).*", re.DOTALL), rf"\1{MASK}"),
    # what Reflex quotes of a value that does not fit its var
    (re.compile(r"(Expected field '[^']{0,200}' to receive type .{0,200}?, but got ).*", re.DOTALL), rf"\1{MASK}"),
    # the secret of a browser tab, which Reflex names where it is gone or slow
    (re.compile(r"(?i)\b((?:client|token) '?)[0-9a-f]{8}-[0-9a-f-]{27}"), rf"\1{MASK}"),
    # a name of a secret, then its value: cookie: …, 'cookie': '…', "password" = "…"
    (
        re.compile(
            r"""(?ix) ((?:cookie|token|passw|secret|authori[sz]ation|api_?key) [\w-]{0,40} ["']? \s* [:=] \s*)
                (?: "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' | (?:bearer|basic)\s+[^\s,;"'})\]]+ | [^\s,"'})\]]+ )"""
        ),
        rf"\1{MASK}",
    ),
    (re.compile(r"(?i)\b(bearer|basic)\s+[a-z0-9._~+/=-]{8,}"), rf"\1 {MASK}"),
    (re.compile(r"(?:__Host-)?(maiia_(?:session|code))=[^;\s\"']+"), rf"\1={MASK}"),
    (re.compile(r"(\b\w{2,20}://[^\s:/@]{0,64}):[^\s@/]{1,200}@"), rf"\1:{MASK}@"),
    (re.compile(r"(?<![\w.+%'-])[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"), "[e-mail]"),
    (re.compile(r"(/[\w.~%-]{0,200})\?[^\s\"'<>)\]}]+"), rf"\1?{MASK}"),
    # what PostgreSQL and SQLAlchemy quote of a row
    (re.compile(r"(?m)^(\s*)(DETAIL|DÉTAIL|CONTEXT):.*$"), rf"\1\2: {MASK}"),
    (re.compile(r"\[parameters: .*"), f"[parameters: {MASK}]"),
)


def redact(value: Any) -> Any:
    """Mask what a log must not hold, at any depth."""
    if isinstance(value, str):
        return _redact_text(value)
    if isinstance(value, bytes):
        return _redact_text(value.decode(errors="replace"))
    if isinstance(value, Mapping):
        return {key: MASK if _SECRET_NAMES.search(str(key)) else redact(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [redact(item) for item in value]
    return value if isinstance(value, int | float | bool | None) else _redact_text(str(value))


def _redact_text(text: str) -> str:
    for pattern, replacement in _PATTERNS:  # before the cut, which would hide from a pattern where what it masks begins
        text = pattern.sub(replacement, text)
    return text if len(text) <= _HEAD + _TAIL else f"{text[:_HEAD]} […] {text[-_TAIL:]}"


def _redact_event(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Structlog processor: the last before rendering, so that tracebacks are masked too."""
    return {name: MASK if _SECRET_NAMES.search(name) else redact(value) for name, value in event.items()}


_SHARED: Final[tuple[structlog.typing.Processor, ...]] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(),
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
)


def formatter() -> structlog.stdlib.ProcessorFormatter:
    """Give the formatter that every handler of the house uses, for records of any library."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_SHARED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _redact_event,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )


def configure_logs() -> None:
    """Send the records of this process to its output as redacted JSON lines; may be called again."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(get_settings().log_level.upper())
    for chatty in ("alembic", "httpx", "httpcore", "engineio", "socketio", "asyncio", "mail.log"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def granian_logs() -> dict[str, Any]:
    """Logging configuration for the HTTP server's own processes."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": formatter}},
        "handlers": {"console": {"formatter": "json", "class": "logging.StreamHandler", "stream": "ext://sys.stdout"}},
        "loggers": {"_granian": {"handlers": ["console"], "level": "INFO", "propagate": False}},
    }
