"""Lists of terms that operators keep: words, sites, people's ids.

    reading   a file's lines to a list, and what is wrong with it; which list includes which
    terms     one list as it was written, compiled part by part when first asked
    words     its terms in a text, whole words or with a star
    hosts     its sites
    globs     its entries that stand for many, where somebody else publishes them
    names     its names, and how alike another one looks
    sites     its sites, and how alike another one looks
    changes   what was added, taken out and quarantined since
    kept      a list as rules ask it: what was written, what has changed, what it includes

Nothing in here may read a file or the clock, nor change what was written in place.
"""

from __future__ import annotations

from ombud.signals.lists.kept import Asked, Entry, Kept, Listed, View
from ombud.signals.lists.terms import TermList

__all__ = ["Asked", "Entry", "Kept", "Listed", "TermList", "View"]
