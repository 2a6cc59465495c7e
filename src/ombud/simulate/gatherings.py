"""Many people answer one member, and mean well: the honest twins of the dogpile.

As many replies in as short a time, by old and new accounts alike, in nearly the same words: what a
rule that only counts cannot tell from harassment. This module must never use a text that is not
made up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ombud import clock
from ombud.simulate.world import Draft, Person, World

if TYPE_CHECKING:
    from collections.abc import Sequence

_CHEERS = {
    "en": (
        "Bravo!",
        "Wonderful, {name}!",
        "You made my day, {name}.",
        "Post of the week!",
        "More of this, please!",
        "We love it!",
        "{name} for the win!",
        "I am your biggest fan, {name}.",
        "So good!",
        "Never stop, {name}!",
    ),
    "vi": (
        "Hoan hô!",
        "Tuyệt vời quá {name} ơi!",
        "Đọc xong vui cả ngày, cảm ơn {name}.",
        "Bài hay nhất tuần!",
        "Cho xin thêm nữa đi ạ!",
        "Thích quá trời!",
        "{name} số một!",
        "Hâm mộ {name} ghê luôn.",
        "Hay quá!",
        "Đừng dừng lại nhé {name}!",
    ),
}
_CLAIMS = {
    "en": "I still say that soup is salted at the very end, and I will not be moved.",
    "vi": "Mình vẫn nói canh phải nêm muối sau cùng, và mình không đổi ý đâu.",
}
_OBJECTIONS = {
    "en": (
        "I could not disagree more. Salt goes in first.",
        "That is simply wrong, and I have ruined enough pots to know.",
        "No, no and no! Taste it before you write such things.",
        "You bring this argument every time, and it never convinces anybody.",
        "Sorry, but that makes no sense to me at all.",
        "Strong words for somebody who boils it without a lid. Show me one recipe!",
        "Fine, I see your point about the beans. About the rest we stay enemies.",
    ),
    "vi": (
        "Mình hoàn toàn không đồng ý. Muối phải cho trước.",
        "Sai rồi, mình hỏng bao nhiêu nồi nên mình biết.",
        "Không, không và không! Nếm thử rồi hẵng viết như vậy.",
        "Lần nào bạn cũng nói thế mà có ai tin đâu.",
        "Xin lỗi chứ mình thấy vô lý hết sức.",
        "Nấu không đậy nắp mà nói mạnh ghê. Cho mình xem một công thức đi!",
        "Thôi được, chuyện hạt đậu thì bạn đúng. Còn lại vẫn cãi tiếp.",
    ),
}
_CAUSES = {
    "en": "The bus stop at the old bridge needs a roof. Sign here with your name, please!",
    "vi": "Trạm xe buýt ở cầu cũ cần mái che. Mọi người ký tên ở dưới giúp nhé!",
}
_SIGNATURES = {
    "en": ("I sign for the roof. {name}", "I sign for the roof too. {name}", "Signed, {name}"),
    "vi": ("Mình ký cho mái che. {name}", "Mình cũng ký cho mái che. {name}", "Đã ký, {name}"),
}
_WELCOMES = {
    "en": (
        "Welcome, {name}!",
        "Hello {name}, good to have you here.",
        "Hi {name}!",
        "Welcome {name}, make yourself at home.",
    ),
    "vi": (
        "Chào mừng {name}!",
        "Chào {name}, vui vì có bạn ở đây.",
        "Chào {name} nhé!",
        "Chào mừng {name}, cứ tự nhiên như ở nhà.",
    ),
}
_NEWS = {
    "en": "{name}, who kept our seed box for so many years, died last night. I miss our talks.",
    "vi": "{name}, người giữ hộp hạt giống bao năm nay, vừa mất đêm qua. Mình sẽ nhớ lắm.",
}
_CONDOLENCES = {
    "en": (
        "I am so sorry. We will miss {name}.",
        "We will miss you, {name}.",
        "Rest well, {name}.",
        "Thank you for everything, {name}.",
        "I can't believe it.",
    ),
    "vi": (
        "Buồn quá. Cả nhà sẽ nhớ {name} lắm.",
        "Sẽ nhớ bạn nhiều, {name}.",
        "Yên nghỉ nhé {name}.",
        "Cảm ơn {name} vì tất cả.",
        "Mình không tin nổi.",
    ),
}

CHEERING, NEW_FANS = 9, 3
OBJECTIONS, SIGNERS, WELCOMING, MOURNERS = 6, 6, 5, 6


def cheers(world: World, at: int) -> list[Draft]:
    """Fans old and new cheer under the post of a popular member."""
    lang, room = world.rng.choice(("en", "vi")), world.room()
    star, *old = world.old_members(CHEERING - NEW_FANS + 1, lang)
    fans = [*old, *(world.fresh(at, lang=lang) for _ in range(NEW_FANS))]
    world.rng.shuffle(fans)
    lines = [each.format(name=star.name) for each in world.rng.sample(_CHEERS[lang], CHEERING)]
    return _under(world, at, "cheers", room, star, world.say(star, room), fans, lines)


def argument(world: World, at: int) -> list[Draft]:
    """A few members disagree with one of them, warmly and about the matter."""
    lang = world.rng.choice(("en", "vi"))
    stubborn, *others = world.old_members(OBJECTIONS // 2 + 1, lang)
    lines = world.rng.sample(_OBJECTIONS[lang], OBJECTIONS)
    return _under(world, at, "argument", "kitchen", stubborn, _CLAIMS[lang], others * 2, lines)


def signatures(world: World, at: int) -> list[Draft]:
    """Members sign under a petition, in nearly the same words."""
    lang, room = world.rng.choice(("en", "vi")), world.room()
    caller, *signers = world.old_members(SIGNERS + 1, lang)
    lines = [world.rng.choice(_SIGNATURES[lang]).format(name=each.name) for each in signers]
    return _under(world, at, "signatures", room, caller, _CAUSES[lang], signers, lines)


def welcome(world: World, at: int) -> list[Draft]:
    """A newcomer says hello, and many greet back."""
    newcomer = world.fresh(at)
    people = world.old_members(WELCOMING, newcomer.lang)
    lines = [world.rng.choice(_WELCOMES[newcomer.lang]).format(name=newcomer.name) for _ in people]
    hello = world.say(newcomer, "introductions")
    return _under(world, at, "welcome", "general", newcomer, hello, people, lines)


def memorial(world: World, at: int) -> list[Draft]:
    """A member tells that somebody died; old and new members say the same few words."""
    lang = world.rng.choice(("en", "vi"))
    who = world.rng.choice(world.speakers[lang].language.given_names)
    teller, *old = world.old_members(MOURNERS, lang)
    mourners = [*old, world.fresh(at, lang=lang)]
    lines = [world.rng.choice(_CONDOLENCES[lang]).format(name=who) for _ in mourners]
    news = _NEWS[lang].format(name=who)
    return _under(world, at, "memorial", "general", teller, news, mourners, lines)


def _under(
    world: World,
    at: int,
    twin: str,
    room: str,
    author: Person,
    text: str,
    people: Sequence[Person],
    lines: Sequence[str],
) -> list[Draft]:
    """A post and the replies to it, at the rate of a dogpile."""
    moments = world.steps(at, len(people) + 1, 30 * clock.SECOND, 6 * clock.MINUTE)
    post = Draft(moments[0], room, author, text, campaign=twin)
    replies = zip(moments[1:], people, lines, strict=True)
    return [
        post,
        *(Draft(when, room, who, line, to=post, campaign=twin) for when, who, line in replies),
    ]
