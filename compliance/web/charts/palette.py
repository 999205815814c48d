"""Colours for drawings that leave the browser: the light paper's values of `static/css/tokens.css`.

In a page the class of a shape paints it, and follows dark and light; WeasyPrint reads no custom properties inside a
drawing, so each shape carries these as plain attributes too, which a class overrides.
"""

INK = "#141c24"
INK_2 = "#434e57"
ACCENT = "#1c3557"
PAPER = "#fafbf9"
SHEET = "#ffffff"
WELL = "#f0f3ee"
LINE = "#d6ddd5"
LINE_STRONG = "#9ba69d"
LINE_CONTROL = "#76827a"
HATCH = "#b9c2ba"

PASSED = "#17683a"
FAIL = "#b01f24"
UNKNOWN = "#6a38a6"
DUE = "#775600"
STALE = "#9c3f00"
ACCEPTED = "#28588a"
NA = "#5a656d"
FILLED = "#4b8d66"
LATE = "#a67509"
FAIL_WASH = "#fdf0ee"
UNKNOWN_WASH = "#f6f0fc"

# The colour of a word or glyph by tone (`data-s`).
TONES: dict[str, str] = {
    "pass": PASSED,
    "fail": FAIL,
    "missing": FAIL,
    "unknown": UNKNOWN,
    "due": DUE,
    "stale": STALE,
    "accepted": ACCEPTED,
    "na": NA,
    "tocome": NA,
    "run": INK,
}

# The colour of a solid shape by tone: quieter than the words.
FILLS: dict[str, str] = {
    "pass": FILLED,
    "fail": FAIL,
    "unknown": UNKNOWN,
    "due": DUE,
    "stale": STALE,
    "accepted": ACCEPTED,
    "na": LINE_STRONG,
    "tocome": LINE_STRONG,
    "ink": INK,
    "line": LINE_STRONG,
    "well": WELL,
    "paper": PAPER,
}
