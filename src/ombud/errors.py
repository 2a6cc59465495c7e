"""What went wrong, in three parts: what, where, what to do. And a stable code to look it up by.

Every error a person can meet is listed in `CATALOGUE`, once; `docs/reference/errors.md` is
generated from it. Errors carry a code and arguments and never finished prose from elsewhere: the
edges (command line, API, console) translate and print. This module must never import from the rest
of the program.

    OmbudError
    |-- BadEvent      E...  one event cannot be taken; the others can
    |-- BadRules      R...  rules, policies or lists cannot be taken; what runs stays as it is
    |-- BadData       D...  the data folder cannot be used as it is
    |-- BadLedger     L...  a public log does not hold together
    `-- BadUse        U...  a command or setting was used wrongly
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the catalogue: what is wrong and what to do, as `str.format` templates."""

    message: str
    hint: str = ""


CATALOGUE: dict[str, Entry] = {}


def catalogue(**entries: tuple[str, str]) -> None:
    """Add entries `CODE=(message, hint)`; a code is given once and never reused."""
    for code, (message, hint) in entries.items():
        if code in CATALOGUE:
            raise ValueError(f"error code {code} is taken")
        CATALOGUE[code] = Entry(message, hint)


class OmbudError(Exception):
    """An error with a stable code, a place and a hint. `where` is a path, a file or a field."""

    def __init__(self, code: str, where: str = "", **arguments: object) -> None:
        self.code = code
        self.where = where
        self.arguments: Mapping[str, object] = arguments
        entry = CATALOGUE[code]
        self.message = entry.message.format(**arguments)
        self.hint = entry.hint.format(**arguments)
        super().__init__(f"{code} {self.message}")

    @classmethod
    def relayed(cls, told: Mapping[str, Any]) -> Self:
        """An error as another process told it: `as_json`, and `plain` under "arguments".

        The code need not stand in this process's catalogue, which holds only what was imported.
        """
        error = cls.__new__(cls)
        error.code, error.message, error.where, error.hint = (
            str(told.get(name, "")) for name in ("code", "message", "where", "hint")
        )
        arguments = told.get("arguments")
        error.arguments = arguments if isinstance(arguments, dict) else {}
        Exception.__init__(error, f"{error.code} {error.message}")
        return error

    def plain(self) -> dict[str, str]:
        """The arguments as text: enough to raise the same error in another place."""
        return {name: str(value) for name, value in self.arguments.items()}

    def as_json(self) -> dict[str, str]:
        """The one JSON shape of an error."""
        return {"code": self.code, "message": self.message, "where": self.where, "hint": self.hint}


class BadEvent(OmbudError):
    """One event cannot be taken."""


class BadRules(OmbudError):
    """Rules, policies or lists cannot be taken."""


class BadData(OmbudError):
    """The data folder cannot be used as it is."""


class BadLedger(OmbudError):
    """A public log does not hold together."""


class BadUse(OmbudError):
    """A command or a setting was used wrongly."""


catalogue(
    E001=("This is not JSON: {detail}.", "Send one JSON object, or several, one on each line."),
    E002=("{detail}.", "See docs/reference/events.md for the shape of an event."),
    E003=("The event is {size} bytes long; at most {limit} are taken.", "Shorten it or split it."),
    E004=("{what} is longer than {limit} characters.", "Shorten it."),
    E005=("{what} holds more than {limit} entries.", "Send the first {limit}."),
    E006=("{what} holds a control character.", "Identifiers are plain printable text."),
    E007=("There is no event type called {type}.", "The types are: {types}."),
    E008=(
        "An event with this source and id is already there, with other content.",
        "The first one stands. Give the new event an id of its own.",
    ),
    E009=("The time {value} is outside the years 1970 to 9999.", "Give the time in RFC 3339, UTC."),
    E010=("The text is not valid UTF-8.", "Encode the event in UTF-8."),
    E011=(
        "The stream is broken here: {detail}.",
        "What came before this place was taken. Mend the file and send it again.",
    ),
)

# What parts of the program raise that do not import each other.
catalogue(
    D003=(
        "The data folder cannot be written: {detail}.",
        "Make room or mend the folder, then start again.",
    ),
    D008=(
        "The data folder contradicts itself: {detail}.",
        "Restore a backup into a new folder. Nothing was changed here.",
    ),
)
