"""Whether the words around a private detail say that it is somebody else's.

Signs of somebody else: "his number", "call her", "Tom's address", "she lives at", "số của nó", "gọi
cho con đó"; where the post answers or mentions a person, also "your address", "nhà mày". Signs of
one's own or of what is public: "my", "call us", "hotline", "support", "liên hệ", "của em", "shop".
The nearest sign before the detail decides, else the nearest behind it; with none the answer is no.

So "someone's number without a word" is not seen, nor a name without a word such as "number" ("Tom
Ford, 0912 345 678"); and who writes "my brother's number" of a willing brother is. This module must
never conclude that anybody meant harm.
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
_PUBLIC = (
    r"my|mine|our|ours|me|us|i|we|hotline|helpline|lifeline|support|customer (?:service|care)"
    r"|help ?desk|emergency|office|stores?|shops?|company|business|clinic|hospital|hotel|restaurant"
    r"|police|reception|sales|orders?|booking|reservations?|contact us|call cent(?:er|re)|crisis"
    r"|charity|donat\w+|school|museum|official"
    r"|liên hệ|lien he|lh|tổng đài|tong dai|cskh|chăm sóc|tư vấn|tu van|đặt hàng|dat hang|mua hàng"
    r"|cửa hàng|cua hang|quán|công ty|cong ty|cty|chi nhánh|văn phòng|inbox|ib|quyên góp|ủng hộ"
    r"|cứu trợ|bệnh viện|công an|cảnh sát|trường|đường dây nóng|chính chủ"
    r"|(?:của |cua )?(?:em|mình|minh|tôi|toi|tớ|bên em|bên mình|chúng tôi|shop|nhà mình|nhà em)"
)


def _any(*signs: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(signs)})(?![^\W_])")


_OTHERS = _any(*_EN, *_VI)
_OTHERS_AND_YOU = _any(*_EN, *_VI, *_YOU)
_OWN = _any(_PUBLIC)
_NOBODY = re.compile("(?:it|that|here|there|what|who|where|let|today|everyone|everybody)['’]s ")


def exposes(details: Details, *, addressed: bool) -> bool:
    """Whether any detail is said to be somebody else's; `addressed`: the post answers a person."""
    signs = _OTHERS_AND_YOU if addressed else _OTHERS
    return any(_another(details.text, each, signs) for each in details.found)


def _another(text: str, detail: Detail, signs: re.Pattern[str]) -> bool:
    before = text[max(0, detail.start - BEFORE) : detail.start]
    own = _last(_OWN.finditer(before))
    other = _last(each for each in signs.finditer(before) if _somebody(each.group()))
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
