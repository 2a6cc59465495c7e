"""`ombud gate`: how a rule earns its licence to act: hits are drawn, people label them.

This module must never print, beside an item, what a rule or a person made of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from ombud.cli.show import Group, by_option, data_option, json_option, print_json, say, told

_PEOPLE = click.option("--by", envvar="OMBUD_BY", required=True, help="Who labels.")


@click.group(cls=Group)
def gate() -> None:
    """Certificates: what a rule may do by itself because people have found it right."""


@gate.command("show")
@click.argument("rule", required=False)
@data_option
@json_option
def gate_show(rule: str | None, folder: Path, as_json: bool) -> None:
    """Samples and certificates, or those of one RULE, and how many weeks one will still take."""
    from ombud import clock
    from ombud.reading import reading

    with told(as_json), reading(folder) as reader:
        found = reader.labelling().show(clock.now(), rule)
        if as_json:
            print_json(found)
            return
        for each in found["samples"]:
            _say_sample(each)
        for each in found["certificates"]:
            _say_certificate(each)
        if not found["samples"] and not found["certificates"]:
            say("nothing is drawn, and no rule has a certificate")
        week = found["week"]
        say(f"labels left this week: {week['left']} of {week['labels']}")


def _say_sample(sample: Mapping[str, Any]) -> None:
    by = " by one labeller" if sample["one_labeller"] else ""
    say(f"{sample['rule']} ({sample['clause']}), to {sample['level'] / 10:g} %: {sample['state']}")
    say(f"  {sample['right']} of {sample['labels']} labelled hits are right{by}")
    if sample["labelled_by_two"]:
        say(f"  two people agree on {sample['agreed']} of {sample['labelled_by_two']} items")
    if sample["state"] != "proved":
        say(f"  {sample['said']['en']}")


def _say_certificate(found: Mapping[str, Any]) -> None:
    by = ", one labeller" if found["one_labeller"] else ""
    say(f"{found['rule']} has {found['level'] / 10:g} %{by}: {found['state']}")
    say(f"  from {found['granted']} to {found['until']}, at most {found['cap']} a day")
    say(f"  acted {found['acted']} times, {found['overturned']} undone")
    say(f"  {found['audited_right']} of {found['audited']} audited actions are right")


@gate.command("start")
@click.argument("rule")
@click.option("--labeller", "labellers", multiple=True, help="Who may label; several times.")
@click.option("--level", type=click.Choice(["95", "98"]), help="What is to be proved, in percent.")
@by_option
@data_option
@json_option
def gate_start(
    rule: str,
    labellers: tuple[str, ...],
    level: str | None,
    by: str,
    folder: Path,
    as_json: bool,
) -> None:
    """Draw hits of the version of a RULE in force and put them before people, or go on with it.

    Every item goes to two people who did not write the rule; where there is one, or none, a
    certificate allows hold and label only and is marked in public.
    """
    from ombud import session

    with told(as_json):
        wanted = None if level is None else int(level) * 10
        session.request(
            folder, "begin labelling", rule=rule, labellers=list(labellers), level=wanted, by=by
        )
        if as_json:
            print_json({"rule": rule, "by": by})
        else:
            say(f"hits of {rule} are drawn; `ombud gate due --by NAME` shows what to label")


@gate.command("due")
@_PEOPLE
@data_option
@json_option
def gate_due(by: str, folder: Path, as_json: bool) -> None:
    """What somebody is to label now: items and clauses, and nothing of what a rule said."""
    from ombud import clock
    from ombud.reading import reading

    with told(as_json), reading(folder) as reader:
        found = reader.labelling().due(by, clock.now())
        if as_json:
            print_json(found)
            return
        for each in found["items"]:
            say(f"{each['item']}  {each['clause']}: {each['title'].get('en', '')}")
            content = each["content"]
            if content is None:
                say("    it cannot be shown; answer: unclear")
                continue
            for name in ("name", "before", "text"):
                if content[name]:
                    say(f"    {name}: {content[name]}")
            for link in content["links"]:
                say(f"    link: {link}")
        say(f"{found['waiting']} to label; {found['left']} more can be begun this week")


@gate.command("label")
@click.argument("item")
@click.argument("answer", type=click.Choice(["yes", "no", "unclear"]))
@_PEOPLE
@data_option
@json_option
def gate_label(item: str, answer: str, by: str, folder: Path, as_json: bool) -> None:
    """Say whether an ITEM breaks the clause it is shown with."""
    from ombud import session

    with told(as_json):
        session.request(folder, "label", item=item, said=answer, by=by)
        if as_json:
            print_json({"item": item, "answer": answer})
        else:
            say(f"{item}: {answer}")


@gate.command("stop")
@click.argument("rule")
@by_option
@data_option
@json_option
def gate_stop(rule: str, by: str, folder: Path, as_json: bool) -> None:
    """Put no more hits of a RULE before people; what was labelled stays."""
    from ombud import session

    with told(as_json):
        session.request(folder, "stop labelling", rule=rule, by=by)
        if as_json:
            print_json({"rule": rule, "by": by})
        else:
            say(f"hits of {rule} are labelled no more; `ombud gate start` goes on with them")
