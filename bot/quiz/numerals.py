"""Numbers as people type them: `1,024`, `1 024`, `1.024,5`, `−3`, `1.5e9`, `2 × 10^9`, `10⁹`, `3 million`, `25 %`, `1/3`."""

from __future__ import annotations

import re

from bot.quiz.words import fold

_POWERS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_VULGAR = re.compile("[¼-¾⅐-⅞]")
_MINUSES = "-−–\N{HYPHEN}"
_DIGITS = r"\d+(?:[.,'’ _\u202f\u00a0]\d+)*|[.,]\d+"
_NUMERAL = re.compile(
    rf"""
    (?<![^\W_])(?<!\d[.,])(?<![^\W\d_][{_MINUSES}])                 # not the 16 of fp16, the 1 of N-1
    (?P<minus>(?<![\d)])[{_MINUSES}]\s?|\bminus\s+)?
    (?P<digits>{_DIGITS})
    (?:\s?/\s?(?P<under>\d+(?:\.\d+)?)(?![\d.,]*\d|\s?/))?
    (?:e(?P<exponent>[{_MINUSES}+]?\d{{1,4}})(?!\w)
     |\s?[x*×·⋅]\s?10\s?(?:\^|\*\*)\s?\(?(?P<power>[{_MINUSES}+]?\d{{1,4}})\)?
     |\s?(?:\^|\*\*)\s?\(?(?P<own_power>[{_MINUSES}+]?\d{{1,4}})\)?)?
    (?:\s?(?P<percent>%|percent\b|per\ cent\b)|\s?(?P<scale>thousand|million|billion|trillion)\b|(?P<kilo>k)(?!\w))?
    """,
    re.VERBOSE,
)
_OR = re.compile(rf"\s*(?:[{_MINUSES},;/|]|or\b|to\b|and\b|bis\b|oder\b)*\s*")
_SCALES = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_RESULT = re.compile("[=≈≃≅]")


def numbers_in(text: str) -> frozenset[float]:
    """What the one number that a text gives may be worth; nothing when it gives none, or several to choose from.

    What comes after the last `=` or `≈` counts; then the first number, with whatever unit after it. `10 or 20` and
    `10–20` give none. There are two readings where people write numbers in two ways: `1,024` may have a decimal comma,
    `25 %` may mean 0.25. A letter after the digits is a unit (`14 GB`), but for a `k` alone.
    """
    text = _spelled(_RESULT.split(text)[-1])
    first, second = [*_NUMERAL.finditer(text), None, None][:2]
    if first is None or (second is not None and _offers_both(text[first.end() : second.start()])):
        return frozenset()
    return frozenset(number for number in _worth(first) if abs(number) != float("inf"))


def written(number: float) -> str:
    """A number as a person would type it; `numbers_in` finds it again."""
    return repr(number).removesuffix(".0")


def _spelled(text: str) -> str:
    text = re.sub("[⁻⁺]?[⁰¹²³⁴-⁹]+", lambda run: "^" + run[0].translate(_POWERS), text)
    return fold(_VULGAR.sub(lambda sign: f" {fold(sign[0])}", text)).replace("\N{FRACTION SLASH}", "/")


def _offers_both(between: str) -> bool:
    return bool(between.strip()) and bool(_OR.fullmatch(between))


def _worth(found: re.Match[str]) -> set[float]:
    shift = _whole(found["exponent"] or found["power"])
    shift += _SCALES.get(found["scale"] or "", 0) + (3 if found["kilo"] else 0)
    sign = "-" if found["minus"] else ""
    numbers = {float(f"{sign}{digits}e{shift}") for digits in _readings(found["digits"])}
    if found["own_power"]:
        numbers = {number for base in numbers for number in _raised(base, _whole(found["own_power"]))}
    if found["under"]:
        numbers = {number / float(found["under"]) for number in numbers if float(found["under"])}
    return numbers | {number / 100 for number in numbers} if found["percent"] else numbers


def _whole(power: str | None) -> int:
    return int(re.sub(f"[{_MINUSES}]", "-", power)) if power else 0


def _raised(base: float, power: int) -> tuple[float, ...]:
    try:
        return (float(base**power),)
    except (OverflowError, ZeroDivisionError):
        return ()


def _readings(digits: str) -> set[str]:
    """The numbers, as Python writes them, that digits with separators may mean."""
    parts = re.split(r"[.,'’ _\u202f\u00a0]", digits)
    marks = re.findall(r"[.,'’ _\u202f\u00a0]", digits)
    if not marks:
        return {digits}
    grouped = 1 <= len(parts[0]) <= 3 and all(len(part) == 3 for part in parts[1:]) and not parts[0].startswith("0")
    if len(set(marks)) == 1:
        whole = {"".join(parts)} if grouped else set()
        decimal = {f"{parts[0] or 0}.{parts[1]}"} if marks[0] in ".," and len(marks) == 1 else set()
        return whole | decimal
    *groups, point = marks
    thousands = parts[:-1]
    regular = len(set(groups)) == 1 and point in ".," and 1 <= len(thousands[0]) <= 3
    return {f"{''.join(thousands)}.{parts[-1]}"} if regular and all(len(part) == 3 for part in thousands[1:]) else set()
