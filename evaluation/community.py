"""The day-one pack with holds on, in simulated communities whose truth is known.

No data set has what is asked here: when somebody joined, what they posted before, which accounts
work together, who is honest and only looks alike. So the communities are made up, by
`ombud.simulate`: campaigns and their honest twins, on top of everyday talk, over two days of a
journal that begins empty, as on the day of the installation. SEEDS are the runs reported; those
used while anything was built or tuned are in TUNED, and none is in both.
"""

from __future__ import annotations

import os
import statistics
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from evaluation import community_runs, figures
from evaluation.community_runs import Judged
from evaluation.figures import Interval
from ombud import clock, samples
from ombud.simulate import adaptive, scenes

NAME = "community"
TITLE = "The day-one pack in a simulated community"
SEEDS = (7101, 7102, 7103, 7104, 7105, 7106, 7107, 7108, 7109, 7110)
TUNED = (1, 2, 3, 42, 1234, *range(50, 70))
EVENTS = 2500  # of which some 12 % are harm
ABLATED = SEEDS[:4]
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
PARTS: Mapping[str, tuple[str, ...]] = {  # of rules, by words of their conditions
    "repeats": ("repeat",),
    "names": ("name resembles", "name is", "name pattern"),
    "links": ("links",),
    "rates": ("posts in last", "joins in last", "registrations in last", "share of", "usual"),
    "mentions": ("mentions",),
}

_SAID = """\
{runs} communities (seeds {first} to {last}) of {events} planned events and up to {posts} posts of
a spammer who reads notices; {harmful} events are harm, {campaigns} campaigns. A post is *stopped*
when it is held, at once or later as one of a campaign; *touched* is an honest account's post, join
or registration that is held. A campaign is *noticed* when anything of it is held; a person is
*told of* it then, or when a rule raises an alert, which touches nobody. A hold ends by itself after
24 hours: an honest person who is touched waits, and is told why. Nobody looks at the queue here.
Intervals are over communities, not over events. {share} % of the honest events are gatherings made
to look like harm (the table of honest twins), which no real community has so densely: the column
"everyday talk" is without them."""

_KINDS = """\
By kind of campaign. What passed before the first one was held: medians of the campaigns of which
anything was held; 0 events is the campaign's first."""
_LIMITS = """\
What this cannot tell: how often any of it happens in a community of flesh and blood; texts are
sentences made from patterns, so that a rule about a text's form would look better here than it is;
spammers are those that the authors of the rules thought of; links lead nowhere; no image, no edit,
no flag is in it. The simpler methods see the same events, the spammer's posts as it wrote them for
us: they would have taught it otherwise. The seeds were fixed before the first run; they were
measured again after changes of the rules, and whoever wrote those could see it."""

Rows = Sequence[Judged]


def evaluate(folder: Path, *, quick: bool) -> str:
    """The section of the page. `quick`: two small communities of TUNED, two ablations."""
    seeds, events = (TUNED[-2:], 1500) if quick else (SEEDS, EVENTS)
    ablated = seeds[:1] if quick else ABLATED
    methods = community_runs.methods(folder)
    with tempfile.TemporaryDirectory(prefix="ombud-evaluation-", dir=_place()) as place:
        store = Path(place) / "data"
        runs = [community_runs.run(store, seed, events) for seed in seeds]
        ablations = {
            said: [community_runs.run(store, seed, events, wanted) for seed in ablated]
            for said, wanted in list(ablation().items())[: 2 if quick else None]
        }
    others = {
        name: [community_runs.touched([each.happened for each in run], method) for run in runs]
        for name, method in methods.items()
    }
    resamples = 50 if quick else figures.RESAMPLES
    whole = {"whole pack": runs[: len(ablated)], **ablations}
    return section(seeds, events, {"ours": runs, **others}, whole, resamples)


def _place() -> str | None:
    """In memory where the system has a place for that: whether a disk is quick changes nothing."""
    return str(MEMORY) if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) else None


def ablation() -> dict[str, list[str]]:
    """Which rules act, by what is told of it: without each part, and each rule alone."""
    when = {
        name.removesuffix(".rule"): content.decode()
        .partition("\nwhen\n")[2]
        .partition("\nthen\n")[0]
        for name, content in samples.files("rules").items()
    }
    found = {}
    for part, words in PARTS.items():
        rest = [name for name, said in when.items() if not any(word in said for word in words)]
        if len(rest) < len(when):
            found[f"without {part}"] = rest
    return found | {f"{name} alone": [name] for name in sorted(when)}


def _between(text: str, begin: str, end: str) -> str:
    return text.partition(begin)[2].partition(end)[0]


def section(
    seeds: Sequence[int],
    events: int,
    methods: Mapping[str, Sequence[Rows]],
    ablations: Mapping[str, Sequence[Rows]],
    resamples: int,
) -> str:
    """What was found, as Markdown."""
    runs = methods["ours"]
    honest = [each for run in runs for each in honestly(run)]
    twins = sum(each.happened.campaign is not None for each in honest)
    said = _SAID.format(
        runs=len(runs),
        first=seeds[0],
        last=seeds[-1],
        events=events,
        posts=adaptive.POSTS,
        harmful=sum(harm(each) for run in runs for each in run),
        campaigns=sum(len(occurrences(run)) for run in runs),
        share=round(100 * twins / len(honest)),
    )
    return "\n\n".join(
        (
            said,
            _compared(methods, resamples),
            _KINDS,
            _by_campaign(methods, resamples),
            "Honest gatherings, and how much of them was held.",
            _by_twin(methods),
            "By language, all events.",
            _by_language(runs, resamples),
            f"Fewer rules, in the first {len(next(iter(ablations.values())))} communities.",
            _ablated(ablations, resamples),
            _LIMITS,
        )
    )


def harm(each: Judged) -> bool:
    """Whether the truth says so."""
    return each.happened.truth != "benign"


def author(each: Judged) -> str:
    """Whose event it is."""
    named: str = each.happened.event["data"]["author"]["id"]
    return named


def honestly(run: Rows) -> list[Judged]:
    """What those did who never do harm: a spammer's harmless posts count for nobody."""
    harmful = {author(each) for each in run if harm(each)}
    return [each for each in run if author(each) not in harmful]


def occurrences(run: Rows) -> dict[tuple[str, int], list[Judged]]:
    """The harmful events of each campaign, in order."""
    found: dict[tuple[str, int], list[Judged]] = defaultdict(list)
    for each in run:
        if harm(each) and each.happened.campaign is not None:
            found[each.happened.campaign, each.happened.occurrence].append(each)
    return found


def noticed(campaign: Rows) -> tuple[int, int] | None:
    """How many of its events, and microseconds, passed before anything was held; None: nothing."""
    caught = [each.caught for each in campaign if each.caught is not None]
    if not caught:
        return None
    first = min(caught)
    began = campaign[0].happened.at
    return sum(each.happened.at < first for each in campaign), first - began


def told_of(campaigns: Iterable[Rows]) -> str:
    """Of how many a person was told: something of it was held, or raised an alert."""
    found = [any(each.alerted or each.caught is not None for each in some) for some in campaigns]
    return f"{sum(found)} of {len(found)}"


def part(runs: Iterable[Rows], of: Callable[[Rows], tuple[int, int]], resamples: int) -> Interval:
    """A part of all that is counted, with an interval over runs."""

    def figure(some: Sequence[tuple[int, int]]) -> float | None:
        whole = sum(there for _, there in some)
        return sum(hits for hits, _ in some) / whole if whole else None

    return figures.bootstrap([of(run) for run in runs], figure, resamples=resamples)


def _held(rows: Iterable[Judged]) -> tuple[int, int]:
    found = [each.caught is not None for each in rows]
    return sum(found), len(found)


def stopped(run: Rows) -> tuple[int, int]:
    """Of the harmful events, how many were held."""
    return _held(each for each in run if harm(each))


def touched(run: Rows) -> tuple[int, int]:
    """Of the honest events, how many were held."""
    return _held(honestly(run))


def everyday(run: Rows) -> tuple[int, int]:
    """The same without gatherings."""
    return _held(each for each in honestly(run) if each.happened.campaign is None)


def people(run: Rows) -> tuple[int, int]:
    """Of the honest accounts, how many had anything held."""
    held = {author(each): False for each in honestly(run)}
    for each in honestly(run):
        held[author(each)] |= each.caught is not None
    return sum(held.values()), len(held)


def per_10000(found: Interval) -> str:
    """A rate as so many of ten thousand."""
    if found.value is None:
        return ""
    value, low, high = (10_000 * each for each in found)  # type: ignore[operator]
    return f"{value:.0f} ({low:.0f} to {high:.0f})"


def _first(campaigns: Iterable[Rows]) -> list[str]:
    """How many were noticed, of how many a person was told, and the medians of events and minutes
    until the first hold.
    """
    every = list(campaigns)
    seen = [found for found in map(noticed, every) if found is not None]
    counts = [f"{len(seen)} of {len(every)}", told_of(every)]
    if not seen:
        return [*counts, "never", "never"]
    events = statistics.median_low([count for count, _ in seen])
    minutes = statistics.median_low([since for _, since in seen]) / clock.MINUTE
    return [*counts, str(events), f"{minutes:.1f}"]


def _compared(methods: Mapping[str, Sequence[Rows]], resamples: int) -> str:
    head = ["method", "harm stopped", "campaigns noticed", "a person told of",
            "events before", "minutes before",
            "honest events touched per 10,000", "of everyday talk per 10,000",
            "honest people touched per 10,000", "the adaptive spammer stopped"]  # fmt: skip
    lines = []
    for name, runs in methods.items():
        spammer = [
            [each for each in run if harm(each) and each.happened.campaign == adaptive.CAMPAIGN]
            for run in runs
        ]
        lines.append(
            [
                name,
                part(runs, stopped, resamples),
                *_first([each for run in runs for each in occurrences(run).values()]),
                *(per_10000(part(runs, of, resamples)) for of in (touched, everyday, people)),
                part(spammer, stopped, resamples),
            ]
        )
    return figures.table(head, lines)


def _by_campaign(methods: Mapping[str, Sequence[Rows]], resamples: int) -> str:
    others = [name for name in methods if name != "ours"]
    head = ["campaign", "events", "stopped", "noticed", "a person told of",
            "events before", "minutes before",
            "by rule", *(f"stopped by {name}" for name in others)]  # fmt: skip
    lines = []
    for kind in (*scenes.WIDE.harm, adaptive.CAMPAIGN):

        def own(run: Rows, kind: str = kind) -> list[Judged]:
            return [each for each in run if harm(each) and each.happened.campaign == kind]

        runs = [own(run) for run in methods["ours"]]
        campaigns = [each for run in runs for each in occurrences(run).values()]
        lines.append(
            [
                kind,
                sum(map(len, runs)),
                part(runs, stopped, resamples),
                *_first(campaigns),
                _rules(each for run in runs for each in run),
                *(
                    _rate(_held(each for run in methods[name] for each in own(run)))
                    for name in others
                ),
            ]
        )
    return figures.table(head, lines)


def _by_twin(methods: Mapping[str, Sequence[Rows]]) -> str:
    head = ["twin", "events", *(f"touched by {name}" for name in methods), "by rule", "alerts"]
    lines = []
    for kind in (None, *scenes.WIDE.honest):

        def own(runs: Sequence[Rows], kind: str | None = kind) -> list[Judged]:
            return [
                each for run in runs for each in honestly(run) if each.happened.campaign == kind
            ]

        ours = own(methods["ours"])
        told = (_held(own(runs)) for runs in methods.values())
        said = [f"{held} ({_rate((held, there))})" for held, there in told]
        alerts = sum(each.alerted for each in ours)
        lines.append([kind or "everyday talk", len(ours), *said, _rules(ours), alerts])
    return figures.table(head, lines)


def _by_language(runs: Sequence[Rows], resamples: int) -> str:
    lines = []
    for lang in ("en", "vi"):
        own = [
            [each for each in run if each.happened.event["data"]["author"]["lang"] == lang]
            for run in runs
        ]
        lines.append(
            [lang, part(own, stopped, resamples), per_10000(part(own, touched, resamples))]
        )
    head = ["language", "harm stopped", "honest events touched per 10,000"]
    return figures.table(head, lines)


def _ablated(ablations: Mapping[str, Sequence[Rows]], resamples: int) -> str:
    lines = []
    for name, runs in ablations.items():
        campaigns = [each for run in runs for each in occurrences(run).values()]
        held = per_10000(part(runs, touched, resamples))
        lines.append([name, part(runs, stopped, resamples), *_first(campaigns)[:2], held])
    head = ["rules", "harm stopped", "campaigns noticed", "a person told of",
            "honest events touched per 10,000"]  # fmt: skip
    return figures.table(head, lines)


def _rules(rows: Iterable[Judged], most: int = 3) -> str:
    """The rules that acted most, with how often."""
    counts = Counter(each.rule for each in rows if each.rule is not None)
    return ", ".join(f"`{rule}` {count}" for rule, count in counts.most_common(most))


def _rate(found: tuple[int, int]) -> str:
    held, there = found
    return figures.percent(held / there) if there else ""
