"""Passkeys: challenges that are good once, and proofs for this place, person, purpose and time."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.staff import passkeys
from ombud.staff.credentials import Account, Passkey
from ombud.staff.passkeys import GOOD, Challenges, Party, Passkeys, party
from staff.soft_authenticator import PRESENT, Device, b64

HERE = Party("community.example", "https://community.example")
ANA = Account(123_456_789_012, b"h" * 32, "Ana", None, "", "")
NOW = 1_000_000_000_000


@pytest.fixture
def asking() -> Passkeys:
    """Asks and checks."""
    return Passkeys()


def made(asking: Passkeys, device: Device) -> Passkey:
    """A passkey of Ana's, on this device."""
    options = asking.ask_new(HERE, "The Riverside", ANA, (), "new", NOW)
    found = asking.made(HERE, device.made(options, HERE.origin), ANA.token, "phone", "new", NOW)
    assert found is not None
    return found


# --- for whom -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("https://community.example", HERE),
        ("https://Community.Example/", HERE),
        ("https://community.example:443/x", HERE),
        (
            "https://community.example:8443",
            Party("community.example", "https://community.example:8443"),
        ),
        ("http://localhost:8420", Party("localhost", "http://localhost:8420")),
        ("http://community.example", None),
        ("http://127.0.0.1:8420", None),
        ("https://127.0.0.1", None),
        ("https://[::1]:8420", None),
        ("https://1.2.0x7f", None),
        ("http://localhost:99999", None),
        ("http://", None),
        ("ftp://localhost", None),
        ("http://[", None),
        ("", None),
    ],
)
def test_a_passkey_is_for_a_host_that_browsers_take(address: str, wanted: Party | None) -> None:
    """By TLS or at localhost, and by a name; whatever the address is, nothing breaks."""
    assert party(address) == wanted


# --- challenges -----------------------------------------------------------------------------------


def test_a_challenge_is_good_for_its_purpose_in_its_time_and_once() -> None:
    """Not for another purpose, not after five minutes, not after it was used, and nobody else's."""
    mine = Challenges()
    one = mine.make("in", NOW)
    assert one != mine.make("in", NOW)
    assert mine.good(one, "in", NOW + GOOD - 1)
    assert not mine.good(one, "in", NOW + GOOD)
    assert not mine.good(one, "proof 1", NOW)
    assert not Challenges().good(one, "in", NOW)
    assert mine.use(one, NOW)
    assert not mine.good(one, "in", NOW)
    assert not mine.use(one, NOW)


def test_what_was_used_is_forgotten_once_it_would_be_too_late_anyway() -> None:
    """The memory holds what was proven within five minutes."""
    mine = Challenges()
    one = mine.make("in", NOW)
    mine.use(one, NOW)
    mine.use(mine.make("in", NOW + GOOD), NOW + GOOD)
    assert len(mine._used) == 1
    assert not mine.good(one, "in", NOW + GOOD)


@given(st.binary(max_size=200))
def test_no_other_bytes_are_a_challenge(content: bytes) -> None:
    """Whatever is sent."""
    assert not Challenges(b"k" * 32).good(content, "in", 0)


@given(st.integers(0, 55), st.integers(1, 255))
def test_a_changed_challenge_is_none(place: int, change: int) -> None:
    """Each of its bytes counts."""
    mine = Challenges(b"k" * 32)
    one = bytearray(mine.make("in", NOW))
    assert len(one) == 56
    one[place] ^= change
    assert not mine.good(bytes(one), "in", NOW)


# --- new keys and proofs --------------------------------------------------------------------------


def test_a_passkey_proves_that_it_is_there(asking: Passkeys) -> None:
    """Made once, it proves itself as often as it is asked; it knows its person by random bytes."""
    device = Device()
    key = made(asking, device)
    assert (key.id, key.token, key.name, key.made) == (device.id, ANA.token, "phone", NOW)
    assert device.handle == ANA.handle
    for _ in range(2):
        options = asking.ask_proof(HERE, (key,), "in", NOW)
        answer = device.proof(options, HERE.origin)
        assert asking.named(answer) == (device.id, ANA.handle)
        assert asking.proven(HERE, answer, key, "in", NOW) == 0


def test_an_answer_is_good_once(asking: Passkeys) -> None:
    """Whoever overhears it has nothing."""
    device = Device()
    key = made(asking, device)
    answer = device.proof(asking.ask_proof(HERE, (), "in", NOW), HERE.origin)
    assert asking.proven(HERE, answer, key, "in", NOW) is not None
    assert asking.proven(HERE, answer, key, "in", NOW) is None


def test_what_proves_nothing_uses_nothing_up(asking: Passkeys) -> None:
    """A wrong answer to a challenge leaves it good for the right one, and takes no memory."""
    device, other = Device(), Device()
    key = made(asking, device)
    options = asking.ask_proof(HERE, (), "in", NOW)
    used = len(asking._challenges._used)
    assert asking.proven(HERE, other.proof(options, HERE.origin), key, "in", NOW) is None
    assert len(asking._challenges._used) == used
    assert asking.proven(HERE, device.proof(options, HERE.origin), key, "in", NOW) is not None


def test_a_proof_is_for_this_place_purpose_and_time(asking: Passkeys) -> None:
    """Another origin, another host, another purpose, five minutes later: nothing is proven."""
    device = Device()
    key = made(asking, device)

    def options() -> str:
        return asking.ask_proof(HERE, (), "in", NOW)

    wrong = "https://community.example.evil.example"
    assert asking.proven(HERE, device.proof(options(), wrong), key, "in", NOW) is None
    there = device.proof(options(), HERE.origin, rpId="evil.example")
    assert asking.proven(HERE, there, key, "in", NOW) is None
    right = device.proof(options(), HERE.origin)
    assert asking.proven(HERE, right, key, "proof s", NOW) is None
    assert asking.proven(HERE, right, key, "in", NOW + GOOD) is None
    drawn = device.proof(options(), HERE.origin, challenge=b64(b"c" * 56))
    assert asking.proven(HERE, drawn, key, "in", NOW) is None
    assert asking.proven(HERE, right, key, "in", NOW) is not None


def test_the_device_must_have_known_its_person(asking: Passkeys) -> None:
    """That somebody touched it is not enough, neither when it is made nor when it is used."""
    device = Device()
    options = asking.ask_new(HERE, "x", ANA, (), "new", NOW)
    answer = device.made(options, HERE.origin, flags=PRESENT)
    assert asking.made(HERE, answer, 7, "", "new", NOW) is None
    key = made(asking, device)
    unseen = device.proof(asking.ask_proof(HERE, (), "in", NOW), HERE.origin, flags=PRESENT)
    assert asking.proven(HERE, unseen, key, "in", NOW) is None


def test_a_copied_passkey_is_noticed_where_it_counts(asking: Passkeys) -> None:
    """A device that counts its uses cannot have counted less than before."""
    device = Device(counts=True)
    key = made(asking, device)
    first = device.proof(asking.ask_proof(HERE, (), "in", NOW), HERE.origin)
    assert asking.proven(HERE, first, key, "in", NOW) == 1
    device.count = 0
    later = key._replace(uses=5)
    again = device.proof(asking.ask_proof(HERE, (), "in", NOW), HERE.origin)
    assert asking.proven(HERE, again, later, "in", NOW) is None


def test_a_new_passkey_is_for_this_place_and_purpose(asking: Passkeys) -> None:
    """Another origin, another purpose, the same answer again: there is no passkey."""
    device = Device()

    def options() -> str:
        return asking.ask_new(HERE, "x", ANA, (), "new s", NOW)

    assert (
        asking.made(HERE, device.made(options(), "https://evil.example"), 7, "", "new s", NOW)
        is None
    )
    answer = device.made(options(), HERE.origin)
    assert asking.made(HERE, answer, 7, "", "new other", NOW) is None
    assert asking.made(HERE, answer, 7, "", "new s", NOW + GOOD) is None
    assert asking.made(HERE, answer, 7, "", "new s", NOW) is not None
    assert asking.made(HERE, answer, 7, "", "new s", NOW) is None


def test_what_a_browser_is_asked(asking: Passkeys) -> None:
    """Of a known person their passkeys, so that none is made twice; of a stranger nothing."""
    key = made(asking, Device())
    new = json.loads(asking.ask_new(HERE, "The Riverside", ANA, (key,), "new", NOW))
    assert [each["id"] for each in new["excludeCredentials"]] == [b64(key.id)]
    assert new["authenticatorSelection"]["userVerification"] == "required"
    assert new["authenticatorSelection"]["residentKey"] == "required"
    assert "123456789012" not in json.dumps(new)
    proof = json.loads(asking.ask_proof(HERE, (), "in", NOW))
    assert proof["allowCredentials"] == []
    assert proof["userVerification"] == "required"


HOSTILE = (
    "",
    "null",
    "[]",
    "{}",
    "x" * 20_000,
    '{"id": 1, "rawId": [], "response": "x", "type": 7}',
    '{"id":"a","rawId":"a","type":"public-key","response":{"clientDataJSON":"e30"}}',
    '{"id":"\\u0000","rawId":"\\ud800","type":"public-key","response":{"clientDataJSON":"////"}}',
    "[" * 15_000,
    json.dumps({"response": {"clientDataJSON": b64(b"[" * 9000)}}),
    json.dumps({"response": {"clientDataJSON": b64(b'{"challenge": 5}')}}),
)


@pytest.mark.parametrize("answer", HOSTILE)
def test_a_hostile_answer_is_no_proof(asking: Passkeys, answer: str) -> None:
    """Whatever is sent is no passkey, no name and no proof, and nothing is raised."""
    key = made(asking, Device())
    assert asking.made(HERE, answer, 7, "", "new", NOW) is None
    assert asking.named(answer) is None
    assert asking.proven(HERE, answer, key, "in", NOW) is None


@given(st.data())
def test_a_damaged_answer_is_no_proof(data: st.DataObject) -> None:
    """A right answer with any part of it replaced proves nothing, and breaks nothing."""
    asking, device = Passkeys(), Device()
    key = made(asking, device)
    right = json.loads(device.proof(asking.ask_proof(HERE, (), "in", NOW), HERE.origin))
    part = data.draw(st.sampled_from(["clientDataJSON", "authenticatorData", "signature"]))
    content = data.draw(st.binary(max_size=300))
    right["response"][part] = b64(content)
    assert asking.proven(HERE, json.dumps(right), key, "in", NOW) is None


@pytest.mark.parametrize("shown", ["", "!!!", "\0", "a" * 100_000, "é"])
def test_an_id_that_is_none_opens_nothing(shown: str) -> None:
    """What a form carries is bytes or nothing."""
    assert isinstance(passkeys.id_of(shown), bytes)
    assert passkeys.id_of(passkeys.shown_id(b"\x00\xff12")) == b"\x00\xff12"
