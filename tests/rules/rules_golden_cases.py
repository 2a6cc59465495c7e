"""Golden cases: Markdown files with an input and exactly what its author is told about it.

A case is a heading, a fenced input and a fenced answer. `when` and `then` are lines of a rule that
is otherwise good; `rule` is a whole file, with tabs and line ends of Windows where it says
`rule windows`; `policy` is a policy file, `list` the file of the list "some names", beside the
others. `files` are several files, each below a line `--- FOLDER/NAME`, and nothing beside them but
the policy; where `bytes` stands behind the name, escapes stand for bytes. There `{{text*N}}` stands
for the text N times. `...` ends an answer that goes on.
`files small` is read with limits that are quickly reached. That a draft has no examples is left
out, as most of these have none, but for `rule examples`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

from ombud.activation import checking
from ombud.config import FOLDERS
from ombud.errors import BadData
from ombud.rules import cost
from ombud.rules import load as rules_load
from ombud.rules.diagnostic import render
from ombud.rules.learned import Models
from ombud.rules.load import load
from ombud.rules.vocabulary import ACTIONS
from ombud.signals.lists import reading

FOLDER = Path(__file__).parent / "golden"
_CASE = re.compile(
    r"^## ([^\n]+)\n\n```([a-z ]+)\n(.*?)\n?```\n\n```text\n(.*?)\n?```$", re.M | re.S
)
SMALL = {
    (rules_load, "RULES_MAX"): 1,
    (cost, "PATTERNS_MAX"): 1,
    (cost, "WORST_MAX_US"): 10,
    (reading, "ENTRIES_MAX"): 3,
    (reading, "BYTES_MAX"): 2**20,
}
SHOWN_MAX = 8  # problems of one case
_REPEATED = re.compile(r"\{\{(.*?)\*([0-9]+)\}\}")

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
    beside: list[str] = []
    text = ""
    lists = dict(LISTS)
    if kind == "list":
        lists["some-names.txt"] = given.encode()
    elif kind == "policy":
        policies = {"spam.md": given.encode()}
    elif kind.startswith("files"):
        found = _files(given)
        rules, lists = found["rules"], found["lists"]
        policies = found["policies"] or policies
        beside = [
            f"{folder}/{name}"
            for folder, files in found.items()
            for name in tuple(files)
            if not name.endswith(FOLDERS[folder])
        ]
        for each in beside:
            folder, _, name = each.partition("/")
            del found[folder][name]
    else:
        text = given
        if kind == "when":
            text = RULE.format(mode="draft", when=given, then="  hold this")
        elif kind == "then":
            text = RULE.format(mode="live", when="  links.count >= 2", then=given) + EXAMPLES
        if kind == "rule windows":
            text = text.replace("\n", "\r\n").replace("  links", "\tlinks")
        rules["sample.rule"] = text.encode()
    with _limits(SMALL if kind.endswith(" small") else {}):
        loaded = load(
            rules,
            policies,
            lists,
            platforms=PLATFORMS,
            queues=("spam", "flood"),
            unread=checking.unread(beside),
            models=Models(_model),
        )
    unused = kind.startswith("files")
    bare = kind.endswith(" examples") or "mode    draft" not in given + text
    told = [
        each
        for each in loaded.diagnostics
        if (each.code != "R137" or unused) and (each.code != "R139" or bare)
    ]
    shown = [render(each) for each in told[:SHOWN_MAX]]
    return "\n\n".join([*shown, *(["..."] if len(told) > SHOWN_MAX else [])])


@contextmanager
def _limits(changed: Mapping[tuple[ModuleType, str], int]) -> Iterator[None]:
    """Other limits for a while, so that what is too much can be written down."""
    with ExitStack() as stack:
        for (module, name), limit in changed.items():
            stack.enter_context(patch.object(module, name, limit))
        yield


def _files(given: str) -> dict[str, dict[str, bytes]]:
    """The files of one case, by folder and name."""
    found: dict[str, dict[str, bytes]] = {"rules": {}, "policies": {}, "lists": {}}
    for head, body in re.findall(r"^--- ([^\n]+)\n(.*?)(?=^--- |\Z)", given + "\n", re.M | re.S):
        escaped = head.endswith(" bytes")
        folder, _, name = head.removesuffix(" bytes").partition("/")
        text = _REPEATED.sub(lambda each: _plain(each[1]) * int(each[2]), body)
        content = text.encode()
        if escaped:
            content = text.encode("latin-1").decode("unicode_escape").encode("latin-1")
        found[folder][name] = content
    return found


def _model(clause: str) -> None:
    """No clause has a model, and one has a file that is none."""
    if clause == "market.form":
        raise BadData("D101", clause, problem="its first line does not end")


def _plain(text: str) -> str:
    return text.replace("\\n", "\n")
