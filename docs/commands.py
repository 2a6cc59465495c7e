"""The pages of the command line: every command with its options, and what `--json` prints.

Both are made from the program itself and from `json_fields`, so that neither is typed twice. This
module must never write a file: `generate` does.
"""

from __future__ import annotations

from collections.abc import Iterator

import click
from json_fields import ERROR, FIELDS, Field

from ombud.cli import main

COMMANDS_PAGE = "reference/commands.md"
JSON_PAGE = "reference/json.md"
HEADER = "<!-- Made by docs/generate.py: change the program, not this page. -->\n\n"
COMMANDS_TEXT = """\
Data goes to standard output, talk to standard error.
Exit codes: 0 done, 1 found something wrong, 2 wrong usage.
What `--json` prints stands on [its own page](json.md).
"""
JSON_TEXT = """\
One JSON object. Lists stand under `items`, times are RFC 3339 in UTC, and lengths of time in facts
are whole microseconds. In a path `[]` stands for each entry of a list and `*` for keys that are
data. A test runs each command and compares what it prints with this page.
"""
ERRORS_TEXT = """\
A command that cannot do its work prints this object in place of its own. Where rules, policies or
lists are at fault it has `items` too, with the fields of `rules check`.
"""


def pages() -> dict[str, str]:
    """The pages by their paths inside `docs`."""
    return {COMMANDS_PAGE: commands_page(), JSON_PAGE: json_page()}


def commands(
    command: click.Command = main, words: tuple[str, ...] = ()
) -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, with its words after `ombud`, in the order of the help."""
    if not isinstance(command, click.Group):
        yield " ".join(words), command
        return
    for name in sorted(command.commands):
        yield from commands(command.commands[name], (*words, name))


def takes_json(command: click.Command) -> bool:
    """Whether a command has the option `--json`."""
    return any("--json" in option.opts for option in command.params)


# --- commands.md ----------------------------------------------------------------------------------


def commands_page() -> str:
    """All commands with their arguments and options."""
    parts = [HEADER + "# Commands\n", COMMANDS_TEXT]
    parts += [_command(words, command) for words, command in commands()]
    return "\n".join(parts)


def _command(words: str, command: click.Command) -> str:
    context = click.Context(command, info_name=f"ombud {words}")
    usage = " ".join([f"ombud {words}", *command.collect_usage_pieces(context)])
    rows = [_option(each, context) for each in command.params if isinstance(each, click.Option)]
    table = ["| option | means | default |", "| --- | --- | --- |", *rows, ""]
    return "\n".join([f"## ombud {words}", "", f"`{usage}`", "", command.help or "", "", *table])


def _option(option: click.Option, context: click.Context) -> str:
    names = ", ".join([*option.opts, *option.secondary_opts])
    if not option.is_flag:
        names += f" {option.make_metavar(context)}"
    means = option.help or ""
    if option.envvar:
        means += f" Or set `{option.envvar}`."
    default = "required" if option.required else _default(option)
    return f"| `{_cell(names)}` | {_cell(means.strip())} | {_cell(default)} |"


def _default(option: click.Option) -> str:
    if option.is_flag or not option.show_default:
        return ""
    return f"`{option.default}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


# --- json.md --------------------------------------------------------------------------------------


def json_page() -> str:
    """What each command prints with `--json`."""
    parts = [HEADER + "# What `--json` prints\n", JSON_TEXT]
    parts += ["## Errors\n", ERRORS_TEXT, _table(ERROR)]
    for words, command in commands():
        if takes_json(command):
            parts += [f"## ombud {words}\n", _table(FIELDS[words])]
    return "\n".join(parts)


def _table(fields: tuple[Field, ...]) -> str:
    rows = [f"| `{each.path}` | {each.type} | {_cell(each.meaning)} |" for each in fields]
    return "\n".join(["| field | type | means |", "| --- | --- | --- |", *rows, ""])
