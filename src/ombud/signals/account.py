"""Signals about people and places: ages, names, roles, servers. What the platform says of them.

Must never look beyond the event: what this journal remembers of an account is in `history`.
"""

from __future__ import annotations

from datetime import timedelta

from ombud.model import Value
from ombud.signals.declare import ROLES, Type, signal
from ombud.signals.observation import Observation, age
from ombud.signals.picture_hashes import QUALITY_MIN

TRUSTED = frozenset({"trusted", "trusted flagger"})  # roles of members whose flags weigh more
NEW = timedelta(days=7)  # an account as old as this at most is a new one


@signal(
    "age",
    Type.DURATION,
    about=ROLES,
    ordinary=365 * 86_400_000_000,
    en="How long the account of the {who} has existed, as the platform says.",
    vi="Tài khoản của {who} đã tồn tại bao lâu, theo nền tảng.",
)
def account_age(seen: Observation, who: str) -> Value:
    account = seen.person(who)
    return None if account is None or account.created is None else age(account.created, seen.at)


@signal(
    "new account",
    Type.YESNO,
    about=("author",),
    ordinary=False,
    en="Whether the account of the {who} is at most a week old, or of unknown age.",
    vi="Tài khoản của {who} có mới trong vòng một tuần, hoặc không rõ tuổi, hay không.",
)
def account_new(seen: Observation, who: str) -> Value:
    # By what the event says alone, not by `seen.at`: windows are also filled from old records.
    account = seen.person(who)
    if account is None:
        return None
    return account.created is None or seen.event.time - account.created <= NEW


@signal(
    "name",
    Type.TEXT,
    about=ROLES,
    en="The display name of the {who}.",
    vi="Tên hiển thị của {who}.",
)
def account_name(seen: Observation, who: str) -> Value:
    account = seen.person(who)
    return None if account is None else account.name


@signal(
    "avatar",
    Type.TEXT,
    about=ROLES,
    en="The PDQ hash of the picture of the {who}, where it is told and shows enough.",
    vi="Mã băm PDQ của ảnh đại diện của {who}, nếu được cung cấp và đủ chi tiết.",
)
def account_avatar(seen: Observation, who: str) -> Value:
    account = seen.person(who)
    picture = None if account is None else account.avatar
    if picture is None or (picture.quality is not None and picture.quality < QUALITY_MIN):
        return None
    return picture.pdq


@signal(
    "role",
    Type.TEXTS,
    about=ROLES,
    ordinary=(),
    en="The roles the {who} has on the platform.",
    vi="Các vai trò của {who} trên nền tảng.",
)
def account_roles(seen: Observation, who: str) -> Value:
    account = seen.person(who)
    return None if account is None else account.roles


@signal(
    "trusted",
    Type.YESNO,
    about=("reporter",),
    kinds=frozenset({"flag"}),
    ordinary=False,
    en='Whether the platform gives the {who} the role "trusted" or "trusted flagger".',
    vi='Nền tảng có giao cho {who} vai trò "trusted" hoặc "trusted flagger" hay không.',
)
def account_trusted(seen: Observation, who: str) -> Value:
    account = seen.people.get(who)
    if account is None:
        return None
    return any(role.casefold().replace("-", " ") in TRUSTED for role in account.roles)


@signal(
    "",
    Type.NAME,
    about=ROLES,
    ordinary="",
    en="The {who} itself, by its id: for lists.",
    vi="Chính {who}, theo mã định danh: dùng cho danh sách.",
)
def account_id(seen: Observation, who: str) -> Value:
    account = seen.person(who)
    return None if account is None else account.id.casefold()


@signal(
    "server",
    Type.NAME,
    ordinary="",
    en="The server the event came from, by its id: for lists.",
    vi="Máy chủ nơi sự kiện đến từ, theo mã định danh: dùng cho danh sách.",
)
def server_id(seen: Observation) -> Value:
    server = seen.event.data.server
    return None if server is None else server.id.casefold()


@signal(
    "server.age",
    Type.DURATION,
    ordinary=365 * 86_400_000_000,
    en="How long the server has existed, as the platform says.",
    vi="Máy chủ đã tồn tại bao lâu, theo nền tảng.",
)
def server_age(seen: Observation) -> Value:
    server = seen.event.data.server
    return None if server is None or server.created is None else age(server.created, seen.at)


@signal(
    "room",
    Type.NAME,
    ordinary="",
    en="The room it happened in, by its id: for lists.",
    vi="Phòng nơi sự việc xảy ra, theo mã định danh: dùng cho danh sách.",
)
def room_id(seen: Observation) -> Value:
    room = seen.event.data.room
    return None if room is None else room.id.casefold()
