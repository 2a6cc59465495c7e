"""What every public page has: templates, files of style and script, language, strict headers.

Templates escape everything, and name what cannot be seen. This module must never take a template
or a static file from anywhere but this package, nor let a response out without its headers.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from litestar import Request, Response
from litestar.enums import HttpMethod
from litestar.types import Message, Scope
from markupsafe import Markup, escape

from ombud import clock
from ombud.i18n import SPOKEN
from ombud.web import Community, words

HERE = Path(__file__).parent
HTML = "text/html"  # Litestar adds the charset to every text type
TYPES = {".css": "text/css", ".js": "text/javascript"}
QUERY_FIELDS_MAX = 20
READ = (HttpMethod.GET, HttpMethod.HEAD)

_POLICY = (
    "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
POLICY_WITH_SCRIPT = f"{_POLICY}; script-src 'self'; connect-src 'self'"
HEADERS: Mapping[bytes, bytes] = {
    b"content-security-policy": _POLICY.encode(),
    b"referrer-policy": b"no-referrer",
    b"x-content-type-options": b"nosniff",
    b"x-robots-tag": b"noindex, nofollow",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"cache-control": b"no-store",
}


async def harden(message: Message, _scope: Scope) -> None:
    """Give a response the headers it did not set itself; runs for every one, errors included."""
    if message["type"] == "http.response.start":
        own = list(message.get("headers", ()))
        there = {name.lower() for name, _ in own}
        own += [pair for pair in HEADERS.items() if pair[0] not in there]
        message["headers"] = own


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file of style or script, with the digest under which browsers may keep it."""

    content: bytes
    type: str
    digest: str


@functools.cache
def static_files() -> Mapping[str, StaticFile]:
    """Every file of style and script of this package, by its path."""
    folder = HERE / "static"
    return {
        path.relative_to(folder).as_posix(): StaticFile(
            content, TYPES[path.suffix], hashlib.sha256(content).hexdigest()[:16]
        )
        for path in sorted(folder.rglob("*"))
        if path.suffix in TYPES and (content := path.read_bytes())
    }


@pass_context
def _say(context: Context, key: str, /, **values: object) -> Markup:
    return words.say(key, context["lang"], **values)


@pass_context
def _named(context: Context, group: str, name: str) -> str:
    return words.named(group, name, context["lang"])


@pass_context
def _moment(context: Context, time: str) -> Markup:
    return words.moment(time, context["lang"])


@pass_context
def _instant(context: Context, time: int) -> Markup:
    """An instant in microseconds, as people read it."""
    return words.moment(clock.rfc3339(time), context["lang"])


@pass_context
def _choose(context: Context, texts: Mapping[str, str]) -> words.Said | None:
    return words.choose(texts, context["lang"])


def _kept(text: str) -> Markup:
    """What somebody wrote, to be edited again: escaped, and otherwise as it was."""
    return escape(text.replace("\0", "\ufffd"))


def _link(address: str) -> Markup:
    """A link to a place of ours that is shown by its address."""
    return Markup('<a href="{0}"><code>{0}</code></a>').format(address)


def _code(text: str) -> Markup:
    return Markup("<code>{}</code>").format(words.visible(text))


def _bdi(text: str) -> Markup:
    """What somebody wrote inside a sentence of ours: its direction ends with it."""
    return Markup('<bdi lang="">{}</bdi>').format(words.visible(text))


def _finalize(value: object) -> object:
    """What every value in a template passes through before it is escaped."""
    return words.visible(value) if isinstance(value, str) and not _is_markup(value) else value


def _is_markup(value: object) -> bool:
    return hasattr(value, "__html__")


def _static_url(name: str) -> str:
    return f"/static/{name}?v={static_files()[name].digest}"


@functools.cache
def _templates() -> Environment:
    """The templates, compiled once: they are the same for every community."""
    found = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals.update(
        say=_say,
        say_in=words.say,
        named=_named,
        moment=_moment,
        instant=_instant,
        choose=_choose,
        reflowed=words.reflowed,
        kept=_kept,
        link=_link,
        code=_code,
        bdi=_bdi,
        static=_static_url,
    )
    return found


class Site:
    """The pages of one community."""

    def __init__(self, community: Community) -> None:
        self.community = community

    def render(self, template: str, lang: str, **values: Any) -> bytes:
        """A page in a language, as UTF-8."""
        values = {"theme": "", "care": None, "pause": None, "referrer": "no-referrer", **values}
        return (
            _templates()
            .get_template(template)
            .render(lang=lang, language_names=words.LANGUAGE_NAMES, **values)
            .encode()
        )

    def respond(
        self,
        template: str,
        lang: str,
        *,
        status: int = 200,
        script: bool = False,
        referrer: str = "no-referrer",
        **values: Any,
    ) -> Response[bytes]:
        """A page as a response; `script` lets it run our own script files. `referrer`: to whom a
        browser says where a link or form was; pages with forms that act for somebody say it to
        ourselves, so that the answer can tell whose page it was.
        """
        headers = {"content-language": lang}
        if referrer != "no-referrer":
            headers["referrer-policy"] = referrer
        if script:
            headers["content-security-policy"] = POLICY_WITH_SCRIPT
        values.setdefault("community", self.community.name())
        values.setdefault("script", script)
        values.setdefault("referrer", referrer)
        content = self.render(template, lang, **values)
        return Response(content, status_code=status, media_type=HTML, headers=headers)

    def languages(self) -> tuple[str, ...]:
        """The languages a page can be read in, the community's preferred one first."""
        preferred = [each for each in self.community.languages() if each in SPOKEN]
        return (*preferred, *(each for each in SPOKEN if each not in preferred))

    def language(self, request: Request[Any, Any, Any], own: str | None = None) -> str:
        """The language to answer in: as asked for, else `own`, else the browser's, else the
        community's.
        """
        asked = query(request.scope).get("lang", "")
        if asked in SPOKEN:
            return asked
        if own in SPOKEN:
            return str(own)
        browser = words.accepted(request.headers.get("accept-language", ""))
        return browser or self.languages()[0]


def query(scope: Scope) -> dict[str, str]:
    """The query of an address, the first value of each name; empty where it cannot be read."""
    try:
        found = parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=QUERY_FIELDS_MAX)
    except ValueError:
        return {}
    return {name: values[0] for name, values in found.items()}
