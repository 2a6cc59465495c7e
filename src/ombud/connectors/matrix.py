"""The connector for Matrix homeservers: actions and notices by Synapse's client and admin API.

What is done leaves its trace where it was done: a label is a reaction, a context a notice beside
the message. So whatever comes twice under one key is found and not done again. What stood before,
and what was made, Ombud remembers (`matrix_before`): an undoing takes back that and no more. This
module must never act outside the rooms the operator named, and never say that something was done
which the homeserver did not say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from msgspec import structs

from ombud import egress, i18n
from ombud.config import MatrixConnector as Settings
from ombud.connectors import capabilities, matrix_client, matrix_direct, matrix_power
from ombud.connectors.matrix_accounts import Accounts
from ombud.connectors.matrix_before import DONE, NOTHING, Before, kept, remembered
from ombud.connectors.matrix_chat import KEY, Room, message
from ombud.connectors.matrix_client import ADMIN, CLIENT, Client, Said
from ombud.connectors.matrix_events import server_of
from ombud.connectors.matrix_files import Files
from ombud.connectors.matrix_rooms import NEVER_THERE, Rooms
from ombud.errors import OmbudError
from ombud.model import Call, Capability, Outcome

FOR_GOOD = Outcome(
    state="refused",
    detail="a redaction cannot be undone; whoever wrote it can send it again",
    memory=NOTHING,
)
NO_NOTICES = (400, "M_UNKNOWN")  # what Synapse says where server notices are switched off
check = matrix_client.check


class Asked(msgspec.Struct, frozen=True):
    """What stands in a call, as far as it matters here."""

    type: str
    key: str = ""
    action: str = ""
    inverse: bool = False
    undoes: str | None = None
    subject: str | None = None
    account: str | None = None
    params: Mapping[str, str] = {}
    clause: str = ""
    lang: str = "en"
    statement: str | None = None
    title: str = ""
    text: str = ""
    link: str = ""
    now: int = 0  # the instant it is sent as of; never what a body says
    memory: str = ""  # what was kept by the last call of its like; never what a body says


class MatrixConnector:
    """A homeserver, as `model.Connector`; for any number of threads. `secret` is the token of the
    application service as bytes, which is written in hexadecimal.

    `name` is what the settings call it. Raises BadUse U030 where they cannot be used.
    """

    def __init__(
        self,
        settings: Settings,
        secret: bytes,
        *,
        name: str = "matrix",
        resolve: egress.Resolve = egress.system_resolver,
    ) -> None:
        self._settings = settings
        self._client = Client(settings, secret.hex(), name=name, resolve=resolve)
        self._direct = matrix_direct.Direct(self._client, settings)

    @property
    def capabilities(self) -> Mapping[str, Capability]:
        """By action; what is not listed cannot be done."""
        return capabilities.of_matrix()

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    def send(self, call: Call, now: int) -> Outcome:
        """Do or tell what a call says, and say what became of it."""
        client = self._client.for_a_call()
        if call.type == "summons":
            done = Room(client, self._settings).say(call.body, call.key)
            return _unless_lacking(done, client, self._settings, self._settings.staff_room)
        asked = msgspec.json.decode(call.body, type=Asked)
        asked = structs.replace(asked, key=call.key, now=now, memory=call.memory)
        return _Acting(self._settings, client, self._direct).outcome(asked)

    def answer(self, asking: matrix_direct.Asking, told: Asked) -> Outcome:
        """Answer somebody who asked for it from their own account, in a room of their own."""
        if not matrix_direct.is_account(asking.account):
            return _refused("this is no account of Matrix")
        direct = self._direct.by(self._client.for_a_call())
        return direct.answer(asking, told.key, _words(told), told.now)

    def is_of(self, account: str, room: str) -> bool | None:
        """Whether a room is the one in which somebody is told what concerns them; None where the
        homeserver does not say.
        """
        return matrix_direct.is_account(account) and self._direct.is_of(account, room)


class _Acting:
    """One call on its way, however many requests it takes."""

    def __init__(self, settings: Settings, client: Client, direct: matrix_direct.Direct) -> None:
        self._settings = settings
        self.client = client
        self._rooms = Rooms(client, settings.account)
        self._accounts = Accounts(client)
        self._files = Files(client, settings.server, settings.account)
        self._direct = direct.by(client)
        self._room = ""  # the one that is acted in
        self._acts: Mapping[str, Callable[[Asked], Outcome]] = {
            "warn": lambda asked: DONE,  # noqa: ARG005 -- the notice is the warning
            "label": self._label,
            "context": self._context,
            "hold": self._hold,
            "limit": self._limit,
            "remove": self._remove,
            "require approval": self._approval,
            "lock": self._lock,
            "ban from room": self._ban,
            "suspend": self._suspend,
        }

    def outcome(self, asked: Asked) -> Outcome:
        """What becomes of it."""
        return _unless_lacking(self._done(asked), self.client, self._settings, self._room)

    def _done(self, asked: Asked) -> Outcome:
        if asked.type != "action":
            return self._tell(asked)
        act = self._acts.get(asked.action)
        if act is None:
            return _refused("Matrix has no such action")
        if asked.subject is None:
            return _refused("the decision was erased: what it was about is not known any more")
        return act(asked)

    # --- telling ----------------------------------------------------------------------------------

    def _tell(self, asked: Asked) -> Outcome:
        """A server notice to an account of the homeserver itself, a message in a room of their own
        to everybody else, and to all where the homeserver sends no notices.
        """
        account = asked.account or ""
        if not self._is_local(account):
            if not matrix_direct.is_account(account):
                return Outcome(state="undeliverable", detail="this is no account of Matrix")
            return self._direct.tell(account, asked.key, _words(asked), asked.now)
        known = self._accounts.user(account)
        if known.status == 404 or known.body.get("deactivated"):
            return Outcome(state="undeliverable", detail="there is no such account any more")
        if not known.good:
            return known.outcome()
        content = {"user_id": account, "content": _message(asked)}
        said = self.client.ask(
            "PUT", f"{ADMIN}/v1/send_server_notice/{{}}", asked.key, content=content
        )
        if (said.status, said.code) == NO_NOTICES:
            return self._direct.tell(account, asked.key, _words(asked), asked.now)
        return Outcome(state="delivered") if said.good else said.outcome()

    # --- on what was said -------------------------------------------------------------------------

    def _label(self, asked: Asked) -> Outcome:
        """A reaction with the label's text: every client shows it below the message."""
        place, text = self._theirs(asked), asked.params.get("text", "")
        if isinstance(place, Outcome):
            return place
        before = remembered(asked.memory)
        mine = self._own(lambda event: _relation(event).get("key") == text)
        if asked.inverse:
            return self._rooms.take_back(place, "m.annotation", mine, asked.key, before)
        relation = {"rel_type": "m.annotation", "event_id": place[1], "key": text}
        said = self._send(place[0], "m.reaction", {"m.relates_to": relation}, asked.key)
        if said.code == "M_DUPLICATE_ANNOTATION":
            return kept(DONE, before)
        return kept(said.outcome(), _made(said))

    def _context(self, asked: Asked) -> Outcome:
        """A notice that answers the message, once however many decisions want it."""
        place = self._theirs(asked)
        if isinstance(place, Outcome):
            return place
        before = remembered(asked.memory)
        sought = asked.undoes if asked.inverse else asked.key
        mine = self._own(lambda event: _content(event).get(KEY) == sought)
        if asked.inverse:
            return self._rooms.take_back(place, "m.reference", mine, asked.key, before)
        if before.made:
            return kept(DONE, before)
        found = self._rooms.related(*place, "m.reference", mine)
        if isinstance(found, Outcome):
            return found
        if found:
            return kept(DONE, Before(made=tuple(found)))
        relation = {"rel_type": "m.reference", "event_id": place[1]}
        content = {
            "msgtype": "m.notice",
            "body": asked.params.get("text", ""),
            "m.relates_to": {**relation, "m.in_reply_to": {"event_id": place[1]}},
            KEY: asked.key,
        }
        said = self._send(place[0], "m.room.message", content, asked.key)
        return kept(said.outcome(), _made(said))

    def _hold(self, asked: Asked) -> Outcome:
        """A message waits before it is there, or not at all: one that was refused goes on waiting
        by itself, whoever decides so. So does whoever was not let in. All that the undoing is, is
        that somebody hears of it.
        """
        if asked.inverse:
            text, link = i18n.say("message.again", asked.lang), asked.statement or ""
            return self._tell(structs.replace(asked, text=text, link=link))
        room, _, who = (asked.subject or "").partition("/")
        if who.startswith("@"):
            found = self._in_scope(room)
            return found if isinstance(found, Outcome) else self._rooms.away(found, who)
        place = self._post(asked)
        if isinstance(place, Outcome):
            return place
        there = self._rooms.there(*place)
        if there is None or isinstance(there, Outcome):
            return there or NEVER_THERE
        return _refused("it is published: Matrix cannot hide it and show it again")

    def _remove(self, asked: Asked) -> Outcome:
        """A redaction, for good; the files of the message go into quarantine before it. All that
        comes back are files, and of the room nothing is asked for them.
        """
        if asked.inverse:
            shown = self._files.show(remembered(asked.memory).made)
            return shown if shown.state != "confirmed" else FOR_GOOD
        place = self._theirs(asked)
        if isinstance(place, Outcome):
            return place
        found = self._rooms.content(*place)
        if found is None or isinstance(found, Outcome):
            return found or NEVER_THERE
        hidden, files = self._files.hide(found)
        if files.state == "retry":
            return files
        done = self._rooms.redact(*place, asked.key, asked.clause)
        if done.state != "confirmed":
            return done
        return structs.replace(files, memory=Before(made=hidden).encoded())

    # --- on whoever said it -----------------------------------------------------------------------

    def _limit(self, asked: Asked) -> Outcome:
        account = self._account(asked)
        if isinstance(account, Outcome):
            return account
        return self._accounts.limit(account, asked.memory, inverse=asked.inverse)

    def _suspend(self, asked: Asked) -> Outcome:
        account = self._account(asked)
        if isinstance(account, Outcome):
            return account
        return self._accounts.suspend(account, asked.memory, inverse=asked.inverse)

    def _ban(self, asked: Asked) -> Outcome:
        who = (asked.subject or "").removeprefix("account/")
        room = self._in_scope(asked.params.get("room", ""))
        if isinstance(room, Outcome):
            return room
        if asked.inverse:
            return self._rooms.unban(room, who)
        return self._rooms.ban(room, who, asked.clause)

    # --- on a room --------------------------------------------------------------------------------

    def _approval(self, asked: Asked) -> Outcome:
        room = self._in_scope((asked.subject or "").removeprefix("room/"))
        if isinstance(room, Outcome):
            return room
        return self._rooms.ask_first(room, asked.memory, inverse=asked.inverse)

    def _lock(self, asked: Asked) -> Outcome:
        room = self._in_scope((asked.subject or "").removeprefix("room/"))
        if isinstance(room, Outcome):
            return room
        return self._rooms.lock(room, asked.memory, inverse=asked.inverse)

    # --- in small ---------------------------------------------------------------------------------

    def _post(self, asked: Asked) -> tuple[str, str] | Outcome:
        """Room and event of what is acted on."""
        room, _, event = (asked.subject or "").partition("/")
        if not event.startswith("$"):
            return _refused("this is no message: it cannot be done to it on Matrix")
        found = self._in_scope(room)
        return found if isinstance(found, Outcome) else (found, event)

    def _theirs(self, asked: Asked) -> tuple[str, str] | Outcome:
        """The same, of a message by whom the decision is about; what is taken back is Ombud's."""
        place = self._post(asked)
        if isinstance(place, Outcome) or asked.inverse or not asked.account:
            return place
        return self._rooms.theirs(*place, asked.account) or place

    def _in_scope(self, room: str) -> str | Outcome:
        """A room that was named, with the account in it: to who is not, a homeserver says of what
        is there that it is not.
        """
        if room not in self._settings.rooms:
            return _refused("this is in no room that the settings name")
        self._room = room
        lack = matrix_power.absent(self.client, self._settings, room)
        return room if lack is None else _waits(lack)

    def _account(self, asked: Asked) -> str | Outcome:
        """Whose account it is, where it is one of the homeserver's own."""
        subject = asked.subject or ""
        if not subject.startswith("account/"):
            return _refused("on Matrix this is done to an account only")
        account = subject.removeprefix("account/")
        if not self._is_local(account):
            return _refused("an account of another server: ban it from the room instead")
        if account == self._settings.account:
            return _refused("this is the account that acts")
        return account

    def _is_local(self, account: str) -> bool:
        return account.startswith("@") and server_of(account) == self._settings.server

    def _own(self, also: Callable[[Mapping[str, Any]], bool]) -> Callable[..., bool]:
        return lambda event: event.get("sender") == self._settings.account and also(event)

    def _send(self, room: str, type_: str, content: Mapping[str, Any], key: str) -> Said:
        path = f"{CLIENT}/rooms/{{}}/send/{{}}/{{}}"
        return self.client.ask("PUT", path, room, type_, key, content=content)


def _words(asked: Asked) -> matrix_direct.Words:
    """What stands in a message and in an invitation."""
    text = "\n\n".join(each for each in (asked.title, asked.text) if each)
    return matrix_direct.Words(_message(asked), text, asked.link, asked.lang)


def _message(asked: Asked) -> dict[str, Any]:
    return message("m.text", asked.title, asked.text, asked.link)


def _unless_lacking(done: Outcome, client: Client, settings: Settings, room: str) -> Outcome:
    """What became of a call. What was denied because the account lacks something waits for it; what
    was refused for another reason, or lacks nothing of what was denied, does not.
    """
    if done.state != "refused" or not done.denied:
        return done
    lack = None
    if client.denied == ADMIN:
        lack = matrix_power.lacking(client, settings)
    elif room:
        lack = matrix_power.absent(client, settings, room)
        lack = lack or matrix_power.powerless(client, settings, room)
    return done if lack is None else _waits(lack)


def _waits(lack: OmbudError | Said) -> Outcome:
    if isinstance(lack, Said):
        return lack.outcome()
    return Outcome(state="retry", detail=matrix_client.told(lack))


def _refused(detail: str) -> Outcome:
    return Outcome(state="refused", detail=detail)


def _made(said: Said) -> Before:
    """What a call has made, by the id that the homeserver gave it."""
    made = said.body.get("event_id")
    return Before(made=(made,)) if isinstance(made, str) else Before()


def _content(event: Mapping[str, Any]) -> Mapping[str, Any]:
    found = event.get("content")
    return found if isinstance(found, dict) else {}


def _relation(event: Mapping[str, Any]) -> Mapping[str, Any]:
    found = _content(event).get("m.relates_to")
    return found if isinstance(found, dict) else {}
