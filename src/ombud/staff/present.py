"""What a running process remembers of the people who work just now: codes by which they prove whose
chat account is theirs, and which cases they have opened.

A code is asked for on one's own page, for one account by its whole id, and counts once, from that
account alone, for some minutes. That somebody has opened a case counts for half an hour, and no
more once something has joined it. All of it is memory: with the process it is gone, and is asked
for anew. This module must never keep a code longer than it counts, and never write anything down.
"""

from __future__ import annotations

import hmac
import secrets
import threading
from dataclasses import dataclass
from typing import NamedTuple

from ombud.clock import MINUTE

CODE_LASTS = 10 * MINUTE
CODE_LENGTH = 10  # of 32 signs: 50 bits
TRIES_MAX = 5
OPENED_LASTS = 30 * MINUTE
OPENED_MAX = 10_000  # all together; the oldest give way
_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that is read as another one


class Chat(NamedTuple):
    """An account on a platform, by its whole id."""

    platform: str
    account: str


@dataclass(slots=True)
class _Asked:
    """A code that counts: for which account, until when, how many wrong ones came."""

    chat: Chat
    code: str
    until: int
    wrong: int = 0


class Present:
    """What is remembered. Methods may be called from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._codes: dict[int, _Asked] = {}  # by the token of who asked
        self._opened: dict[tuple[int, str], tuple[int, int]] = {}  # last record, instant

    # --- whose account it is ----------------------------------------------------------------------

    def ask(self, token: int, chat: Chat, now: int) -> str:
        """A new code for somebody, in place of an earlier one."""
        code = "".join(secrets.choice(_SIGNS) for _ in range(CODE_LENGTH))
        with self._lock:
            self._codes[token] = _Asked(chat, code, now + CODE_LASTS)
        return code

    def waits(self, token: int, now: int) -> Chat | None:
        """For which account somebody's code is, while it counts."""
        with self._lock:
            asked = self._codes.get(token)
        return asked.chat if asked is not None and now < asked.until else None

    def prove(self, chat: Chat, code: str, now: int) -> int | None:
        """Whose code an account has sent; it counts no more. None: nobody's who asked for this
        account.
        """
        sent = code.strip().upper().replace("-", "").encode("utf-8", "replace")
        with self._lock:
            for token, asked in list(self._codes.items()):
                if now >= asked.until or asked.wrong >= TRIES_MAX:
                    del self._codes[token]
                elif asked.chat == chat and hmac.compare_digest(sent, asked.code.encode()):
                    del self._codes[token]
                    return token
                elif asked.chat == chat:
                    asked.wrong += 1
        return None

    def forget(self, token: int) -> None:
        """Somebody's code counts no more, nor what they have opened: a session of theirs has ended,
        and nobody knows in which one it was.
        """
        with self._lock:
            self._codes.pop(token, None)
            for each in [each for each in self._opened if each[0] == token]:
                del self._opened[each]

    # --- what was opened --------------------------------------------------------------------------

    def saw(self, token: int, case: str, last: int, now: int) -> None:
        """Somebody has opened the page of a case, whose last record was this."""
        with self._lock:
            self._opened.pop((token, case), None)
            self._opened[token, case] = (last, now)
            while len(self._opened) > OPENED_MAX:
                del self._opened[next(iter(self._opened))]

    def opened(self, token: int, case: str, last: int, now: int) -> bool:
        """Whether somebody has lately opened a case as it is: with this as its last record."""
        with self._lock:
            known, at = self._opened.get((token, case), (-1, 0))
        return known == last and abs(now - at) < OPENED_LASTS
