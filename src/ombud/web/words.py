"""What the public pages say, and how values are put into it: one key, every language.

The texts stand in `locale/*.toml`; a test holds that every text exists in every language. What
somebody else wrote is a value and never a template: it is made visible (`visible`), escaped, and
set apart from the text around it by the templates. This module must never let a control character
or a direction override through.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from markupsafe import Markup, escape

from ombud.i18n import SPOKEN

LOCALE = Path(__file__).parent / "locale"
LANGUAGE_NAMES: Mapping[str, str] = {"en": "English", "vi": "Tiếng Việt"}
LINE_SEPARATORS = re.compile("\r\n?|[\x85\u2028\u2029]")
# Controls (but tab and newline), halves of characters, embeddings, overrides and isolates.
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# The end of a line that goes on: no empty line follows, and no list, heading, quotation or table.
BROKEN = re.compile(r"(?<=\S)\n(?=[^\s\-*+#>|0-9])")
ACCEPT_LANGUAGE_MAX = 200  # characters of the header that are looked at


def _texts() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for path in sorted(LOCALE.glob("*.toml")):
        for key, texts in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if key in found:
                raise ValueError(f"the text {key!r} stands in two files")
            found[key] = texts
    return found


TEXTS: Mapping[str, Mapping[str, str]] = _texts()


class Said(NamedTuple):
    """A text and the language it is in."""

    text: str
    lang: str


def say(key: str, lang: str, /, **values: object) -> Markup:
    """The text of `key` in `lang`, with its values escaped; markup among them stays markup."""
    shown = {
        name: value if hasattr(value, "__html__") else visible(str(value))
        for name, value in values.items()
    }
    return Markup(escape(TEXTS[key][lang])).format(**shown)  # noqa: S704 -- our own text


def named(group: str, name: str, lang: str) -> str:
    """The word for a name of a closed list (`state`, `action`); the name itself where none is."""
    texts = TEXTS.get(f"{group}.{name}")
    return texts[lang] if texts else name


def visible(text: str) -> str:
    """A text in which nothing hides: what cannot be seen, or turns what follows, is named.

    Bidirectional marks that only nudge (U+200E, U+200F) and joiners stay: real writing needs them.
    """
    return UNSEEN.sub(_name_of, LINE_SEPARATORS.sub("\n", text))


def _name_of(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x20:
        return chr(0x2400 + code)  # the picture of a control character
    if 0xD800 <= code <= 0xDFFF:
        return "\ufffd"  # half a character: cannot be written in UTF-8
    return f"⟨U+{code:04X}⟩"


def choose(texts: Mapping[str, str], lang: str) -> Said | None:
    """The text in `lang`, else in a language spoken here, else in any; None where there is none."""
    for each in (lang, *SPOKEN, *sorted(texts)):
        if texts.get(each):
            return Said(texts[each], each)
    return None


def reflowed(text: str) -> str:
    """A text of Markdown as lines to be shown: its paragraphs and lists stay, and a line that was
    broken in the file only to be short is joined to the one before.
    """
    return BROKEN.sub(" ", text)


def moment(time: str, lang: str) -> Markup:
    """A time (RFC 3339) as people read it, in UTC, with the exact one in its markup."""
    try:
        at = datetime.fromisoformat(time).astimezone(UTC)
    except (ValueError, OverflowError):
        return escape(visible(time))
    words = _spoken(at, lang)
    return Markup('<time datetime="{}">{}</time>').format(f"{at:%Y-%m-%dT%H:%M:%SZ}", words)


def _spoken(at: datetime, lang: str) -> str:
    return TEXTS["moment"][lang].format(
        day=at.day,
        month=TEXTS[f"month.{at.month}"][lang],
        year=at.year,
        clock=f"{at:%H:%M}",
    )


def dated(said: Said, time: str | None) -> tuple[Said, bool]:
    """A sentence of a record in which one time (RFC 3339) is told as on the rest of the page, and
    whether that time stood in it.
    """
    try:
        at = datetime.fromisoformat(time or "").astimezone(UTC)
    except (ValueError, OverflowError):
        return said, False
    written = f"{at:%Y-%m-%d %H:%M UTC}"  # as records are written (`decisions`)
    if written not in said.text or said.lang not in SPOKEN:
        return said, False
    return Said(said.text.replace(written, _spoken(at, said.lang)), said.lang), True


def hour_of(time: str, lang: str) -> str:
    """The hour of a time (RFC 3339) and its day without the year, in UTC."""
    try:
        at = datetime.fromisoformat(time).astimezone(UTC)
    except (ValueError, OverflowError):
        return visible(time)
    month = TEXTS[f"month.{at.month}"][lang]
    return TEXTS["hour"][lang].format(day=at.day, month=month, clock=f"{at:%H:%M}")


def accepted(header: str) -> str | None:
    """The language spoken here that a browser asks for most (`Accept-Language`), if any."""
    best: tuple[float, str] | None = None
    for part in header[:ACCEPT_LANGUAGE_MAX].split(","):
        tag, _, weight = part.strip().partition(";q=")
        base = tag.partition("-")[0].lower()
        try:
            quality = float(weight) if weight else 1.0
        except ValueError:
            continue
        if base in SPOKEN and quality > (best[0] if best else 0.0):
            best = quality, base
    return best[1] if best else None
