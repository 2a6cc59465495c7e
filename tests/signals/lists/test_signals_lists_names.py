"""Names of a list, some of which do not count."""

from __future__ import annotations

import random

from ombud.signals import lookalike
from ombud.signals.lists.names import RESEMBLES_MIN, Names


def test_a_hidden_name_is_resembled_no_more() -> None:
    """Neither as a whole nor without the things beside it; the others still are."""
    names = Names(["PayPal", "Ana Nguyen support"])
    hidden = names.hidden(["PayPal"])
    assert names.nearest("paypa1") == 1000
    assert names.nearest("paypa1", hidden) == 0
    assert names.nearest("paypal_support", hidden) == 0
    assert names.nearest("ana nguyen", hidden) == lookalike.AFFIXED


def test_a_fan_resembles_fans_only() -> None:
    """However near the letters are; and between two that say so the letters count."""
    names = Names(["Riverside Captain"])
    assert names.nearest("Riverside Captain fan") == 0
    assert Names(["Riverside Captain fan"]).nearest("Riverside Captain fan") == 1000
    assert Names(["Riverside Captain fan"]).nearest("Riverside Captain") == 0


def test_a_form_of_two_names_goes_with_the_second() -> None:
    """Two names that look the same: hiding one leaves the look."""
    names = Names(["PayPal", "pay_pal"])
    assert names.nearest("paypal", names.hidden(["PayPal"])) == 1000
    assert names.nearest("paypal", names.hidden(["PayPal", "pay_pal"])) == 0


def test_hiding_is_as_if_the_name_had_never_been_there() -> None:
    """For many made-up names and any of them hidden."""
    source = random.Random(11)
    names = ["".join(source.choices("abcé7 ", k=source.randint(1, 9))) for _ in range(60)]
    names += [f"{name} support" for name in names[:20]]
    names += ["Ana", "Hòa", "Hoa", "Nguyễn Văn An", "Nguyên Văn Án", "Nguyen Van An", "Pixel Trà"]
    names += ["Pixel Tra", "Pixel Trá", "fan of Ana", "Ana (fan)", "Minh Anh", "minhanh", "Минх"]
    whole = Names(names)
    for _ in range(30):
        gone = source.sample(names, 8)
        left = list(names)
        for name in gone:
            left.remove(name)
        hidden = whole.hidden(gone)
        for name in (*source.sample(names, 6), "Аna", "Nguyễn Văn An 7", "Pixel Trả", "ana fan"):
            best = max(lookalike.resemblance(name, other) for other in left)
            assert whole.nearest(name, hidden) == (best if best >= RESEMBLES_MIN else 0)
