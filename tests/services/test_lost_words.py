"""The acts that a server lost, in words."""

from posapp.locale.translator import Translator
from posapp.services.resolving.lost_words import lost_acts


def test_each_act_is_named_with_its_amount() -> None:
    acts = [
        {"operation": "1", "kind": "payment", "amount": 4_000, "points": None},
        {"operation": "2", "kind": "redeem", "amount": None, "points": 20},
        {"operation": "3", "kind": "customer_create", "amount": None, "points": None},
    ]
    say = Translator()
    lines = [say.say(one) for one in lost_acts({"acts": acts}, "INR")]
    assert lines[0].endswith(": ₹40.00")
    assert lines[1].endswith(": 20 points")
    assert len(lines) == 3
    assert list(lost_acts({}, "INR")) == []
