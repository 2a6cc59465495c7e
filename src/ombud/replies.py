"""Canned replies: texts of the community's own that somebody begins from who writes to a person.

They stand in the folder `replies`, one file a reply and language (`it-stands.vi.md`): a heading
that staff choose it by, and the text. `[[what is missing]]` is a blank that whoever sends it fills;
a message with a blank left is refused, from wherever it comes. They are read when a page is made
and decide nothing, so they are no part of the configuration. This module must never send anything,
and never let one bad file keep the others from being offered.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ombud import files
from ombud.errors import BadUse, OmbudError, catalogue

catalogue(
    U332=(
        "The message still has a blank to be filled in: {blank}.",
        "Write what belongs there, or take it out.",
    ),
    U333=(
        "The canned reply {name} is not offered: {why}.",
        "A file is NAME.en.md or NAME.vi.md: a line with # and a title, then the text.",
    ),
)

FOLDER = "replies"
LANGUAGES = ("en", "vi")
FILES_MAX = 200
FILE_BYTES_MAX = 16 * 1024
TITLE_LENGTH_MAX = 100
TEXT_LENGTH_MAX = 1000  # fits wherever staff write to a person
NAME_LENGTH_MAX = 60
_NAME = re.compile(r"([a-z0-9][a-z0-9-]{0,59})\.(en|vi)\.md")
_BLANK = re.compile(r"\[\[[^\[\]]{0,200}\]\]")


@dataclass(frozen=True, slots=True)
class Reply:
    """One canned reply: title and text by language."""

    name: str
    titles: Mapping[str, str]
    texts: Mapping[str, str]


@dataclass(slots=True)
class Replies:
    """What a folder holds: the replies by name, and why what else stands there is not offered."""

    by_name: dict[str, Reply] = field(default_factory=dict)
    refused: list[BadUse] = field(default_factory=list)


def read(folder: Path) -> Replies:
    """The canned replies of a data folder, sorted by name. No folder: none."""
    found, place = Replies(), folder / FOLDER
    try:
        paths = sorted(place.iterdir()) if place.is_dir() else []
    except OSError as error:
        found.refused.append(_refusal(FOLDER, error.strerror or type(error).__name__))
        return found
    if len(paths) > FILES_MAX:
        found.refused.append(_refusal(FOLDER, f"it has more than {FILES_MAX} files"))
    made: dict[str, dict[str, tuple[str, str]]] = {}
    for path in paths[:FILES_MAX]:
        if path.name.startswith((".", "#")) or path.name.endswith(("~", ".swp", ".tmp", ".bak")):
            continue
        try:
            name, lang, told = _read(path)
        except BadUse as error:
            found.refused.append(error)
            continue
        made.setdefault(name, {})[lang] = told
    for name, told_in in made.items():
        titles = {lang: told_in[lang][0] for lang in LANGUAGES if lang in told_in}
        texts = {lang: told_in[lang][1] for lang in LANGUAGES if lang in told_in}
        found.by_name[name] = Reply(name, titles, texts)
    return found


def _read(path: Path) -> tuple[str, str, tuple[str, str]]:
    """Name, language, and (title, text) of one file. Raises BadUse U333."""
    named = _NAME.fullmatch(path.name)
    if named is None:
        raise _refusal(path.name, "its name is not NAME.en.md or NAME.vi.md in small letters")
    try:
        content = files.content(path, FILE_BYTES_MAX).decode()
    except UnicodeDecodeError:
        raise _refusal(path.name, "it is not UTF-8") from None
    except OmbudError as error:
        raise _refusal(path.name, error.message) from None
    return named[1], named[2], parsed(path.name, content)


def parsed(name: str, content: str) -> tuple[str, str]:
    """Title and text of a file. Raises BadUse U333 where it is none, or holds what would not fit, a
    blank that has no end, or what cannot be seen.
    """
    whole = unicodedata.normalize("NFC", content.replace("\r\n", "\n")).strip()
    head, _, text = whole.partition("\n")
    title, text = head.removeprefix("# ").strip(), text.strip()
    why = ""
    if not head.startswith("# ") or not 0 < len(title) <= TITLE_LENGTH_MAX:
        why = f"its first line is not # and a title of at most {TITLE_LENGTH_MAX} characters"
    elif not 0 < len(text) <= TEXT_LENGTH_MAX:
        why = f"its text has not 1 to {TEXT_LENGTH_MAX} characters"
    elif not all(each.isprintable() or each == "\n" for each in title + text):
        why = "it holds a character that cannot be seen"
    elif "[[" in _BLANK.sub("", text) or "]]" in _BLANK.sub("", text):
        why = "a blank in it does not begin with [[ and end with ]]"
    if why:
        raise _refusal(name, why)
    return title, text


def whole(texts: Mapping[str, str]) -> None:
    """Raise BadUse U332 where a text to a person has a blank left."""
    for each in texts.values():
        if left := _BLANK.search(str(each)):
            raise BadUse("U332", "text", blank=left[0][:60])


def _refusal(name: str, why: str) -> BadUse:
    return BadUse("U333", name[:NAME_LENGTH_MAX], name=ascii(name[:NAME_LENGTH_MAX]), why=why)
