"""Rules, trees and events made up by hypothesis, for tests that compare two ways to one answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from ombud.model import KINDS, Account, Data, Event, Link, Room, Value
from ombud.rules import tree
from ombud.rules.check import Surroundings, check
from ombud.rules.checked import CheckedRule, Leaf
from ombud.rules.diagnostic import Report
from ombud.rules.parse import read_rule
from ombud.rules.phrases import Reader, reader
from ombud.rules.policy import read_policies
from ombud.rules.vocabulary import ACTIONS, MODES, OPERATORS
from ombud.signals.declare import Type
from ombud.signals.lists import TermList
from ombud.signals.observation import Joined, Observation, Recalled, Sought
from ombud.signals.repeats import Shingles

CLAUSES = read_policies(
    {"spam.md": b"## spam.links Links\nharm: spam\npublished: 2026-11-22\n\nThe norm.\n"}
)[0]
LISTS = {
    "trusted helpers": TermList("trusted helpers", ("ana", "bot-1")),
    "our own sites": TermList("our own sites", ("ours.example",)),
    "staff names": TermList("staff names", ("admin", "moderator")),
    "staff avatars": TermList("staff avatars", ("0" * 64, "not a hash")),
    "words": TermList("words", ("casino", "bán hàng")),
}
RULE = """\
rule {name}
  "A rule."

for     {kinds}
clause  spam.links
mode    {mode}

when
{when}
{unless}
then
  {then}

tell author
  en  "Please wait."
  vi  "Xin chờ."
"""


def checked(
    when: str,
    unless: str = "",
    *,
    name: str = "sample",
    kinds: str = "post, edit",
    mode: str = "watch",
    then: str = "warn this",
    more: str = "",
) -> CheckedRule:
    """A rule from its conditions; fails the test where it has an error."""
    report, rule = report_of(when, unless, name=name, kinds=kinds, mode=mode, then=then, more=more)
    assert rule is not None, report.found
    return rule


def report_of(
    when: str,
    unless: str = "",
    *,
    name: str = "sample",
    kinds: str = "post, edit",
    mode: str = "watch",
    then: str = "warn this",
    more: str = "",
    around: Surroundings | None = None,
) -> tuple[Report, CheckedRule | None]:
    """What is reported of a rule, and the rule where it has no error."""
    unless = f"\nunless\n{unless}\n" if unless else ""
    text = RULE.format(name=name, kinds=kinds, mode=mode, when=when, unless=unless, then=then)
    report = Report(f"{name}.rule")
    rule = read_rule(report, (text + more).encode())
    around = around or Surroundings(clauses=CLAUSES, lists=LISTS)
    return report, check(report, rule, around)


def only(rule: CheckedRule) -> Leaf:
    """The first line of a rule's `when`, which is no group."""
    line = rule.when[0]
    assert isinstance(line, Leaf)
    return line


# --- events -------------------------------------------------------------------------------------


@dataclass
class Remembered:
    """What the past says of one account."""

    first: int = 0
    last: int = 0
    accepted: int = 0


@dataclass
class MadePast:
    """A past that says the same of every key."""

    counts: int | None = 0
    remembered: Remembered | None = field(default_factory=Remembered)

    def count(self, window: int, keys: tuple[int, ...], width: int) -> int | None:
        """The same count for every window that is not fed by nothing."""
        return None if self.counts is None else (self.counts + window + width) % 40 * len(keys[:1])

    def recall(self, window: int, keys: tuple[int, ...], width: int) -> Recalled:
        """Nothing is remembered."""
        return Recalled(frozenset(), complete=bool(window and keys and width))

    def names(self, window: int, sought: Sought, width: int) -> Recalled:
        """Nobody has a name."""
        return Recalled(frozenset(), complete=bool(window and sought and width))

    def join(self, text: Shingles) -> Joined | None:
        """Nobody else says it."""
        return Joined((7,), complete=text.words is not None)

    def history(self, account: int) -> Remembered | None:
        """The same history for everybody."""
        return self.remembered if account >= 0 else None

    def state(self, name: str) -> bool | None:
        """No state is known."""
        return bool(name) and None


class MadeTokens:
    """Tokens that are small numbers."""

    def account(self, platform: str, account: str) -> int:
        """A number for an account."""
        return len(platform) + len(account)

    def of(self, space: str, value: str) -> int:
        """A number for a value."""
        return len(space) + len(value)


AT = 1_800_000_000_000_000
WHEN = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=AT)


def seen(kind: str = "post", past: MadePast | None = None, **data: object) -> Observation:
    """An observation of an event with these data."""
    event = Event("1", "made/up", "post.created", WHEN, data=Data(**data))  # type: ignore[arg-type]
    observation = Observation(event, kind, MadeTokens())
    observation.at = AT
    observation.past = past
    return observation


_TEXTS = (
    "hello there",
    "Casino http://a.example and http://b.example/x",
    "ban hang tai ours.example",
    "Bán hàng http://ours.example",
    "buy n0w, best cas1no",
    "",
)
accounts = st.builds(
    Account,
    id=st.sampled_from(("ana", "BOT-1", "x9")),
    name=st.none() | st.sampled_from(("Admin", "Аdmin", "Minh", "")),
    created=st.none()
    | st.integers(0, 900 * 86_400).map(lambda seconds: WHEN - timedelta(seconds=seconds)),
    roles=st.sampled_from(((), ("member",), ("ana", "bot-1"))),
)
data = st.fixed_dictionaries(
    {},
    optional={
        "author": accounts,
        "text": st.sampled_from(_TEXTS),
        "room": st.just(Room("r1")),
        "links": st.sampled_from(((), (Link("http://ours.example/a"), Link("http://c.example")))),
        "mentions": st.lists(accounts, max_size=3).map(tuple),
    },
)
pasts = st.none() | st.builds(
    MadePast,
    counts=st.none() | st.integers(0, 40),
    remembered=st.none()
    | st.builds(
        Remembered,
        first=st.integers(AT - 10**12, AT),
        last=st.integers(AT - 10**12, AT),
        accepted=st.integers(0, 30),
    ),
)
observations = st.builds(
    lambda kind, past, values: seen(kind, past, **values),
    st.sampled_from(("post", "reply", "edit", "join")),
    pasts,
    data,
)


# --- conditions, as text ------------------------------------------------------------------------

_NUMBER = st.integers(0, 40)
_SIGN = st.sampled_from(OPERATORS)
conditions = st.one_of(
    st.builds("links.count {} {}".format, _SIGN, st.integers(0, 3)),
    st.builds("text.length {} {}".format, _SIGN, _NUMBER),
    st.builds("mentions.count {} {}".format, _SIGN, st.integers(0, 3)),
    st.builds("author.age {} {} days".format, _SIGN, st.integers(1, 900)),
    st.builds("author.first seen {} {} days".format, _SIGN, st.integers(1, 12)),
    st.builds("author.accepted posts {} {}".format, _SIGN, _NUMBER),
    st.builds("author.posts in last {} hours {} {}".format, st.integers(1, 3), _SIGN, _NUMBER),
    st.builds("text.repeat authors in last 1 hour {} {}".format, _SIGN, _NUMBER),
    st.builds(
        "share of author.posts with links in last 1 day {} {} %".format, _SIGN, st.integers(0, 100)
    ),
    st.sampled_from(
        (
            "links.any",
            "links.any = no",
            "media.any != yes",
            'author in list "trusted helpers"',
            'author.role any in list "trusted helpers"',
            'author.role all in list "trusted helpers"',
            'links any in list "our own sites"',
            'links all in list "our own sites"',
            'text in list "words"',
            'author.name in list "staff names"',
            'text contains "casino"',
            'text contains "://"',
            'text starts with "buy"',
            'text matches "ca[sz]1?i?no"',
            'author.name = "admin"',
            'room != "r1"',
            'author.name resembles list "staff names" >= 90 %',
            "author.name resembles text < 50 %",
            'links resemble list "our own sites" >= 90 %',
            'author.role resemble list "staff names" > 70 %',
        )
    ),
)
lines = st.builds(
    lambda negated, said: f"  {'not ' if negated else ''}{said}", st.booleans(), conditions
)
groups = st.builds(
    lambda every, inner: "\n".join(
        ["  all of" if every else "  any of", *("  " + each for each in inner)]
    ),
    st.booleans(),
    st.lists(lines, min_size=1, max_size=4),
)
blocks = st.lists(lines | groups, min_size=1, max_size=4)


def readers(rule: CheckedRule) -> Mapping[str, Reader]:
    """The reader of every slot of a rule."""
    return {atom.slot: reader(atom, LISTS) for atom in rule.atoms()}


def slot_values(rule: CheckedRule, observation: Observation) -> dict[str, Value]:
    """Every slot of a rule, computed for itself."""
    return {slot: each.compute(observation) for slot, each in readers(rule).items()}


# --- trees --------------------------------------------------------------------------------------

_names = st.lists(
    st.from_regex(r"[a-z]{2,8}(\.[a-z]{2,8})?", fullmatch=True).filter(
        lambda word: (
            word
            not in (
                "not",
                "to",
                "with",
                "in",
                "any",
                "all",
                "of",
                "share",
                "yes",
                "no",
                "resemble",
                "resembles",
            )
            and word not in ("contains", "quotes", "starts", "matches", "list", "recent", "last")
            and word != "established"
            and word not in ("when", "unless", "then")
        )
    ),
    min_size=1,
    max_size=3,
).map(" ".join)
_durations = st.integers(1, 400 * 86_400).map(lambda seconds: seconds * 1_000_000)
_texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40).filter(
    lambda text: text.strip() != ""
)
_labels = st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True)
facts = st.builds(
    tree.FactName,
    name=_names,
    to=st.none() | st.just("target"),
    word=st.none() | st.just("same domain"),
    in_last=st.none() | _durations,
    share=st.booleans(),
)
percents = st.builds(
    tree.Constant, st.just(Type.PERCENT), st.integers(0, 100).map(lambda n: n * 10)
)
constants = st.one_of(
    st.builds(tree.Constant, st.just(Type.COUNT), st.integers(0, 10**9 - 1)),
    percents,
    st.builds(tree.Constant, st.just(Type.DURATION), st.just(0) | _durations),
    st.builds(tree.Constant, st.just(Type.TEXT), _texts),
    st.builds(tree.Constant, st.just(Type.YESNO), st.booleans()),
)
in_lists = st.builds(tree.InList, facts, st.sampled_from((None, "any", "all")), _texts)
likenesses = st.builds(
    tree.Likeness, facts, st.one_of(st.sampled_from(tree.Remembered), _texts, facts)
)
text_tests = st.one_of(
    st.builds(tree.TextTest, facts, st.sampled_from(("contains", "starts with")), _texts),
    st.builds(
        tree.TextTest,
        facts,
        st.just("matches"),
        st.from_regex(r"([a-z]|\\[db\"])+", fullmatch=True),
    ),
    st.builds(tree.TextTest, facts, st.just("quotes"), st.sampled_from(("target", "subject"))),
)
tree_lines = st.builds(
    tree.Line,
    st.booleans(),
    st.one_of(
        st.builds(tree.Compare, facts, st.sampled_from(OPERATORS), constants),
        st.builds(tree.Holds, facts),
        in_lists,
        st.builds(tree.Resembles, likenesses, st.sampled_from(OPERATORS), percents),
        text_tests,
    ),
)
tree_blocks = st.lists(
    tree_lines
    | st.builds(tree.Group, st.booleans(), st.lists(tree_lines, min_size=1, max_size=3).map(tuple)),
    max_size=4,
).map(tuple)


@st.composite
def actions(draw: st.DrawFn) -> tree.Action:
    """Any action that can be written."""
    kind = draw(st.sampled_from(tuple(ACTIONS)))
    form = ACTIONS[kind]
    wanted = {"needed": st.just(True), "may": st.booleans(), "no": st.just(False)}
    return tree.Action(
        kind,
        draw(st.sampled_from(form.targets)) if form.targets else None,
        draw(st.none() | _texts),
        draw(st.booleans()),
        draw(_durations) if draw(wanted[form.duration]) else None,
        draw(_texts) if draw(wanted[form.text]) else None,
    )


examples = st.builds(
    tree.Example,
    st.booleans(),
    _texts,
    st.lists(
        st.builds(tree.Stated, st.one_of(facts, in_lists, likenesses, text_tests), constants),
        min_size=1,
        max_size=3,
    ).map(tuple),
)
told = st.builds(tree.Told, st.sampled_from(("en", "vi", "de", "pt-BR")), _texts)
trees = st.builds(
    tree.Rule,
    name=_labels,
    description=_texts,
    kinds=st.sets(st.sampled_from(KINDS), min_size=1).map(
        lambda kinds: tuple(sorted(kinds, key=KINDS.index))
    ),
    clause=st.builds("{}.{}".format, _labels, _labels),
    mode=st.sampled_from(MODES),
    when=tree_blocks.filter(bool),
    unless=tree_blocks,
    then=st.lists(actions(), min_size=1, max_size=3).map(tuple),
    tell=st.lists(told, min_size=1, max_size=3, unique_by=lambda one: one.lang).map(tuple),
    examples=st.lists(examples, max_size=2).map(tuple),
)
