"""Policies: the file of the specification is read as it means it, any other is refused whole."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.public_log import VKEY, checkpoint_of, entries, refused
from ombud.errors import BadLedger
from ombud.ledger import cosignature, policy
from outsider import log
from outsider.witnesses_run import cosigned, vkey_of

NAMES = ("X1", "X2", "X3", "Y1", "Y2", "Y3")
KEYS = {name: vkey_of(name) for name in NAMES}

# c2sp.org/tlog-policy, its example (CC BY 4.0), with keys where it has <vkey>.
EXAMPLE = f"""log {VKEY}

witness X1 {KEYS["X1"]}
witness X2 {KEYS["X2"]}
witness X3 {KEYS["X3"]}
group X-witnesses 2 X1 X2 X3

witness Y1 {KEYS["Y1"]}
witness Y2 {KEYS["Y2"]}
witness Y3 {KEYS["Y3"]}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""


def test_the_example_of_the_specification() -> None:
    """At least two of the X and one of the Y, whichever: nothing less is a quorum."""
    found = policy.parse(EXAMPLE.encode())
    assert [each.encode() for each in found.logs] == [VKEY]
    assert tuple(found.witnesses) == NAMES
    for count in range(7):
        for some in combinations(NAMES, count):
            letters = [each[0] for each in some]
            enough = letters.count("X") >= 2 and letters.count("Y") >= 1
            assert found.reached(some) is enough


def test_no_quorum_is_never_reached() -> None:
    """`quorum none` asks for nobody, and so nobody has confirmed anything."""
    found = policy.parse(EXAMPLE.replace("quorum X-and-Y", "quorum none").encode())
    assert not found.reached(NAMES)
    assert str(policy.Attested(NAMES, found.reached(NAMES))).startswith(policy.SELF_ATTESTED)


def test_a_single_witness_is_a_quorum() -> None:
    """A witness may be named itself; blanks, tabs and comments do not matter."""
    text = f"\t# ours\n  witness\t one   {KEYS['X1']} http://w.example/\t\n\n quorum one \n"
    found = policy.parse(text.encode())
    assert found.witnesses["one"].url == "http://w.example/"
    assert found.reached({"one"})
    assert not found.reached(set())


def test_who_confirmed_a_checkpoint_is_told() -> None:
    """Names in the policy's order; with too few of them the log is self-attested."""
    rules = policy.parse(EXAMPLE.encode())
    signed = checkpoint_of(entries(7))
    few, enough = cosigned(signed, "Y2", "X3"), cosigned(signed, "Y2", "X3", "X1")
    assert rules.attested(signed) == policy.Attested((), quorum=False)
    assert str(rules.attested(signed)) == "none: self-attested"
    assert str(rules.attested(few)) == "none: self-attested; too few witnesses: X3, Y2"
    assert str(rules.attested(enough)) == "X1, X3, Y2"
    strange = cosigned(signed, "Z1", "Z2", "Z3")
    assert rules.attested(strange).names == ()


def test_a_forged_confirmation_spoils_the_others() -> None:
    """A line under a witness's name that does not hold raises, whoever else signed."""
    forged = cosigned(checkpoint_of(entries(8)), "X1").decode().split("\n\n")[1].split("\n")[1]
    signed = cosignature.added(cosigned(checkpoint_of(entries(7)), "X2", "Y1"), [forged])
    with refused("L022"):
        policy.parse(EXAMPLE.encode()).attested(signed)


WITNESS = f"witness a {KEYS['X1']}\nwitness b {KEYS['X2']}\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "quorum a\n",
        WITNESS,
        WITNESS + "quorum a\nquorum a\n",
        WITNESS + "quorum a b\n",
        WITNESS + "quorum c\n",
        WITNESS + "group g 0 a b\nquorum g\n",
        WITNESS + "group g 3 a b\nquorum g\n",
        WITNESS + "group g 01 a b\nquorum g\n",
        WITNESS + "group g -1 a b\nquorum g\n",
        WITNESS + "group g some a b\nquorum g\n",
        WITNESS + "group g all\nquorum g\n",
        WITNESS + "group g any a a\nquorum g\n",
        WITNESS + "group g any a\ngroup h any a b\nquorum h\n",
        WITNESS + "group g any g\nquorum g\n",
        WITNESS + "group g any c\nwitness c " + KEYS["X3"] + "\nquorum g\n",
        WITNESS + "group a any b\nquorum a\n",
        WITNESS + "group none any b\nquorum none\n",
        WITNESS + "group g any none\nquorum g\n",
        WITNESS + f"witness a {KEYS['X3']}\nquorum a\n",
        WITNESS + f"witness c {KEYS['X1']}\nquorum a\n",
        WITNESS + f"witness c {KEYS['X3']} http://a http://b\nquorum a\n",
        WITNESS + f"log {VKEY}\nlog {VKEY}\nquorum a\n",
        WITNESS + "log\nquorum a\n",
        WITNESS + "trust everybody\nquorum a\n",
        WITNESS + "quorum a\r\n",
        WITNESS + "# \x00\nquorum a\n",
        WITNESS + "# \ud800\nquorum a\n",
        WITNESS + "#\n" * 600 + "quorum a\n",
        WITNESS + "#" * (1 << 16) + "\nquorum a\n",
    ],
)
def test_other_files_are_refused(text: str) -> None:
    """A policy that is not understood as a whole is none."""
    with refused("L024"):
        policy.parse(text.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("line", [f"witness a {VKEY}\n", f"log {KEYS['X1']}\n"])
def test_keys_have_their_own_type(line: str) -> None:
    """A log's key is no witness's, nor the reverse."""
    with refused("L010"):
        policy.parse(f"{line}quorum none\n".encode())


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_noise_is_refused_calmly(data: bytes) -> None:
    """Whatever the file holds, the answer is a policy or an error of ours."""
    try:
        found = policy.parse(data)
    except BadLedger:
        return
    assert found.quorum in {"none", *found.witnesses, *found.groups}


def test_the_key_of_two_logs_may_differ() -> None:
    """Two logs under two keys are both taken."""
    second = str(log.Key("other.example/log", 1, bytes(range(32))))
    assert len(policy.parse(f"log {VKEY}\nlog {second}\nquorum none\n".encode()).logs) == 2
