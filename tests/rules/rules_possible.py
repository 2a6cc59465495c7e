"""Everything that an event could be, for rules about a few facts: an oracle that only tries.

Values are given to what is observed (an age, the hours at which posts were made, a name), and the
facts worked out from them, so that what belongs together stays together. It imports nothing of what
reasons about rules.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping

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
    "links.count": (None, 0, 1, 2, 3, 4),
    "posts": (
        None,
        *(
            hours
            for posts in range(6)
            for hours in itertools.combinations_with_replacement((0, 2, 30), posts)
        ),
    ),
    "share": (None, 0, 499, 500, 501, 999, 1000),
    "links.any": (None, False, True),
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
)


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


def _reads(atom: Atom) -> str:
    """What a condition is observed of."""
    name = atom.facts[0].name
    if isinstance(atom.written, Resembles):
        return "likeness"
    if name.startswith("author.posts"):
        return "posts"
    if name.startswith("share"):
        return "share"
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
    if isinstance(observed, tuple):  # hours ago at which posts were made
        width = atom.facts[0].width // (DAY // 24)
        return len([hours for hours in observed if hours < width])
    if isinstance(observed, str):
        assert isinstance(written, Compare)
        same = observed == str(written.constant.value).casefold()
        return same if written.operator == "=" else not same
    assert isinstance(observed, int)
    return observed
