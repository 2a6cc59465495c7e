"""The reference page of the rule language: its prose in `rules.in`, its tables from the program.

A place `{{name}}` in the prose is filled by the function of that name; what explains a closed list
here is held against that list. This module must never say what a declaration says already.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from markdown_pieces import Incomplete, explained, table

from ombud import gate, model, samples
from ombud.clock import DAY, HOUR
from ombud.rules import cost, diagnostic, interpret, lex, load, parse, phrases, policy
from ombud.rules.vocabulary import (
    ACTIONS,
    ACTIONS_ON_REGISTRATION,
    ACTIONS_ON_THIS,
    HOLD_MAX,
    MODES,
    OPERATORS,
    PARTS,
    REQUIRED_PARTS,
    RESTRICTION_MAX,
)
from ombud.signals import resolve
from ombud.signals.declare import CALLED, WITHS, Type
from ombud.signals.lists import reading

PROSE = Path(__file__).parent / "rules.in"

PART_MEANINGS = {
    "rule": ("rule NAME", "Its name, and below it in one sentence what it catches."),
    "for": ("for KIND, KIND", "What it judges."),
    "clause": ("clause NAME.NAME", "The published norm that it serves."),
    "mode": ("mode MODE", "Whether it is a draft, on watch or live."),
    "when": ("when", "What must hold, all of it."),
    "unless": ("unless", "What lets go, any of it."),
    "then": ("then", "What is to be done."),
    "tell": ("tell author", "What the person reads, by language; needed unless it only alerts."),
    "should": ("should catch, should pass", "Examples; a live rule needs one of each."),
}
MODE_MEANINGS = {
    "draft": "It is checked and tried on its examples, and judges nothing.",
    "watch": "It judges, and its hits are counted; nothing is done.",
    "live": "It acts as far as a licence lets it, and asks a person otherwise.",
}
TYPE_MEANINGS: Mapping[str, tuple[str, str, str]] = {
    "count": ("a whole number", " ".join(OPERATORS), "links.count >= 2"),
    "duration": ("a number and a unit", " ".join(OPERATORS), "author.age < 3 days"),
    "percent": (
        "a whole number and %",
        " ".join(OPERATORS),
        "share of author.posts with links in last 30 days > 10 %",
    ),
    "yes or no": ("yes or no", "alone, = !=", "links.misleading"),
    "text": ("a text", "= != and phrases", 'author.name = "Admin"'),
    "texts": (
        "phrases only",
        "any in list, all in list, resemble",
        'links any in list "bad sites"',
    ),
    "name": ("a text", "= != and in list", 'author in list "trusted helpers"'),
}
PHRASES = {
    '`in list "NAME"`': (
        "a name, a text",
        "A name, such as `author`, is listed by its id; a text holds an entry as whole words.",
    ),
    '`any in list "NAME"`': (
        "several texts",
        "One of them is listed. Of sites: the site, or one above it. False where there is nothing.",
    ),
    '`all in list "NAME"`': ("several texts", "All of them are. False where there is nothing."),
    '`resembles list "NAME"`': (
        "a text",
        "How alike it looks to the likest entry, in percent; below 70 % it is 0.",
    ),
    "`resembles FACT`": ("two texts", "How alike they look, in percent."),
    "`resembles recent names`": (
        "a name of a person",
        "How alike it looks to the likest recent name of others; unknown if one forgotten counts.",
    ),
    "`resembles established members`": (
        "a name of a person",
        "How alike it looks to the likest name of another member of long standing in the room.",
    ),
    '`resemble list "NAME"`': (
        "several texts",
        "The likest of them; of sites, how alike a host looks to a listed one (0: it is listed).",
    ),
    '`contains "TEXT"`': (
        "`text`",
        "The words occur: as whole words where they begin and end with a letter or digit.",
    ),
    '`starts with "TEXT"`': ("`text`", "It begins so."),
    '`matches "PATTERN"`': ("`text`", "The pattern fits somewhere in it."),
    "`quotes target`, `quotes subject`": (
        "`text`",
        "It holds a passage that this person wrote here; unknown where none of theirs is known.",
    ),
}
THIS = {
    "post": "the post",
    "reply": "the reply",
    "edit": "the edited post",
    "registration": "the admission",
    "profile": "the change",
    "join": "the entry",
    "upload": "the upload",
    "flag": "what was flagged",
    "invite": "the invitation",
    "room": "the new room",
}
TERM_MEANINGS = {
    "harm": ("harm: spam", "What it protects from; needed."),
    "published": ("published: 2026-11-22", "Since when members can read it; needed."),
    "procedural": (
        "procedural: hold 24 hours, cap 200 a day",
        "A hold that accuses nobody, and how many a day.",
    ),
    "words": (
        "words: withheld",
        "The words that matched, and those a condition looks for, are told on appeal only.",
    ),
    "dsa": (
        "dsa: STATEMENT_CATEGORY_SCAMS_AND_FRAUD KEYWORD_PHISHING",
        "Its codes in the DSA database; see [the codes](dsa-categories.md).",
    ),
}
ESCAPES = {'\\"': "a quotation mark", "\\\\": "a backslash", "\\n": "a new line",
           "\\u{200b}": "a character by its number"}  # fmt: skip
LICENCES = {
    gate.Kind.PROCEDURAL: "procedural hold",
    gate.Kind.STANDING_ORDER: "standing order",
    gate.Kind.CERTIFICATE: "certificate",
}


def page_text() -> str:
    """The prose with every place filled. Raises Incomplete where one has no function."""

    def fill(place: re.Match[str]) -> str:
        if place[1] not in PLACES:
            raise Incomplete(f"docs/rules.in: nothing fills {place[0]}")
        return PLACES[place[1]]()

    return re.sub(r"\{\{(\w+)\}\}", fill, PROSE.read_text(encoding="utf-8"))


def _parts() -> str:
    explained(PARTS, PART_MEANINGS, "rules_reference.PART_MEANINGS")
    rows = []
    for part in PARTS:
        head, meaning = PART_MEANINGS[part]
        rows.append([f"`{head}`", "needed" if part in REQUIRED_PARTS else "", meaning])
    return table(["part", "", "meaning"], rows)


def _kinds() -> str:
    explained(model.KINDS, THIS, "rules_reference.THIS")
    types = {kind: type_ for type_, kind in model.KIND_OF_TYPE.items() if kind}
    types["reply"] = f"{types['post']}, where it answers a post"
    rows = []
    for kind in model.KINDS:
        allowed = ACTIONS_ON_THIS.get(kind)
        done = "all that `this` can be" if allowed is None else ", ".join(sorted(allowed))
        if kind == "registration":
            done += f"; besides, only {', '.join(sorted(ACTIONS_ON_REGISTRATION))} at all"
        rows.append([f"`{kind}`", types[kind], THIS[kind], done])
    return table(["kind", "event", "`this` is", "what can be done to `this`"], rows)


def _people() -> str:
    known = {"author": "all", "room": "all that name one", "server": "all that name one"}
    known |= {"platform": "all", "reporter": "flag", "subject.author": "flag"}
    known["target"] = "those with text, where somebody is replied to or mentioned first"
    explained(CALLED, known, "rules_reference._people")
    rows = ([f"`{who}`", names["en"], known[who]] for who, names in CALLED.items())
    return table(["word", "whom", "known for"], rows)


def _withs() -> str:
    rows = ([f"`with {name}`", word.meaning["en"]] for name, word in sorted(WITHS.items()))
    return table(["word", "counts"], rows)


def _types() -> str:
    explained([each.value for each in Type], TYPE_MEANINGS, "rules_reference.TYPE_MEANINGS")
    rows = (
        [name, value, f"`{signs}`", f"`{example}`"]
        for name, (value, signs, example) in TYPE_MEANINGS.items()
    )
    return table(["type of the fact", "value", "comparisons", "example"], rows)


def _units() -> str:
    rows = []
    for number, (unit, size) in enumerate(resolve.UNITS):
        parts = [(name, part) for name, part in resolve.UNITS[number + 1 :] if size % part == 0]
        said = f"{size // parts[0][1]} {parts[0][0]}s" if parts else ""
        rows.append([f"`{unit}`, `{unit}s`", said])
    return table(["unit", "is"], rows)


def _phrases() -> str:
    rows = ([phrase, of, meaning] for phrase, (of, meaning) in PHRASES.items())
    return table(["phrase", "of", "true where, or what it gives"], rows)


def _logic() -> str:
    values = (True, False, None)
    said = {True: "true", False: "false", None: "unknown"}
    rows = []
    for one in values:
        for other in values:
            both = interpret.all_of([one, other])
            either = interpret.any_of([one, other])
            fires = interpret.all_of([one, interpret.negate(other)])
            rows.append([said[each] for each in (one, other, both, either, fires)])
    head = ["A", "B", "`all of` A, B", "`any of` A, B", "`when` A `unless` B"]
    negated = ([said[each], said[interpret.negate(each)]] for each in values)
    return table(["A", "`not` A"], negated) + "\n\n" + table(head, rows)


def _actions() -> str:
    rows = []
    for name, form in ACTIONS.items():
        rows.append(
            [
                f"`{name}`",
                ", ".join(f"`{target}`" for target in form.targets),
                {"no": "", "may": "may be given", "needed": "needed"}[form.duration],
                {"no": "", "may": "may be given", "needed": "needed"}[form.text],
                "yes" if form.restricts else "no",
                _licence(name),
            ]
        )
    return table(["action", "on", "for how long", "text", "restricts", "licence it needs"], rows)


def _licence(action: str) -> str:
    if action in gate.FREE:
        return "none"
    if action in gate.NEVER:
        return "never: a person does it"
    said = []
    for need in gate.NEEDS[action]:
        kinds = " or ".join(LICENCES[kind] for kind in gate.Kind if kind in need.kinds)
        level = f" of {need.level // 10} %" if need.level else ""
        hold = f", up to {need.hold // HOUR} hours" if need.hold is not None else ""
        said.append(f"{kinds}{level}{hold}")
    return "; ".join(said)


def _modes() -> str:
    explained(MODES, MODE_MEANINGS, "rules_reference.MODE_MEANINGS")
    return table(["mode", "meaning"], ([f"`{mode}`", MODE_MEANINGS[mode]] for mode in MODES))


def _escapes() -> str:
    return table(["written", "is"], ([f"`{written}`", said] for written, said in ESCAPES.items()))


def _queues() -> str:
    named = {
        action.queue
        for name, content in samples.files("rules").items()
        for action in parse.parse(name, content)[0].then
        if action.queue
    }
    return ", ".join(f'"{queue}"' for queue in sorted(named))


def _bounds() -> str:
    rows = [
        ("rules of a community", load.RULES_MAX),
        ("bytes of a rule or policy file", lex.FILE_BYTES_MAX),
        ("characters of a line", lex.LINE_LENGTH_MAX),
        ("digits of a number", lex.NUMBER_DIGITS_MAX),
        ("conditions of a rule", parse.CONDITIONS_MAX),
        ("actions of a rule", parse.ACTIONS_MAX),
        ("languages of a rule", parse.LANGUAGES_MAX),
        ("examples of a rule", parse.EXAMPLES_MAX),
        ("facts of an example", parse.STATED_MAX),
        ("characters of a pattern", phrases.PATTERN_LENGTH_MAX),
        ("memory of a pattern, bytes", phrases.PATTERN_BYTES_MAX),
        ("milliseconds of a pattern at worst", cost.PATTERN_US_MAX // 1000),
        ("milliseconds of all patterns at worst", cost.PATTERNS_US_MAX // 1000),
        ("different patterns of a community", cost.PATTERNS_MAX),
        ("problems told of one file", diagnostic.PROBLEMS_MAX - 1),
        ("entries of a list with all it includes", reading.ENTRIES_MAX),
        ("bytes of a list", reading.BYTES_MAX),
        ("characters of a clause's title", policy.TITLE_LENGTH_MAX),
        ("characters of a clause's text", policy.TEXT_LENGTH_MAX),
    ]
    return table(["what", "at most"], ([what, f"{most:,}"] for what, most in rows))


def _terms() -> str:
    explained(policy.TERMS, TERM_MEANINGS, "rules_reference.TERM_MEANINGS")
    rows: Iterable[list[str]] = (
        [f"`{example}`", meaning] for example, meaning in TERM_MEANINGS.values()
    )
    return table(["term", "meaning"], rows)


PLACES: Mapping[str, Callable[[], str]] = {
    "actions": _actions,
    "bounds": _bounds,
    "count_max": lambda: f"{resolve.COUNT_MAX:,}",
    "escapes": _escapes,
    "harms": lambda: ", ".join(model.HARMS),
    "hold_max": lambda: str(HOLD_MAX // HOUR),
    "kinds": _kinds,
    "logic": _logic,
    "modes": _modes,
    "parts": _parts,
    "people": _people,
    "phrases": _phrases,
    "queues": _queues,
    "restriction_days": lambda: str(RESTRICTION_MAX // DAY),
    "share_min": lambda: str(resolve.SHARE_POSTS_MIN),
    "terms": _terms,
    "types": _types,
    "units": _units,
    "width_days": lambda: str(resolve.WIDTH_MAX // DAY),
    "withs": _withs,
}
