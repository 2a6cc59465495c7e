"""A spammer who reads notices: posts, reads the reasons given, changes what they name, posts again.

The spammer knows no rule. All it goes by is the text it is told, in English or Vietnamese; it
changes what costs least first, and gives up after so many posts or when nothing it knows helps.
What it gets through is what explaining the rules costs a community, and the demonstration says so.
This module must never look at a rule, a fact or a decision, only at the words of a notice.
"""

from __future__ import annotations

import enum
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from random import Random
from typing import TYPE_CHECKING

from ombud import clock
from ombud.simulate.world import Draft, World

if TYPE_CHECKING:
    from ombud.simulate.world import Person

CAMPAIGN = "adaptive-spammer"
POSTS = 24  # then it has had enough
IN_VAIN = 3  # notices in a row that it knows no answer to; then it gives up


class Lesson(enum.StrEnum):
    """What a notice can name."""

    MENTIONS = "mentions"
    MANY_LINKS = "several links"
    LINKS = "links"
    SITE = "the same site"
    REPEATS = "the same text"
    PACE = "pace"
    AGE = "the account's age"
    FIRST = "first posts"


# Words that stand in a notice, folded as `_plain` folds it. What is not listed teaches nothing.
CUES: Mapping[Lesson, tuple[str, ...]] = {
    Lesson.MENTIONS: ("mention", "calls many people", "nhắc tên", "nhắc đến"),
    Lesson.MANY_LINKS: ("several links", "nhiều liên kết", "links.count >= 2"),
    Lesson.LINKS: ("link", "liên kết"),
    Lesson.SITE: ("this site", "same site", "đến trang này", "cùng một trang"),
    Lesson.REPEATS: ("same text", "this text", "cùng nội dung", "văn bản này"),
    Lesson.PACE: ("very fast", "rất nhanh", "quá nhanh"),
    Lesson.AGE: ("new member", "has existed", "thành viên mới", "đã tồn tại"),
    Lesson.FIRST: (
        *("first post", "accepted here", "first seen"),
        *("bài đầu tiên", "được chấp nhận ở đây", "lần đầu thấy"),
    ),
}

PAUSES = (2 * clock.MINUTE, 8 * clock.MINUTE, 40 * clock.MINUTE)
AGES = (0, 4 * clock.DAY, 40 * clock.DAY)  # accounts kept aside cost money, older ones more
WARM_UPS = (0, 1, 6)
SITES = ("lucky-lamps.example", "lucky-lamps.invalid", "golden-lamps.test")
CALLED = 8


@dataclass(frozen=True, slots=True)
class Way:
    """How it goes about it. Of `pause`, `age` and `warm_ups` these are places in the lists above.

    `links` is how many it posts; at 0 it spells the site's name out. `each` is how many posts it
    makes from one account before it takes the next.
    """

    mentions: int = CALLED
    links: int = 2
    site: int = 0
    reworded: bool = False
    each: int = 2
    pause: int = 0
    age: int = 0
    warm_ups: int = 0


def lessons(notice: str) -> frozenset[Lesson]:
    """What a notice names."""
    said = _plain(notice)
    return frozenset(lesson for lesson, cues in CUES.items() if any(cue in said for cue in cues))


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def changed(way: Way, named: frozenset[Lesson]) -> Way:
    """The way after a notice: all that is cheap to change, else the first dear thing; else itself.

    A text costs nothing to change. A pause costs time, an older account money, a warm-up both.
    """
    cheap = way
    if Lesson.MENTIONS in named:
        cheap = replace(cheap, mentions=0)
    if Lesson.REPEATS in named:
        cheap = replace(cheap, reworded=True, each=1)
    if Lesson.SITE in named and way.links and way.site + 1 < len(SITES):
        cheap = replace(cheap, site=way.site + 1)
    elif Lesson.MANY_LINKS in named and way.links > 1:
        cheap = replace(cheap, links=1)
    elif Lesson.LINKS in named:
        cheap = replace(cheap, links=0)
    if cheap != way:
        return cheap
    if Lesson.PACE in named and way.pause + 1 < len(PAUSES):
        return replace(way, pause=way.pause + 1)
    if Lesson.AGE in named and way.age + 1 < len(AGES):
        return replace(way, age=way.age + 1)
    if Lesson.FIRST in named and way.warm_ups + 1 < len(WARM_UPS):
        return replace(way, warm_ups=way.warm_ups + 1)
    return way


_PITCHES = {
    "en": "The lamp of luck doubles your savings by Sunday. My whole street has one. {site}",
    "vi": "Đèn may mắn giúp tiền để dành gấp đôi trước chủ nhật. Cả xóm mình có rồi. {site}",
}
# One of each makes a text that was not said before.
_OPENINGS = {
    "en": (
        "You will laugh, but my lamp pays the rent.",
        "I used to worry about money. Then came the lamp.",
        "Small tip from a tired uncle:",
        "Nobody tells you how easy saving is.",
        "Two weeks ago I had nothing.",
        "Ask yourself why the neighbours smile.",
    ),
    "vi": (
        "Nói ra chắc buồn cười, đèn nhà mình tự trả tiền nhà.",
        "Hồi trước mình lo tiền lắm, từ ngày có đèn thì hết.",
        "Mách nhỏ mọi người một mẹo:",
        "Chẳng ai nói cho bạn biết để dành dễ thế nào.",
        "Hai tuần trước mình còn trắng tay.",
        "Bạn thử hỏi sao hàng xóm cứ cười hoài.",
    ),
}
_OFFERS = {
    "en": (
        "It doubles what you put beside it.",
        "Light it on Friday, count on Sunday.",
        "One lamp, twice the savings.",
        "The first hundred lamps cost nothing.",
        "It works while you sleep.",
    ),
    "vi": (
        "Đặt tiền bên cạnh là thành gấp đôi.",
        "Thắp thứ sáu, chủ nhật đếm tiền.",
        "Một cây đèn, gấp đôi tiền để dành.",
        "Trăm cây đầu tiên không mất đồng nào.",
        "Bạn ngủ thì đèn vẫn làm việc.",
    ),
}
_WHERE = {
    "en": ("Look here: {site}", "All of it at {site}", "It is on {site}", "{site} and be quick"),
    "vi": ("Xem ở đây: {site}", "Tất cả ở {site}", "Có trên {site}", "{site} nhanh tay nhé"),
}
_SPELLED_DOT = {"en": " dot ", "vi": " chấm "}


class Spammer:
    """One spammer with many accounts, who has a world, and its generator, for itself.

    `way` is how it goes about it now, `learned` what each notice so far has made it change, by
    field of `Way` with the new value: empty where it knew no answer.
    """

    def __init__(self, world: World) -> None:
        self.way = Way()
        self.learned: list[dict[str, int]] = []
        self._world = world
        self._posts = 0
        self._in_vain = 0
        self._account: Person | None = None
        self._used = 0
        self._to_warm = 0
        self._said: set[str] = set()

    @classmethod
    def of_run(cls, seed: int, events: int, start: int) -> Spammer:
        """The spammer beside `simulate.generate` of the same arguments, whose members it calls."""
        world = World.founded(Random(seed), str(seed), start, events)  # noqa: S311 - as in generate
        world.rng.seed(f"spammer of {seed}")
        world.label = f"{seed}s"
        return cls(world)

    def next(self, at: int) -> Draft | None:
        """What it posts next, a pause after the instant `at`; None once it has given up.

        A harmless post to warm an account up is benign by its own content, and counted apart.
        """
        if self._posts >= POSTS or self._in_vain >= IN_VAIN:
            return None
        rng = self._world.rng
        pause = PAUSES[self.way.pause]
        at += rng.randrange(pause, 2 * pause)
        if self._account is None or self._used >= self.way.each:
            self._account = self._world.fresh(at - AGES[self.way.age])
            self._used = 0
            self._to_warm = WARM_UPS[self.way.warm_ups]
        room = self._world.room()
        if self._to_warm:
            self._to_warm -= 1
            talk = self._world.say(self._account, room)
            return Draft(at, room, self._account, talk, campaign=CAMPAIGN, occurrence=1)
        self._used += 1
        self._posts += 1
        return self._pitch(at, room, self._account)

    def told(self, notice: str) -> None:
        """Read a notice, change what it names, and drop the account it was sent to."""
        way = changed(self.way, lessons(notice))
        self.learned.append(_changes(self.way, way))
        self._in_vain = 0 if way != self.way else self._in_vain + 1
        self.way = way
        self._account = None

    def _pitch(self, at: int, room: str, account: Person) -> Draft:
        lang, site = account.lang, SITES[self.way.site]
        pages = [f"http://{site}/{self._world.rng.randrange(10**4)}" for _ in range(self.way.links)]
        spelled = site.replace(".", _SPELLED_DOT[lang])
        text = self._text(lang).format(site=" ".join(pages) if pages else spelled)
        called = tuple(self._world.rng.sample(self._world.members, self.way.mentions))
        return Draft(
            at,
            room,
            account,
            " ".join((*(f"@{each.name}" for each in called), text)),
            tuple((page, None) for page in pages),
            called,
            truth="spam",
            campaign=CAMPAIGN,
            occurrence=1,
        )

    def _text(self, lang: str) -> str:
        """The one pitch, or where that was told of, words it has not used yet."""
        if not self.way.reworded:
            return _PITCHES[lang]
        while True:  # there are a hundred and more, and POSTS of them are needed
            parts = (self._world.rng.choice(each[lang]) for each in (_OPENINGS, _OFFERS, _WHERE))
            text = " ".join(parts)
            if text not in self._said:
                self._said.add(text)
                return text


def _changes(before: Way, after: Way) -> dict[str, int]:
    """What a notice made it change, with the new values."""
    old, new = asdict(before), asdict(after)
    return {name: int(value) for name, value in new.items() if value != old[name]}
