"""Whatever stands in the files: it is read to its end, told about, and costs what it is long."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ombud import samples
from ombud.rules.diagnostic import ERROR, PROBLEMS_MAX, render
from ombud.rules.format import format_rule
from ombud.rules.load import load
from ombud.rules.parse import parse
from ombud.rules.vocabulary import ACTIONS, OPERATORS, PARTS
from ombud.signals.declare import COUNTERS, SIGNALS, WITHS
from ombud.signals.resolve import UNITS

RULES, POLICIES, LISTS = (samples.files(folder) for folder in samples.FOLDERS)
NAME = "new-member-links.rule"
GOOD = {NAME: RULES[NAME], "spam.md": POLICIES["spam.md"], "staff.txt": LISTS["staff.txt"]}

_SIGNS = (
    "any of", "all of", "not", "in list", "any", "all", "resembles", "resemble", "recent names",
    "established members", "contains", "starts with", "matches", "quotes", "in last",
    "to", "with", "share of", "%", '"',
    '"x"', '"staff"', "\\", "\\u{202e}", "#", "#x", ",", ".", "yes", "no", "post", "live", "draft",
    "this", "campaign", "spam.links", "author", "catch", "pass", "en", "vi", "0", "9", "1024",
    "999999999", "9999999999", "\t", "\r", "\u200b", "\u202e", "\0", "日本", "é", "\ufeff", "## ",
    "harm: spam", "published: 2026-11-22", "procedural: hold 24 hours", "```", "include:", "*",
    "a*", "x.example\tfrom\t2027-01-01", "(a{1000}){1000}", "((((", "[[:alpha:]]", "\\1",
)  # fmt: skip
_NAMES = (*PARTS, *ACTIONS, *OPERATORS, *SIGNALS, *COUNTERS, *WITHS, *(unit for unit, _ in UNITS))
_WORDS = st.sampled_from((*_NAMES, *_SIGNS))
soups = st.lists(
    st.tuples(st.sampled_from(["\n", "\n  ", "\n    ", " ", "  ", ""]), _WORDS), max_size=80
).map(lambda pieces: "".join(gap + word for gap, word in pieces).encode())


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A good file with pieces cut out, put in, doubled and moved."""
    content = draw(st.sampled_from(sorted(GOOD.values())))
    for _ in range(draw(st.integers(1, 4))):
        start, end = sorted(draw(st.tuples(*[st.integers(0, len(content))] * 2)))
        end = min(end, start + 60)
        piece = draw(st.sampled_from([content[start:end], b""]) | st.binary(max_size=8) | soups)
        content = content[:start] + piece + content[draw(st.sampled_from([start, end])) :]
    return content


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=400) | soups | damaged())
@example(b"\xef\xbb\xbf" + GOOD[NAME].replace(b"\n", b"\r\n"))
@example(GOOD[NAME].replace(b"\n", b"\r"))
def test_any_bytes_are_read_told_about_and_laid_out(content: bytes) -> None:
    """As a rule, as a policy and as a list; nothing is raised, and every problem can be shown."""
    loaded = load({NAME: content}, {"spam.md": content}, {"staff.txt": content})
    for problem in loaded.diagnostics:
        assert all(line.isprintable() for line in render(problem).split("\n"))
        assert problem.message
    rule, problems = parse(NAME, content)
    assert len(problems) <= PROBLEMS_MAX
    if any(problem.severity == ERROR for problem in problems):
        return
    text = format_rule(rule)
    again, problems = parse(NAME, text.encode())
    assert [problem for problem in problems if problem.severity == ERROR] == []
    assert again == rule
    assert format_rule(again) == text
    assert sorted(each.text for each in again.comments) == sorted(
        each.text for each in rule.comments
    )


# --- work ---------------------------------------------------------------------------------------


def _work(run: Callable[[], object]) -> int:
    """How many functions, in Python and beneath it, are called."""
    calls = 0

    def count(_: FrameType, event: str, __: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        run()
    finally:
        sys.setprofile(None)
    return calls


def _rule(when: str = "  links.any\n", more: str = "", name: str = "made") -> bytes:
    """A rule on watch."""
    return (
        f'rule {name}\n  "A rule."\n\nfor     post\nclause  spam.links\nmode    watch\n\n'
        f"when\n{when}\nthen\n  warn this\n\ntell author\n"
        f'  en  "Please wait."\n  vi  "Xin chờ."\n{more}'
    ).encode()


def _load(rules: dict[str, bytes], lists: dict[str, bytes] | None = None) -> object:
    return load(rules, POLICIES, lists or LISTS)


def _one(content: bytes) -> object:
    return _load({"made.rule": content})


EXAMPLE = '\nshould catch "{}"\n  links.any  yes\n'
GROWING: dict[str, Callable[[int], object]] = {
    "garbage": lambda n: _one(b"~ \xe2\x80\x8b x\n" * 20 * n),
    "remarks": lambda n: _one(_rule(more="# a remark\n" * 20 * n)),
    "words": lambda n: _one(_rule(f"  {'links ' * 3 * n}\n")),
    "a text": lambda n: _one(_rule(f'  text contains "{"ab" * 8 * n}"\n')),
    "escapes": lambda n: _one(_rule(f'  text contains "{chr(92)}u{{41}}' + "\\n" * 8 * n + '"\n')),
    "unknown facts": lambda n: _one(_rule("  auther.age < 3 days\n" * 3 * n)),
    "bounds of one value": lambda n: _one(
        _rule("".join(f"  text.length >= {each}\n" for each in range(1, 3 * n)))
    ),
    "bounds of many values": lambda n: _one(
        _rule("".join(f"  author.posts in last {each} hours < 9\n" for each in range(1, 3 * n)))
    ),
    "a group": lambda n: _one(
        _rule("  any of\n" + "".join(f"    text.length != {each}\n" for each in range(3 * n)))
    ),
    "groups that follow from each other, the last one first": lambda n: _one(
        _rule(
            "".join(
                f'  any of\n    not text contains "w{each}"\n    text contains "w{each + 1}"\n'
                for each in reversed(range(2 * n))
            )
            + '  text contains "w0"\n'
        )
    ),
    "wrong names among many": lambda n: _load(
        {"made.rule": _rule('  links any in list "no such thing"\n' * 3 * n)},
        {f"list-{each}.txt": b"a.example\n" for each in range(100 * n)},
    ),
    "patterns": lambda n: _one(
        _rule("".join(f'  text matches "(x+x+)+y{each}"\n' for each in range(3 * n)))
    ),
    "examples": lambda n: _one(_rule(more="".join(EXAMPLE.format(each) for each in range(n)))),
    "languages": lambda n: _one(_rule(more='  de  "x"\n' * n)),
    "rules": lambda n: _load({f"r{each}.rule": _rule(name=f"r{each}") for each in range(2 * n)}),
    "a list": lambda n: _load(
        {}, {"some.txt": b"".join(b"%d.example\n" % k for k in range(50 * n))}
    ),
    "a list of errors": lambda n: _load({}, {"some.txt": b"a\tb\tc\td\n" * 50 * n}),
    "clauses": lambda n: load(
        {},
        {
            "made.md": b"".join(
                b"## a.c%d T\nharm: spam\npublished: 2026-11-22\n\nNorm.\n" % each
                for each in range(3 * n)
            )
        },
        {},
    ),
}


@pytest.mark.parametrize("what", GROWING)
def test_four_times_as_much_is_four_times_the_work(what: str) -> None:
    """Counted in calls: what is read grows, and the work with it, not faster."""
    grow = GROWING[what]
    grow(1)  # what is done once in a process is done
    little, much = (_work(lambda: grow(n)) for n in (8, 32))  # noqa: B023 -- called at once
    assert much <= 4.8 * little, (little, much)
