"""Changes of the staff, with what belongs to them outside the journal: credentials and links.

The control comes first and is what counts: a session whose person is suspended opens nothing from
that commit on, whatever is left in the key file, and what a crash leaves there the next start takes
away. This module must never tell a link but to whoever asked for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ombud import clock
from ombud.app import Engine
from ombud.controls import staff
from ombud.errors import BadUse, catalogue
from ombud.staff import people
from ombud.staff.credentials import FIRST
from ombud.staff.roles import Members

catalogue(
    U208=(
        "{name} is suspended, and a link would open nothing.",
        "`ombud staff restore` lets them in again.",
    ),
    U210=("There is no change called {change}.", "`ombud staff --help` lists them."),
    U209=(
        "There is no account yet, so there is nobody whose link it could be.",
        "Without a name, `ombud staff link` makes the link for the first account.",
    ),
)

PATH = "/link/"
FIRST_PATH = "/start/"


def token(engine: Engine, who: str | int) -> int:
    """Who of the staff is called so. Raises BadUse U085 or U200."""
    return _among(engine, engine.staff, who)


def _among(engine: Engine, members: Members, who: str | int) -> int:
    found = engine.credentials.token_of(people.called(who)) if isinstance(who, str) else who
    if found is None or found not in members:
        name = people.spelt(who) if isinstance(who, str) else "this"
        raise BadUse("U200", "name", name=name)
    return found


def change(engine: Engine, what: str, who: str | int, by: str | int, **given: Any) -> int:
    """Change the staff (`controls.staff.asked`); the token of who it is about. Whoever is
    suspended or goes is out at once, and no session of before comes back with them.
    """
    before = None if what == "added" else token(engine, who)
    engine.control(staff.asked(what, who if before is None else before, by, **given))
    about = token(engine, who) if before is None else before
    if what == "added":
        engine.credentials.add(about, people.spelt(str(who)))
        engine.credentials.forget_link(FIRST)  # it dies with the first account
    elif what == "removed":
        engine.credentials.forget(about)
    elif what in ("suspended", "restored"):
        engine.credentials.shut_out(about)
    engine.credentials.present.forget(about)
    return about


def link(engine: Engine, who: str | int, now: int) -> tuple[str, int]:
    """A new one-time link for somebody, in place of an earlier one: its path and its end."""
    about = token(engine, who)
    if engine.staff[about].suspended:
        name = people.spelt(who) if isinstance(who, str) else "This person"
        raise BadUse("U208", "name", name=name)
    account = engine.credentials.account(about)
    if account is None and isinstance(who, str):  # a crash has left them without
        engine.credentials.add(about, people.spelt(who))
    secret, ends = engine.credentials.make_link(about, now)
    return PATH + secret, ends


def first_link(engine: Engine, now: int) -> tuple[str, int]:
    """The one-time link by which the first account is made. Raises BadUse U207."""
    if engine.staff:
        raise BadUse("U207", "first")
    secret, ends = engine.credentials.make_link(FIRST, now)
    return FIRST_PATH + secret, ends


def perform(engine: Engine, request: Mapping[str, Any]) -> dict[str, Any]:
    """Do what a command asks. Links are told as paths: who listens where, the command may know."""
    do, by = str(request.get("change")), str(request.get("by") or people.ADMIN)
    name = request.get("name")
    if do == "link" and name is None:
        path, ends = first_link(engine, engine.wall())
        return _told(None, path, ends, engine)
    if do == "bound" or do not in ("link", *staff.CHANGES):
        raise BadUse("U210", "change", change=repr(do[:40]))
    if do != "link":
        given = {each: list(request.get(each) or ()) for each in ("roles", "queues", "actions")}
        change(engine, do, str(name), by, **given)
    elif not engine.staff:
        raise BadUse("U209", "name")
    else:
        allowed(engine, by, "staff")
    if do not in ("link", "added"):
        return {"name": people.spelt(str(name)), "change": do}
    path, ends = link(engine, str(name), engine.wall())
    return _told(str(name), path, ends, engine)


def base(engine: Engine) -> str:
    """What stands before a link's path. Of this machine the name and not the number: at a number
    no browser makes a passkey. Empty where nobody knows it.
    """
    here = engine.address.replace("//127.0.0.1", "//localhost").replace("//[::1]", "//localhost")
    return (engine.settings.public_url or here).rstrip("/")


def _told(name: str | None, path: str, ends: int, engine: Engine) -> dict[str, Any]:
    return {
        "name": None if name is None else people.spelt(name),
        "link": base(engine) + path,
        "ends": clock.rfc3339(ends),
    }


def allowed(engine: Engine, by: str, permission: str) -> None:
    """Raise BadUse U200 or U201 where somebody at the command line may not do something that is no
    control. Who they are is asked beside the writer, whose files are its own.
    """
    members = engine.staff  # read once: somebody may go while this is asked
    if members and not people.unnamed(by):
        staff.may(members[_among(engine, members, by)], by, permission)
