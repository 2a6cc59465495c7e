"""Many honest people at once, and honest people with the wrong names: for the measurements.

Twins of floods, raids and look-alikes: they arrive as fast, are as new and are called as much
alike. This module must never use a name, a text or an address that is not made up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ombud import clock
from ombud.simulate.campaigns import Campaign
from ombud.simulate.world import Draft, Server, World

_ASSIGNMENT = {
    "en": (
        "Hello, I am here for the course, my question is about {topic}.",
        "Hi, our teacher sent us. I chose {topic}.",
        "Good afternoon, for our homework I ask: how did you start with {topic}?",
        "I am from the course as well and interested in {topic}.",
    ),
    "vi": (
        "Chào cả nhà, em vào theo lớp, em hỏi về {topic} ạ.",
        "Dạ cô giáo chỉ tụi em vào đây. Em chọn {topic}.",
        "Em làm bài tập, cho em hỏi mọi người bắt đầu {topic} thế nào ạ?",
        "Em cùng lớp với mấy bạn trên, em thích {topic} ạ.",
    ),
}
_RELEASE = {
    "en": (
        "It is out! It is out!",
        "Finally here, what a day",
        "Who else is downloading it now?",
        "The new version is here: {link}",
        "It is out, go go go {link}",
        "I waited two years for this",
    ),
    "vi": (
        "Ra rồi! Ra rồi mọi người ơi!",
        "Cuối cùng cũng ra, vui quá",
        "Có ai đang tải về không?",
        "Bản mới đây nè: {link}",
        "Ra rồi, vào lẹ lẹ {link}",
        "Mình đợi hai năm rồi đó",
    ),
}
_MOVED = {
    "en": (
        "Our old server closes, so here we are. I write about {topic}.",
        "Moved over with the others, hello! Anybody into {topic}?",
        "New server, same me. Still {topic}.",
    ),
    "vi": (
        "Máy chủ cũ đóng nên tụi mình qua đây. Mình hay viết về {topic}.",
        "Mình chuyển nhà cùng cả nhóm, chào mọi người! Ai thích {topic} không?",
        "Máy chủ mới, mình vẫn vậy, vẫn {topic}.",
    ),
}
_PARODY = {
    "en": (
        "As the totally real {name} (parody!) I hereby rule that every Monday is a Sunday.",
        "Parody account here. {name} would never say this, and that is the joke.",
    ),
    "vi": (
        "Với tư cách {name} (nhại thôi nhé!) tôi tuyên bố thứ hai cũng là chủ nhật.",
        "Tài khoản nhại cho vui thôi ạ. {name} thật không bao giờ nói vậy đâu.",
    ),
}
_LIVE = {
    "en": (
        *("Goal!", "No way", "Offside, clearly", "What a pass", "Ref!!", "Half time", "Again him"),
        *("So close", "I cannot look", "Extra time!", "Yes yes yes", "Saved!", "Ouch"),
    ),
    "vi": (
        *("Vào rồi!", "Trời ơi", "Việt vị rõ ràng", "Chuyền đẹp", "Trọng tài!!", "Hết hiệp một"),
        *("Suýt nữa", "Không dám nhìn", "Hiệp phụ!", "Vào vào vào", "Cản được!", "Ui đau"),
    ),
}
# As many share one of these as in real life: a given name is nobody's own.
_COMMON = {"en": ("Anna", "Lukas", "Maria"), "vi": ("Minh Anh", "Thu Hà", "Tuấn Anh")}
STUDENTS, EXCITED, MOVERS, WATCHERS, NAMESAKES = 16, 14, 12, 26, 6


def students(world: World, at: int) -> list[Draft]:
    """A course joins together with names its school made, and each asks one question."""
    rng = world.rng
    year, lang = rng.randrange(18, 30), rng.choice(("en", "vi"))
    topics = world.speakers[lang].language.slots["topic"]
    numbers = rng.sample(range(1000, 10_000), STUDENTS)
    moments = world.steps(at, STUDENTS, 5 * clock.SECOND, 30 * clock.SECOND)
    drafts = []
    for moment, number in zip(moments, numbers, strict=True):
        student = world.fresh(moment, name=f"student{year}{number}", lang=lang)
        drafts.append(Draft(moment, "help", student, type="member.joined"))
        asks = moment + rng.randrange(2 * clock.MINUTE, 20 * clock.MINUTE)
        text = rng.choice(_ASSIGNMENT[lang]).format(topic=rng.choice(topics))
        drafts.append(Draft(asks, "help", student, text))
    return _named(drafts, "students")


def release_day(world: World, at: int) -> list[Draft]:
    """A game comes out: old and new members pour in and say the same, many with the same link."""
    rng = world.rng
    link = "https://island-game.example/download"
    people = [*world.old_members(EXCITED // 2)]
    people += [world.fresh(at) for _ in range(EXCITED - len(people))]
    rng.shuffle(people)
    drafts = []
    moments = world.steps(at, EXCITED, 5 * clock.SECOND, 90 * clock.SECOND)
    for moment, who in zip(moments, people, strict=True):
        drafts.append(Draft(moment, "games", who, type="member.joined"))
        line = rng.choice(_RELEASE[who.lang])
        links = ((link, None),) if "{link}" in line else ()
        said = moment + rng.randrange(5 * clock.SECOND, 5 * clock.MINUTE)
        drafts.append(Draft(said, "games", who, line.format(link=link), links))
    return _named(drafts, "release-day")


def movers(world: World, at: int) -> list[Draft]:
    """A small server closes and its people come from a new one: twin of the server flood."""
    rng = world.rng
    server = Server("new-harbour.example", at - 5 * clock.DAY)
    drafts = []
    for moment in world.steps(at, MOVERS, 20 * clock.SECOND, 3 * clock.MINUTE):
        who = world.fresh(moment)
        topics = world.speakers[who.lang].language.slots["topic"]
        text = rng.choice(_MOVED[who.lang]).format(topic=rng.choice(topics))
        drafts.append(Draft(moment, "general", who, text, server=server))
    return _named(drafts, "movers")


def parody(world: World, at: int) -> list[Draft]:
    """An account that plays the admin and says so in its name and in each post."""
    name = world.admin.name
    who = world.person(at - 6 * clock.DAY, name=f"{name} (parody)")
    moments = world.steps(at, 2, 5 * clock.MINUTE, 60 * clock.MINUTE)
    lines = (line.format(name=name) for line in _PARODY[who.lang])
    drafts = [
        Draft(moment, "general", who, line) for moment, line in zip(moments, lines, strict=True)
    ]
    return _named(drafts, "parody")


def namesakes(world: World, at: int) -> list[Draft]:
    """People who bear one common name join within the hour and introduce themselves; some of the
    Vietnamese leave the marks out.
    """
    rng = world.rng
    lang = rng.choice(("en", "vi"))
    name = rng.choice(_COMMON[lang])
    plain = {"Thu Hà": "Thu Ha", "Tuấn Anh": "Tuan Anh"}.get(name, name)
    drafts = []
    for moment in world.steps(at, NAMESAKES, 3 * clock.MINUTE, 9 * clock.MINUTE):
        called = rng.choice((name, name, plain, f"{name} {rng.randrange(80, 100)}"))
        who = world.fresh(moment, name=called, lang=lang)
        drafts.append(Draft(moment, "general", who, type="member.joined"))
        hello = moment + rng.randrange(clock.MINUTE, 4 * clock.MINUTE)
        drafts.append(Draft(hello, "general", who, world.say(who, "introductions")))
    return _named(drafts, "namesakes")


def live_thread(world: World, at: int) -> list[Draft]:
    """A match on the evening: members and a few newcomers shout in one room, some of them often."""
    rng = world.rng
    people = [*world.old_members(7), world.fresh(at), world.fresh(at)]
    drafts = []
    for moment in world.steps(at, WATCHERS, clock.SECOND, 20 * clock.SECOND):
        who = rng.choice(people)
        drafts.append(Draft(moment, "games", who, rng.choice(_LIVE[who.lang])))
    return _named(drafts, "live-thread")


def _named(drafts: list[Draft], campaign: str) -> list[Draft]:
    return [replace(each, campaign=campaign) for each in drafts]


# Small ones first: a short run takes as many as fit.
CROWDS: Mapping[str, Campaign] = {
    "parody": parody,
    "namesakes": namesakes,
    "movers": movers,
    "live-thread": live_thread,
    "release-day": release_day,
    "students": students,
}
CROWDS_OF: Mapping[str, tuple[str, ...]] = {
    "member-lookalike": ("namesakes", "parody"),
    "registrations": ("students",),
    "server-flood": ("movers",),
    "chaff-wave": ("live-thread", "release-day"),
}
