"""The page about the keys of the console.

This module must never name a key by itself: it is read off the program's one table.
"""

from __future__ import annotations

from markdown_pieces import page, table

from ombud.web.console.keys import KEYS
from ombud.web.words import TEXTS

INTRODUCTION = """
On the pages of cases, appeals and labels one key does what a button or field of the page does.
Each person can change any of them, switch single ones off, or all, on the page `/keys`; what they
chose stands in the key file, beside the rest of how they come in. Without script there are no
keys, and every button is there all the same.
"""
RULES = """
A key counts by the letter where a Latin one was typed, and else by its place on the keyboard, so
that they are the same under Vietnamese, Cyrillic or French layouts. No key does anything in a
field, while something is composed, together with Ctrl, Alt or Meta, while it is held down, or
while the answer to the one before is awaited. A place that does not fit a case is empty there: a
key never means two things. On an appeal the keys of outcomes choose and send nothing: one more
decides.
"""


def keys_page() -> str:
    """All keys, as they are at first."""
    rows = [[f"`{each.key}`", TEXTS[each.word]["en"], TEXTS[each.word]["vi"]] for each in KEYS]
    return page("Keys", INTRODUCTION, table(["key", "does", "nghĩa"], rows), RULES)
