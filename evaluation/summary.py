"""The page: its opening table, and the sections by topic.

What the table says of an evaluation is quoted from the tables of its section, cell by cell, so
that no figure stands anywhere twice by hand. This module must never work out a figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from evaluation import figures

OTHERS = "Others"
SUMMARY = "Summary"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a section: the first row that begins with these cells and has this column; of
    several columns, one cell after the other.
    """

    row: tuple[str, ...]
    column: str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Headline:
    """The row of an evaluation: on what, which figure, where ours stands and what is beside it."""

    on: str
    figure: str
    ours: Cell
    beside: Mapping[str, Cell] = field(default_factory=dict)


TOPICS: Mapping[str, Sequence[str]] = {
    "The whole of it": ("community",),
    "Links": ("hosts",),
    "Names": ("names",),
    "Repeats": ("repeats",),
    "Private data": ("private",),
    "Learned signals": ("spam",),
    "Language": ("language",),
    "Harassment": ("hatecheck", "harassment", "harassment_domains", "swapped", "dogpiles"),
    "Fact-checks": ("claims",),
    "Licences": ("certificates",),
}
_FOUND = ("F1", "recall")
_COMMUNITY = ("harm stopped", "honest events touched per 10,000")
_CHANGES = ("mean change", "largest change")


def _swapped(lang: str, language: str) -> Headline:
    """Of terms that the table has nothing can change, so what is told first is what can."""
    return Headline(
        "made-up sentences",
        f"mean and largest change in permille, {language}, an unknown group for a known one",
        Cell((lang, "ours", "unknown for known"), _CHANGES),
        {
            "plain model": Cell((lang, "plain", "unknown for known"), _CHANGES),
            "known for known, ours": Cell((lang, "ours", "known for known"), _CHANGES),
            "known for known, plain model": Cell((lang, "plain", "known for known"), _CHANGES),
        },
    )


HEADLINES: Mapping[str, Headline] = {
    "claims": Headline(
        "`checkthat2020_claims`, test",
        "MAP@5",
        Cell(("`checkthat2020_claims`", "ours"), "MAP@5"),
        {
            "`bm25s`": Cell(("`checkthat2020_claims`", "`bm25s`"), "MAP@5"),
            "ranked by meaning": Cell(
                ("`checkthat2020_claims`", "ours, ranked by meaning"), "MAP@5"
            ),
        },
    ),
    "certificates": Headline(
        "simulated labels through the gate",
        "false certificates of a rule exactly at its bound of 95 %, looked at after every label",
        Cell(("95 %",), "ours"),
        {"exact bound at every label": Cell(("95 %",), "exact bound at every label (25 %)")},
    ),
    "community": Headline(
        "simulated communities",
        "harm stopped, honest events touched per 10,000",
        Cell(("ours",), _COMMUNITY),
        {
            "holding every first post": Cell(("every first post",), _COMMUNITY),
            "rate and equality": Cell(("rate and equality",), _COMMUNITY),
            "word list": Cell(("word list",), _COMMUNITY),
        },
    ),
    "hosts": Headline(
        "`lookalike_domains`, test",
        "recall at 0.1 % false positives of the benign part",
        Cell(("ours, read off",), "recall, test"),
        {
            "at the threshold fixed before, and its false positives on test": Cell(
                ("ours", "92.4 %"), ("recall, test", "false positives, test")
            ),
            "edit distance": Cell(("edit distance, read off",), "recall, test"),
            "edit distance, fixed before": Cell(
                ("edit distance", "91 %"), ("recall, test", "false positives, test")
            ),
        },
    ),
    "names": Headline(
        "invented people, five seeds",
        "attacks caught on names of one's own, at no honest name taken for another on a first seed",
        Cell(("all of them",), "list"),
        {
            "members": Cell(("all of them",), "members"),
            "edit distance": Cell(("all of them",), "edit distance"),
            "skeleton": Cell(("all of them",), "skeleton"),
        },
    ),
    "repeats": Headline(
        "planted edits of `reddit_2013_posts`, 16 to 40 words",
        "recall, precision at edits of 20 %",
        Cell(("16 to 40",), ("recall", "precision")),
    ),
    "private": Headline(
        "`pii_presidio`, English only",
        "F1, recall: phone numbers",
        Cell(("phone", "ours"), _FOUND),
        {
            "plain patterns": Cell(("phone", "patterns"), _FOUND),
            "`phonenumbers`": Cell(("phone", "phonenumbers"), _FOUND),
        },
    ),
    "spam": Headline(
        "`youtube_spam`, test",
        "F1, trained on its own train part",
        Cell(("youtube_spam", "ours"), "F1"),
        {
            "day-one rules": Cell(("youtube_spam", "day-one rules"), "F1"),
            "tf-idf": Cell(("youtube_spam", "tf-idf"), "F1"),
        },
    ),
    "language": Headline(
        "seven sets, test",
        "answered; right where it answered",
        Cell(("all", "all"), ("answered", "right")),
        {"the model without bounds": Cell(("all", "all"), "model alone")},
    ),
    "hatecheck": Headline(
        "`hatecheck`, test",
        "balanced accuracy at 50 %",
        Cell(("`hatecheck`", "ours"), "balanced accuracy"),
        {
            "without made-up sentences": Cell(
                ("`hatecheck`", "without made-up"), "balanced accuracy"
            ),
            "plain model": Cell(("`hatecheck`", "plain"), "balanced accuracy"),
            "mention of a group, ours then plain": Cell(
                ("neutral or positive mention of a group",), ("ours", "plain")
            ),
            "reclaimed words, ours then plain": Cell(("reclaimed words",), ("ours", "plain")),
        },
    ),
    "harassment": Headline(
        "`vihos`, test",
        "macro F1 at 50 %",
        Cell(("`vihos`", "ours"), "macro F1"),
        {"plain model": Cell(("`vihos`", "plain"), "macro F1")},
    ),
    "dogpiles": Headline(
        "simulated community",
        "campaigns found",
        Cell(("dogpile",), "found"),
        {"welcomes, found for nothing": Cell(("welcome",), "found")},
    ),
    "harassment_domains": Headline(
        "eight sets, each learned from another one",
        "AUROC on `davidson`",
        Cell(("`davidson`",), "`davidson`"),
        {
            "learned from `surge_toxicity`": Cell(("`surge_toxicity`",), "`davidson`"),
            "learned from `uli`": Cell(("`uli`",), "`davidson`"),
        },
    ),
    "swapped": _swapped("en", "English"),
}

# What one figure would show too well: more rows of an evaluation, behind its headline.
FURTHER: Mapping[str, Sequence[Headline]] = {
    "swapped": [_swapped("vi", "Vietnamese")],
    "private": [
        Headline(
            "`pii_presidio`, English only",
            f"F1, recall: {what}",
            Cell((kind, "ours"), _FOUND),
            {"plain patterns": Cell((kind, "patterns"), _FOUND)},
        )
        for kind, what in (
            ("mail", "mail addresses"),
            ("card", "cards"),
            ("account", "accounts"),
            ("identity", "identity numbers"),
            ("address", "addresses"),
        )
    ],
}

_HEAD = ("what", "on what", "figure", "ours", "beside", "measured")
_MEASURED = re.compile(r"Measured on (\S+) with Python \S+?(?: in (\d+) s)?\.(?:\s|$)")
_SECTION = re.compile(r"^#{2,3} (.+)$", re.MULTILINE)


def sections(page: str, titles: Sequence[str]) -> dict[str, str]:
    """The sections of a page by title, as far as they are of these."""
    found: dict[str, str] = {}
    marks = list(_SECTION.finditer(page))
    ends = [*(mark.start() for mark in marks), len(page)]
    for mark, end in zip(marks, ends[1:], strict=True):
        if mark[1] in titles:
            found[mark[1]] = page[mark.end() : end].strip("\n")
    return found


def topics(names: Sequence[str]) -> dict[str, list[str]]:
    """The evaluations by topic, in the order of the page; what has no topic comes last."""
    placed = {topic: [name for name in known if name in names] for topic, known in TOPICS.items()}
    known = {name for each in placed.values() for name in each}
    placed[OTHERS] = [name for name in names if name not in known]
    return {topic: each for topic, each in placed.items() if each}


def page(introduction: str, titles: Mapping[str, str], known: Mapping[str, str]) -> str:
    """The page: `titles` by the evaluation's name, `known` sections by title."""
    parts = [introduction, f"## {SUMMARY}\n\n{_summary(titles, known)}\n"]
    for topic, names in topics([name for name in titles if titles[name] in known]).items():
        parts.append(f"## {topic}\n")
        for name in names:
            text = re.sub(r"^### ", "#### ", known[titles[name]].strip("\n"), flags=re.MULTILINE)
            parts.append(f"### {titles[name]}\n\n{text}\n")
    return "\n".join(parts)


def _summary(titles: Mapping[str, str], known: Mapping[str, str]) -> str:
    """The rows of each evaluation, and how long all of them took."""
    rows: list[list[str]] = []
    seconds = 0
    ordered = [name for names in topics(list(titles)).values() for name in names]
    for name in ordered:
        text = known.get(titles[name])
        day, took = measured(text or "")
        seconds += took
        rows.extend([titles[name], *each, day] for each in lines(name, text))
    said = f"All of it took {seconds} s of measuring, several evaluations side by side."
    return f"{figures.table(_HEAD, rows)}\n\n{said}"


def measured(section: str) -> tuple[str, int]:
    """The day of a section, and the seconds it took; "never" and 0 where it says neither."""
    found = _MEASURED.search(section)
    return (found[1], int(found[2] or 0)) if found else ("never", 0)


def lines(name: str, section: str | None) -> list[list[str]]:
    """On what, which figure, ours, beside: as the section has them, the headline first."""
    headline = HEADLINES.get(name)
    if section is None or headline is None:
        return [["", "not measured yet" if section is None else "see its section", "", ""]]
    return [_line(each, section) for each in (headline, *FURTHER.get(name, ()))]


def _line(headline: Headline, section: str) -> list[str]:
    ours = quoted(section, headline.ours)
    beside = [f"{who}: {quoted(section, cell)}" for who, cell in headline.beside.items()]
    return [headline.on, headline.figure, ours, "; ".join(beside)]


def left_out(section: str) -> list[str]:
    """What a section itself says that it could not measure, line by line."""
    return [line for line in section.split("\n") if ": not measured. " in f"{line} "]


def quoted(section: str, cell: Cell) -> str:
    """What stands in a cell; where the section has none such, "?", or "not measured" if it says
    that it left something out.
    """
    columns = (cell.column,) if isinstance(cell.column, str) else cell.column
    for head, lines in tables(section):
        if set(columns) <= set(head):
            for line in lines:
                if tuple(line[: len(cell.row)]) == cell.row:
                    return ", ".join(line[head.index(column)] for column in columns)
    return "not measured" if left_out(section) else "?"


def tables(section: str) -> Iterator[tuple[list[str], list[list[str]]]]:
    """The tables of a section: each its head and its rows, as cells."""
    table: list[list[str]] = []
    for line in [*section.split("\n"), ""]:
        if line.startswith("|"):
            table.append([cell.strip() for cell in line.strip("|").split("|")])
        elif table:
            yield table[0], table[2:]
            table = []
