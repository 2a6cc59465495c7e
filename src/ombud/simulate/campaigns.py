"""What goes wrong in the simulated community: one function per campaign, with its truth.

Each takes the world and an instant and returns the drafts of one campaign, so that a new kind is
one more function and one more line in `CAMPAIGNS`. This module must never use a text that is not
made up, nor an address outside the reserved names.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

from ombud import clock
from ombud.simulate.world import Draft, World

Campaign = Callable[[World, int], list[Draft]]

_SPAM_SITES = ("cheap-bags.example", "bonus-now.invalid", "best-deal.test", "fast-loan.invalid")
_PITCHES = {
    "en": (
        "Bags and watches, {percent} percent off, only today! {one} or {two}",
        "I earn {percent} a day from home, look: {one} and here {two}",
        "LAST CHANCE {one} free gift for the first {percent} people {two}",
        "Friends, money in {percent} minutes, no questions: {one} {two}",
        "You will not believe this price >> {one} << more at {two}",
    ),
    "vi": (
        "Túi và đồng hồ giảm {percent} phần trăm chỉ hôm nay! {one} hoặc {two}",
        "Mình ngồi nhà kiếm {percent} mỗi ngày, xem nè: {one} và {two}",
        "CƠ HỘI CUỐI {one} tặng quà cho {percent} người đầu tiên {two}",
        "Vay tiền trong {percent} phút, không hỏi gì hết: {one} {two}",
        "Giá này không tin nổi >> {one} << còn nữa ở {two}",
    ),
}
_REPEATED = {
    "en": (
        (
            "My cousin paid all debts in one week with this simple trick. "
            "Write to me and I will tell you the secret, places are few."
        ),
        (
            "I got a new phone for nothing and so can you. Only today, only here, "
            "just ask me in this room and be quick."
        ),
    ),
    "vi": (
        (
            "Anh họ mình trả hết nợ trong một tuần nhờ mẹo này. "
            "Nhắn mình để biết bí mật nhé, chỉ còn vài suất thôi."
        ),
        (
            "Mình được điện thoại mới không mất đồng nào, bạn cũng được. "
            "Chỉ hôm nay, chỉ ở đây, nhắn mình nhanh tay nhé."
        ),
    ),
}
_SHOUTS = {
    "en": (
        "look at me",
        "hello hello",
        "first",
        "haha",
        "who is here",
        "boring",
        "wake up",
        "again",
    ),
    "vi": ("nhìn nè", "alo alo", "đầu tiên", "haha", "có ai không", "chán quá", "dậy đi", "nữa nè"),
}
_PRETENCES = {
    "en": (
        "This is the captain. Your account will be closed unless you confirm it at {link}",
        "As the admin here I need your password for a check, send it to me in this room.",
    ),
    "vi": (
        "Quản trị đây. Tài khoản của bạn sẽ bị đóng nếu không xác nhận tại {link}",
        "Mình là quản trị, cần mật khẩu của bạn để kiểm tra, gửi vào phòng này nhé.",
    ),
}
_CALLS = {
    "en": "{names} you have all won, collect it at {link}",
    "vi": "{names} các bạn đều trúng thưởng, nhận tại {link}",
}
_RAID_STEMS = ("partyfox", "nightowl", "sugarwolf", "rocketduck", "neonturtle")
REPLACEABLE = frozenset("aeopcx")  # Latin letters with a Cyrillic one of the same look
_CYRILLIC = str.maketrans("aeopcx", "аеорсх")
_ZERO_WIDTH = "\u200b"

_INSULTS = {
    "en": (
        "Nobody asked you, you soggy biscuit.",
        "Stop talking, you burnt pancake.",
        "I have met turnips with more sense than you.",
        "Every word of yours makes this room worse. Leave.",
        "Please log off for good, you leaky bucket.",
        "Go and bother your own cupboard, you squeaky hinge.",
        "Even my kettle thinks before it whistles. You do not.",
        "We are laughing at you, not with you.",
        "You should be ashamed of this, you crooked spoon.",
        "You again! All smoke and never any fire, you wet match.",
        "How can one person be so wrong? Typical of you, dusty sock.",
        "Delete this and yourself from the room, stale crumb.",
    ),
    "vi": (
        "Chẳng ai hỏi bạn đâu, đồ bánh quy ỉu.",
        "Thôi đừng viết nữa, đồ bánh xèo cháy.",
        "Củ khoai còn khôn hơn bạn.",
        "Cứ mỗi lần bạn viết là cả phòng tệ đi. Đi chỗ khác giùm.",
        "Làm ơn nghỉ luôn đi, đồ cái xô thủng.",
        "Về mà làm phiền cái tủ nhà bạn, đồ bản lề cót két.",
        "Ấm nước nhà tôi còn biết nghĩ trước khi kêu, bạn thì không.",
        "Mọi người cười bạn chứ có ai cười cùng bạn đâu.",
        "Viết thế mà không biết xấu hổ, đồ thìa cong.",
        "Lại là bạn! Toàn khói chẳng có lửa, đồ que diêm ướt.",
        "Sao có người sai đến thế nhỉ? Đúng là đồ tất bụi.",
        "Xóa bài rồi ra khỏi phòng luôn đi, đồ vụn bánh mì.",
    ),
}

WAVE, REPEATERS, SHOUTS, RAIDERS, CALLED = 6, 4, 13, 24, 9
INSULTERS, NEW_INSULTERS = 9, 3


def link_wave(world: World, at: int) -> list[Draft]:
    """Fresh accounts push links, each text a variation of a few pitches."""
    rng = world.rng
    site = rng.choice(_SPAM_SITES)
    drafts = []
    for moment in world.steps(at, WAVE, 20 * clock.SECOND, 6 * clock.MINUTE):
        author = world.fresh(moment)
        one, two = (f"http://{site}/{rng.choice('abcdefgh')}{rng.randrange(10**4)}" for _ in "12")
        pitch = rng.choice(_PITCHES[author.lang])
        text = _varied(world, pitch).format(percent=rng.randrange(20, 95), one=one, two=two)
        shown = None if rng.random() < 0.7 else "https://library.example"
        links = ((one, shown), (two, None))
        room = world.room()
        drafts.append(Draft(moment, room, author, text, links, truth="spam", campaign="link-wave"))
    return drafts


def _varied(world: World, pitch: str) -> str:
    """The pitch as somebody writes it who wants no two to be equal; the slots stay whole."""
    rng = world.rng
    words = pitch.split(" ")
    plain = [index for index, word in enumerate(words) if "{" not in word and len(word) > 3]
    chosen = rng.choice(plain)
    way = rng.randrange(4)
    if way == 0:
        words[chosen] = words[chosen].upper()
    elif way == 1:
        words[chosen] = words[chosen][:2] + _ZERO_WIDTH + words[chosen][2:]
    elif way == 2:
        words[chosen] = words[chosen].translate(_CYRILLIC)
    return " ".join(words) + rng.choice(
        (" !!!", " \U0001f525", " \U0001f4b0\U0001f4b0", " ...", "")
    )


def repeated_text(world: World, at: int) -> list[Draft]:
    """Several fresh accounts say the same, word for word but for case and space."""
    rng = world.rng
    lang = rng.choice(("en", "vi"))
    text = rng.choice(_REPEATED[lang])
    drafts = []
    for moment in world.steps(at, REPEATERS, clock.MINUTE, 8 * clock.MINUTE):
        written = rng.choice((text, text, text.upper(), text.replace(" ", "  ")))
        author, room = world.fresh(moment, lang=lang), world.room()
        drafts.append(Draft(moment, room, author, written, truth="spam", campaign="repeated-text"))
    return drafts


def newcomer_flood(world: World, at: int) -> list[Draft]:
    """One fresh account fills a room with many short posts within a minute."""
    author, room = world.fresh(at), world.room()
    shouts = _SHOUTS[author.lang]
    return [
        Draft(
            moment,
            room,
            author,
            f"{world.rng.choice(shouts)} {world.rng.randrange(100)}",
            truth="flood",
            campaign="newcomer-flood",
        )
        for moment in world.steps(at, SHOUTS, 2 * clock.SECOND, 4 * clock.SECOND)
    ]


def join_raid(world: World, at: int) -> list[Draft]:
    """Fresh accounts with almost the same name pour into one room within ten minutes."""
    rng = world.rng
    stem, room = rng.choice(_RAID_STEMS), world.room()
    numbers = rng.sample(range(100, 1000), RAIDERS)
    moments = world.steps(at, RAIDERS, 3 * clock.SECOND, 25 * clock.SECOND)
    return [
        Draft(
            moment,
            room,
            world.fresh(moment, name=f"{stem}{number}"),
            type="member.joined",
            truth="flood",
            campaign="join-raid",
        )
        for moment, number in zip(moments, numbers, strict=True)
    ]


def staff_lookalike(world: World, at: int) -> list[Draft]:
    """An account takes the admin's name in letters that only look the same, and gives orders."""
    rng = world.rng
    author = world.fresh(at, name=look_alike(world, world.admin.name))
    link = f"http://{rng.choice(_SPAM_SITES)}/confirm"
    moments = world.steps(at, 3, 30 * clock.SECOND, 10 * clock.MINUTE)
    drafts = [Draft(moments[0], "general", author, type="account.updated")]
    for moment, pretence in zip(moments[1:], _PRETENCES[author.lang], strict=True):
        links = ((link, None),) if "{link}" in pretence else ()
        drafts.append(Draft(moment, world.room(), author, pretence.format(link=link), links))
    return [_with_truth(each, "impersonation", "staff-lookalike") for each in drafts]


def look_alike(world: World, name: str) -> str:
    """The name with at least one Latin letter replaced by a Cyrillic one of the same look."""
    replaceable = [index for index, letter in enumerate(name) if ord(letter) in _CYRILLIC]
    chosen = world.rng.sample(replaceable, world.rng.randint(1, len(replaceable)))
    return "".join(
        letter.translate(_CYRILLIC) if index in chosen else letter
        for index, letter in enumerate(name)
    )


def mention_spam(world: World, at: int) -> list[Draft]:
    """A fresh account calls many members by name, twice, to make them open a link."""
    rng = world.rng
    author, room = world.fresh(at), world.room()
    drafts = []
    for moment in world.steps(at, 2, clock.MINUTE, 20 * clock.MINUTE):
        called = tuple(rng.sample(world.members, CALLED))
        link = f"http://{rng.choice(_SPAM_SITES)}/prize{rng.randrange(10**4)}"
        names = " ".join(f"@{each.name}" for each in called)
        text = _CALLS[author.lang].format(names=names, link=link)
        draft = Draft(moment, room, author, text, ((link, None),), called)
        drafts.append(_with_truth(draft, "spam", "mention-spam"))
    return drafts


def dogpile(world: World, at: int) -> list[Draft]:
    """Within an hour many accounts, old and new, insult one member under an ordinary post.

    That post is part of no campaign, and benign.
    """
    rng = world.rng
    lang = rng.choice(("en", "vi"))
    room = world.room()
    target, *old = world.old_members(INSULTERS - NEW_INSULTERS + 1, lang)
    moments = world.steps(at, INSULTERS + 1, 30 * clock.SECOND, 6 * clock.MINUTE)
    post = Draft(moments[0], room, target, world.say(target, room))
    insulters = [*old, *(world.fresh(at, lang=lang) for _ in range(NEW_INSULTERS))]
    rng.shuffle(insulters)
    drafts = [post]
    for moment, who, insult in zip(
        moments[1:], insulters, rng.sample(_INSULTS[lang], INSULTERS), strict=True
    ):
        draft = Draft(moment, room, who, insult, to=post)
        drafts.append(_with_truth(draft, "harassment", "dogpile"))
    return drafts


def _with_truth(draft: Draft, truth: str, campaign: str) -> Draft:
    return dataclasses.replace(draft, truth=truth, campaign=campaign)


# Small ones first: a short run takes as many as fit.
CAMPAIGNS: Mapping[str, Campaign] = {
    "mention-spam": mention_spam,
    "staff-lookalike": staff_lookalike,
    "repeated-text": repeated_text,
    "link-wave": link_wave,
    "dogpile": dogpile,
    "newcomer-flood": newcomer_flood,
    "join-raid": join_raid,
}
