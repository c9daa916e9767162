"""The numbers that Word gives to paragraphs by itself: "1", "2.3", "a)", "(iv)" (ECMA-376 part 1, 17.9)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from sdograph.sources.package import Element

_LEVELS = 9
#: Longer than any number is written; what a level's text says is repeated with every paragraph.
_LONGEST_TEXT = 60
_DEEPEST_STYLE = 30
_INTEGER = re.compile(r"\d{1,5}")
_PLACE = re.compile(r"%([1-9])")

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
    (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def letter(number: int) -> str:
    """a, b … z, aa, bb …, as Word counts on; as digits beyond what anyone letters."""
    if not 0 < number <= 260:
        return str(number)
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def roman(number: int) -> str:
    """i, ii, iii, iv …; as digits where there is no roman number."""
    if not 0 < number < 4000:
        return str(number)
    written = ""
    for value, sign in _ROMAN:
        written += sign * (number // value)
        number %= value
    return written


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


#: Any other format, of scripts that number otherwise, is written in digits.
_FORMATS: dict[str, Callable[[int], str]] = {
    "lowerLetter": letter,
    "upperLetter": lambda number: letter(number).upper(),
    "lowerRoman": roman,
    "upperRoman": lambda number: roman(number).upper(),
    "decimalZero": lambda number: f"{number:02}",
    "ordinal": _ordinal,
    "none": lambda _number: "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Level:
    start: int
    format: str
    text: str
    restart: int | None
    legal: bool
    space: str
    style: str


@dataclass(slots=True)
class _List:
    """The levels of a list, and the paragraphs counted so far; several w:num may go on with one list."""

    levels: dict[int, _Level]
    counts: list[int | None]


class Numbering:
    """Counts the numbered paragraphs of a document in their order."""

    def __init__(self, numbering: Element, styles: Element | None) -> None:
        self._styles = {
            style.get("w-styleId", ""): style
            for style in ([] if styles is None else styles.findall("w-style"))
        }
        self._default = next(
            (
                name
                for name, style in self._styles.items()
                if style.get("w-type") == "paragraph" and style.get("w-default") in ("1", "true", "on")
            ),
            "",
        )
        self._abstract = {e.get("w-abstractNumId", ""): e for e in numbering.findall("w-abstractNum")}
        self._nums = {e.get("w-numId", ""): e for e in numbering.findall("w-num")}
        self._lists: dict[str, _List] = {}
        self._begun: dict[str, tuple[_List, dict[int, _Level]]] = {}
        self._of_style: dict[str, tuple[str, int | None, tuple[str, ...]]] = {}

    def number(self, paragraph: Element) -> str:
        """The number before a paragraph and the space after it; "" for one without, and for a bullet."""
        properties = paragraph.find("w-pPr")
        style, num_id, depth = self._default, "", None
        if properties is not None:
            style = _value(properties, "w-pStyle") or style
            num_id = _value(properties, "w-numPr/w-numId")
            depth = _integer(_value(properties, "w-numPr/w-ilvl"))
        if num_id == "0":
            return ""
        inherited, inherited_depth, chain = self._from_style(style)
        num_id = num_id or inherited
        if num_id not in self._nums:
            return ""
        counted, levels = self._begun.get(num_id) or self._begin(num_id)
        if depth is None:
            own = (n for name in chain for n, level in levels.items() if level.style == name)
            depth = next(own, inherited_depth or 0)
        return self._count(counted, levels, depth) if depth in levels else ""

    def _count(self, counted: _List, levels: dict[int, _Level], depth: int) -> str:
        level = levels[depth]
        counts = counted.counts
        before = counts[depth]
        counts[depth] = level.start if before is None else before + 1
        for deeper in range(depth + 1, _LEVELS):
            restart = levels[deeper].restart if deeper in levels else None
            # 0: never; n: only after a paragraph of level n (counted from 1) or above it.
            if restart is None or depth < restart:
                counts[deeper] = None

        def shown(match: re.Match[str]) -> str:
            index = int(match[1]) - 1
            if index > depth or index not in levels:
                return ""
            value = counts[index]
            one = levels[index]
            number = one.start if value is None else value
            return str(number) if level.legal else _FORMATS.get(one.format, str)(number)

        if level.format == "bullet":
            return ""
        text = _PLACE.sub(shown, level.text)
        return f"{text}{level.space}" if text.strip() else ""

    def _begin(self, num_id: str) -> tuple[_List, dict[int, _Level]]:
        """The list that a w:num counts on, and its levels with what the w:num has its own way."""
        num = self._nums[num_id]
        abstract_id = self._followed(_value(num, "w-abstractNumId"))
        counted = self._lists.get(abstract_id)
        if counted is None:
            element = self._abstract.get(abstract_id)
            found = {} if element is None else dict(_levels(element))
            counted = self._lists[abstract_id] = _List(found, [None] * _LEVELS)
        levels = dict(counted.levels)
        for override in num.findall("w-lvlOverride"):
            depth = _integer(override.get("w-ilvl", ""))
            if depth is None or depth >= _LEVELS:
                continue
            own = override.find("w-lvl")
            if own is not None:
                levels[depth] = _level(own)
            start = _integer(_value(override, "w-startOverride"))
            if start is not None and depth in levels:
                levels[depth] = replace(levels[depth], start=start)
                counted.counts[depth] = None
        self._begun[num_id] = counted, levels
        return counted, levels

    def _followed(self, abstract_id: str) -> str:
        """The list itself, where one only says which numbering style it uses."""
        for _ in range(_DEEPEST_STYLE):
            element = self._abstract.get(abstract_id)
            link = "" if element is None else _value(element, "w-numStyleLink")
            style = self._styles.get(link)
            num = None if style is None else self._nums.get(_value(style, "w-pPr/w-numPr/w-numId"))
            if num is None:
                break
            abstract_id = _value(num, "w-abstractNumId")
        return abstract_id

    def _from_style(self, name: str) -> tuple[str, int | None, tuple[str, ...]]:
        """The w:num and level that a paragraph style gives, and the styles it is based on with itself."""
        if name not in self._of_style:
            num_id, depth = "", None
            chain: list[str] = []
            current: str = name
            while current in self._styles and current not in chain and len(chain) < _DEEPEST_STYLE:
                style = self._styles[current]
                chain.append(current)
                num_id = num_id or _value(style, "w-pPr/w-numPr/w-numId")
                if depth is None:
                    depth = _integer(_value(style, "w-pPr/w-numPr/w-ilvl"))
                current = _value(style, "w-basedOn")
            self._of_style[name] = num_id, depth, tuple(chain)
        return self._of_style[name]


def _levels(abstract: Element) -> Iterator[tuple[int, _Level]]:
    for element in abstract.findall("w-lvl"):
        depth = _integer(element.get("w-ilvl", ""))
        if depth is not None and depth < _LEVELS:
            yield depth, _level(element)


def _level(element: Element) -> _Level:
    start = _integer(_value(element, "w-start"))
    legal = element.find("w-isLgl")
    # A format that only newer programs know stands beside one for the others.
    written = _value(element, "w-numFmt") or _value(element, "mc-AlternateContent/mc-Fallback/w-numFmt")
    return _Level(
        start=0 if start is None else start,
        format=written or "decimal",
        text=_value(element, "w-lvlText")[:_LONGEST_TEXT],
        restart=_integer(_value(element, "w-lvlRestart")),
        legal=legal is not None and legal.get("w-val", "1") in ("1", "true", "on"),
        space="" if _value(element, "w-suff") == "nothing" else " ",
        style=_value(element, "w-pStyle"),
    )


def _value(element: Element, path: str) -> str:
    found = element.find(path)
    return "" if found is None else found.get("w-val", "")


def _integer(text: str) -> int | None:
    return int(text) if _INTEGER.fullmatch(text) else None
