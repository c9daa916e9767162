"""Signs that Word takes from a symbol font by their place in it, as Unicode."""

from __future__ import annotations

import re

#: Font -> place in it -> sign, for those that say something in a form or a sentence.
_SIGNS: dict[str, dict[int, str]] = {
    "wingdings": {
        0x6F: "☐", 0x71: "☐", 0x72: "☐", 0x78: "☒", 0xA8: "☐", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
        0xE0: "→", 0xDF: "←", 0xE8: "→", 0xF0: "⇨",
    },
    "wingdings 2": {0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0xA3: "☐", 0x2A: "☐"},
    "symbol": {
        0x2D: "−", 0xA3: "≤", 0xAE: "→", 0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB9: "≠", 0xBB: "≈",
        0x6D: "µ", 0x61: "α", 0x62: "β",
    },
}  # fmt: skip
_HEXADECIMAL = re.compile(r"[0-9A-Fa-f]{1,4}")


def symbol(font: str, place: str) -> str:
    """The sign at a place (hexadecimal, also with F000 added) of a font; "" for an unknown one."""
    if not _HEXADECIMAL.fullmatch(place):
        return ""
    code = int(place, 16)
    known = _SIGNS.get(font.strip().lower())
    if known is not None:
        return known.get(code & 0xFF, "")
    # Any other font has the signs of Unicode at their own places, and its private ones are nobody's.
    return "" if 0xE000 <= code <= 0xF8FF or 0xD800 <= code <= 0xDFFF else chr(code)
