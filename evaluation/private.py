"""Private data, on `pii_presidio`: how many details of each kind are found, text by text.

Facts are counts, so counts are compared: of a text with two phone numbers in which three are found,
two are right. Synthetic sentences made from templates, with names, numbers and addresses of many
countries, most of whose forms we do not claim to know (PHONES and ADDRESSES of other countries
among them): they count as missed all the same. Kinds that no fact of ours is about are listed
without figures.

`phonenumbers` asks whether a number can be in use in its country, which many of the synthetic ones
cannot. Nothing is chosen here and there is no threshold, so all three splits are told together;
test alone has no phone numbers and no IBANs. Beside ours: the plain patterns that people write for
such a task (PATTERNS), and for phone numbers the package `phonenumbers`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from evaluation import data, figures
from evaluation.figures import Counts
from ombud.signals import views
from ombud.signals.personal import whose
from ombud.signals.personal.details import details

NAME = "private"
SET = "pii_presidio"
TITLE = "Private data"
ORDINARY = "reddit_2013_posts"
KINDS: Mapping[str, str] = {
    "PHONE_NUMBER": "phone",
    "EMAIL_ADDRESS": "mail",
    "CREDIT_CARD": "card",
    "IBAN_CODE": "account",
    "US_SSN": "identity",
    "STREET_ADDRESS": "address",
}
PATTERNS: Mapping[str, re.Pattern[str]] = {
    "phone": re.compile(r"\+?\(?\d[\d\s().\-]{6,}\d"),
    "mail": re.compile(r"\S+@\S+\.\w+"),
    "card": re.compile(r"\b\d(?:[ \-]?\d){12,18}\b"),
    "account": re.compile(r"\b[A-Z]{2}\d{2}[A-Z0-9]{11,30}\b"),
    "identity": re.compile(r"\b\d{3}-\d{2}-\d{4}\b"),
    "address": re.compile(r"(?i)\b\d+ \w+ (?:street|st|avenue|ave|road|rd|lane|drive|way)\b"),
}
REGIONS = ("US", "GB", "VN", "DE", "FR")  # in which numbers without a calling code are looked for

_SAID = """\
`{name}`: {rows} synthetic sentences in English, all splits; counts are compared, text by text.
Vietnamese forms are not in this set: tests hold them on invented ones, and no figure says how well
they are found in what people write."""
_ORDINARY_SAID = """\
How often each kind is found in `{name}`, {rows} top posts of 24 communities without labels: an
upper bound of false alarms, since some of these posts do hold such data."""

Find = Callable[[str], Mapping[str, int]]


def ours(text: str) -> Mapping[str, int]:
    """How many details of each kind our facts rest on."""
    found = whose.private(details(text, views.normalise(text))).found
    return Counter(each.kind for each in found)


def patterns(text: str) -> Mapping[str, int]:
    """The same by plain patterns."""
    return {kind: len(pattern.findall(text)) for kind, pattern in PATTERNS.items()}


def library(text: str) -> Mapping[str, int]:
    """Phone numbers by `phonenumbers`, over some regions, each place once."""
    import phonenumbers

    places: set[range] = set()
    for region in REGIONS:
        for match in phonenumbers.PhoneNumberMatcher(text, region):
            span = range(match.start, match.end)
            if not any(span.start < other.stop and other.start < span.stop for other in places):
                places.add(span)
    return {"phone": len(places)}


METHODS: Mapping[str, Find] = {"ours": ours, "patterns": patterns, "phonenumbers": library}


def counted(rows: Sequence[data.Row], find: Find, kind: str) -> list[Counts]:
    """For each row: found rightly, found, there."""
    wanted = {entity for entity, own in KINDS.items() if own == kind}
    found = []
    for row in rows:
        there = sum(span[2] in wanted for span in row["spans"])
        here = find(row["text"]).get(kind, 0)
        found.append(Counts(min(here, there), here, there))
    return found


def evaluate(folder: Path, *, quick: bool) -> str:
    """The section of the page. `quick`: every tenth row, few resamples."""
    step, resamples = (10, 50) if quick else (1, figures.RESAMPLES)
    rows = list(data.rows(folder, SET))[::step]
    posts = list(data.lines(folder / ORDINARY / "posts.jsonl.zst"))[::step]
    return section(rows, [f"{row['title']}\n{row['text']}" for row in posts], resamples)


def section(rows: Sequence[data.Row], ordinary: Sequence[str], resamples: int) -> str:
    """What was found, as Markdown."""
    head = ["kind", "method", "there", "found", "precision", "recall", "F1"]
    lines = []
    for kind in KINDS.values():
        for name, find in METHODS.items():
            if name == "phonenumbers" and kind != "phone":
                continue
            counts = counted(rows, find, kind)
            whole = figures.added(counts)
            told = [
                figures.bootstrap(counts, figure, resamples=resamples)
                for figure in (figures.precision, figures.recall, figures.f1)
            ]
            lines.append([kind, name, whole.there, whole.found, *told])
    entities = Counter(span[2] for row in rows for span in row["spans"])
    others = ", ".join(f"{name} {n}" for name, n in sorted(entities.items()) if name not in KINDS)
    return "\n\n".join(
        (
            _SAID.format(name=SET, rows=len(rows)),
            figures.table(head, lines),
            f"Not claimed, and not looked for: {others or 'nothing'}.",
            _ordinary(ordinary, resamples),
        )
    )


def _ordinary(texts: Sequence[str], resamples: int) -> str:
    """How often each kind is found in ordinary posts."""
    found = [ours(text) for text in texts]
    lines = []
    for kind in KINDS.values():
        hits = sum(bool(each.get(kind)) for each in found)
        lines.append([kind, hits, figures.rate(hits, len(texts), resamples=resamples)])
    said = _ORDINARY_SAID.format(name=ORDINARY, rows=len(texts))
    return f"{said}\n\n{figures.table(['kind', 'posts', 'of all'], lines)}"
