"""One run of the simulated community through the real engine, and what simpler methods do with the
same events.

The engine's clock is the simulated one, so that holds end and caps begin anew as they would. The
spammer who reads notices takes part, and reads those of the engine: the simpler methods are held
against the posts it wrote for us. This module must never tell the engine the truth.
"""

from __future__ import annotations

import hashlib
import re
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import apsw
import msgspec

from ombud import clock, demonstration, reading, samples, simulate
from ombud.app import KEY_FILE, Engine
from ombud.config import STORE_FILE, copy_samples
from ombud.errors import BadEvent
from ombud.rules.vocabulary import ACTIONS
from ombud.simulate import Simulated, adaptive, scenes
from ombud.store.keyfile import KeyFile
from ombud.transaction import Answer

START = demonstration.START
TOGETHER, APART = 64, 10 * clock.MINUTE  # of a batch: so many events, of so long a time
WORDS = "word_lists_ldnoobw"
_WATCH = re.compile(r"^mode(\s+)watch", re.MULTILINE)
_ALERT = re.compile(r"^  alert ", re.MULTILINE)
_SPACES = re.compile(r"\s+")
_WORD = re.compile(r"\w+")


class Judged(NamedTuple):
    """An event, the instant at which something was done about it, if ever, and by which rule; and
    whether a person was told of it, without anything being done.
    """

    happened: Simulated
    caught: int | None
    rule: str | None
    alerted: bool = False


def rules() -> list[str]:
    """The names of the pack's rules."""
    return sorted(name.removesuffix(".rule") for name in samples.files("rules"))


def alerting() -> frozenset[str]:
    """The rules of the pack that tell a person."""
    return frozenset(
        name.removesuffix(".rule")
        for name, content in samples.files("rules").items()
        if _ALERT.search(content.decode())
    )


def run(
    folder: Path, seed: int, events: int, wanted: Collection[str] | None = None
) -> list[Judged]:
    """All that happened, in order. `wanted` names the rules that act; None: the whole pack."""
    demonstration.prepare(folder)
    if wanted is not None:
        copy_samples(folder, {"rules": _drafts(wanted)})
    _key(folder, seed)
    now = START
    with Engine(folder, now=lambda: now) as running:
        happened: dict[int, Simulated] = {}
        caught: dict[int, int] = {}
        alerted: set[int] = set()
        tells = alerting() if wanted is None else alerting() & set(wanted)
        spammer = adaptive.Spammer.of_run(seed, events, START)
        for batch, spam in _batches(seed, events, spammer):
            now = max(now, batch[-1].at + 1000)
            answers = running.submit([msgspec.json.encode(each.event) for each in batch])
            for each, answer in zip(batch, answers, strict=True):
                if isinstance(answer, BadEvent):
                    raise answer
                happened[answer.seq] = each
                if answer.action != "allow" and "this" in ACTIONS[answer.action].targets:
                    caught[answer.seq] = each.at
                if tells.intersection(answer.fired):
                    alerted.add(answer.seq)
                caught |= dict.fromkeys(answer.members, each.at)
            if spam and isinstance(answers[-1], Answer) and answers[-1].decisions:
                spammer.told(_notice(folder, answers[-1], batch[-1]))
    decided = _decided(folder)
    return [
        Judged(each, caught.get(seq), decided.get(seq) if seq in caught else None, seq in alerted)
        for seq, each in happened.items()
    ]


def _key(folder: Path, seed: int) -> None:
    """The community's key is the seed's, so that a run comes out the same each time, and what is
    alike by chance under one key is not so in all communities.
    """
    keys = KeyFile(folder / KEY_FILE)
    keys.keep("community", hashlib.sha256(f"community {seed}".encode()).digest())
    keys.close()


def _drafts(wanted: Collection[str]) -> dict[str, bytes]:
    """The rules of the pack that are not wanted, as drafts."""
    return {
        name: _WATCH.sub(r"mode\1draft", content.decode()).encode()
        for name, content in samples.files("rules").items()
        if name.removesuffix(".rule") not in wanted
    }


def _batches(
    seed: int, events: int, spammer: adaptive.Spammer
) -> Iterator[tuple[list[Simulated], bool]]:
    """What happens, a few events of a short time at once; whether the last is the spammer's."""
    number, spam = events, spammer.next(demonstration.SPAMMER_BEGINS)
    batch: list[Simulated] = []
    planned = simulate.generate(seed, events, START, scenes.WIDE)
    upcoming = next(planned, None)
    while spam is not None or upcoming is not None:
        if spam is not None and (upcoming is None or spam.at < upcoming.at):
            number += 1
            told = simulate.on_the_wire(spam, seed, number, spam.at)
            yield [*batch, told], True
            batch, spam = [], spammer.next(spam.at)
            continue
        assert upcoming is not None  # noqa: S101 - else it would have been the spammer's turn
        if batch and (len(batch) == TOGETHER or upcoming.at - batch[0].at > APART):
            yield batch, False
            batch = []
        batch.append(upcoming)
        upcoming = next(planned, None)
    if batch:
        yield batch, False


def _notice(folder: Path, answer: Answer, posted: Simulated) -> str:
    lang = posted.event["data"]["author"]["lang"]
    with reading.reading(folder) as reader:
        lines = [line for each in answer.decisions for line in reader.statement(each, lang)]
    return "\n".join(lines)


def _decided(folder: Path) -> dict[int, str]:
    """By record: the rule that weighed most in the decision about it. What an action on a room or
    an end decided says nothing about the record's own subject, so holds come first.
    """
    store = apsw.Connection(str(folder / STORE_FILE), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        asked = (
            "SELECT CASE about WHEN 0 THEN seq ELSE about END, rule FROM decision"
            " WHERE by_role = 'rule' ORDER BY action = 'hold', seq DESC"
        )
        return dict(store.execute(asked))  # the last one of a record stands
    finally:
        store.close()


# --- simpler methods ------------------------------------------------------------------------------

NEW = 7 * clock.DAY  # an account of this age has posted before, if the platform is asked
FASTEST, REMEMBERED = 5, clock.HOUR  # posts a minute; how long a text is remembered

Method = Callable[[Sequence[Simulated]], list[bool]]


def first_posts(happened: Sequence[Simulated]) -> list[bool]:
    """Hold the first post of every account less than a week old."""
    seen: set[str] = set()
    found = []
    for each in happened:
        author = each.event["data"]["author"]
        post = each.event["type"] == "post.created"
        young = each.at - clock.from_datetime(datetime.fromisoformat(author["created"])) < NEW
        found.append(post and young and author["id"] not in seen)
        if post:
            seen.add(author["id"])
    return found


def rate_and_equality(happened: Sequence[Simulated]) -> list[bool]:
    """Hold what is faster than FASTEST posts a minute, and a text somebody else posted within the
    hour, case and spaces apart.
    """
    times: dict[str, deque[int]] = {}
    texts: dict[str, tuple[int, str]] = {}
    found = []
    for each in happened:
        author, text = each.event["data"]["author"]["id"], each.event["data"].get("text")
        if text is None:
            found.append(False)
            continue
        own = times.setdefault(author, deque(maxlen=FASTEST + 1))
        own.append(each.at)
        fast = len(own) > FASTEST and each.at - own[0] < clock.MINUTE
        plain = _SPACES.sub(" ", text.casefold()).strip()
        at, who = texts.get(plain, (0, author))
        found.append(fast or (who != author and each.at - at < REMEMBERED))
        texts[plain] = each.at, author
    return found


def word_list(words: Collection[str]) -> Method:
    """Hold a text with one of the words; of a phrase, all its words in a row."""
    phrases = {tuple(_WORD.findall(word.casefold())) for word in words} - {()}
    longest = max(map(len, phrases), default=0)

    def method(happened: Sequence[Simulated]) -> list[bool]:
        found = []
        for each in happened:
            said = _WORD.findall((each.event["data"].get("text") or "").casefold())
            found.append(
                any(
                    tuple(said[at : at + length]) in phrases
                    for length in range(1, longest + 1)
                    for at in range(len(said))
                )
            )
        return found

    return method


def words(folder: Path) -> list[str]:
    """The English words; there is no Vietnamese list."""
    lines = (folder / WORDS / "words.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return [word for lang, _, word in (line.partition("\t") for line in lines) if lang == "en"]


def methods(folder: Path) -> Mapping[str, Method]:
    """The simpler methods, by what they do."""
    return {
        "every first post": first_posts,
        "rate and equality": rate_and_equality,
        "word list": word_list(words(folder)),
    }


def touched(happened: Sequence[Simulated], method: Method) -> list[Judged]:
    """What a simpler method does with the same events; it never comes back to an earlier one."""
    acted = method(happened)
    return [
        Judged(each, each.at if hit else None, None)
        for each, hit in zip(happened, acted, strict=True)
    ]
