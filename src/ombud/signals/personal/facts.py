"""Signals about private data: how many phone numbers, cards and the like, and whether somebody
else's.

Counts, and yes or no: must never hand on what was found.
"""

from __future__ import annotations

from ombud.model import Value
from ombud.signals.declare import TEXT_KINDS, Type, signal
from ombud.signals.observation import Observation
from ombud.signals.personal import whose

_COUNTED = (
    (
        "phones",
        "phone",
        "phone numbers",
        "How many different phone numbers of persons were written; not hotlines, not a shop's own.",
        "Số điện thoại cá nhân khác nhau được viết ra, không kể đường dây nóng và số của cửa hàng.",
    ),
    (
        "mails",
        "mail",
        "mail addresses",
        "How many different mail addresses of persons were written; not support@ and the like.",
        "Số địa chỉ thư điện tử cá nhân khác nhau, không kể support@ và tương tự.",
    ),
    (
        "cards",
        "card",
        "card numbers",
        "How many different payment card numbers with the right check digit were written.",
        "Số thẻ thanh toán khác nhau có chữ số kiểm tra đúng.",
    ),
    (
        "accounts",
        "account",
        "bank accounts",
        "How many different bank accounts were written: IBANs, numbers that are said to be one.",
        "Số tài khoản ngân hàng khác nhau: IBAN, hoặc dãy số được nói rõ là tài khoản.",
    ),
    (
        "identities",
        "identity",
        "identity numbers",
        "How many different identity numbers were written: Vietnamese, US social security.",
        "Số giấy tờ tùy thân khác nhau: căn cước, chứng minh nhân dân, số an sinh xã hội Mỹ.",
    ),
    (
        "addresses",
        "address",
        "addresses",
        "How many street addresses with a house number were written, Vietnamese or English.",
        "Số địa chỉ nhà có số nhà được viết ra, tiếng Việt hoặc tiếng Anh.",
    ),
)


# Since a number that is said to be a business's own is nobody's.
_VERSIONS = {"phones": 2, "any": 2, "exposes": 2}


def _declare(name: str, kind: str, unit: str, en: str, vi: str) -> None:
    """Declare the count of one kind of detail."""

    @signal(
        f"private.{name}",
        Type.COUNT,
        unit=unit,
        kinds=TEXT_KINDS,
        reads=("text",),
        ordinary=0,
        cost=15,
        version=_VERSIONS.get(name, 1),
        en=en,
        vi=vi,
    )
    def count(seen: Observation) -> Value:
        return None if seen.private is None else whose.private(seen.private).count(kind)


for _each in _COUNTED:
    _declare(*_each)


@signal(
    "private.any",
    Type.YESNO,
    kinds=TEXT_KINDS,
    reads=("text",),
    ordinary=False,
    cost=15,
    version=_VERSIONS["any"],
    en="Whether any private data was written: phone, mail, card, account, identity, address.",
    vi="Có dữ liệu riêng tư hay không: điện thoại, thư, thẻ, tài khoản, giấy tờ, địa chỉ.",
)
def private_any(seen: Observation) -> Value:
    return None if seen.private is None else bool(whose.private(seen.private).found)


@signal(
    "private.exposes",
    Type.YESNO,
    kinds=TEXT_KINDS,
    reads=("text",),
    ordinary=False,
    cost=18,
    version=_VERSIONS["exposes"],
    hint=True,
    en="Whether private data is said to be somebody else's (his number, she lives at); a hint.",
    vi="Dữ liệu riêng tư có được nói là của người khác hay không (số của nó, nó ở); chỉ là gợi ý.",
)
def private_exposes(seen: Observation) -> Value:
    if seen.private is None:
        return None
    return whose.exposes(seen.private, addressed="target" in seen.people)
