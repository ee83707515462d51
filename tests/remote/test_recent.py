"""What was read a moment ago: for a short time, a few at most."""

from posapp.remote.recent import Recent


def test_a_value_counts_for_its_time() -> None:
    now = [100.0]
    recent = Recent[str](30.0, most=2, clock=lambda: now[0])
    assert recent.get("a") is None
    recent.keep("a", "old")
    now[0] = 129.9
    assert recent.get("a") == "old"
    recent.keep("a", "new")
    now[0] = 159.8
    assert recent.get("a") == "new"
    now[0] = 159.9
    assert recent.get("a") is None


def test_the_oldest_goes_first() -> None:
    recent = Recent[int](30.0, most=2)
    for name, value in (("a", 1), ("b", 2), ("a", 3), ("c", 4)):
        recent.keep(name, value)
    assert [recent.get(name) for name in "abc"] == [3, None, 4]
