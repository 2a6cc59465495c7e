"""Everything that an event could be, for rules about a few facts: an oracle that only tries.

Values are given to what is observed (an age, the hours at which posts were made, a name), and the
facts worked out from them, so that what belongs together stays together. It imports nothing of what
reasons about rules.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator, Mapping

from hypothesis import strategies as st

from ombud.model import Value
from ombud.rules.checked import OPERATIONS, Atom, CheckedRule
from ombud.rules.tree import Compare, InList, Resembles
from ombud.rules.vocabulary import OPERATORS

DAY = 86_400_000_000
TRIED_MAX = 1500

# What can be observed; None is unknown.
_OBSERVED: Mapping[str, tuple[object, ...]] = {
    "author.age": (None, 0, *(days * DAY + more for days in (1, 2, 3) for more in (-1, 0, 1))),
    # the site of each link and whether it invites
    "linked": (
        None,
        *(
            each
            for count in range(5)
            for each in itertools.combinations_with_replacement(
                (("a", True), ("a", False), ("b", False)), count
            )
        ),
    ),
    # how many hours ago each post was made, and whether it had a link
    "posts": (
        None,
        *(
            each
            for posts in range(6)
            for each in itertools.combinations_with_replacement(
                tuple(itertools.product((0, 2, 30), (False, True))), posts
            )
        ),
    ),
    "share": (None, 0, 499, 500, 501, 999, 1000),
    "author.name": (None, "ann", "bob", "cleo"),
    "casino": (None, False, True),
    "links": (None, (), ("ours",), ("other",), ("ours", "other")),
    "likeness": (None, 0, 799, 800, 801, 899, 900, 901, 1000),
}
_SIGN = st.sampled_from(OPERATORS)
CONDITIONS = (
    st.builds("author.age {} {} days".format, _SIGN, st.integers(1, 3)),
    st.builds("links.count {} {}".format, _SIGN, st.integers(0, 3)),
    st.builds(
        "author.posts in last {} {} {}".format,
        st.sampled_from(("1 hour", "1 day", "2 days")),
        _SIGN,
        st.integers(0, 4),
    ),
    st.builds(
        "share of author.posts with links in last 1 day {} {} %".format,
        _SIGN,
        st.sampled_from((0, 50, 100)),
    ),
    st.sampled_from(("links.any", "links.any = no", "links.any != no")),
    st.builds(
        'author.name {} "{}"'.format, st.sampled_from(("=", "!=")), st.sampled_from(("Ann", "bob"))
    ),
    st.just('text contains "casino"'),
    st.builds('links {} in list "our own sites"'.format, st.sampled_from(("any", "all"))),
    st.builds(
        'author.name resembles list "staff names" {} {} %'.format,
        _SIGN,
        st.sampled_from((80, 90, 100)),
    ),
    st.builds(
        'links resemble list "our own sites" {} {} %'.format,
        _SIGN,
        st.sampled_from((80, 90, 100)),
    ),
    st.builds(
        "links.{} {} {}".format, st.sampled_from(("domains", "invites")), _SIGN, st.integers(0, 3)
    ),
    st.builds(
        "author.posts with links in last {} {} {}".format,
        st.sampled_from(("1 hour", "1 day", "2 days")),
        _SIGN,
        st.integers(0, 4),
    ),
    st.just('text contains "CASINO"'),
)
BESIDE = (CONDITIONS[1], CONDITIONS[4], CONDITIONS[10])  # facts that bound each other


def tried(rule: CheckedRule, seed: int = 0) -> Iterator[dict[str, Value]]:
    """The slots of a rule for everything that could be; for much of it, where that is too much."""
    atoms = tuple({atom.slot: atom for atom in rule.atoms()}.values())
    read = sorted({_reads(atom) for atom in atoms})
    total = 1
    for name in read:
        total *= len(_OBSERVED[name])
    if total <= TRIED_MAX:
        chosen: Iterator[tuple[object, ...]] = itertools.product(*(_OBSERVED[n] for n in read))
    else:
        dice = random.Random(seed)
        chosen = (tuple(dice.choice(_OBSERVED[n]) for n in read) for _ in range(TRIED_MAX))
    for values in chosen:
        observed = dict(zip(read, values, strict=True))
        yield {atom.slot: _value(atom, observed[_reads(atom)]) for atom in atoms}


_LINKED: Mapping[str, Callable[[tuple[tuple[str, bool], ...]], Value]] = {
    "links.count": len,
    "links.any": bool,
    "links.domains": lambda links: len({site for site, _ in links}),
    "links.invites": lambda links: sum(invites for _, invites in links),
}


def _reads(atom: Atom) -> str:
    """What a condition is observed of."""
    name = atom.facts[0].name
    if isinstance(atom.written, Resembles):
        return "likeness"
    if name.startswith("author.posts"):
        return "posts"
    if name.startswith("share"):
        return "share"
    if name in _LINKED:
        return "linked"
    return "casino" if name == "text" else name


def _value(atom: Atom, observed: object) -> Value:
    written = atom.written
    if observed is None:
        return None
    if isinstance(written, Resembles):
        assert isinstance(observed, int)
        return OPERATIONS[written.operator](observed, int(written.constant.value))
    if isinstance(written, InList):
        assert isinstance(observed, tuple)
        listed = [each == "ours" for each in observed]
        return any(listed) if written.every == "any" else bool(listed) and all(listed)
    name = atom.facts[0].name
    if name in _LINKED:
        assert isinstance(observed, tuple)
        return _LINKED[name](observed)
    if isinstance(observed, tuple):
        width, linked = atom.facts[0].width // (DAY // 24), "with links" in name
        return len([each for each in observed if each[0] < width and each[1] >= linked])
    if isinstance(observed, str):
        assert isinstance(written, Compare)
        same = observed == str(written.constant.value).casefold()
        return same if written.operator == "=" else not same
    assert isinstance(observed, int)
    return observed
