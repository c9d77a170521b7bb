"""What no honest page sends."""

import random
from types import UnionType
from typing import Any, Final, get_args, get_origin

from tests.walls.world import World

TEXTS: Final = (
    "", " ", "\x00", "a\x00b", "\ud800", "\udfff\ud800", "\u202egpj.exe", "\u200b\u200d\ufeff", "é" * 5_000, "A" * 200_000, "💉" * 2_000,
    "\r\nBcc: x@exemple.fr",
    "' or 1=1 --", "'; drop table patient; --", "\\", "%", "_%_", "{{7*7}}", "${7*7}", "{0.__class__}", "%s%s%n",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>", "../../../../etc/passwd", "file:///etc/passwd", "http://127.0.0.1:9/", "javascript:alert(1)", "NaN",
    "Infinity",
    "-Infinity", "1e999", "-1", "0", "9" * 400, "0x10", "1_000", "٣", "１２", "½", "true", "null", "undefined", "[]", "{}", "[" * 2_000,
    '{"a":' * 500,
    "2026-02-30", "0000-00-00", "9999-12-31", "10000-01-01", "2026-11-26T25:61", "24:00", "-1:00", "31/02/2026", "tous", "None",
    "00000000000000000000000000000000",
    "ffffffffffffffffffffffffffffffff", "ﬀ", "İ", "ß" * 100, "a\u0301" * 300, "\u0000\u0001\u0002", "\t\v\f", "=cmd|' /C calc'!A0",
    "@SUM(1)", "+33", "+33600000000000000",
    "x@", "@", "a@b.c" * 100, "http://[", "//", "?", "#", "&amp;", "\u2028", "\U0010ffff",
)  # fmt: skip
NUMBERS: Final = (0, -1, 1, 2**31, 2**63, -(2**63), 2**70, 10**30)
IN_FORMS: Final[tuple[Any, ...]] = (None, True, False, 0, -1, 1.5, 2**63, float("nan"), float("inf"))
"""What a form may hold besides texts."""
WRONG: Final[tuple[Any, ...]] = (None, 1.5, float("nan"), float("inf"), [], {}, [[]], {"a": {"b": [1]}}, [None], True, 7, "x")


def hostile(luck: random.Random, world: World, kind: Any) -> Any:
    """Give something hostile: mostly of the kind that is asked for, sometimes of another."""
    if luck.random() < 0.1:
        return luck.choice(WRONG)
    if get_origin(kind) is UnionType:
        return hostile(luck, world, luck.choice(get_args(kind)))
    if get_origin(kind) is list:
        return [hostile(luck, world, get_args(kind)[0]) for _ in range(luck.choice((0, 1, 3, 300)))]
    if get_origin(kind) is dict:
        return {luck.choice(TEXTS): luck.choice(TEXTS) for _ in range(3)}
    if kind is bool:
        return luck.random() < 0.5
    return luck.choice(NUMBERS) if kind is int else hostile_text(luck, world)


def hostile_text(luck: random.Random, world: World) -> str:
    """Give a hostile text, or somebody's identifier."""
    if luck.random() < 0.25:
        return str(luck.choice(list(world.only_of(luck.choice((world.theirs, world.home))))))
    return luck.choice(TEXTS)
