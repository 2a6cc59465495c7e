"""What rule engines are measured on: events of 0.8 kB with 18 fields, and rules as plain data.

A rule is an event kind and two or three conditions: a word in the text, a pattern, a number, a
list, a label. `peers` and `rules` say the same rules in each engine's own words. Texts are in
lower case and plain ASCII, so that engines that compare letters as they stand give the same
verdicts; Ombud looks at them in all its views all the same. Seeded: every run measures the same
bytes. This module must never measure anything itself.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Literal

from ombud.simulate.english import ENGLISH
from ombud.simulate.language import Speaker

START = datetime(2026, 1, 5, tzinfo=UTC)
DAY = 86_400_000_000  # microseconds
AUTHORS, ROOMS = 400, 24
LISTED = 40  # entries of each list
LISTS = ("trusted helpers", "watched people", "old accounts")
KINDS = {"post": "post.created", "edit": "post.edited"}
STEMS = ("bargain", "voucher", "giveaway", "refund", "crypto", "jackpot", "pills", "loan")
WORDS = tuple(f"{stem}{tail}" for stem in STEMS for tail in ("zone", "hub", "club", "deal", "day"))

Form = Literal["contains", "matches", "number", "list", "label"]


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: `field` as in the flat form of an event (`flat`)."""

    form: Form
    field: str
    value: str | int
    operator: str = ""


@dataclass(frozen=True, slots=True)
class Spec:
    """One rule, for one kind."""

    name: str
    kind: str
    conditions: tuple[Condition, ...]


def specs(count: int, seed: int = 4) -> list[Spec]:
    """That many rules."""
    random = Random(seed)
    return [_spec(random, number) for number in range(count)]


def _spec(random: Random, number: int) -> Spec:
    forms: list[Form] = random.sample(
        ["contains", "matches", "number", "number", "list", "label"], random.choice((2, 2, 3))
    )
    made = tuple(_condition(random, form, place) for place, form in enumerate(forms))
    kind = "edit" if number % 10 == 9 else "post"
    return Spec(f"rule-{number:04}", kind, made)


def _condition(random: Random, form: Form, place: int) -> Condition:
    word = random.choice(WORDS)
    if form == "contains":
        return Condition("contains", "text", word)
    if form == "matches":
        return Condition("matches", "text", f"{word[:5]}[a-z]*[0-9]{{{random.randint(2, 4)}}}")
    if form == "list":
        return Condition("list", "author", random.choice(LISTS))
    if form == "label":
        return Condition("label", "room", f"room-{random.randrange(ROOMS)}")
    if place % 2:
        return Condition("number", "age", random.randint(1, 60) * DAY, "<")
    return random.choice(
        (
            Condition("number", "length", 100 + 20 * random.randrange(10), ">"),
            Condition("number", "links", random.randint(1, 3), ">="),
            Condition("number", "age", random.randint(1, 30) * DAY, "<"),
        )
    )


def lists() -> dict[str, tuple[str, ...]]:
    """The people of each list."""
    random = Random(8)
    people = [f"acct_{number}" for number in range(AUTHORS)]
    return {name: tuple(sorted(random.sample(people, LISTED))) for name in LISTS}


def events(count: int, seed: int = 2) -> list[bytes]:
    """Events as JSON, about 0.8 kB each."""
    random = Random(seed)
    speaker = Speaker(random, ENGLISH)
    patterns = tuple(each for topic in ENGLISH.talk.values() for each in topic)
    return [_event(random, speaker, patterns, number) for number in range(count)]


def _event(random: Random, speaker: Speaker, patterns: tuple[str, ...], number: int) -> bytes:
    said = " ".join(speaker.say(patterns) for _ in range(random.randint(2, 5)))
    said = said.encode("ascii", "ignore").decode().lower()
    if random.random() < 0.15:
        said += f" {random.choice(WORDS)} {random.choice(WORDS)[:5]}{random.randrange(10_000)}"
    for _ in range(random.choice((0, 0, 0, 0, 0, 0, 1, 1, 2, 3))):
        said += f" https://site{random.randrange(500)}.example/page/{random.randrange(90)}"
    author, time = random.randrange(AUTHORS), START + timedelta(seconds=number)
    created = time - timedelta(days=random.choice((1, 3, 20, 90, 400)), hours=random.randrange(24))
    room = random.randrange(ROOMS)
    event = {
        "specversion": "1.0",
        "id": f"event-{number:08}",
        "source": f"forum/room-{room}",
        "type": KINDS["edit" if number % 8 == 7 else "post"],
        "time": time.isoformat(),
        "subject": f"post/event-{number:08}",
        "data": {
            "author": {
                "id": f"acct_{author}",
                "name": f"{ENGLISH.given_names[author % 20].lower()} {author}",
                "created": created.isoformat(),
                "lang": "en",
                "roles": ["member", "reader"],
            },
            "text": " ".join(said.split()),
            "room": {"id": f"room-{room}", "name": f"the room number {room}"},
            "server": {"id": "home.example", "created": "2021-03-01T00:00:00+00:00"},
            "mentions": [{"id": f"acct_{random.randrange(AUTHORS)}"}] if number % 5 == 0 else [],
            "media": [{"id": f"m{number}", "type": "image/png"}] if number % 9 == 0 else [],
            "links": [],
        },
    }
    return json.dumps(event).encode()


# --- as Ombud reads them --------------------------------------------------------------------------

_SAID = {"age": "author.age", "length": "text.length", "links": "links.count"}
POLICY = b"## spam.links Links\nharm: spam\npublished: 2026-01-01\n\nThe norm.\n"


def rule_files(rules: list[Spec]) -> dict[str, bytes]:
    """The rules as rule files."""
    return {f"{rule.name}.rule": _rule(rule).encode() for rule in rules}


def list_files() -> dict[str, bytes]:
    """The lists as list files."""
    return {
        f"{name.replace(' ', '-')}.txt": "\n".join(people).encode()
        for name, people in lists().items()
    }


def _rule(rule: Spec) -> str:
    return rule_text(rule.name, rule.kind, "\n".join(f"  {_say(each)}" for each in rule.conditions))


def rule_text(name: str, kind: str, said: str) -> str:
    """A rule file of these lines of `when`."""
    return (
        f'rule {name}\n  "A rule of the workload."\n\nfor     {kind}\n'
        f"clause  spam.links\nmode    watch\n\nwhen\n{said}\n\nthen\n  warn this\n\n"
        f'tell author\n  en  "Wait."\n  vi  "Xin chờ."\n'
    )


def _say(condition: Condition) -> str:
    if condition.form == "number":
        value = int(condition.value)
        shown = f"{value // DAY} days" if condition.field == "age" else str(value)
        return f"{_SAID[condition.field]} {condition.operator} {shown}"
    if condition.form == "list":
        return f'author in list "{condition.value}"'
    if condition.form == "label":
        return f'room = "{condition.value}"'
    return f'text {condition.form} "{condition.value}"'
