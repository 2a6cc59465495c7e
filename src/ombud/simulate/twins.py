"""The honest twins of the campaigns: what looks like harm and is none.

One function per twin, as in `campaigns`; the truth of all of them is benign. A rule that catches a
campaign and touches its twin as well is not finished. `TWINS_OF` says whose twin each of them is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ombud import clock
from ombud.simulate import adaptive
from ombud.simulate.gatherings import argument, cheers, memorial, signatures, welcome
from ombud.simulate.world import ROOMS, Draft, World

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ombud.simulate.campaigns import Campaign

_ANNOUNCEMENTS = {
    "en": (
        (
            "The summer fair is on Saturday at the community centre, doors open at ten. "
            "Everything stands at {link}, please bring a cup."
        ),
        (
            "We plant trees by the old bridge on Sunday and need hands and spades. "
            "Times and places: {link}, children are welcome."
        ),
    ),
    "vi": (
        (
            "Hội chợ hè tổ chức thứ bảy ở nhà văn hóa, mười giờ mở cửa. "
            "Chi tiết ở {link}, mọi người nhớ mang theo ly nhé."
        ),
        (
            "Chủ nhật này trồng cây bên cầu cũ, cần người và cần xẻng. "
            "Giờ và chỗ hẹn: {link}, trẻ em đi cùng càng vui."
        ),
    ),
}
_PETITIONS = {
    "en": (
        "The library must stay open on Sundays. I signed, please sign as well: {link}",
        "Keep the swimming lessons for children free. Sign with us here: {link}",
    ),
    "vi": (
        "Xin giữ thư viện mở cửa ngày chủ nhật. Mình ký rồi, mọi người ký với: {link}",
        "Hãy giữ lớp bơi miễn phí cho trẻ em. Cùng ký tên ở đây nhé: {link}",
    ),
}
_GREETINGS = {
    "en": ("Good morning!", "good morning", "Good morning everyone!"),
    "vi": ("Chào buổi sáng!", "chào buổi sáng", "Chào buổi sáng cả nhà!"),
}
_FAN_POSTS = {
    "en": (
        "I am only a fan of {name} and not staff, I collect the best quotes.",
        "Fan page here, nothing official: {name} answered {count} questions this week!",
    ),
    "vi": (
        "Mình chỉ là người hâm mộ {name}, không phải quản trị, mình sưu tầm câu hay.",
        "Trang hâm mộ thôi ạ, không chính thức: tuần này {name} trả lời {count} câu hỏi!",
    ),
}
_LINES = {
    "en": ("What a save!", "Corner for us.", "{score} now!", "Rain is coming.", "Still {score}."),
    "vi": ("Cản phá hay quá!", "Phạt góc nè.", "{score} rồi!", "Trời sắp mưa.", "Vẫn {score}."),
}
_THANKS = {
    "en": "The fair was wonderful, thank you for your help {names}",
    "vi": "Hội chợ vui quá, cảm ơn mọi người đã giúp {names}",
}

_TIMETABLES = {
    "en": "Timetable: the ferry leaves at {hour}:15 all week. The whole table is at {link}",
    "vi": "Lịch chạy: cả tuần phà rời bến lúc {hour} giờ 15. Bảng đầy đủ ở {link}",
}
_TWO_PAGES = {
    "en": ("These two pages taught me {topic}: {one} and {two}", "Only the better one then: {one}"),
    "vi": (
        "Mình học {topic} nhờ hai trang này: {one} và {two}",
        "Vậy mình để trang hay hơn: {one}",
    ),
}
_STREAM_CHEERS = {
    "en": ("Encore!", "Bravo!", "What a voice!", "Wow", "Louder!", "Bravo, bravo!"),
    "vi": ("Hát lại đi!", "Hay quá!", "Giọng hay ghê!", "Ôi trời", "To lên!", "Hoan hô hoan hô!"),
}

GREETERS, VIEWERS, STREAM_CHEERS, LINES, TIMETABLES = 6, 24, 6, 8, 4


def announcement(world: World, at: int) -> list[Draft]:
    """A member of long standing tells several rooms the same: twin of the repeated text."""
    author = world.regulars()[0]
    link = "https://riverside-fair.example/program"
    text = world.rng.choice(_ANNOUNCEMENTS[author.lang]).format(link=link)
    rooms = world.rng.sample(tuple(ROOMS), 4)
    moments = world.steps(at, len(rooms), 30 * clock.SECOND, 3 * clock.MINUTE)
    return [
        Draft(moment, room, author, text, ((link, None),), campaign="announcement")
        for moment, room in zip(moments, rooms, strict=True)
    ]


def petition(world: World, at: int) -> list[Draft]:
    """Regulars repeat a petition they signed: twin of the repeated text."""
    lang = world.rng.choice(("en", "vi"))
    link = f"https://petition.example/{world.rng.randrange(100, 1000)}"
    text = world.rng.choice(_PETITIONS[lang]).format(link=link)
    signers = world.regulars(lang)
    moments = world.steps(at, len(signers), clock.MINUTE, 10 * clock.MINUTE)
    return [
        Draft(moment, world.room(), signer, text, ((link, None),), campaign="petition")
        for moment, signer in zip(moments, signers, strict=True)
    ]


def greetings(world: World, at: int) -> list[Draft]:
    """Old and new members wish each other a good morning: twin of the repeated text."""
    lang = world.rng.choice(("en", "vi"))
    at = world.morning(at)
    people = [*world.old_members(GREETERS - 1, lang), world.fresh(at, lang=lang)]
    moments = world.steps(at, GREETERS, 30 * clock.SECOND, 9 * clock.MINUTE)
    return [
        Draft(moment, "general", who, world.rng.choice(_GREETINGS[lang]), campaign="greetings")
        for moment, who in zip(moments, people, strict=True)
    ]


def popular_stream(world: World, at: int) -> list[Draft]:
    """Many old members join a room where something is on, and cheer: twin of the join raid."""
    joined = world.steps(at, VIEWERS, 3 * clock.SECOND, 22 * clock.SECOND)
    viewers = world.old_members(VIEWERS)
    shouted = world.steps(joined[-1] + clock.MINUTE, STREAM_CHEERS, clock.SECOND, clock.MINUTE)
    rng = world.rng
    return [
        *(
            Draft(moment, "music", viewer, type="member.joined", campaign="popular-stream")
            for moment, viewer in zip(joined, viewers, strict=True)
        ),
        *(
            Draft(
                moment,
                "music",
                viewer,
                rng.choice(_STREAM_CHEERS[viewer.lang]),
                campaign="popular-stream",
            )
            for moment, viewer in zip(shouted, rng.sample(viewers, STREAM_CHEERS), strict=True)
        ),
    ]


def fan_account(world: World, at: int) -> list[Draft]:
    """A new account that says in its name and posts that it is a fan: twin of the look-alike."""
    name = world.admin.name
    fan = world.person(at - 3 * clock.DAY, name=f"Fans of {name} (unofficial)")
    moments = world.steps(at, 3, clock.MINUTE, 30 * clock.MINUTE)
    drafts = [Draft(moments[0], "general", fan, type="account.updated", campaign="fan-account")]
    for moment, post in zip(moments[1:], _FAN_POSTS[fan.lang], strict=True):
        text = post.format(name=name, count=world.rng.randrange(5, 60))
        drafts.append(Draft(moment, "general", fan, text, campaign="fan-account"))
    return drafts


def polite_newcomer(world: World, at: int) -> list[Draft]:
    """A newcomer says hello and shares one link later on: twin of the link wave."""
    newcomer, room, link = world.fresh(at), world.room(), world.link()
    hello, later = world.steps(at, 2, 5 * clock.MINUTE, 60 * clock.MINUTE)
    shared = world.say(newcomer, "with_link", link=link)
    return [
        Draft(
            hello, room, newcomer, world.say(newcomer, "introductions"), campaign="polite-newcomer"
        ),
        Draft(later, room, newcomer, shared, ((link, None),), campaign="polite-newcomer"),
    ]


def live_commentary(world: World, at: int) -> list[Draft]:
    """A member of long standing follows a match, line by line: twin of the newcomer's flood."""
    author, rng = world.regulars()[0], world.rng
    drafts = []
    for moment in world.steps(at, LINES, 8 * clock.SECOND, 40 * clock.SECOND):
        score = f"{rng.randrange(5)}:{rng.randrange(5)}"
        text = rng.choice(_LINES[author.lang]).format(score=score)
        drafts.append(Draft(moment, "games", author, text, campaign="live-commentary"))
    return drafts


def thanks(world: World, at: int) -> list[Draft]:
    """A member of long standing thanks all helpers by name: twin of the mention spam."""
    author, *helpers = world.regulars()
    names = " ".join(f"@{each.name}" for each in helpers)
    text = _THANKS[author.lang].format(names=names)
    return [Draft(at, "general", author, text, mentions=tuple(helpers), campaign="thanks")]


def timetable(world: World, at: int) -> list[Draft]:
    """A bot that the admin allows tells several rooms the same: twin of the repeated text."""
    lang = world.rng.choice(("en", "vi"))
    link = "https://riverside-ferry.example/timetable"
    text = _TIMETABLES[lang].format(hour=world.rng.randrange(6, 20), link=link)
    rooms = world.rng.sample(tuple(ROOMS), TIMETABLES)
    moments = world.steps(at, TIMETABLES, clock.SECOND, 20 * clock.SECOND)
    return [
        Draft(moment, room, world.bot, text, ((link, None),), campaign="timetable")
        for moment, room in zip(moments, rooms, strict=True)
    ]


def second_try(world: World, at: int) -> list[Draft]:
    """A newcomer shares two links, then only one: twin of the spammer who reads notices."""
    newcomer, room, one, two = world.fresh(at), world.room(), world.link(), world.link()
    first, again = _TWO_PAGES[newcomer.lang]
    topic = world.rng.choice(world.speakers[newcomer.lang].language.slots["topic"])
    moments = world.steps(at, 2, 10 * clock.MINUTE, 60 * clock.MINUTE)
    said = first.format(topic=topic, one=one, two=two), again.format(one=one)
    shared = ((one, None), (two, None)), ((one, None),)
    return [
        Draft(moment, room, newcomer, text, links, campaign="second-try")
        for moment, text, links in zip(moments, said, shared, strict=True)
    ]


# Small ones first: a short run takes as many as fit.
TWINS: Mapping[str, Campaign] = {
    "thanks": thanks,
    "polite-newcomer": polite_newcomer,
    "second-try": second_try,
    "fan-account": fan_account,
    "announcement": announcement,
    "timetable": timetable,
    "petition": petition,
    "greetings": greetings,
    "welcome": welcome,
    "argument": argument,
    "signatures": signatures,
    "memorial": memorial,
    "live-commentary": live_commentary,
    "cheers": cheers,
    "popular-stream": popular_stream,
}
TWINS_OF: Mapping[str, tuple[str, ...]] = {
    "mention-spam": ("thanks", "welcome"),
    "staff-lookalike": ("fan-account",),
    "repeated-text": ("announcement", "timetable", "petition", "greetings", "signatures"),
    "link-wave": ("polite-newcomer", "second-try"),
    "dogpile": ("cheers", "argument", "signatures", "welcome", "memorial"),
    "newcomer-flood": ("live-commentary",),
    "join-raid": ("popular-stream",),
    adaptive.CAMPAIGN: ("second-try",),
}
