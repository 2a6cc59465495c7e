"""`ombud appeals`: what people answered to decisions, and answering them.

This module must never show an appeal's text where only its list was asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from ombud.cli.cases import by_option, lang_option, role_option
from ombud.cli.show import (
    Group,
    data_option,
    json_option,
    length,
    limit_option,
    print_json,
    say,
    told,
)

text_lang_option = click.option(
    "--text-lang", type=click.Choice(["en", "vi"]), help="The language your words are in."
)


@click.group(cls=Group)
def appeals() -> None:
    """What people answered to decisions about them, and answering them."""


@appeals.command("list")
@click.option(
    "--state",
    default="open",
    show_default=True,
    type=click.Choice(["open", "answered", "all"]),
    help="Only those that stand so.",
)
@click.option("--overdue", is_flag=True, help="Only those that should have been decided.")
@limit_option
@data_option
@json_option
def appeals_list(state: str, overdue: bool, limit: int, folder: Path, as_json: bool) -> None:
    """Appeals, by when they should be decided; and how each rule has fared."""
    from ombud import clock
    from ombud.reading import reading

    with told(as_json), reading(folder) as reader:
        book, now = reader.casebook(), clock.now()
        found = book.appeals(None if state == "all" else state, now if overdue else None, limit)
        if as_json:
            print_json({"items": found, "rules": book.rules()})
            return
        for each in found:
            say(
                f"{each['id']}  {each['state']:<9} due {each['due'][:16]}  {each['action']:<8}"
                f" {each['clause']:<22} {each['rule'] or 'a person'}"
            )
        for rule in book.rules():
            if rule["appealed"]:
                say(
                    f"{rule['rule']}: of {rule['decisions']} decisions {rule['appealed']} appealed,"
                    f" {rule['reversed']} reversed, {rule['partial']} in part"
                )


@appeals.command("show")
@click.argument("appeal")
@lang_option
@data_option
@json_option
def appeals_show(appeal: str, lang: str, folder: Path, as_json: bool) -> None:
    """One appeal: what was decided, what the person writes, who may decide."""
    from ombud.reading import reading

    with told(as_json), reading(folder) as reader:
        found = reader.casebook().appeal(appeal, lang)
        if as_json:
            print_json(found)
            return
        say(f"{found['id']}  {found['outcome'] or found['state']}  due {found['due'][:16]}")
        for line in found["statement"]:
            say(f"    {line}")
        for each in found["messages"]:
            for text in each["said"].values():
                say(f"{each['time'][:16]}  {each['by'] or each['role']}: {text}")
        say(f"behind the decision: {', '.join(found['behind']) or 'nobody known'}")


@appeals.command("answer")
@click.argument("appeal")
@click.argument("text")
@text_lang_option
@role_option("appeals reviewer")
@by_option
@data_option
@json_option
def appeals_answer(
    appeal: str,
    text: str,
    text_lang: str | None,
    role: str,
    by: str,
    folder: Path,
    as_json: bool,
) -> None:
    """Write to the person, without deciding yet."""
    from ombud import session

    with told(as_json):
        asked: dict[str, Any] = {"appeal": appeal, "role": role, "by": by}
        asked["text"] = {text_lang: text} if text_lang else text
        done = session.request(folder, "answer appeal", **asked)
        if as_json:
            print_json({"done": bool(done)})
        else:
            say("It stands on their page, and they are told so.")


@appeals.command("decide")
@click.argument("ids", nargs=-1, required=True)
@click.option(
    "--outcome",
    required=True,
    type=click.Choice(["uphold", "partial", "reverse", "omit"]),
    help="How it ends.",
)
@click.option("--action", help="Of a partial outcome: the milder action that stands instead.")
@click.option("--on", "target", help="To what it is done: this, author, room.")
@click.option("--for", "lasts", help="For how long.", metavar="LENGTH")
@click.option("--label", help="A label's, warning's or context's text.")
@click.option("--text", default="", help="Why, in your words, for the person.")
@text_lang_option
@click.option("--alone", is_flag=True, help="There is nobody else to decide it.")
@role_option("appeals reviewer")
@by_option
@data_option
@json_option
def appeals_decide(
    ids: Sequence[str],
    outcome: str,
    action: str | None,
    target: str | None,
    lasts: str | None,
    label: str | None,
    text: str,
    text_lang: str | None,
    alone: bool,
    role: str,
    by: str,
    folder: Path,
    as_json: bool,
) -> None:
    """Decide appeals alike. Nobody upholds what they decided themselves."""
    from ombud import session

    with told(as_json):
        act: dict[str, Any] | None = None
        if action is not None:
            act = {"action": action, "on": target, "length": length(lasts), "text": label}
        asked: dict[str, Any] = {"appeals": list(ids), "outcome": outcome, "act": act}
        asked["text"] = {text_lang: text} if text_lang else text
        asked |= {"alone": alone, "role": role, "by": by}
        found = session.request(folder, "decide appeals", **asked)
        if as_json:
            print_json(found)
        else:
            say(f"Decided: {len(found['appeals'])} appeals.")
