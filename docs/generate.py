"""Write the reference pages from the program itself, so that they cannot say something else.

    python docs/generate.py            writes docs/reference/*.md anew
    python docs/generate.py --check    exits 1 and names the pages that are stale

Prose stands in `reference_text.py`, `reference_controls.py` and `settings_text.py`; where it
explains a closed list, completeness is checked here. The pages about the command line are made in
`commands.py`, those of rules, queues, keys, retention, roles and categories in
`rules_reference.py`, `queues_reference.py`, `keys_reference.py`, `retention_reference.py`,
`roles_reference.py` and `categories_reference.py`. This program must never write a page that is
neither in PAGES nor theirs.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import categories_reference
import commands
import keys_reference
import msgspec
import queues_reference
import reference_controls as words
import reference_text as prose
import retention_reference
import roles_reference
import rules_reference
import settings_text
from markdown_pieces import Incomplete, explained, page, table

import ombud
from ombud import config, journal, model, policy_lists, usual
from ombud.errors import CATALOGUE
from ombud.signals import likely, resolve, sketch
from ombud.signals.declare import COUNTERS, EVERY_KIND, MEMORIES, SIGNALS, TEXT_KINDS, WITHS, Type
from ombud.web import openapi

FOLDER = Path(__file__).parent


# --- pages ----------------------------------------------------------------------------------------


def signals_page() -> str:
    """All signals, counters and words after `with`."""
    explained([each.value for each in Type], prose.TYPES, "TYPES")
    explained(MEMORIES, prose.PHRASES, "PHRASES")
    return page(
        "Signals",
        prose.SIGNALS,
        "## Types",
        table(["type", "meaning"], prose.TYPES.items()),
        "## Of one event",
        table(
            ["name", "type", "unit", "kinds", "meaning", "nghĩa", "version"],
            (
                [
                    f"`{name}`",
                    each.type.value,
                    each.unit,
                    _kinds(each.kinds),
                    each.meaning["en"],
                    each.meaning["vi"],
                    str(each.version),
                ]
                for name, each in sorted(SIGNALS.items())
            ),
        ),
        "## Learned from a community's own decisions",
        *_learned(),
        "## Counted over time",
        _counted(),
        table(
            ["name", "unit", "counted kinds", "once for each", "meaning", "nghĩa", "version"],
            (
                [
                    f"`{name}`",
                    each.unit,
                    _kinds(each.kinds),
                    "event" if each.distinct is None else each.unit,
                    each.meaning["en"],
                    each.meaning["vi"],
                    str(each.version),
                ]
                for name, each in sorted(COUNTERS.items())
            ),
        ),
        "## Remembered for phrases",
        *_remembered(),
        "## Words after `with`",
        table(
            ["word", "meaning", "nghĩa", "version"],
            (
                [f"`with {name}`", each.meaning["en"], each.meaning["vi"], str(each.version)]
                for name, each in sorted(WITHS.items())
            ),
        ),
    )


def _counted() -> str:
    """How counting goes: the prose with its numbers."""
    return prose.COUNTERS.format(
        units=", ".join(f"{unit}s" for unit, _ in resolve.UNITS),
        cap=f"{resolve.COUNT_MAX:,}",
        least=resolve.SHARE_POSTS_MIN,
        times=resolve.TIMES_MAX,
        days=usual.DAYS,
        known=usual.KNOWN_DAYS,
    )


def _learned() -> tuple[str, str]:
    """What a community's own models say: the prose, and the one line of their table."""
    each = likely.DECLARED
    row = [
        f"`{each.name}`",
        each.type.value,
        _kinds(each.kinds),
        each.meaning["en"],
        each.meaning["vi"],
        str(each.version),
    ]
    return prose.LEARNED, table(["name", "type", "kinds", "meaning", "nghĩa", "version"], [row])


def _remembered() -> tuple[str, str]:
    """What phrases ask for: the prose, and a table."""
    return (
        prose.MEMORIES.format(
            bits=sketch.SKETCH_BITS,
            others=sketch.OWNERS,
            names=f"{resolve.COUNT_MAX // 2:,}",
            false="50,000",
        ),
        table(
            ["phrase", "for", "kinds that are remembered", "meaning", "nghĩa", "version"],
            (
                [
                    prose.PHRASES[name],
                    resolve.duration(each.width),
                    _kinds(each.kept.kinds),
                    each.kept.meaning["en"],
                    each.kept.meaning["vi"],
                    str(each.kept.version),
                ]
                for name, each in sorted(MEMORIES.items())
            ),
        ),
    )


def _kinds(kinds: frozenset[str]) -> str:
    if kinds == EVERY_KIND:
        return "all"
    if kinds == TEXT_KINDS:
        return "all with text"
    return ", ".join(kind for kind in model.KINDS if kind in kinds)


def errors_page() -> str:
    """Every error code, after importing every module that adds some."""
    for module in pkgutil.walk_packages(ombud.__path__, "ombud."):
        if not module.name.endswith(".__main__"):
            importlib.import_module(module.name)
    parts = [prose.ERRORS]
    explained({code[0] for code in CATALOGUE}, prose.LETTERS, "LETTERS")
    for letter, meaning in prose.LETTERS.items():
        parts.append(f"## {letter}\n\n{meaning}")
        for code in sorted(code for code in CATALOGUE if code[0] == letter):
            entry = CATALOGUE[code]
            hint = f"\n\n{_literal(entry.hint)}" if entry.hint else ""
            parts.append(f"### {code}\n\n*{_literal(entry.message)}*{hint}")
    return page("Errors", *parts)


def _literal(template: str) -> str:
    """A message's template as Markdown that shows it as it stands."""
    for sign in "\\*<[":
        template = template.replace(sign, "\\" + sign)
    return template


def settings_page() -> str:
    """Every setting of `ombud.toml`, with the sentence that stands below it in the source."""
    head = ["setting", "type", "default", "meaning"]
    return page(
        "Settings",
        settings_text.SETTINGS,
        table(head, _settings(config.Settings)),
        settings_text.SETTINGS_CONNECTORS,
        table(head, _settings(config.HttpConnector)),
        settings_text.SETTINGS_MATRIX,
        table(head, _settings(config.MatrixConnector)),
        settings_text.SETTINGS_POLICIES,
        table(head, _settings(policy_lists.PolicyLists, policy_lists)),
        settings_text.SETTINGS_HOOKS,
        table(head, _settings(config.Hook)),
        settings_text.SETTINGS_CLAIMS,
        table(head, _settings(config.Claims)),
        settings_text.SETTINGS_OPENID,
        table(head, _settings(config.OpenId)),
        settings_text.SETTINGS_STRIKES,
        table(head, _settings(config.Strikes)),
        settings_text.SETTINGS_THRESHOLDS,
        table(head, _settings(config.Threshold)),
        settings_text.SETTINGS_DSA,
        table(head, _settings(config.Dsa)),
        settings_text.SETTINGS_LEDGER,
        table(head, _settings(config.Log)),
    )


def _settings(kind: type[msgspec.Struct], module: ModuleType = config) -> list[list[str]]:
    """A row for each setting of one table of `ombud.toml`."""
    source = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    (record,) = (
        node
        for node in source.body
        if isinstance(node, ast.ClassDef) and node.name == kind.__name__
    )
    defaults = {field.name: field for field in msgspec.structs.fields(kind)}
    rows = []
    for field, after in zip(record.body, [*record.body[1:], None], strict=True):
        if not isinstance(field, ast.AnnAssign) or not isinstance(field.target, ast.Name):
            continue
        if not (isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)):
            raise Incomplete(f"config.{kind.__name__}: say what {field.target.id} is")
        name = field.target.id
        default = "needed" if defaults[name].required else f"`{_default(defaults[name])}`"
        type_ = settings_text.SETTING_TYPES[ast.unparse(field.annotation)]
        rows.append([f"`{name}`", type_, default, " ".join(str(after.value.value).split())])
    return rows


def _default(field: msgspec.structs.FieldInfo) -> str:
    made = field.default_factory
    value = field.default if made is msgspec.NODEFAULT else made()
    return msgspec.json.encode(value).decode()


def events_page() -> str:
    """The wire: what an event may hold, with every bound."""
    info = msgspec.inspect.multi_type_info(
        [
            model.Event,
            model.Data,
            model.Account,
            model.Avatar,
            model.Room,
            model.Server,
            model.Link,
            model.Media,
            model.Reply,
            model.Before,
            model.Reported,
        ]
    )
    structs = [each for each in info if isinstance(each, msgspec.inspect.StructType)]
    names = [
        f"{each.cls.__name__}.{field.encode_name}" for each in structs for field in each.fields
    ]
    explained(names, prose.FIELDS, "FIELDS")
    parts = []
    for each in structs:
        name = each.cls.__name__
        meaning = (each.cls.__doc__ or "").partition("\n\n")[0].replace("\n", " ")
        rows = [
            [
                f"`{field.encode_name}`",
                _type(field.type),
                "needed" if field.required else "",
                prose.FIELDS[f"{name}.{field.encode_name}"],
            ]
            for field in each.fields
        ]
        parts += [f"### {name}", meaning, table(["field", "type and bound", "", "meaning"], rows)]
    kinds = [
        [f"`{name}`", kind or "none: recorded, judged by no rule", prose.EVENT_TYPES[name]]
        for name, kind in model.KIND_OF_TYPE.items()
    ]
    explained(model.KIND_OF_TYPE, prose.EVENT_TYPES, "EVENT_TYPES")
    return page(
        "Events",
        prose.EVENTS.format(bytes=f"{model.EVENT_BYTES_MAX:,}"),
        "## Types and kinds",
        prose.KINDS,
        table(["type", "kind", "when"], kinds),
        "## Fields",
        prose.EVENT_FIELDS,
        *parts,
        prose.EVENT_TIME,
    )


def _type(type_: Any) -> str:
    """A field's type and bound in words."""
    inspect = msgspec.inspect
    match type_:
        case inspect.UnionType():
            return " or ".join(_type(each) for each in type_.types if not _none(each))
        case inspect.StrType(max_length=int(longest), min_length=least):
            return f"text of {f'{least} to' if least else 'at most'} {longest:,} characters"
        case inspect.VarTupleType(max_length=int(longest)):
            return f"list of at most {longest:,}: {_type(type_.item_type)}"
        case inspect.IntType(ge=int(least), le=int(most)):
            return f"whole number, {least} to {most}"
        case inspect.DateTimeType():
            return "time with zone, RFC 3339"
        case inspect.LiteralType():
            return " or ".join(f'`"{value}"`' for value in type_.values)
        case inspect.StructType():
            return f"[{type_.cls.__name__}](#{type_.cls.__name__.lower()})"
    raise Incomplete(f"model: {type_} has no bound, or none that this page can say")


def _none(type_: Any) -> bool:
    return isinstance(type_, msgspec.inspect.NoneType)


def controls_page() -> str:
    """The closed list of controls."""
    explained(journal.CONTROLS, words.CONTROLS, "CONTROLS")
    rows = ([f"`{name}`", meaning] for name, meaning in sorted(words.CONTROLS.items()))
    return page("Controls", words.CONTROLS_INTRODUCTION, table(["control", "what it does"], rows))


def http_page() -> str:
    """Every endpoint of the API, from the table that its OpenAPI document is made of."""
    rows = []
    for each in openapi.ENDPOINTS:
        statuses = ", ".join(str(status) for status in (*each.gives, *each.errors))
        named = ", ".join(f"`{one.name}`: {one.meaning}" for one in each.parameters)
        takes = ", ".join(f"`{type_}`" for type_ in each.takes)
        rows.append(
            [f"`{each.method} {each.path}`", each.door, each.summary, named, takes, statuses]
        )
    head = ["endpoint", "door", "what it does", "parameters", "content", "answers with"]
    return page("HTTP", prose.HTTP, table(head, rows), prose.HTTP_PAGES)


def rules_page() -> str:
    """The language of rules."""
    return page("Rules", rules_reference.page_text())


PAGES: Mapping[str, Callable[[], str]] = {
    "reference/controls.md": controls_page,
    "reference/dsa-categories.md": categories_reference.categories_page,
    "reference/errors.md": errors_page,
    "reference/events.md": events_page,
    "reference/http.md": http_page,
    "reference/queues.md": queues_reference.queues_page,
    "reference/retention.md": retention_reference.retention_page,
    "reference/roles.md": roles_reference.roles_page,
    "reference/keys.md": keys_reference.keys_page,
    "reference/rules.md": rules_page,
    "reference/settings.md": settings_page,
    "reference/signals.md": signals_page,
}


def pages() -> dict[str, str]:
    """Every generated page: its path inside `docs`, and what it must say."""
    return {name: write() for name, write in PAGES.items()} | commands.pages()


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def main(arguments: list[str]) -> int:
    """Write the pages, or check them; the exit code."""
    if arguments not in ([], ["--check"]):
        sys.stderr.write("usage: python docs/generate.py [--check]\n")
        return 2
    try:
        stale = {name: text for name, text in pages().items() if _read(FOLDER / name) != text}
    except Incomplete as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for name, text in stale.items():
        if arguments:
            sys.stderr.write(f"docs/{name} is stale: run `make reference`\n")
        else:
            (FOLDER / name).parent.mkdir(exist_ok=True)
            (FOLDER / name).write_text(text, encoding="utf-8")
            sys.stderr.write(f"wrote docs/{name}\n")
    return 1 if arguments and stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
