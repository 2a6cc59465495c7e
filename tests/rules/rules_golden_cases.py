"""Golden cases: Markdown files with an input and exactly what its author is told about it.

A case is a heading, a fenced input and a fenced answer. `when` and `then` are lines of a rule that
is otherwise good; `rule` is a whole file, with tabs and line ends of Windows where it says
`rule windows`; `policy` is a policy file, `list` the file of the list "some names", beside the
others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ombud.rules.diagnostic import render
from ombud.rules.load import load
from ombud.rules.vocabulary import ACTIONS

FOLDER = Path(__file__).parent / "golden"
_CASE = re.compile(
    r"^## ([^\n]+)\n\n```([a-z ]+)\n(.*?)\n?```\n\n```text\n(.*?)\n?```$", re.M | re.S
)

POLICY = """\
## spam.links Links
harm: spam
published: 2026-11-22

The norm.

## market.form How to write an offer
harm: form
published: 2026-11-22

The norm.
"""
TRANSLATION = "## spam.links Liên kết\nQuy định.\n\n## market.form Cách viết\nQuy định.\n"
LISTS = {
    "trusted-helpers.txt": b"helper-bot\n",
    "our-own-sites.txt": b"ours.example\n",
    "staff-names.txt": b"admin\n",
    "bad-sites.txt": b"bad.example\ta list from elsewhere\n",
}
PLATFORMS = {
    "chat": {action: "exact" for action in ACTIONS if action not in ("mark sensitive", "slow")},
    "forum": {
        action: "none" if action == "require approval" else "exact"
        for action in ACTIONS
        if action != "mark sensitive"
    },
}
RULE = """\
rule sample
  "A rule."

for     post
clause  spam.links
mode    {mode}

when
{when}

then
{then}

tell author
  en  "Please wait."
  vi  "Xin chờ."
"""
EXAMPLES = """
should catch "two links"
  links.count  2

should pass "one link"
  links.count  1
"""


def cases() -> Iterator[tuple[str, str, str, str]]:
    """(file and title, kind of input, input, expected answer) of every case."""
    for file in sorted(FOLDER.glob("*.md")):
        for title, kind, given, expected in _CASE.findall(file.read_text()):
            yield f"{file.stem}: {title}", kind, given, expected


def told(kind: str, given: str) -> str:
    """What the author of a case is told, as the command line shows it."""
    rules: dict[str, bytes] = {}
    policies = {"spam.md": POLICY.encode(), "spam.vi.md": TRANSLATION.encode()}
    lists = dict(LISTS)
    if kind == "list":
        lists["some-names.txt"] = given.encode()
    elif kind == "policy":
        policies = {"spam.md": given.encode()}
    else:
        text = given
        if kind == "when":
            text = RULE.format(mode="draft", when=given, then="  hold this")
        elif kind == "then":
            text = RULE.format(mode="live", when="  links.count >= 2", then=given) + EXAMPLES
        if kind == "rule windows":
            text = text.replace("\n", "\r\n").replace("  links", "\tlinks")
        rules["sample.rule"] = text.encode()
    loaded = load(rules, policies, lists, platforms=PLATFORMS, queues=("spam", "flood"))
    told = [problem for problem in loaded.diagnostics if problem.code != "R137"]
    return "\n\n".join(map(render, told))
