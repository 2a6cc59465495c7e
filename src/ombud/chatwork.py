"""What a moderator says to Ombud in their room is done, under the rules of the console.

Somebody is heard by the account that they bound, by its whole id, as long as they are of the staff.
What they ask is carried out by the same controls as from a page, with the same refusals; what was
heard, what came of it and the answer stand in one transaction, so that it is done once however
often it comes. This module must never do anything for an account that is bound to nobody, nor
answer it, and never keep what was written.
"""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ombud import chat, chatrules, desk, ids
from ombud.app import Engine
from ombud.chat import Said
from ombud.chatrules import CLAIM
from ombud.chatwords import CONFIRM_LASTS, EMERGENCY, LATE
from ombud.clock import HOUR
from ombud.connectors.matrix_chat import Word
from ombud.controls import heard, staff, state, stranger
from ombud.controls.heard import CODE, COMMAND, REACTION, Heard, Line
from ombud.errors import BadUse
from ombud.journal import Control
from ombud.review import case as cases
from ombud.review.case import Case
from ombud.staff import people
from ombud.staff.present import Chat
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Row, Store

_log = logging.getLogger(__name__)
ANSWERS_MAX = 60  # to one person within an hour; more is heard and not answered
HOURS_MAX = 24
# What can be written behind the prefix, folded, in each language.
COMMANDS: Mapping[str, str] = {
    "emergency": "emergency",
    "khan cap": "emergency",
    "end": "end",
    "ket thuc": "end",
    "code": "code",
    "ma": "code",
    "help": "help",
    "tro giup": "help",
    "": "help",
}
DECIDED = frozenset({"released", "kept", "begun"})
_WHY = {"U201": "may not", "U250": "may not", "U200": "may not", "U222": "taken", "U221": "closed"}
_OUTCOME = {"release": ("released", "released"), "keep": ("upheld", "kept")}


def folded(text: str) -> str:
    """A command as it is known: without case and marks."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return " ".join("".join(each for each in plain if not unicodedata.combining(each)).split())


def command(text: str) -> tuple[str, str]:
    """What is asked for, by name, and what stands behind it; an unknown word asks for help."""
    said = folded(text)
    for word in sorted(COMMANDS, key=len, reverse=True):
        if said == word or (word and said.startswith(word + " ")):
            return COMMANDS[word], said[len(word) :].strip()
    return "help", ""


def hear(
    running: Engine, store: Store, keys: KeyFile, platform: str, words: Iterable[Word]
) -> None:
    """Do what was said, in its order. Raises OmbudError where it cannot be kept just now; then it
    comes again.
    """
    room = _Room(running, store, keys, platform)
    for each in words:
        if each.kind == "line":
            running.change(chat.Stands(platform, each.about, each.event))
        else:
            room.hear(each)


@dataclass(frozen=True, slots=True)
class _Somebody:
    """Who is heard: their token, and how they are called."""

    token: int
    name: str


class _Room:
    """One moderators' room."""

    def __init__(self, running: Engine, store: Store, keys: KeyFile, platform: str) -> None:
        self._running = running
        self._store = store
        self._keys = keys
        self._platform = platform

    def hear(self, word: Word) -> None:
        """Do what one message says."""
        event = heard.key_of(self._keys.community, self._platform, word.event)
        if self._store.one("chat_heard", (event,)) is not None:
            return
        try:
            if word.kind == "command" and command(word.text)[0] == "code":
                self._code(word, event)
            by = self._somebody(word.sender)
            if by is None:
                return
            self._running.fault("chat heard")
            does = {"reaction": self._reaction, "gone": self._gone}.get(word.kind, self._command)
            does(word, event, by)
            self._running.fault("chat done")
        except BadUse as error:  # the homeserver would bring it for ever
            _log.info("nothing was done in a moderators' room: %s", error.code)

    def _somebody(self, sender: str) -> _Somebody | None:
        """Who of the staff is heard by an account, by its whole id."""
        token = self._keys.known_account(self._platform, sender)
        for each, member in self._running.staff.items() if token else ():
            name = people.name_of(self._keys, each)
            if member.chat == token and not member.suspended and name is not None:
                return _Somebody(each, name)
        return None

    # --- answers ----------------------------------------------------------------------------------

    @property
    def _now(self) -> int:
        now: int = max(self._running.now(), self._running.writer.pipeline.recv)
        return now

    def _heard(
        self, event: bytes, how: str, answer: str, word: Word, by: _Somebody | None, **more: Any
    ) -> Heard:
        lang = "" if by is None else self._lang(by.token)
        lang = lang or self._running.writer.pipeline.community.active.language(None)
        person = None if by is None else by.token
        more = {"answers": word.about, "person": person, **more}
        return Heard(event, how, Line("", self._platform, answer, 0, lang, **more))

    def _lang(self, token: int) -> str:
        account = self._running.credentials.account(token)
        return "" if account is None else account.lang

    def _answer(self, told: Heard, claim: desk.Claim | None = None) -> None:
        """Keep that it was heard, and answer, unless this person was answered very often lately. A
        case that they take, and an emergency that they ask for, is answered however busy it is.
        """
        asks, person = told.answer.what == EMERGENCY, told.answer.person
        often = self._store.one("chat_answered", {"person": person, "since": self._now - HOUR})
        if claim is None and not asks and often is not None and often[0] >= ANSWERS_MAX:
            return
        self._running.changed(Said(told, claim))

    def _refuse(
        self, event: bytes, how: str, why: str, word: Word, by: _Somebody, **more: Any
    ) -> None:
        self._answer(self._heard(event, how, "refused", word, by, why=why, **more))

    def _late(self, word: Word) -> bool:
        return abs(self._now - word.at * 1000) > LATE

    # --- reactions --------------------------------------------------------------------------------

    def _reaction(self, word: Word, event: bytes, by: _Somebody) -> None:
        sign = chatrules.sign(word.text)
        line = self._store.one("chat_line_of_event", (word.about,))
        if line is None or line[1] != self._platform:
            return
        if line[2] == EMERGENCY and sign == chatrules.CONFIRM:
            self._confirmed(word, event, by, line)
        elif line[2] == chat.CASE and sign in chatrules.SIGNS:
            self._on_case(word, event, by, str(line[5]), chatrules.SIGNS[sign])

    def _on_case(self, word: Word, event: bytes, by: _Somebody, id_: str, do: str) -> None:
        """Take a case, or decide it."""
        case = cases.find(self._store, id_)
        why = "late" if self._late(word) else self._why_not(case, by, do)
        if why:
            self._refuse(event, REACTION, why, word, by, review=id_)
            return
        try:
            if do == CLAIM:
                claim = desk.Claim(by.name, ids.new_id("lease"), id_)
                told = self._heard(event, REACTION, "claimed", word, by, review=id_)
                self._answer(told, claim)
            else:
                self._decide(word, event, by, case, do)
        except BadUse as error:
            if error.code == "U464":
                raise
            why = _WHY.get(error.code, "second" if error.code in ("U231", "U232") else "page")
            self._refuse(event, REACTION, why, word, by, review=id_)

    def _why_not(self, case: Case, by: _Somebody, do: str) -> str:
        why = chatrules.refused(self._store, case, do, self._now)
        if why:
            return why
        if self._own(case, by):  # neither to decide nor to keep from others
            return "own"
        if do == CLAIM:
            return ""
        last = chatrules.last(self._store, case)
        seen = self._running.credentials.present.opened(by.token, case.id, last, self._now)
        return "" if seen else "unopened"

    def _own(self, case: Case, by: _Somebody) -> bool:
        """Whether a case is about an account by which somebody is heard, or was lately."""
        authors = {each.author for each in cases.subjects(self._store, case.id)}
        return by.token in stranger.owners(self._store, authors, self._now)

    def _decide(self, word: Word, event: bytes, by: _Somebody, case: Case, do: str) -> None:
        """Let go of what waits, or keep what stands: about what waits now, and nothing else."""
        outcome, answer = _OUTCOME[do]
        asked = chatrules.question(self._store, case)
        told = self._heard(event, REACTION, answer, word, by, review=case.id)
        sealed = {
            "case": case.id,
            "by": by.name,
            "outcome": outcome,
            "records": [each.record for each in asked],
            "fresh": False,
            "heard": told,
        }
        self._running.control(Control("review", {}, sealed))

    def _gone(self, word: Word, event: bytes, by: _Somebody) -> None:
        """A reaction was taken back: what it decided stands, and that is said."""
        about = heard.key_of(self._keys.community, self._platform, word.about)
        row = self._store.one("chat_heard", (about,))
        if row is None or row[3] not in DECIDED or row[2] != self._platform:
            return
        if row[5] is not None and cases.find(self._store, row[5]).closed is None:
            return  # it was undone
        told = self._heard(event, REACTION, "stands", word, by, review=row[5], answers=row[6])
        self._answer(told._replace(answer=told.answer._replace(lang=row[4])))

    # --- commands ---------------------------------------------------------------------------------

    def _command(self, word: Word, event: bytes, by: _Somebody) -> None:
        do, rest = command(word.text)
        commands: Mapping[str, Callable[[], None]] = {
            "emergency": lambda: self._ask_emergency(word, event, by, rest),
            "end": lambda: self._state(word, event, by, None),
            "help": lambda: self._answer(self._heard(event, COMMAND, "help", word, by)),
        }
        if do in commands and self._late(word):
            self._refuse(event, COMMAND, "late", word, by)
        elif do in commands:
            commands[do]()

    def _ask_emergency(self, word: Word, event: bytes, by: _Somebody, rest: str) -> None:
        """Say what will happen, and ask for a reaction."""
        usual = state.STATES["emergency"].usual // HOUR
        hours = usual if not rest else int(rest) if rest.isdecimal() and len(rest) < 3 else 0
        if not self._may(by, "emergency"):
            self._refuse(event, COMMAND, "may not", word, by)
        elif not 0 < hours <= HOURS_MAX:
            self._refuse(event, COMMAND, "hours", word, by)
        else:
            self._answer(self._heard(event, COMMAND, EMERGENCY, word, by, many=hours))

    def _confirmed(self, word: Word, event: bytes, by: _Somebody, line: Row) -> None:
        made, hours, person, used = line[3], line[8], line[11], line[14]
        late = self._late(word) or self._now - made > CONFIRM_LASTS
        if person != by.token or used or late:
            self._refuse(event, REACTION, "not yours", word, by)
        else:
            self._state(word, event, by, hours * HOUR, over=str(line[0]), how=REACTION)

    def _state(
        self,
        word: Word,
        event: bytes,
        by: _Somebody,
        length: int | None,
        over: str | None = None,
        how: str = COMMAND,
    ) -> None:
        """Declare an emergency for so long, or end it where no length is given."""
        answer = "ended" if length is None else "begun"
        told = self._heard(event, how, answer, word, by, over=over)
        asked = state.asked("emergency", length, by.name, begins=length is not None)
        control = Control(asked.type, asked.payload, {**asked.sealed, "heard": told})
        try:
            self._running.control(control)
        except BadUse as error:
            if error.code == "U464":
                raise
            why = "no emergency" if error.code == "U071" else _WHY.get(error.code, "page")
            self._refuse(event, how, why, word, by)

    def _may(self, by: _Somebody, permission: str) -> bool:
        try:
            staff.allowed(self._running.staff, self._keys, by.token, permission)
        except BadUse:
            return False
        return True

    # --- whose account it is ----------------------------------------------------------------------

    def _code(self, word: Word, event: bytes) -> None:
        """Somebody sends the code of their own page from the account that they named there."""
        code = word.text.partition(" ")[2]
        chat_ = Chat(self._platform, word.sender)
        token = self._running.credentials.present.prove(chat_, code, self._now)
        member = None if token is None else self._running.staff.get(token)
        if token is None or member is None or member.suspended or member.chat is not None:
            return
        by = _Somebody(token, people.name_of(self._keys, token) or "")
        told = self._heard(event, CODE, "bound", word, by)
        given = {"platform": chat_.platform, "account": chat_.account, "heard": told}
        self._running.control(staff.asked("bound", token, token, **given))
