"""Names that resemble protected ones: attacks of many types on invented people, by type, and honest
people whose names come near, by type.

Two ways of protecting are measured on the same people: a list (`resembles list`, as rules ask of
staff) and a room's members of long standing (`resembles established members`, kept as keyed
sketches). Beside them equality of skeletons (UTS 39, with the sample's case folding) and the plain
edit distance of names in one case, both against the same list.

A third measurement holds words for roles, worn beside any name, against the shipped list of staff
names (`invented_roles`); its threshold is the sample rule's, and was not chosen on any seed.

THRESHOLDS of ours are what the sample rules ask, a round figure above the bound for namesakes and
diacritics (80 %) at which none of the honest names of the seed CHOSEN match. That of the edit
distance is the lowest at which at most ALLOWED of these match. Everything is reported on SEEDS.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import resources
from pathlib import Path
from random import Random
from typing import NamedTuple

from evaluation import figures, invented_names, invented_roles
from evaluation.invented_names import Case
from ombud.signals import lookalike, members, views
from ombud.signals.given_names import everyday
from ombud.signals.lists import TermList

NAME = "names"
TITLE = "Names that resemble"
CHOSEN = 1  # the seed on which thresholds were chosen
SEEDS = (2, 3, 4, 5, 6)
PROTECTED = 120  # people; a few more with team prefixes
ALLOWED = 0.01
SECRET = 20261126
THRESHOLDS: Mapping[str, int] = {
    "list": 850,
    "members": 850,
    "edit distance": 950,
    "edit distance, 85 %": 850,
    "skeleton": 1000,
}

_SAID = """\
{people} invented people are protected in each of {seeds} seeds: a third with Vietnamese full names,
a third with English ones, a third with names people make up of words and syllables, and a few teams
with a prefix. A name counts as caught where it reaches the threshold against any of them. Lists and
members stand at what the sample rules ask ({list} and {members} %), the edit distance there and at
the lowest threshold that let at most {allowed} % of the honest names of another seed through
({edits} %). All were chosen before these seeds were looked at. A common name is one of which every
word is a name that many bear: among members it is held back unless something is in disguise, since
whoever bears it may just be called so. Nobody here exists, and who wrote the signals invented the
attacks too: attackers find others."""

_ROLES = """\
Words for roles against the shipped list of staff names, at what the sample rule asks ({list} %), by
{people} invented people in each of {seeds} seeds, who wear such a word in the ways below. Honest
names are strangers with and without a tag that is no role, and a fixed set that holds such words
in their everyday use or comes near one: chosen to be hard, so its part says nothing of how many
people are called so. The ways that the signal was mended for are among these, and so are ways and
words that it does not know. All was written down before it was measured."""

ON_LISTS = ("list", "edit distance", "edit distance, 85 %", "skeleton")  # what knows a list

Score = Callable[[str], int]


class Judged(NamedTuple):
    """A case and its scores by method."""

    case: Case
    attack: bool
    scores: Mapping[str, int]


def of_members(names: Sequence[str], secret: int = SECRET) -> Score:
    """How alike a name is to the likest of established ones, as a room keeps them."""
    kept = {value for name in names for value in members.values(name, secret)}

    def score(name: str) -> int:
        return members.likest(name, kept, secret)

    return score


def methods(names: Sequence[str]) -> dict[str, Score]:
    """Ours and the baselines, by name, against the same names."""
    listed = TermList("protected", tuple(names))
    skeletons = {views.skeleton(name) for name in names}
    plain = [name.casefold() for name in names]

    def edits(name: str) -> int:
        own, best = name.casefold(), 0
        for other in plain:
            best = max(best, lookalike.similarity(own, other, best))
        return best

    return {
        "list": listed.resemblance,
        "members": of_members(names),
        "edit distance": edits,
        "edit distance, 85 %": edits,
        "skeleton": lambda name: 1000 * (views.skeleton(name) in skeletons),
    }


def judged(seed: int, count: int = PROTECTED) -> list[Judged]:
    """All cases of one seed with their scores."""
    rng = Random(seed)
    names = invented_names.with_team(rng, invented_names.people(rng, count))
    scores = methods(names)
    attacks = invented_names.attacks(rng, names)
    honest = invented_names.honest(rng, names, frozenset(names))
    return [
        Judged(case, case in attacked, {name: score(case.name) for name, score in scores.items()})
        for attacked in (frozenset(attacks),)
        for case in (*attacks, *honest)
    ]


def shipped() -> tuple[str, ...]:
    """The names that staff goes by, as the shipped list has them."""
    source = resources.files("ombud").joinpath("samples/lists/staff-names.txt")
    lines = source.read_text("utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def judged_roles(seed: int, count: int = PROTECTED) -> list[Judged]:
    """All cases of one seed that wear a role or do not, with their scores on the shipped list."""
    rng = Random(seed)
    every = methods(shipped())
    scores = {name: every[name] for name in ON_LISTS}
    worn = invented_roles.attacks(rng, count)
    told = [(case, True) for case in worn]
    told += [(case, False) for case in invented_roles.honest(rng, count)]
    return [
        Judged(case, attack, {name: score(case.name) for name, score in scores.items()})
        for case, attack in told
    ]


def threshold(rows: Sequence[Judged], method: str, allowed: float = ALLOWED) -> int:
    """The lowest multiple of 10 at which at most `allowed` of the honest names match."""
    honest = [row.scores[method] for row in rows if not row.attack]
    for score in range(500, 1000, 10):
        if sum(each >= score for each in honest) <= allowed * len(honest):
            return score
    return 1000


def evaluate(folder: Path, *, quick: bool) -> str:  # noqa: ARG001 -- nothing is read
    """The section of the page. `quick`: one seed, few people, few resamples."""
    seeds = SEEDS[:1] if quick else SEEDS
    people, resamples = (30, 50) if quick else (PROTECTED, figures.RESAMPLES)
    rows = [row for seed in seeds for row in judged(seed, people)]
    roles = [row for seed in seeds for row in judged_roles(seed, people)]
    return "\n\n".join(
        (
            section(rows, len(seeds), people, resamples),
            section_of_roles(roles, len(seeds), people, resamples),
        )
    )


def section_of_roles(rows: Sequence[Judged], seeds: int, people: int, resamples: int) -> str:
    """What was found of roles, as Markdown."""
    worn = [row for row in rows if row.attack]
    honest = [row for row in rows if not row.attack]
    return "\n\n".join(
        [
            _ROLES.format(list=THRESHOLDS["list"] // 10, people=people, seeds=seeds),
            _table("role worn", worn, resamples, "all who wear one", ON_LISTS),
            _table("honest name beside roles", honest, resamples, "all who wear none", ON_LISTS),
        ]
    )


def section(rows: Sequence[Judged], seeds: int, people: int, resamples: int) -> str:
    """What was found, as Markdown."""
    said = _SAID.format(
        people=people,
        seeds=seeds,
        list=THRESHOLDS["list"] // 10,
        members=THRESHOLDS["members"] // 10,
        edits=f"{THRESHOLDS['edit distance'] / 10:g}",
        allowed=f"{100 * ALLOWED:g}",
    )
    attacks = [row for row in rows if row.attack]
    honest = [row for row in rows if not row.attack]
    known = [row for row in attacks if everyday(row.case.near or "")]
    made_up = [row for row in attacks if not everyday(row.case.near or "")]
    return "\n\n".join(
        [
            said,
            _table("attack on a name of one's own", made_up, resamples, "all of them"),
            _table("attack on a common name", known, resamples, "all of them"),
            "Honest people: the part that is taken for somebody else, which should be nothing.",
            _table("honest name", honest, resamples, "all honest names"),
        ]
    )


def _table(
    first: str,
    rows: Sequence[Judged],
    resamples: int,
    all_of_them: str,
    by: Sequence[str] = tuple(THRESHOLDS),
) -> str:
    types = list(dict.fromkeys(row.case.type for row in rows))
    lines = []
    for type_ in (*types, all_of_them):
        some = [row for row in rows if type_ in (row.case.type, all_of_them)]
        told = [
            str(figures.rate(_hits(some, method), len(some), resamples=resamples)) for method in by
        ]
        lines.append([type_, str(len(some)), *told])
    return figures.table([first, "names", *by], lines)


def _hits(rows: Sequence[Judged], method: str) -> int:
    return sum(row.scores[method] >= THRESHOLDS[method] for row in rows)
