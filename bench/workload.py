"""What is measured on: events of the simulated community's languages, and fifty rules.

Seeded: every run measures the same bytes. This module must never measure anything itself.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from random import Random

from ombud.simulate.english import ENGLISH
from ombud.simulate.language import Language, Speaker
from ombud.simulate.vietnamese import VIETNAMESE

LANGUAGES: dict[str, Language] = {"ascii": ENGLISH, "vietnamese": VIETNAMESE}
START = datetime(2026, 1, 5, tzinfo=UTC)
AUTHORS, ROOMS = 1000, 20
PER_SECOND = 5


def lines(language: str, count: int, seed: int = 1) -> list[bytes]:
    """Events as NDJSON lines of about 0.6 kB: one in ten with a link, one in twenty held by the
    pack.
    """
    random = Random(seed)
    speaker = Speaker(random, LANGUAGES[language])
    return [_line(random, speaker, index, language) for index in range(count)]


def _line(random: Random, speaker: Speaker, index: int, language: str) -> bytes:
    author = random.randrange(AUTHORS)
    time = START + timedelta(seconds=index // PER_SECOND)
    room = f"room-{index % ROOMS}"
    patterns = tuple(each for topic in speaker.language.talk.values() for each in topic)
    said = " ".join(speaker.say(patterns) for _ in range(random.randint(1, 4)))
    if language == "ascii":
        said = said.encode("ascii", "ignore").decode()
    draw = random.random()
    new = draw < 0.05
    if draw < 0.1:
        said += f" https://site{random.randrange(5000)}.example/page"
    if new:
        said += f" https://offer{random.randrange(5000)}.example/now"
    created = time - (timedelta(hours=author % 70) if new else timedelta(days=30 + author))
    event = {
        "specversion": "1.0",
        "id": f"e{index}",
        "source": f"bench/{room}",
        "type": "post.created",
        "time": time.isoformat(),
        "subject": f"post/e{index}",
        "data": {
            "author": {
                "id": f"acct_{author}{'n' if new else ''}",
                "name": f"{speaker.language.given_names[author % 20]} {author}",
                "created": created.isoformat(),
                "lang": speaker.language.code,
            },
            "text": said,
            "room": {"id": room},
            "mentions": [{"id": f"acct_{random.randrange(AUTHORS)}"}] if draw > 0.8 else [],
        },
    }
    return json.dumps(event, ensure_ascii=False).encode()


_CONDITIONS = (
    'text contains "{word}"\n  author.age < {days} days',
    "links.count >= {few}\n  author.accepted posts < {few}",
    "text.length > {length}\n  author.age < {days} days",
    'text starts with "{word}"\n  links.any',
    'text matches "{word}[0-9]{{3,6}}"\n  author.age < {days} days',
    "mentions.count >= {many}\n  author.accepted posts < {many}",
    "author.posts in last {minutes} minutes > {length}\n  author.age < {days} days",
    'author in list "trusted helpers"\n  links.domains >= {few}',
)


def fifty(count: int = 50) -> dict[str, bytes]:
    """That many rules in watch, of eight shapes; words and thresholds differ."""
    rules = {}
    for number in range(count):
        condition = _CONDITIONS[number % len(_CONDITIONS)].format(
            word=f"offer{chr(97 + number % 26)}",
            days=1 + number % 9,
            few=2 + number % 4,
            many=6 + number % 5,
            minutes=10,
            length=300 + 10 * number,
        )
        name = f"bench-{number:03}"
        rules[f"{name}.rule"] = (
            f'rule {name}\n  "Rule {number} of the workload."\n\nfor     post\nclause  spam.links\n'
            f"mode    watch\n\nwhen\n  {condition}\n\nthen\n"
            f'  hold this for review in queue "spam"\n\n'
            f'tell author\n  en  "Wait."\n  vi  "Xin chờ."\n'
        ).encode()
    return rules
