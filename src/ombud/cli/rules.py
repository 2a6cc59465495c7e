"""`ombud rules` and `ombud signals`: what the community says, and what rules can see.

This module must never activate anything: it reads the texts and tells what they would do.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ombud.cli.show import (
    WRONG,
    Group,
    data_option,
    diagnostic_json,
    json_option,
    print_json,
    say,
    show_diagnostic,
    talk,
    told,
)


@click.group(cls=Group)
def rules() -> None:
    """The community's rules: read, check, format, try."""


@rules.command("list")
@data_option
@json_option
def rules_list(folder: Path, as_json: bool) -> None:
    """All rules with their clause, mode, and what they may do by themselves now."""
    from ombud import rulebook

    with told(as_json):
        found = rulebook.listing(folder)
        if as_json:
            print_json({"items": found})
            return
        for each in found:
            say(f"{each['name']:<24} {each['mode']:<6} {each['clause']:<22} {each['acts']}")


@rules.command("check")
@data_option
@json_option
def rules_check(folder: Path, as_json: bool) -> None:
    """Check rules, policies and lists; exit 1 where there are errors."""
    from ombud import rulebook

    with told(as_json):
        loaded = rulebook.loaded(folder)
        if as_json:
            items = [diagnostic_json(each) for each in loaded.diagnostics]
            print_json({"ok": loaded.ok, "rules": len(loaded.rules), "items": items})
        else:
            for each in loaded.diagnostics:
                show_diagnostic(each)
            say(f"{len(loaded.rules)} rules, {'no errors' if loaded.ok else 'with errors'}")
    if not loaded.ok:
        sys.exit(WRONG)


@rules.command("format")
@click.option("--check", is_flag=True, help="Change nothing; exit 1 where a file would change.")
@data_option
@json_option
def rules_format(check: bool, folder: Path, as_json: bool) -> None:
    """Bring every rule file into the one canonical layout."""
    from ombud import rulebook

    with told(as_json):
        changed = rulebook.format_all(folder, write=not check)
        if as_json:
            print_json({"items": changed})
        else:
            for name in changed:
                say(f"{'would change' if check else 'changed'} {name}")
    if check and changed:
        sys.exit(WRONG)


@rules.command("test")
@data_option
@json_option
def rules_test(folder: Path, as_json: bool) -> None:
    """Run the examples that stand beside the rules; exit 1 where one fails."""
    from ombud import rulebook

    with told(as_json):
        found, errors = rulebook.tried(folder)
        for problem in errors:
            show_diagnostic(problem)
        if as_json:
            print_json({"items": found})
        else:
            for each in found:
                sign = "catches" if each["catch"] else "passes"
                mark = "ok  " if each["ok"] else "FAIL"
                say(f"{mark}  {each['rule']}  {sign}: {each['title']}")
                if not each["ok"] and each["detail"]:
                    talk(f"      {each['detail']}")
    if errors or not all(each["ok"] for each in found):
        sys.exit(WRONG)


@click.group(cls=Group)
def signals() -> None:
    """What rules can see."""


@signals.command("list")
@click.option(
    "--lang",
    default="en",
    show_default=True,
    type=click.Choice(["en", "vi"]),
    help="The language of the meanings.",
)
@json_option
def signals_list(lang: str, as_json: bool) -> None:
    """All signals and counters with their meaning."""
    from ombud import rulebook

    found = rulebook.signals()
    if as_json:
        print_json({"items": found})
        return
    for each in found:
        say(f"{each['name']:<34} {each['type']:<10} {each['meaning'][lang]}")


@signals.command("explain")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@data_option
@json_option
def signals_explain(file: Path, folder: Path, as_json: bool) -> None:
    """All facts of each event in FILE, as rules would see them, from an empty past."""
    from ombud import rulebook

    with told(as_json):
        found = rulebook.explained(folder, file)
        if as_json:
            print_json({"items": found})
            return
        for each in found:
            if "error" in each:
                error = each["error"]
                say(f"{each['id']}: {error['code']} {error['message']} ({error['where']})")
                continue
            fired = ", ".join(each.get("fired", ())) or "no rule fired"
            say(f"{each['id']} ({each['kind'] or 'not judged'}): {fired}")
            for name, value in each.get("facts", {}).items():
                say(f"    {name:<44} {rulebook.said(name, value)}")
