"""The page about the codes of the EU's database: which a clause may name, and what each harm is.

This module must never list a code by itself: they are read off the program's own table.
"""

from __future__ import annotations

from markdown_pieces import page, table

from ombud.rules.categories import CATEGORIES, OF_HARM

INTRODUCTION = """
What a clause is in the EU's database of statements of reasons, and in the yearly report of
Implementing Regulation (EU) 2024/2835, stands in its terms:

```
## scam.phishing Pages that imitate a log-in
harm: scam
published: 2026-11-22
dsa: STATEMENT_CATEGORY_SCAMS_AND_FRAUD KEYWORD_PHISHING
```

The first category is the one everything under the clause is counted in, each thing once, in the row
of the first keyword. Further categories and keywords may follow. A keyword belongs to one of the
categories beside it; any other code is an error (R114), shown where it stands. A clause that names
none is what its harm is.

"""
OF_HARMS = """
`KEYWORD_OTHER` is described by the clause's title, in the database and in the report.
"""


def categories_page() -> str:
    """Categories with their keywords, and those of each harm."""
    return page(
        "Codes of the DSA database",
        INTRODUCTION,
        "## What a harm is, where its clause does not say",
        table(
            ["harm", "category", "keyword"],
            (
                (f"`{harm}`", f"`{filed.category}`", f"`{filed.keywords[0]}`")
                for harm, filed in OF_HARM.items()
            ),
        ),
        OF_HARMS,
        "## Categories and their keywords",
        table(
            ["category", "keywords"],
            (
                (f"`{name}`", ", ".join(f"`{each}`" for each in words))
                for name, words in CATEGORIES.items()
            ),
        ),
    )
