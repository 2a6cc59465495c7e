"""What honest people say alike: songs, headlines, slogans, quotes, templates; and what they post
that looks like spam. For the measurements.

Twins of repeated text, links and private data. This module must never use a text or an address
that is not made up, nor a phone number that can be in use.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ombud import clock
from ombud.simulate.campaigns import Campaign
from ombud.simulate.variation import edited
from ombud.simulate.world import Draft, Person, World

_SONGS = {
    "en": (
        "Row the lantern over the river, sing it slowly, sing it again",
        "And the harbour light is my old friend, it never asks where I have been",
    ),
    "vi": (
        "Thả chiếc đèn qua sông, hát chậm thôi, rồi hát lại từ đầu",
        "Ngọn đèn bến cảng là bạn cũ của tôi, chẳng hỏi tôi đã đi những đâu",
    ),
}
_HEADLINES = {
    "en": (
        "Ferry strike ends after nine days, first boats leave tomorrow morning {link}",
        "Flood warning for the lower town lifted, schools open again on Monday {link}",
    ),
    "vi": (
        "Hết đình công phà sau chín ngày, chuyến đầu rời bến sáng mai {link}",
        "Bỏ cảnh báo ngập khu phố dưới, thứ hai trường học mở lại {link}",
    ),
}
_SLOGANS = {
    "en": "No road through the meadow! Sunday at ten on the town square, bring your children!",
    "vi": "Không làm đường qua cánh đồng! Mười giờ chủ nhật ở quảng trường, dắt theo các cháu nhé!",
}
_TRADES = {
    "en": "[WTS] {thing}, used, good condition. Price: {price}. Pick up near the {place}. "
    "Write to me in this room.",
    "vi": "[BÁN] {thing}, đã dùng, còn tốt. Giá: {price}. Lấy gần {place}. "
    "Nhắn mình trong phòng này nhé.",
}
_WARNED = {
    "en": "Careful, all of you, this is going around and it is a fraud, do not answer: “{said}”",
    "vi": "Mọi người cẩn thận, tin này đang lan truyền và là lừa đảo, đừng trả lời: “{said}”",
}
_GOING_AROUND = {
    "en": "My cousin paid all debts in one week with this simple trick. "
    "Write to me and I will tell you the secret, places are few.",
    "vi": "Anh họ mình trả hết nợ trong một tuần nhờ mẹo này. "
    "Nhắn mình để biết bí mật nhé, chỉ còn vài suất thôi.",
}
_SHOPS = {
    "en": "Our little bicycle workshop is open again, Tuesday to Saturday. Phone 555-010{digit}, "
    "ask for {name}.",
    "vi": "Tiệm sửa xe nhỏ của mình mở lại rồi, thứ ba tới thứ bảy. Gọi 0000 000 00{digit}, "
    "gặp {name} nhé.",
}
_CLUB = {
    "en": ("Our reading club has a room of its own now: {link}", "Join us there: {link}"),
    "vi": ("Câu lạc bộ đọc sách có phòng riêng rồi: {link}", "Vào đây với tụi mình: {link}"),
}
_ASKED = {
    "en": (
        "Hello, I am new and stuck with my {device}. I followed {link} and it still does not start."
    ),
    "vi": "Chào cả nhà, mình mới vào, {device} bị hỏng. Mình làm theo {link} mà vẫn không lên.",
}
SINGERS, READERS, MARCHERS, TRADERS, QUOTERS, ASKERS = 7, 7, 9, 6, 5, 4
NEW = 2  # of those who say the same are new here


def song(world: World, at: int) -> list[Draft]:
    """Members sing along, one line each from a song everybody knows."""
    lang = world.rng.choice(("en", "vi"))
    lines = [world.rng.choice(_SONGS[lang]) for _ in range(SINGERS)]
    return _alike(world, at, "song", lang, lines)


def headline(world: World, at: int) -> list[Draft]:
    """Many share the same piece of news with its address."""
    lang = world.rng.choice(("en", "vi"))
    link = f"https://riverside-news.example/{world.rng.randrange(10**4)}"
    text = world.rng.choice(_HEADLINES[lang]).format(link=link)
    return _alike(world, at, "headline", lang, [text] * READERS, link)


def slogan(world: World, at: int) -> list[Draft]:
    """A protest is called for in the same words, some of them changed, by old and new members."""
    lang = world.rng.choice(("en", "vi"))
    said = _SLOGANS[lang]
    lines = [
        said if world.rng.random() < 0.5 else edited(world.rng, said, lang) for _ in range(MARCHERS)
    ]
    return _alike(world, at, "slogan", lang, lines)


def trade(world: World, at: int) -> list[Draft]:
    """Members offer things by the market's template, which the rules of the room ask for."""
    lang = world.rng.choice(("en", "vi"))
    slots = world.speakers[lang].language.slots
    lines = [
        _TRADES[lang].format(
            thing=world.rng.choice(slots["thing"]),
            price=world.rng.randrange(5, 90),
            place=world.rng.choice(slots["place"]),
        )
        for _ in range(TRADERS)
    ]
    return _alike(world, at, "trade", lang, lines)


def warning(world: World, at: int) -> list[Draft]:
    """Members quote a fraud word for word to warn of it."""
    lang = world.rng.choice(("en", "vi"))
    text = _WARNED[lang].format(said=_GOING_AROUND[lang])
    return _alike(world, at, "warning", lang, [text] * QUOTERS)


def shop(world: World, at: int) -> list[Draft]:
    """A member writes the number of their own shop, three times over the day."""
    who = world.regulars()[0]
    text = _SHOPS[who.lang].format(digit=world.rng.randrange(10), name=who.name)
    gap = max(1, (world.end - at) // 4)
    moments = world.steps(at, 3, gap // 2 + 1, gap + 1)
    return _named([Draft(moment, world.room(), who, text) for moment in moments], "shop")


def club(world: World, at: int) -> list[Draft]:
    """A member of long standing invites to the club's own room: twin of the invite flood."""
    who = world.regulars()[0]
    link = "https://matrix.to/#/#reading-club:riverside.example"
    moments = world.steps(at, 2, 10 * clock.MINUTE, 90 * clock.MINUTE)
    lines = (line.format(link=link) for line in _CLUB[who.lang])
    drafts = [
        Draft(moment, room, who, line, ((link, None),))
        for moment, room, line in zip(moments, ("general", "help"), lines, strict=True)
    ]
    return _named(drafts, "club")


def question(world: World, at: int) -> list[Draft]:
    """Newcomers whose first post asks for help and holds a link: what a rule about first posts
    with links touches by design.
    """
    drafts = []
    for moment in world.steps(at, ASKERS, 5 * clock.MINUTE, 20 * clock.MINUTE):
        who, link = world.fresh(moment), world.link()
        device = world.rng.choice(world.speakers[who.lang].language.slots["device"])
        text = _ASKED[who.lang].format(device=device, link=link)
        drafts.append(Draft(moment, "help", who, text, ((link, None),)))
    return _named(drafts, "question")


def _alike(
    world: World, at: int, twin: str, lang: str, lines: list[str], link: str | None = None
) -> list[Draft]:
    """Each line by somebody else, within the hour; NEW of them are new here."""
    people: list[Person] = world.old_members(len(lines) - NEW, lang)
    people += [world.fresh(at, lang=lang) for _ in range(NEW)]
    world.rng.shuffle(people)
    links = ((link, None),) if link else ()
    moments = world.steps(at, len(lines), 30 * clock.SECOND, 6 * clock.MINUTE)
    drafts = [
        Draft(moment, world.room(), who, line, links)
        for moment, who, line in zip(moments, people, lines, strict=True)
    ]
    return _named(drafts, twin)


def _named(drafts: list[Draft], campaign: str) -> list[Draft]:
    return [replace(each, campaign=campaign) for each in drafts]


# Small ones first: a short run takes as many as fit.
SAYINGS: Mapping[str, Campaign] = {
    "club": club,
    "shop": shop,
    "question": question,
    "warning": warning,
    "trade": trade,
    "song": song,
    "headline": headline,
    "slogan": slogan,
}
SAYINGS_OF: Mapping[str, tuple[str, ...]] = {
    "near-duplicates": ("slogan", "song", "trade", "warning"),
    "split-campaign": ("headline", "question"),
    "slow-spammer": ("shop",),
    "invite-flood": ("club",),
}
