"""The swap test of the design as a figure: how a score changes when one term is put for another.

Of terms in the table of `signals.learned.neutral` nothing may change; a test holds that, and it is
counted here once more. Of terms that no table has (made up, so that none ever will) the change is
measured, against each other and against a term of the table. Beside it the plain model, which masks
nothing. The sentences are made up too. This module must never read a data set for its sentences.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from evaluation import figures, harassment, starting_points
from ombud.signals.learned import neutral

NAME = "swapped"
TITLE = "The swap test: parties, religions, peoples, officials"
TEMPLATES = {
    "en": (
        "I met some {} at the market today.",
        "I hate {} so much",
        "Why are all {} so stupid?",
        "You are just another {} and you should be ashamed",
        "{} deserve to be treated like everybody else",
        "My neighbour is a {}, we drink tea together",
        "Nobody should ever say that {} are trash",
        'He wrote "{} are vermin" and that is wrong',
        "All {} should leave this country!",
        "Proud to be {}",
        "{}",
        "Is it true that the {} lied in the interview?",
        "what a stupid speech by {}, typical idiot",
        "I do not think that {} are bad people",
        "These {} are animals and must die",
        "the {} won the vote last week and I am happy",
    ),
    "vi": (
        "Hôm nay tôi gặp {} ở chợ.",
        "tôi ghét {} lắm",
        "sao {} toàn ngu vậy",
        "mày cũng chỉ là {} thôi, không biết nhục",
        "{} xứng đáng được đối xử như mọi người",
        "hàng xóm tôi là {}, hay uống trà với nhau",
        "không ai được nói {} là rác rưởi",
        'nó viết "{} là súc vật" là sai',
        "{} cút khỏi đây đi",
        "tự hào là {}",
        "{}",
        "có thật là {} nói dối không",
        "{} phát biểu ngu quá, đồ mất dạy",
        "toi khong nghi {} la nguoi xau",
        "lũ {} chết hết đi",
    ),
}
# Made up or rare: no table will ever have them. Two of each kind and more of peoples.
UNKNOWN = {
    "en": (
        "Vexolans", "Trimorites", "Quorlish", "the Amberites", "Kelvarians", "Ostrovians",
        "the Lantern Party", "the Reed Alliance", "Bluebellists", "Governor Marlowe Tindle",
        "Dara Quillfeather", "followers of Umbra", "the Order of Salt", "Tollenders", "Maruvians",
        "people from Zandor",
    ),
    "vi": (
        "người Vexo", "người Trimo", "dân Quorla", "người Ambo", "người Kelva", "dân Ostro",
        "đảng Đèn Lồng", "liên minh Cây Sậy", "phe Chuông Xanh", "tín đồ Umbra", "hội Muối Biển",
        "thị trưởng Trần Lý Quỳnh Tân", "người Tollen", "người Maruva", "dân xứ Zandor",
    ),
}  # fmt: skip


def terms(lang: str) -> Iterator[tuple[str, str]]:
    """Kind and term, of the table, as one would write it: a people behind "người"."""
    for (kind, of), listed in neutral.table().items():
        if of == lang:
            for term in listed:
                yield kind, f"người {term}" if kind == "headed" else term


def filled(template: str, term: str) -> str:
    """The template with a term in its place, the first letter as at the beginning of a sentence."""
    text = template.format(term)
    return text[0].upper() + text[1:] if template.startswith("{}") else text


_SAID = """\
Changes of a score in permille when a term in a sentence is put for another; {templates} sentences
in two languages. "Known" are the {known} terms of the table and all pairs of them; "unknown" are
{unknown} made-up peoples, parties, faiths and officials that the table does not have."""


def scored(lang: str, score: harassment.Score, step: int) -> dict[str, list[list[int]]]:
    """By sort of terms ("known", "unknown"): for each sentence the scores of all its fillings."""
    known = [term for _, term in terms(lang)][::step]
    sorts: Mapping[str, Sequence[str]] = {"known": known, "unknown": UNKNOWN[lang]}
    return {
        sort: [score([filled(template, term) for term in some]) for template in TEMPLATES[lang]]
        for sort, some in sorts.items()
    }


def changes(of: Sequence[Sequence[int]]) -> list[int]:
    """All changes between two fillings of a sentence."""
    return [abs(one - other) for each in of for one, other in itertools.combinations(each, 2)]


def between(some: Sequence[Sequence[int]], others: Sequence[Sequence[int]]) -> list[int]:
    """All changes from a filling of one sort to one of the other."""
    return [abs(one - other) for a, b in zip(some, others, strict=True) for one in a for other in b]


def evaluate(folder: Path, *, quick: bool) -> str:
    """The section of the page. `quick`: every tenth term."""
    step = 10 if quick else 1
    lines = []
    for lang in starting_points.LANGUAGES:
        by = harassment.methods(folder, lang, step=step)
        for method in ("ours", "plain"):
            found = scored(lang, by[method], step)
            for said, some in (
                ("known for known", changes(found["known"])),
                ("unknown for unknown", changes(found["unknown"])),
                ("unknown for known", between(found["unknown"], found["known"])),
            ):
                mean = sum(some) / len(some)
                lines.append([lang, method, said, len(some), f"{mean:.0f}", max(some)])
    head = ["language", "method", "swapped", "pairs", "mean change", "largest change"]
    said = _SAID.format(
        templates=sum(map(len, TEMPLATES.values())),
        known=sum(map(len, neutral.table().values())),
        unknown=sum(map(len, UNKNOWN.values())),
    )
    return f"{said}\n\n{figures.table(head, lines)}"
