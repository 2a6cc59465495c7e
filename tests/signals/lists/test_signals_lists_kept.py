"""A list as rules ask it, and the entries by which something is listed."""

from __future__ import annotations

from ombud.signals import views
from ombud.signals.lists import Kept, TermList
from ombud.signals.lists.changes import Changes


def two() -> tuple[Kept, Kept]:
    """A list and one that it includes, both with changes."""
    inner = Kept(TermList("inner", ("spam", "x.example", "Ana Nguyen"), stars=True))
    outer = Kept(TermList("outer", ("viagr*", "*.y.example"), stars=True), (inner,))
    inner.changes, outer.changes = Changes("inner"), Changes("outer")
    inner.changes.add("cheap bag*")
    outer.changes.add("z.example")
    return outer, inner


def texts(text: str) -> tuple[str, str, str, str]:
    """A text in all views."""
    normal = views.normalise(text)
    return text, normal, views.fold(normal), views.skeleton(text)


def test_all_that_is_within_reach_is_asked() -> None:
    """Written, added and included: values, hosts, texts, names."""
    outer, _ = two()
    view = outer.active(0)
    assert [view.has(each) for each in ("spam", "z.example", "ham")] == [True, True, False]
    assert [view.has_host(each) for each in ("a.x.example", "a.y.example", "y.example")] == [
        True,
        True,
        False,
    ]
    assert view.find(*texts("viagra and cheap bags")) == ("viagr*", "cheap bag*")
    assert view.resemblance("ana_nguyen") == 1000
    assert view.resemblance("somebody") == 0


def test_the_entries_are_told_with_their_list() -> None:
    """For the track record: which entry of which list it was."""
    outer, _ = two()
    assert list(outer.entries(0, "SPAM")) == [("inner", "spam")]
    assert list(outer.host_entries(0, "a.y.example")) == [("outer", "*.y.example")]
    assert list(outer.host_entries(0, "z.example")) == [("outer", "z.example")]
    found = outer.text_entries(0, *texts("cheap bags, viagra and SPAM"))
    assert set(found) == {("inner", "cheap bag*"), ("outer", "viagr*"), ("inner", "spam")}


def test_what_an_included_list_loses_is_lost_to_both() -> None:
    """Quarantine and removal in the inner list hold for the outer one; not the other way round."""
    outer, inner = two()
    assert outer.active(0).has("spam")
    assert inner.changes is not None
    assert outer.changes is not None
    outer.changes.remove("spam")
    outer.refresh()
    assert outer.active(0).has("spam")
    inner.changes.quarantine["spam"] = 3
    outer.refresh()
    assert not outer.active(0).has("spam")
    assert outer.active(0).find(*texts("spam")) == ()
    assert list(outer.entries(0, "spam")) == []


def test_an_end_is_met_in_either_direction_of_time() -> None:
    """Events come with earlier and later times in turn: each is judged by its own."""
    some = Kept(TermList("some", ("a", "b", "c"), {}, {"a": 10, "b": 20}))
    for at, there in [(9, "abc"), (10, "bc"), (25, "c"), (19, "bc"), (0, "abc"), (20, "c")]:
        assert [each for each in "abc" if some.active(at).has(each)] == list(there)
        assert some.active(at) is some.active(at)


def test_a_list_with_nothing_gone_is_asked_directly() -> None:
    """The usual list costs nothing on top: no parts to go through."""
    some = Kept(TermList("some", ("a",)))
    assert some.active(5) is some.written.whole


def test_a_long_chain_of_includes_is_walked_once_for_each_list() -> None:
    """What is within reach is worked out once, however often it is asked."""
    chain = [Kept(TermList("l0", ("term",)))]
    for number in range(1, 2000):
        chain.append(Kept(TermList(f"l{number}", ()), (chain[-1],)))
    assert [each.name for each in chain[-1].reach] == [f"l{n}" for n in range(1999, -1, -1)]
    assert chain[-1].reach is chain[-1].reach
    assert list(chain[-1].entries(0, "term")) == [("l0", "term")]
