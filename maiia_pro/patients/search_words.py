"""What somebody typed to find a patient, read as names, a birth date, a telephone or several of them together. Pure."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Final
from uuid import UUID

from maiia_pro.kernel import clock
from maiia_pro.kernel.errors import Invalid
from maiia_pro.kernel.french import MONTHS, name_key, read_date, short_date
from maiia_pro.kernel.text import one_line

LONGEST: Final = 80
BEGINNING: Final = 8
"""How many letters of a word the index of beginnings holds."""
_MONTH: Final = "|".join(sorted({name_key(month)[:length] for month in MONTHS for length in range(3, 10)}, key=len, reverse=True))
_DATE: Final = re.compile(
    rf"(?<!\d)(?<!\d\s)(?<!\+)\d{{1,2}}(?:er)?(?:\s?[/.\-]\s?\d{{1,2}}\s?[/.\-]\s?|\s+(?:{_MONTH})\.?\s+|\s+\d{{1,2}}\s+)(?:\d{{4}}|\d{{2}})(?![\s./-]?\d)"
    r"|(?<!\d)\d{4}-\d{1,2}-\d{1,2}(?!\d)"
)
_NUMBER: Final = re.compile(r"\+?\(?\d[\d\s.\-/()\u00a0\u202f]*")


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing that digits may mean: a day of birth, a year of birth, or the beginning or end of a telephone number."""

    born_from: date | None = None
    born_to: date | None = None
    phone_begins: str = ""
    """Digits after the zero or the +33."""
    phone_ends: str = ""


@dataclass(frozen=True)
class PatientSearch:
    """What to look for: every word must begin a word of the name, and one of the readings of the digits must hold."""

    words: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()
    digits: str = ""

    @classmethod
    def parse(cls, typed: object) -> "PatientSearch":
        """Read one box; raises `Invalid` where it is no line of text."""
        text = one_line(typed, longest=LONGEST)
        today = clock.now().date()
        plain = " ".join(name_key(part) if part.isalpha() else part for part in text.split())
        readings: list[Reading] = []
        if match := _DATE.search(plain):
            try:
                born = read_date(match[0], today)
            except Invalid:
                pass
            else:
                readings.append(Reading(born_from=born, born_to=born))
                if any(sign.isalpha() or sign in "/-" for sign in match[0]):  # nobody writes a telephone number so
                    return cls(_words(plain.replace(match[0], " ")), tuple(readings))
        numbers = [found[0] for found in _NUMBER.finditer(plain)]
        digits = "".join(sign for number in numbers for sign in number if sign.isdigit())
        words = _words(_NUMBER.sub(" ", plain))
        if digits:
            readings += _digits(digits, international=numbers[0].startswith("+"), named=bool(words), today=today)
        return cls(words, tuple(dict.fromkeys(readings)), digits)

    @property
    def says_something(self) -> bool:
        """Whether it narrows enough to be asked: two letters of a name, or digits that mean something."""
        return bool(self.readings) or (not self.digits and any(len(word) >= 2 for word in self.words))

    @property
    def birth_date(self) -> date | None:
        """The day that was typed, if it was one."""
        return next((one.born_from for one in self.readings if one.born_from and one.born_from == one.born_to), None)

    @cached_property
    def tolerable(self) -> bool:
        """Whether a name in it is long enough to be looked for with a letter wrong, or could be two words written as one."""
        return len(self.words) > 1 or any(len(word) >= 4 for word in self.words)


def beginning_key(practice_id: UUID, word: str) -> str:
    """Give what the index keeps of names of a practice that begin with a word, as far as it keeps them."""
    return f"{str(practice_id)[-12:]}={word[:BEGINNING]}"


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in name_key(text).split() if not word.isdigit())[:6]


def _digits(digits: str, *, international: bool, named: bool, today: date) -> list[Reading]:
    """List what digits may mean. Beside a name two or three are enough; alone it takes four."""
    found: list[Reading] = []
    if len(digits) in {6, 8} and not international:
        try:
            born = read_date(digits, today)
            found.append(Reading(born_from=born, born_to=born))
        except Invalid:
            pass
    if len(digits) == 4 and 1900 <= int(digits) <= today.year:
        found.append(_year(int(digits)))
    if named and len(digits) == 2:
        found += [_year(century + int(digits)) for century in (2000, 1900) if century + int(digits) <= today.year]
    if len(digits) >= (2 if named else 4):
        found += _telephone(digits, international=international)
    return found


def _year(year: int) -> Reading:
    return Reading(born_from=date(year, 1, 1), born_to=date(year, 12, 31))


def _telephone(digits: str, *, international: bool) -> list[Reading]:
    national = re.sub(r"^(?:00)?33\(?0?", "", digits) if international or digits.startswith("0033") else digits
    if international or digits.startswith("0"):
        begins = national.removeprefix("0")
        return [Reading(phone_begins=begins)] + ([Reading(phone_ends=digits)] if len(digits) in {2, 4} and not international else [])
    return [Reading(phone_ends=digits)] + ([Reading(phone_begins=digits)] if digits[0] in "67" else [])


def parts_without_one(word: str) -> list[str]:
    """List the first six letters of a word, whole and without each of them: two words a letter apart have one of these in common."""
    head = word[:6]
    return list(dict.fromkeys([head, *(head[:at] + head[at + 1 :] for at in range(len(head)))]))


@lru_cache(maxsize=20_000)
def close(typed: str, name: str) -> int:
    """Count how far what was typed is from the beginning of a name: a letter more, less, other, or two swapped are 1; 9 is too far.

    One fault is allowed, two in eight letters and more.
    """
    return _faults(typed, name, 1 if len(typed) < 8 else 2)


def _faults(typed: str, name: str, most: int) -> int:
    same = 0
    for sign, letter in zip(typed, name, strict=False):
        if sign != letter:
            break
        same += 1
    typed, name = typed[same:], name[same:]
    if not typed:
        return 0
    if not most:
        return 9
    ways: list[tuple[str, str]] = [(typed[1:], name), (typed, name[1:]), (typed[1:], name[1:])] if name else [(typed[1:], name)]
    if len(typed) > 1 and typed[1::-1] == name[:2]:
        ways.append((typed[2:], name[2:]))
    return min(9, 1 + min(_faults(*way, most - 1) for way in ways))


def distance(words: tuple[str, ...], names: str) -> int:
    """Count how far typed words are from a name's, each from its nearest; 9 and more is another name. `names` is a name key."""
    parts = names.split()
    glued = [first + second for first, second in pairwise(parts)]
    far = 0
    for word in words:
        if not any(part.startswith(word) for part in (*parts, *glued)):
            far += min((close(word, part) for part in parts), default=9) if len(word) >= 4 else 9
        if far >= 9:
            break
    return far


def emphasised(text: str, words: tuple[str, ...]) -> list[str]:
    """Cut a text so that every second part is what was asked for: « Josiane Keller » asked « kel » is [Josiane , Kel, ler]."""
    parts = [""]
    for piece in re.findall(r"[^\W_]+|[\W_]+", text):
        key = name_key(piece)
        word = next((word for word in sorted(words, key=len, reverse=True) if key and key.startswith(word)), "")
        whole = not word and any(len(one) >= 4 and key and close(one, key) < 9 for one in words)
        count = len(piece) if whole else len(word) if len(key) == len(piece) else len(piece) if word else 0
        if count:
            parts += [piece[:count], piece[count:]]
        else:
            parts[-1] += piece
    return parts


def emphasised_number(text: str, digits: str) -> list[str]:
    """Cut a telephone or a date around the digits that were typed, whatever stands between them."""
    for wanted in (digits, digits.removeprefix("0033"), digits.removeprefix("33")):
        pattern = r"\D?".join(wanted)
        if wanted and (match := re.search(rf"{pattern}$|^{pattern}", text)):
            return [text[: match.start()], match[0], text[match.end() :]]
    return [text]


def said_birth(search: PatientSearch, born: date) -> str:
    """Tell which digits of a written birth date were asked for, if any."""
    for one in search.readings:
        if one.born_from and one.born_to and one.born_from <= born <= one.born_to:
            return short_date(born) if one.born_from == one.born_to else str(born.year)
    return ""
