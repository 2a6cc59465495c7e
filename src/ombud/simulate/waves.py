"""More of what goes wrong, for the measurements: floods by invitation, by name, by server, and who
knows what rules look for.

One function per campaign, as in `campaigns`; the demonstration does not show these. This module
must never use a text that is not made up. Addresses are of reserved names; invitations alone stand
under a real service, and lead to rooms of servers that cannot exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ombud import clock
from ombud.simulate.campaigns import REPLACEABLE, Campaign, look_alike
from ombud.simulate.variation import edited
from ombud.simulate.world import ROOMS, Draft, Person, Server, World

_INVITING = {
    "en": (
        "Come over to us, much nicer there: {link}",
        "We talk about coins all night, join {link}",
        "Private room, free tips every hour {link}",
        "{link} only twenty places left, be quick",
    ),
    "vi": (
        "Qua bên này chơi vui hơn nhiều: {link}",
        "Tụi mình bàn chuyện tiền xu cả đêm, vào {link}",
        "Phòng kín, mỗi giờ một mẹo miễn phí {link}",
        "{link} chỉ còn hai mươi chỗ, nhanh tay nhé",
    ),
}
_OFFER = {
    "en": (
        "Our teacher turned small savings into a house within one spring and now shows ten people "
        "how it is done, free of charge, if you write to him before the weekend begins"
    ),
    "vi": (
        "Thầy của tụi mình biến tiền tiết kiệm nhỏ thành căn nhà chỉ trong một mùa xuân và giờ chỉ "
        "cho mười người cách làm, không lấy đồng nào, ai nhắn trước cuối tuần thì được"
    ),
}
_LENT = {
    "en": (
        "It is me, {name}. I lost my purse, can somebody send me a little until Monday?",
        "Please help quickly, write to this account, the old one does not work any more.",
    ),
    "vi": (
        "{name} đây, mình mất ví rồi, ai cho mình mượn một ít tới thứ hai được không?",
        "Giúp mình gấp với, nhắn vào nick này nhé, nick cũ không vào được nữa.",
    ),
}
_SLOW = {
    "en": (
        "By the way, the tea that cured my knees is at {link}",
        "Somebody asked about knees: {link} helped us",
        "Old knees? {link}",
        "My mother walks again since {link}",
    ),
    "vi": (
        "Tiện thể, trà chữa đau gối nhà mình uống ở {link}",
        "Có bạn hỏi đau gối: nhà mình nhờ {link}",
        "Đau gối lâu năm? {link}",
        "Mẹ mình đi lại được nhờ {link}",
    ),
}
_SPLIT = {
    "en": "The lottery office pays whoever writes today, here is the form {link} and tell others",
    "vi": "Phòng vé số trả thưởng cho ai nhắn hôm nay, mẫu đơn ở {link} và báo mọi người với",
}
_FEDERATED = {
    "en": "look what I found {link} so cheap",
    "vi": "xem mình tìm được gì nè {link} rẻ lắm",
}
_NAME_STEMS = ("sunny_lotus", "quietriver", "moonpetal", "tinybadger")
INVITERS, REGISTERED, EDITORS, CHAFF, AFTER_CHAFF, SLOW, SPLIT = 10, 18, 10, 40, 6, 7, 10
SERVER_ACCOUNTS = 16


def invite_flood(world: World, at: int) -> list[Draft]:
    """Fresh accounts post one invitation, each in other words."""
    rng = world.rng
    link = f"https://matrix.to/#/#night{rng.randrange(1000)}:rooms.invalid"
    drafts = []
    for moment in world.steps(at, INVITERS, 20 * clock.SECOND, 4 * clock.MINUTE):
        author = world.fresh(moment)
        text = rng.choice(_INVITING[author.lang]).format(link=link)
        drafts.append(Draft(moment, world.room(), author, text, ((link, None),)))
    return _true(drafts, "spam", "invite-flood")


def registrations(world: World, at: int) -> list[Draft]:
    """Accounts of one name pattern register within minutes; each greets, then posts one link."""
    rng = world.rng
    stem, site = rng.choice(_NAME_STEMS), f"prize{rng.randrange(100)}.invalid"
    drafts = []
    for moment in world.steps(at, REGISTERED, 2 * clock.SECOND, 30 * clock.SECOND):
        name = f"{stem}{rng.randrange(1000, 10_000)}"
        author = world.person(moment, name)
        drafts.append(Draft(moment, "general", author, type="account.created"))
        greets, sells = world.steps(moment + clock.MINUTE, 2, clock.MINUTE, 40 * clock.MINUTE)
        if rng.random() < 0.5:
            link = f"http://{site}/{rng.randrange(10**4)}"
            hello = world.say(author, "introductions")
            drafts.append(Draft(greets, "general", author, hello))
            text = rng.choice(_INVITING[author.lang]).format(link=link)
            drafts.append(Draft(sells, world.room(), author, text, ((link, None),)))
    return _true(drafts, "spam", "registrations")


def server_flood(world: World, at: int) -> list[Draft]:
    """A server nobody knew sends many accounts with nearly the same post."""
    rng = world.rng
    server = Server(f"flood{rng.randrange(1000)}.invalid", at - 3 * clock.HOUR)
    drafts = []
    for moment in world.steps(at, SERVER_ACCOUNTS, clock.SECOND, 20 * clock.SECOND):
        author = world.fresh(moment)
        link = f"http://shop{rng.randrange(30)}.invalid/{rng.randrange(10**4)}"
        text = edited(rng, _FEDERATED[author.lang], author.lang).format(link=link)
        room = world.room()
        drafts.append(Draft(moment, room, author, text, ((link, None),), server=server))
    return _true(drafts, "spam", "server-flood")


def near_duplicates(world: World, at: int) -> list[Draft]:
    """Fresh accounts post one text without links, 5 to 20 % of its words changed each time."""
    lang = world.rng.choice(("en", "vi"))
    drafts = []
    for moment in world.steps(at, EDITORS, 30 * clock.SECOND, 5 * clock.MINUTE):
        text = edited(world.rng, _OFFER[lang], lang)
        drafts.append(Draft(moment, world.room(), world.fresh(moment, lang=lang), text))
    return _true(drafts, "spam", "near-duplicates")


def member_lookalike(world: World, at: int) -> list[Draft]:
    """An account takes the name of a member of long standing and asks others for money."""
    rng = world.rng
    lang = rng.choice(("en", "vi"))
    member = world.old_members(1, lang)[0]
    author = world.fresh(at, name=_nearly(world, member.name), lang=lang)
    moments = world.steps(at, 3, 2 * clock.MINUTE, 20 * clock.MINUTE)
    drafts = [Draft(moments[0], "general", author, type="member.joined")]
    for moment, line in zip(moments[1:], _LENT[lang], strict=True):
        drafts.append(Draft(moment, "general", author, line.format(name=member.name)))
    return _true(drafts, "impersonation", "member-lookalike")


def _nearly(world: World, name: str) -> str:
    """The name in letters that look the same, or with one of its letters twice."""
    if world.rng.random() < 0.5 and set(name) & REPLACEABLE:
        return look_alike(world, name)
    at = world.rng.randrange(1, len(name))
    return name[:at] + name[at - 1] + name[at:]


def chaff_wave(world: World, at: int) -> list[Draft]:
    """First many fresh accounts with a text of their own each, to fill what is counted; among and
    after them the wave proper, one text.
    """
    rng = world.rng
    lang = rng.choice(("en", "vi"))
    moments = world.steps(at, CHAFF, clock.SECOND, 40 * clock.SECOND)
    drafts = []
    for moment in moments:
        noise = " ".join(f"{rng.getrandbits(30):x}" for _ in range(rng.randrange(6, 14)))
        drafts.append(Draft(moment, world.room(), world.fresh(moment, lang=lang), noise))
    wave = world.steps(moments[CHAFF // 2], AFTER_CHAFF, clock.MINUTE, 5 * clock.MINUTE)
    for moment in wave:
        author = world.fresh(moment, lang=lang)
        drafts.append(Draft(moment, world.room(), author, _OFFER[lang]))
    return _true(drafts, "spam", "chaff-wave")


def slow_spammer(world: World, at: int) -> list[Draft]:
    """A few accounts that were kept aside say something harmless, then post one site in other
    words, hours apart: no first posts, and under every rate.
    """
    rng = world.rng
    lang = rng.choice(("en", "vi"))
    site = f"knees{rng.randrange(1000)}.invalid"
    people = [world.person(at - 12 * clock.DAY, lang=lang) for _ in range(3)]
    room = (world.end - at) // (SLOW + 1)
    warm, *moments = world.steps(at, SLOW + 1, room // 2, room)
    drafts = []
    for turn, moment in enumerate(moments):
        link = f"https://{site}/{rng.randrange(10**4)}"
        text = rng.choice(_SLOW[lang]).format(link=link)
        drafts.append(Draft(moment, world.room(), people[turn % 3], text, ((link, None),)))
    before = [_harmless(world, warm + rng.randrange(clock.HOUR), who) for who in people]
    return [*before, *_true(drafts, "spam", "slow-spammer")]


def split_campaign(world: World, at: int) -> list[Draft]:
    """One campaign over all rooms and both languages, another site for each few posts, by accounts
    half of which said something harmless before.
    """
    rng = world.rng
    rooms = [rng.choice(tuple(ROOMS)) for _ in range(SPLIT)]
    drafts, before = [], []
    moments = world.steps(at + clock.HOUR, SPLIT, clock.MINUTE, 5 * clock.MINUTE)
    for turn, (moment, room) in enumerate(zip(moments, rooms, strict=True)):
        lang = ("en", "vi")[turn % 2]
        link = f"http://lottery{turn // 3}.invalid/{rng.randrange(10**4)}"
        text = edited(rng, _SPLIT[lang], lang).format(link=link)
        author = world.person(at - world.rng.randrange(clock.DAY), lang=lang)
        if turn % 4 < 2:
            before.append(_harmless(world, at + rng.randrange(clock.HOUR // 2), author))
        drafts.append(Draft(moment, room, author, text, ((link, None),)))
    return [*before, *_true(drafts, "spam", "split-campaign")]


def _harmless(world: World, at: int, who: Person) -> Draft:
    """What warms an account up: part of no campaign, and benign by its own content."""
    room = world.room()
    return Draft(at, room, who, world.say(who, room))


def _true(drafts: list[Draft], truth: str, campaign: str) -> list[Draft]:
    return [replace(each, truth=truth, campaign=campaign) for each in drafts]


# Small ones first: a short run takes as many as fit.
WAVES: Mapping[str, Campaign] = {
    "member-lookalike": member_lookalike,
    "slow-spammer": slow_spammer,
    "near-duplicates": near_duplicates,
    "split-campaign": split_campaign,
    "invite-flood": invite_flood,
    "server-flood": server_flood,
    "registrations": registrations,
    "chaff-wave": chaff_wave,
}
