"""What an OpenID provider calls the people of the staff, as the key file keeps it.

One subject is one person, and one person has one subject at most. This module must never keep more
of what a provider says of somebody than that.
"""

from __future__ import annotations

from ombud.staff.credentials import Credentials, Session, digest


class Subjects:
    """Subjects in one key file. Methods may be called from several threads."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials

    def whose(self, issuer: str, subject: str) -> int | None:
        """Whom a provider calls so."""
        with self._credentials.reading() as file:
            row = file.one("openid", (issuer, subject))
        return None if row is None else int(row[0])

    def issuer(self, token: int) -> str:
        """The provider by which somebody can come in; empty where there is none."""
        with self._credentials.reading() as file:
            row = file.one("openid_of", (token,))
        return "" if row is None else str(row[0])

    def bind(self, token: int, issuer: str, subject: str, now: int, *, link: str = "") -> bool:
        """Let somebody come in by a provider from now on, by this and no other subject; by a `link`
        it is used, and all their sessions end. False where the subject is somebody else here, or
        the link opens nothing any more; then nothing has changed.
        """
        with self._credentials.writing() as file:
            known = file.one("openid", (issuer, subject))
            if (known is not None and known[0] != token) or file.one("staff", (token,)) is None:
                return False
            if link:
                used = {"digest": digest(link), "token": token, "now": now}
                if file.run("use_link", used) != 1:
                    return False
                file.run("end_sessions", (token, ""))
            row = {"token": token, "issuer": issuer, "subject": subject, "now": now}
            file.run("bind_openid", row)
        return True

    def unbind(self, token: int) -> None:
        """Somebody comes in by no provider any more."""
        with self._credentials.writing() as file:
            file.run("forget_openid", (token,))

    def session(self, id_: str, now: int) -> Session | None:
        """The session that is called so, if it has not ended: who comes back from a provider does
        so without its cookie.
        """
        with self._credentials.reading() as file:
            row = file.one("session_of", (id_,))
        found = None if row is None else Session(*row)
        return None if found is None or found.over(now) else found
