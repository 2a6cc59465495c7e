"""What each role may do, as one table, and the people there are as the journal has left them.

Everything here is pure: who may do what is a function of the journal and of this table. A role that
is not in the table may do nothing, and so may who is suspended. This module must never know a name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

import msgspec

from ombud.errors import BadUse, catalogue
from ombud.rules.vocabulary import ACTIONS

catalogue(
    U204=("There is no role called {role}.", "The roles are: {roles}."),
    U205=("This cannot be done to {what}: {detail}.", "`ombud staff add --help` says what can."),
)

Side = Literal["queue", "action"]


class Permission(NamedTuple):
    """One thing that somebody may do. `fresh`: only within minutes of having shown again who they
    are. `narrowed`: by which side it can be narrowed for one person.
    """

    en: str
    vi: str
    fresh: bool = False
    narrowed: tuple[Side, ...] = ()


PERMISSIONS: Mapping[str, Permission] = {
    "staff": Permission(
        "add people, change their roles, suspend and remove them",
        "thêm người, đổi vai trò, tạm ngưng và xoá họ",
        fresh=True,
    ),
    "keys": Permission(
        "connect platforms, make and revoke keys of programs",
        "kết nối nền tảng, tạo và thu hồi khoá của chương trình",
        fresh=True,
    ),
    "erasure": Permission("erase an account", "xoá dữ liệu của một tài khoản", fresh=True),
    "demands": Permission(
        "record and answer demands of authorities and lawyers",
        "ghi nhận và trả lời yêu cầu của nhà chức trách và luật sư",
        fresh=True,
    ),
    "rules": Permission(
        "write rules and policies and put them in force",
        "viết quy tắc và chính sách rồi cho có hiệu lực",
    ),
    "approval": Permission(
        "approve what somebody else wrote, let a rule watch longer",
        "phê duyệt điều người khác viết, cho quy tắc theo dõi thêm",
    ),
    "lists": Permission("change lists while rules run", "sửa danh sách khi quy tắc đang chạy"),
    "duty": Permission("be on duty", "trực"),
    "emergency": Permission("declare an emergency", "tuyên bố tình trạng khẩn cấp"),
    "cases": Permission("see and decide cases", "xem và quyết định vụ việc", False,
                        ("queue", "action")),
    "bulk": Permission(
        "decide about many at once", "quyết định nhiều đối tượng cùng lúc", True,
        ("queue", "action"),
    ),
    "undo": Permission("take decisions back", "thu hồi quyết định", False, ("queue", "action")),
    "blackout": Permission(
        "black out words that expose somebody, wherever they are kept",
        "che những lời làm lộ thông tin riêng của ai đó ở mọi nơi được lưu",
        fresh=True,
    ),
    "appeals": Permission("decide appeals", "giải quyết khiếu nại", False, ("action",)),
    "members": Permission(
        "look up a member, room or server",
        "tra cứu một thành viên, phòng hoặc máy chủ",
    ),
    "quality": Permission(
        "see how far people agree who judge cases, in figures about nobody",
        "xem mức đồng thuận giữa những người xét vụ việc, bằng số liệu không về ai",
    ),
    "records": Permission(
        "see who of the staff did what",
        "xem ai trong ban điều hành đã làm gì",
    ),
}  # fmt: skip

ROLES: Mapping[str, frozenset[str]] = {
    "admin": frozenset(
        {"staff", "keys", "erasure", "demands", "emergency", "duty", "undo", "quality"}
    ),
    "author": frozenset({"rules", "approval", "lists", "duty"}),
    "reviewer": frozenset(
        {"cases", "bulk", "blackout", "undo", "lists", "members", "emergency", "duty"}
    ),
    "appeals reviewer": frozenset({"appeals", "blackout", "undo", "members", "duty"}),
    "auditor": frozenset({"records", "members", "quality"}),
}
# A community of one has to do everything; with others, its roles are given up one by one.
FIRST: tuple[str, ...] = ("admin", "author", "reviewer", "appeals reviewer")

NARROWED_MAX = 100  # queues, or actions, that one person is narrowed to
QUEUE_LENGTH_MAX = 100


class Member(msgspec.Struct, frozen=True):
    """One of the people who run the community. No queues: every one; so with actions. `chat`: the
    token of the account by which they are heard in a moderators' room.
    """

    roles: tuple[str, ...]
    queues: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    suspended: bool = False
    chat: int | None = None


Members = Mapping[int, Member]  # by token


def may(
    member: Member | None, permission: str, *, queue: str | None = None, action: str | None = None
) -> bool:
    """Whether somebody may do something: in a queue, by an action, where it is about one.

    `queue` and `action` narrow only what can be narrowed; None: it is about none.
    """
    if member is None or member.suspended:
        return False
    if not any(permission in ROLES.get(role, ()) for role in member.roles):
        return False
    narrowed = PERMISSIONS[permission].narrowed
    return _within("queue", queue, member.queues, narrowed) and _within(
        "action", action, member.actions, narrowed
    )


def _within(
    side: Side, asked: str | None, given: Sequence[str], narrowed: tuple[Side, ...]
) -> bool:
    return asked is None or side not in narrowed or not given or asked in given


def who_may(permission: str) -> tuple[str, ...]:
    """The roles that may do something, in the table's order."""
    return tuple(role for role, granted in ROLES.items() if permission in granted)


def checked(
    roles: Iterable[str],
    queues: Iterable[str] = (),
    actions: Iterable[str] = (),
    known_queues: Mapping[str, str] | None = None,
) -> Member:
    """Somebody with these roles, in the table's order. `known_queues`: those there are, where the
    settings name any. Raises BadUse U204 or U205.
    """
    wanted = list(dict.fromkeys(roles))
    for role in wanted:
        if role not in ROLES:
            raise BadUse("U204", "role", role=repr(role)[:102], roles=", ".join(ROLES))
    if not wanted:
        raise BadUse("U205", "role", what="anybody", detail="nobody is there without a role")
    found = Member(
        tuple(role for role in ROLES if role in wanted),
        tuple(dict.fromkeys(queues)),
        tuple(dict.fromkeys(actions)),
    )
    for side, given in (("queue", found.queues), ("action", found.actions)):
        if given and not _can_be_narrowed(found, side):
            detail = f"none of these roles can be narrowed to one {side}"
            raise BadUse("U205", side, what=", ".join(found.roles), detail=detail)
        if len(given) > NARROWED_MAX:
            detail = f"there are more than {NARROWED_MAX}"
            raise BadUse("U205", side, what="so many", detail=detail)
    for queue in found.queues:
        if not 0 < len(queue) <= QUEUE_LENGTH_MAX or not queue.isprintable():
            detail = f"a queue's name has 1 to {QUEUE_LENGTH_MAX} characters that can be seen"
            raise BadUse("U205", "queue", what=repr(queue)[:102], detail=detail)
        if known_queues and queue not in known_queues:
            detail = "no queue in ombud.toml is called so"
            raise BadUse("U205", "queue", what=repr(queue), detail=detail)
    for action in found.actions:
        if action not in ACTIONS:
            detail = f"the actions are: {', '.join(ACTIONS)}"
            raise BadUse("U205", "action", what=repr(action)[:102], detail=detail)
    return found


def _can_be_narrowed(member: Member, side: str) -> bool:
    granted = frozenset[str]().union(*(ROLES[role] for role in member.roles))
    return any(side in PERMISSIONS[each].narrowed for each in granted)


def rulers(members: Members) -> list[int]:
    """Who may change the staff, now."""
    return [token for token, member in members.items() if may(member, "staff")]


def changed(members: Members, payload: Mapping[str, Any]) -> dict[int, Member]:
    """The people there are after a recorded change (`controls.staff`)."""
    who, what = payload["who"], payload["what"]
    after = dict(members)
    if what == "removed":
        after.pop(who, None)
    elif what in ("suspended", "restored"):
        after[who] = msgspec.structs.replace(members[who], suspended=what == "suspended")
    elif what in ("bound", "unbound"):
        after[who] = msgspec.structs.replace(members[who], chat=payload.get("chat"))
    else:
        roles, queues, actions = (tuple(payload[each]) for each in ("roles", "queues", "actions"))
        before = members.get(who, Member(()))
        after[who] = Member(roles, queues, actions, before.suspended, before.chat)
    return after
