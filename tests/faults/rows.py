"""The rows of the fault matrix: what goes wrong, and what must hold all the same.

What must hold, by letter. D: no act shown as saved is lost. U: an act has at most one effect on the server. C: once all
is well again, tills and server agree and nothing waits. M: money adds up and the mirror comes from the server alone.
A: looking up and recording go on. V: the till never says more than it knows. S: no secret and no person leaks.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One fault.

    Attributes:
        number: Of the row.
        fault: What goes wrong.
        holds: Letters of what must hold, and what exactly is looked at.
        waits_for: Why it cannot be run yet; empty where it is run.
        elsewhere: Files of the ordinary suite that hold this row as well, and are run with it.
    """

    number: int
    fault: str
    holds: str
    waits_for: str = ""
    elsewhere: tuple[str, ...] = ()


ROWS = (
    Row(1, "killed at every step of an act's life", "DUCMV: acts saved are there; at most one effect"),
    Row(2, "killed at any write or flush", "DUCMV: the book is whole; acts saved are there"),
    Row(3, "power cut: unflushed writes lost or in another order", "DUCMV: 1,000 images, 0 corrupt, 0 acts lost"),
    Row(4, "a flush fails, once or for ever", "DUCMV: an act found after the restart is not entered again"),
    Row(5, "disk full", "DUCMV: a clear sentence; goes on once there is room"),
    Row(6, "read-only file or folder", "DMAV: opens for looking up alone"),
    Row(7, "corrupt page, cut book, empty log", "DUCMV: the copy is kept, restore and second copy bring all back"),
    Row(8, "two programs on one book", "DUCMAV: the second one only reads, and says so"),
    Row(9, "book on a network path, a link", "V: refused with a reason"),
    Row(10, "book of a newer program", "DV: not opened, not touched"),
    Row(11, "killed in an upgrade, at each statement", "DMV: the old book or the new one"),
    Row(12, "backup cut short; an old backup restored", "DUCMV: later acts are asked about, not sent again blindly"),
    Row(13, "server refuses connections, no name found", "DUCMAV: not sent; one effect in the end"),
    Row(14, "request lost on its way", "DUCMAV: one effect; all APIs, each write"),
    Row(15, "answer lost after the effect", "DUCMAV: one effect; all APIs, each write"),
    Row(16, "request lands 90 s after it was given up", "DUCMAV: the quarantine holds; one effect; all APIs"),
    Row(
        17,
        "request delivered twice",
        "DUCMAV: one effect; two made without a key (plain pos, modules) are put before a person; all APIs",
    ),
    Row(18, "answers in another order than asked", "DUCMAV: no figure counts twice, no old value returns; all APIs"),
    Row(19, "500, 502, 503, 504 before or after the effect", "DUCMAV: one effect; all APIs, each write"),
    Row(20, "429, with and without a time to wait", "DUCAV: nothing is sent before; at most an hour; no storm"),
    Row(21, "answers dripping, hanging", "DUCMAV: the whole request has a deadline"),
    Row(22, "answers cut short", "DUCMAV: no row taken, nobody deleted; all APIs, each write"),
    Row(23, "wrong type, wrong encoding, senseless numbers, deep nesting", "DUCMAV: refused; a write is in doubt"),
    Row(24, "a captive portal's page with 200", "DUCMAVS: as 23; the page is not logged"),
    Row(25, "a failure inside a 200", "DUCMAV: not taken; a write is in doubt; all APIs"),
    Row(26, "an answer that unpacks to gigabytes", "CAV: memory stays small"),
    Row(27, "redirect to another host or to plain HTTP", "UVS: the token never leaves for it"),
    Row(
        28,
        "bad, expired, self-signed certificate",
        "UAVS: not sent; no way to ignore it",
        elsewhere=("tests/remote/test_tls.py",),
    ),
    Row(29, "credential expires while sending or reading", "DUCMAVS: acts wait; the reading goes on afterwards"),
    Row(30, "writing forbidden, reading allowed", "DUMAV: the act is before a person; reading goes on"),
    Row(
        31,
        "keyring absent, locked, emptied, or one that hides nothing",
        "DAVS: no plain file; the recovery code",
        elsewhere=("tests/keychain/test_real_keyring.py", "tests/keychain/test_opening.py"),
    ),
    Row(32, "clock off by an hour or a month, back while running, wrong zone", "DUCMAV: order and lock-out stand"),
    Row(33, "rows come, go and move while they are listed", "CMAV: 0 missed, 0 deleted; all APIs"),
    Row(34, "a list that ignores its limit or page, or lies about its length", "CAV: it ends; 0 deleted; all APIs"),
    Row(35, "an empty list, another shop's customers", "DCMAVS: stopped; nobody touched"),
    Row(
        36,
        "server restored from an older backup, giving out ids anew",
        "DUCMAV: noticed; sent again by approval; one effect",
    ),
    Row(37, "a khata line vanishes, changes or doubles on the server", "UCMAV: named; that khata is held"),
    Row(38, "customer deleted while acts wait", "DUCMAV: every act ends before a person, none silently"),
    Row(39, "customer anonymised while acts wait", "DUCMAVS: the person is gone from the file, the lines stay"),
    Row(
        40, "customers merged while acts wait for both", "DUCMAV: acts go out once; who was merged away is asked about"
    ),
    Row(41, "phone or e-mail taken: our own lost create, or a stranger", "DUCAV: ours is taken, else asked"),
    Row(42, "one customer made at two tills offline", "DUCMAV: one record, or a pair before a person"),
    Row(43, "points refused after the discount was given", "DUCMAV: a named task; never a silent debit"),
    Row(44, "several tills spend the same points offline", "DUCMAV: never more than there are; never below zero"),
    Row(
        45,
        "one field changed on two sides",
        "DUCAV: merged by rule; the other value is kept",
        elsewhere=("tests/sync/test_merge.py",),
    ),
    Row(46, "a server that replaces the list of tags", "DCAV: tags of others survive"),
    Row(47, "an act that always fails at the head of its lane", "DUCMAV: other lanes go on; a person is told"),
    Row(48, "the sync's worker dies or hangs", "DUCMAV: noticed within a minute, and replaced"),
    Row(49, "asleep for ten minutes in the middle of a request", "DUCMAV: one effect"),
    Row(50, "an extension that is announced and not kept", "DUCMAV: noticed, and not relied on any more"),
    Row(51, "hostile files to import and export", "DAVS: nothing runs", "import and export"),
    Row(
        52,
        "hostile text from the server",
        "DCAVS: shown as text, on screen and on paper",
        elsewhere=(
            "tests/remote/test_server_words.py",
            "tests/store/search/test_hostile.py",
            "tests/documents/test_text.py",
        ),
    ),
    Row(
        53,
        "PINs tried one after the other, also with the clock set back",
        "AVS: locked; tries are counted on disk",
        elsewhere=("tests/keychain/test_pin.py",),
    ),
    Row(
        54,
        "seeded secrets and persons looked for in every file",
        "S: none outside the book",
        elsewhere=("tests/remote/test_canary.py", "tests/keychain/test_canary.py"),
    ),
)
