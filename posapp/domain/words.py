"""What the closed lists of the shop are called where a person reads them: one name on screen, paper and terminal."""

from __future__ import annotations

from posapp.domain.messages import N_

KIND_WORDS = {
    "customer_create": N_("new customer"),
    "customer_edit": N_("customer changed"),
    "customer_delete": N_("customer deleted"),
    "sale": N_("sale"),
    "redeem": N_("points redeemed"),
    "opening": N_("opening balance"),
    "charge": N_("charge"),
    "payment": N_("payment"),
    "return": N_("goods returned"),
    "payout": N_("advance given back"),
    "settlement": N_("debt forgiven"),
    "write_off": N_("debt written off"),
    "reversal": N_("reversal"),
    "resolution": N_("decision"),
}
"""By the value of `OperationKind` or `EntryKind`."""

AGEING_WORDS = (N_("Not due yet"), N_("1–30 days"), N_("31–60 days"), N_("61–90 days"), N_("Over 90 days"))
"""The buckets of `Ageing.buckets`."""

MISMATCH_WORDS = {
    "mirror_changed": N_("this till's copy of the server's khata was changed"),
    "seen_entry_missing": N_("an entry that was there is gone from the server"),
    "entry_changed": N_("an entry is not what it was on the server"),
    "own_act_twice": N_("an act of this till stands twice on the server"),
    "own_act_changed": N_("an act of this till stands otherwise on the server"),
    "own_act_missing": N_("an act of this till that the server took is not there"),
    "opening_unexplained": N_("the server's khata begins with a balance that nothing explains"),
    "chain_broken": N_("a balance on the server does not follow from the one before"),
    "balance_differs": N_("the server's balance is not what its entries lead to"),
}
"""By the value of `MismatchKind`."""

BROKEN_WORDS = {
    "made_twice": N_("it made a customer twice, though both requests carried one key"),
    "points_twice": N_("it took the same points more than once"),
    "posted_twice": N_("it wrote an act of this till twice, though both had one reference"),
    "changes_senseless": N_("its list of changes is not one, twice in a row"),
    "change_untold": N_("it did not tell that a customer changed"),
    "deletion_untold": N_("it did not tell that a customer was deleted"),
}
"""What was seen of a server that does not keep what it announces, by the value of `Seen`."""

PHONE_MISSING = N_("The phone of {shown} customer is still being fetched.")
PHONES_MISSING = N_("Phones of {shown} customers are still being fetched.")
"""Of a server whose lists carry no phones."""
