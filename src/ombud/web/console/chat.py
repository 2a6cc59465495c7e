"""By which account somebody is heard in a moderators' room: asked for, proven, let go of.

The person names their account and gets a code; what binds it is the code, sent from that account in
the room. This module must never bind an account that was only typed, and never show a code twice.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ombud import staffing
from ombud.connectors.matrix_chat import PREFIX
from ombud.entrance import Refused, Visitor
from ombud.staff import people
from ombud.staff.present import CODE_LASTS, Chat
from ombud.staffroom import StaffRoom
from ombud.web.forms import Fields, first

ACCOUNT_LENGTH_MAX = 255


class Own(NamedTuple):
    """How it stands with one's own account. `rooms`: the platforms that have such a room, by name;
    `bound`: the account, None where none is bound, empty where it was erased; `waits`: whose code
    is waited for.
    """

    rooms: tuple[str, ...]
    bound: str | None
    waits: Chat | None
    prefix: str = PREFIX
    minutes: int = CODE_LASTS // 60_000_000


def of(room: StaffRoom, visitor: Visitor) -> Own:
    """What one's own page shows of it."""
    matrix = room.engine.settings.matrix
    rooms = tuple(sorted(name for name, each in matrix.items() if each.staff_room))
    waits = room.engine.credentials.present.waits(visitor.token, room.engine.now())
    return Own(rooms, accounts(room).get(visitor.token), waits)


def accounts(room: StaffRoom) -> dict[int, str]:
    """By which account each of the staff is heard, by their tokens; empty where it was erased."""
    bound = {token: each.chat for token, each in room.engine.staff.items() if each.chat is not None}
    if not bound:
        return {}
    with room.reading() as reader:
        return {token: people.heard_as(reader.keys, chat) or "" for token, chat in bound.items()}


def ask(room: StaffRoom, visitor: Visitor, sent: Fields) -> str:
    """A code for the account that somebody names. Raises Refused "chat account" where it is none,
    or where they are heard by one already.
    """
    own = of(room, visitor)
    named, account = first(sent, "platform"), first(sent, "account").strip()
    platform = named if named in own.rooms else own.rooms[0] if len(own.rooms) == 1 else ""
    good = account.isprintable() and len(account) <= ACCOUNT_LENGTH_MAX and " " not in account
    if not platform or not good or not account.startswith("@") or ":" not in account:
        raise Refused("chat account")
    if own.bound is not None:
        raise Refused("chat bound")
    chat = Chat(platform, account)
    code: str = room.engine.credentials.present.ask(visitor.token, chat, room.engine.now())
    return code


def let_go(room: StaffRoom, visitor: Visitor) -> None:
    """Be heard by no account any more. Raises BadUse U206 where there was none."""
    staffing.change(room.engine, "unbound", visitor.token, visitor.token)


def shown(code: str) -> dict[str, Any]:
    """A code as it is written: in two halves."""
    half = len(code) // 2
    return {"code": f"{code[:half]}-{code[half:]}" if code else ""}
