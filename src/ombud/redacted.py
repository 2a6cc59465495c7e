"""Words that are blacked out: how they are found, and what is kept in place of what held them.

Whoever is exposed by somebody's post (a number, an address) can have that taken out of all that is
kept. What held the words dies with its key, as in an erasure; in its place stands a copy without
them, sealed under a key of its own, so that people can still be told what was decided, and decide.
Ids stay: they say who, and on what is acted. This module must never write.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from ombud import events, journal
from ombud.errors import BadEvent, BadUse, catalogue
from ombud.journal import Record
from ombud.ledger import leaf
from ombud.model import Event
from ombud.signals.observation import Observation
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store

catalogue(
    U260=(
        "These words cannot be blacked out: {why}.",
        "Name each as it stands in the text: {least} to {most} characters, at most {count}.",
    ),
    U261=(
        "In record {record} none of these words is kept.",
        "Words are found whatever signs stand between their letters and digits. Look again.",
    ),
    U262=(
        "These words stand in more than {limit} records.",
        "Name longer ones: what everybody writes cannot be blacked out.",
    ),
)

BLACK = "█"
LENGTH_MIN, LENGTH_MAX = 3, 200  # of one word, in characters
SIGNS_MIN = 3  # letters and digits in it
ELSEWHERE_MIN = 6  # letters and digits of a word that is looked for in other records too
WORDS_MAX = 20
SHOWN_MAX = 6  # signs in place of a word, so that they do not tell its length
_GAP = r"[\W_]{0,3}"  # what may stand between two of its letters and digits
# What identifies, and is no word that somebody wrote.
_IDS = frozenset(
    {"id", "source", "type", "time", "specversion", "subject", "check_id", "created", "sha256"}
)

Words = re.Pattern[str]


def pattern(words: Sequence[str], least: int = SIGNS_MIN) -> Words | None:
    """What finds any of the words, in any case and with any sign between its letters and digits;
    those with fewer letters and digits than `least` are left out, None where none is left. Raises
    BadUse U260.
    """
    if not 0 < len(words) <= WORDS_MAX:
        raise _unusable(f"there are {len(words)} of them")
    found = []
    for word in words:
        signs = [each for each in word if each.isalnum()]
        if not LENGTH_MIN <= len(word) <= LENGTH_MAX:
            raise _unusable(f"one has {len(word)} characters")
        if len(signs) < SIGNS_MIN:
            raise _unusable(f"one has fewer than {SIGNS_MIN} letters or digits")
        if len(signs) >= least:
            before = r"(?<![^\W\d_])" if signs[0].isalpha() else ""
            after = r"(?![^\W\d_])" if signs[-1].isalpha() else ""
            found.append(before + _GAP.join(map(re.escape, signs)) + after)
    return re.compile("|".join(found), re.IGNORECASE) if found else None


def _unusable(why: str) -> BadUse:
    limits = {"least": LENGTH_MIN, "most": LENGTH_MAX, "count": WORDS_MAX}
    return BadUse("U260", "words", why=why, **limits)


def without(text: str, words: Words) -> str:
    """A text without the words."""
    return words.sub(lambda found: BLACK * min(SHOWN_MAX, len(found[0])), text)


def _each(value: Any, words: Words, key: str = "") -> Any:
    """Plain JSON without the words; ids stay."""
    if isinstance(value, str):
        return value if key in _IDS or key == "reported" else without(value, words)
    if isinstance(value, list):
        return [_each(each, words, key) for each in value]
    if isinstance(value, dict):
        return {name: _each(each, words, name) for name, each in value.items()}
    return value


# --- what is kept in place of something -----------------------------------------------------------


def body(plain: bytes, words: Words) -> bytes | None:
    """A record's body without the words; None where it holds none of them."""
    told = msgspec.json.decode(plain)
    kept = _each(told, words)
    if kept == told:
        return None
    content = msgspec.json.encode(kept)
    try:
        events.decode(content)
    except BadEvent:  # an address that is none any more
        for part in ("links", "media"):
            kept["data"].pop(part, None)
        content = msgspec.json.encode(kept)
        events.decode(content)
    return content


def decision(plain: bytes, words: Words) -> bytes | None:
    """A decision's salt and record without the words; None where it holds none of them. What it
    was, by which clause and rule, stays.
    """
    told = msgspec.json.decode(plain[leaf.SALT_BYTES :])
    kept = dict(told)
    kept["reasons"] = _each(told["reasons"], words)
    kept["actions"] = [
        {**each, "params": _each(each.get("params", {}), words)} for each in told["actions"]
    ]
    if (kept["reasons"], [each["params"] for each in kept["actions"]]) == (
        told["reasons"],
        [each.get("params", {}) for each in told["actions"]],
    ):
        return None
    return plain[: leaf.SALT_BYTES] + msgspec.json.encode(kept, order="sorted")


def appeal(plain: bytes, words: Words) -> bytes | None:
    """An appeal's salt and first words, without the words; None where it holds none of them."""
    told = msgspec.json.decode(plain[leaf.SALT_BYTES :])
    kept = {**told, "text": without(told["text"], words)}
    if kept == told:
        return None
    return plain[: leaf.SALT_BYTES] + msgspec.json.encode(kept, order="sorted")


def message(plain: bytes, words: Words) -> bytes | None:
    """A message by language without the words; None where it holds none of them."""
    told = msgspec.json.decode(plain)
    kept = {lang: without(text, words) for lang, text in told.items()}
    return None if kept == told else msgspec.json.encode(kept, order="sorted")


def holds(plain: bytes | None, words: Words) -> bool:
    """Whether a note or another sealed text holds any of the words."""
    return plain is not None and words.search(plain.decode("utf-8", "replace")) is not None


# --- reading it -----------------------------------------------------------------------------------


def name_of(record: int) -> str:
    """Under which name the copy of a record's body is kept."""
    return f"record {record}"


def kept(store: Store, keys: KeyFile, name: str) -> bytes | None:
    """The copy that is kept in place of something; None where there is none."""
    row = store.one("redacted", (name,))
    return None if row is None else keys.open_decision(row[0], row[1])


def opened(store: Store, keys: KeyFile, name: str, sealed: bytes | None) -> bytes | None:
    """What was sealed under a name (a decision, an appeal, a message), or what is kept in place of
    it; None where both are gone.
    """
    plain = keys.open_decision(name, sealed)
    return kept(store, keys, name) if plain is None else plain


def event(store: Store, keys: KeyFile, record: int) -> Event | None:
    """What is kept in place of a record's body; None where nothing is."""
    plain = kept(store, keys, name_of(record))
    return None if plain is None else events.decode(plain)


def reread(store: Store, keys: KeyFile, record: Record) -> Observation | None:
    """The observation of a record, or of what is kept in place of its body; None as for
    `journal.reread`. For people: no rule may be asked of it.
    """
    seen = journal.reread(keys, record)
    told = event(store, keys, record.seq) if seen is None else None
    return seen if told is None else journal.observed(keys, record, told)


def names(store: Store, wanted: Iterable[str]) -> list[str]:
    """Under which names the copies in place of these are sealed."""
    found = (store.one("redacted", (name,)) for name in wanted)
    return [row[0] for row in found if row is not None]
