"""Whether the words around a private detail say that it is somebody else's.

Signs of somebody else: "his number", "call her", "Tom's address", "she lives at", "số của nó", "gọi
cho con đó"; where the post answers or mentions a person, also "your address", "nhà mày". Signs of
one's own or of what is public: "my", "call us", "hotline", "support", "liên hệ", "của em", "shop".
The nearest sign before the detail decides, else the nearest behind it; with none the answer is no.

So "someone's number without a word" is not seen, nor a name without a word such as "number" ("Tom
Ford, 0912 345 678"); and who writes "my brother's number" of a willing brother is. A shop named
right before it ("my brother's shop: his number is") makes it the shop's, where nothing before says
more.

A phone number that is said to be a business's own, a hotline's or an office's is not private at all
(`private`): "hotline 0912 345 678", "shop của mình: ...", "... (our office)". Only few and known
words may stand between the two, so that a shop that is mentioned in passing frees nobody's number;
"his office" and "Tom's shop" free none. Whoever calls somebody's number a hotline hides it from the
count; what else a community asks of such posts is the same. This module must never conclude that
anybody meant harm.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ombud.signals.personal.details import Detail, Details

BEFORE, AFTER = 64, 40  # characters in which a sign may stand

_THING = (
    "number|no|phone|telephone|cell|mobile|tel|digits|address|addy|e-?mail|mail|house|home|flat"
    "|apartment|card|account|iban|ssn|id|passport|whatsapp|zalo|contact"
)
_WHO = "(?:this|that) (?:guy|girl|man|woman|creep|clown|idiot|liar|loser)"
_HIM = f"(?:him|her|them|{_WHO})"
_EN = (
    rf"(?:his|her|their|its) (?:[^\W\d_]+ ){{0,3}}?(?:{_THING})",
    r"(?:he|she|they) (?:[^\W\d_]+ ){0,2}?(?:lives?|living|stays?|resides?|works?)",
    rf"(?:call|text|ring|phone|dm|mail|email|message|visit|spam|bother|harass|find|reach) {_HIM}",
    rf"(?:@?[\w.\-]{{2,40}}['’]s?) (?:[^\W\d_]+ ){{0,2}}?(?:{_THING})",
    rf"{_WHO}['’]?s (?:{_THING})",
    rf"(?:{_THING}) (?:of|belongs to) (?:him|her|them|this|that|@[\w.\-]{{2,40}})",
    r"dox(?:x?ed|x?ing|x)?",
    r"(?:his|hers|theirs)",
)
_THEM = (
    "nó|no|cô ấy|co ay|cô ta|co ta|anh ấy|anh ay|anh ta|chị ấy|chi ay|chị ta|hắn|hắn ta|bà ấy|bà ta"
    "|ông ấy|ông ta|bả|ổng|gã|lão|mụ|bọn nó|chúng nó|tụi nó|bạn ấy|em ấy|đứa (?:đó|này|kia)"
    "|(?:con|thằng|thang) [^\\W\\d_]+|người (?:đó|này|kia)|bạn (?:đó|này)"
)
_VI_THING = (
    "sđt|sdt|số điện thoại|so dien thoai|số đt|so dt|số|so|stk|số tài khoản|so tai khoan|địa chỉ"
    "|dia chi|nhà|nha|email|gmail|mail|cccd|cmnd|căn cước|zalo"
)
_VI = (
    rf"(?:{_VI_THING})(?: riêng| nhà| cá nhân)? (?:của |cua )?(?:{_THEM})",
    rf"(?:gọi|goi|nhắn|nhan|réo|alo|khủng bố|chửi|tìm)(?: cho| tin cho| tới)? (?:{_THEM})",
    rf"(?:{_THEM}) (?:[^\W\d_]+ ){{0,2}}?(?:sống|ở|trú|làm|song) (?:tại|ở|số|trong)?",
)
_YOU = (
    rf"(?:your|ur) (?:[^\W\d_]+ ){{0,2}}?(?:{_THING})",
    r"you (?:live|stay|work)",
    rf"(?:{_VI_THING})(?: riêng| nhà)? (?:của |cua )?(?:mày|may|mi|m)",
    r"(?:mày|may) (?:sống|ở|làm|trú) ",
)
_BUSINESS = (
    r"hotline|helpline|lifeline|support|customer (?:service|care)|help ?desk|emergency|office"
    r"|stores?|shops?|company|business|clinic|hospital|hotel|restaurant|police|reception|sales"
    r"|booking|reservations?|call cent(?:er|re)|charity|school|museum"
    r"|tổng đài|tong dai|cskh|chăm sóc khách hàng|đặt hàng|dat hang|mua hàng|cửa hàng|cua hang"
    r"|quán|công ty|cong ty|cty|chi nhánh|văn phòng|bệnh viện|công an|cảnh sát|trường"
    r"|đường dây nóng"
)
_PUBLIC = (
    rf"{_BUSINESS}|my|mine|our|ours|me|us|i|we|orders?|contact us|crisis|donat\w+|official"
    r"|liên hệ|lien he|lh|chăm sóc|tư vấn|tu van|inbox|ib|quyên góp|ủng hộ|cứu trợ|chính chủ"
    r"|(?:của |cua )?(?:em|mình|minh|tôi|toi|tớ|bên em|bên mình|chúng tôi|shop|nhà mình|nhà em)"
)


def _any(*signs: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(signs)})(?![^\W_])")


_OTHERS = _any(*_EN, *_VI)
_OTHERS_AND_YOU = _any(*_EN, *_VI, *_YOU)
_OWN = _any(_PUBLIC)
# What may stand between a business and its number: words that say nothing of a person, and numbers.
_BETWEEN = (
    r"(?:(?:['’]s|phone|mobile|cell|tel|telephone|whatsapp|number|no|line|is|at|on|via|call|text|us"
    r"|our|now|here|24/7|of ours|or|and|hoặc|và|của|cua|em|mình|minh|tôi|toi|bên em"
    r"|bên mình|chúng tôi|nhà|số|so"
    r"|là|la|sđt|sdt|đt|dt|điện thoại|dien thoai|zalo|gọi|goi|liên hệ|lien he|lh|nhé|nha|ạ|bán"
    r"|[0-9]+)(?![^\W_])|[\s.,:;\-–—/()+|*•☎📞👉]){0,24}"
)
_OF_BUSINESS = re.compile(
    r"(?<![^\W_])(?:(?P<whose>his|her|their|your|ur|[\w.\-]+['’]s) (?:[^\W\d_]+ ){0,3}?)?"
    rf"(?:{_BUSINESS})(?![^\W_]){_BETWEEN}$"
)
_NAMED_BEHIND = re.compile(
    rf"[\s(\-–—:]{{0,3}}(?:(?:is|là|la) )?(?:(?:our|my|the|số|so) (?:{_BUSINESS})"
    rf"|(?:{_BUSINESS}) (?:của |cua )?"
    r"(?:em|mình|minh|tôi|bên em|bên mình|chúng tôi|nhà em|nhà mình))"
    r"(?![^\W_]| (?:ấy|ay|đó|kia|này|ta)(?![^\W_]))"
)
_THE_SHOPS = re.compile(rf"(?<![^\W_])(?:{_BUSINESS}) ?[:\-–—(] ?$")
_NOBODY = re.compile("(?:it|that|here|there|what|who|where|let|today|everyone|everybody)['’]s ")


def private(details: Details) -> Details:
    """The details without the phone numbers that are said to be a business's."""
    found = tuple(each for each in details.found if not _of_business(details.text, each))
    return details if len(found) == len(details.found) else details._replace(found=found)


def _of_business(text: str, detail: Detail) -> bool:
    if detail.kind != "phone":
        return False
    before = text[max(0, detail.start - BEFORE) : detail.start]
    named = _OF_BUSINESS.search(before)
    if named is not None:
        return named["whose"] is None or _NOBODY.match(f"{named['whose']} ") is not None
    if any(_somebody(each.group()) for each in _OTHERS_AND_YOU.finditer(before)):
        return False
    return _NAMED_BEHIND.match(text, detail.end) is not None


def exposes(details: Details, *, addressed: bool) -> bool:
    """Whether any detail is said to be somebody else's; `addressed`: the post answers a person."""
    signs = _OTHERS_AND_YOU if addressed else _OTHERS
    return any(_another(details.text, each, signs) for each in details.found)


def _another(text: str, detail: Detail, signs: re.Pattern[str]) -> bool:
    before = text[max(0, detail.start - BEFORE) : detail.start]
    own = _last(_OWN.finditer(before))
    others = [each for each in signs.finditer(before) if _somebody(each.group())]
    if len(others) == 1 and _THE_SHOPS.search(before, 0, others[0].start()) is not None:
        return False
    other = _last(others)
    if max(own, other) >= 0:
        return other > own
    behind = text[detail.end : detail.end + AFTER]
    found = next((each for each in signs.finditer(behind) if _somebody(each.group())), None)
    mine = _OWN.search(behind)
    if found is None:
        return False
    return mine is None or found.start() < mine.start()


def _last(signs: Iterable[re.Match[str]]) -> int:
    """Where the last sign ends; -1 without any."""
    return max((each.end() for each in signs), default=-1)


def _somebody(sign: str) -> bool:
    """Whether a sign is about a person: not "it's the number", not "her shop's number"."""
    return _NOBODY.match(sign) is None and _OWN.search(sign) is None
