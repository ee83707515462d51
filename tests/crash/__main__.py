"""Runs days of crashes and compares the three lists; prints a row a run and ends non-zero on any difference."""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.crash import images
from tests.support.stub import StubProcess

FAULTS = [
    {"match": {"method": "POST", "path": "/pos/*", "probability": 0.08}, "effect": {"drop_after": True}},
    {"match": {"method": "PUT", "path": "/pos/*", "probability": 0.08}, "effect": {"drop_after": True}},
    {"match": {"path": "/pos/*", "probability": 0.05}, "effect": {"drop_before": True}},
    {"match": {"path": "/pos/*", "probability": 0.04}, "effect": {"status": 503}},
    {"match": {"path": "/pos/*", "probability": 0.03}, "effect": {"status": 500}},
    {"match": {"path": "/pos/*", "probability": 0.05}, "effect": {"delay_ms": 150}},
    {"match": {"method": "POST", "path": "/pos/*", "probability": 0.03}, "effect": {"truncate": True}},
]
SENT_STATES = {"acked", "confirmed"}
WAITING_STATES = {"pending", "in_flight", "unknown", "acked"}
NEVER_APPLIED = {"rejected", "cancelled", "kept", "pending"}
LONGEST_LIFE = 60
"""Lines that a till prints at most before it is killed; an act prints two."""


@dataclass
class Story:
    """What the till printed over all its lives."""

    saved: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)
    next_act: int = 0
    book: dict[str, object] | None = None
    kills: int = 0

    def hear(self, line: str) -> None:
        """Take one line in; a line that was cut by the kill was never shown."""
        try:
            told = json.loads(line)
        except ValueError:
            return
        if told["word"] == "begun":
            self.begun.add(told["operation"])
            self.next_act = told["number"]
        elif told["word"] == "saved":
            self.saved[told["operation"]] = told["kind"]
            self.next_act = told["number"] + 1
        elif told["word"] == "skipped":
            self.next_act = told["number"] + 1
        elif told["word"] == "refused":
            self.refused[told["operation"]] = told["error"]
            self.next_act = told["number"] + 1
        elif told["word"] == "book":
            self.book = told


def live(
    mode: str,
    home: Path,
    story: Story,
    *arguments: str,
    kill_after: tuple[int, float] | None = None,
    under: tuple[str, ...] = (),
) -> int:
    """Run one life of the till; returns its exit code (negative: killed).

    Args:
        mode: What the till does.
        home: Its folder.
        story: Hears what it prints.
        arguments: Further arguments.
        kill_after: After so many lines, and so many seconds more, it is killed; None to let it live.
        under: A command that runs it, such as strace.
    """
    command = [*under, sys.executable, "-m", "tests.crash.till", mode, "--home", str(home), *arguments]
    with (home.parent / "till.err").open("ab") as errors:
        child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
        assert child.stdout is not None
        heard = 0
        killer: threading.Timer | None = None
        for line in child.stdout:
            if line.endswith("\n"):
                story.hear(line)
                heard += 1
            if kill_after is not None and heard == kill_after[0]:
                killer = threading.Timer(kill_after[1], child.kill)
                killer.start()
        code = child.wait()
        child.stdout.close()
        if killer is not None:
            killer.cancel()
    return code


def one_run(seed: int, acts: int, *, plain: bool, folder: Path) -> list[str]:
    """Run one day and return what does not agree."""
    rng = random.Random(seed)
    home = folder / "home"
    home.mkdir()
    story = Story()
    with StubProcess(plain=plain, customers=40, database_url=f"sqlite:///{folder / 'stub.sqlite3'}") as stub:
        place = ("--url", stub.base_url, "--token", stub.token())
        if live("connect", home, story, *place) != 0:
            return ["the till could not connect: " + (folder / "till.err").read_text()[-2000:]]
        stub.faults(FAULTS)
        while story.next_act < acts:
            before = story.next_act
            arguments = ("--seed", str(seed), "--first", str(story.next_act), "--acts", str(acts))
            moment = (rng.randrange(1, LONGEST_LIFE), rng.uniform(0, 0.05))
            code = live("work", home, story, *arguments, kill_after=moment)
            if code < 0:
                story.kills += 1
                story.next_act += story.next_act == before
            elif code != 0:
                return [f"the till ended with {code}: " + (folder / "till.err").read_text()[-2000:]]
        stub.clear_faults()
        code = live("drain", home, story, *place)
        if code != 0 or story.book is None:
            return [f"the till did not drain ({code}): " + (folder / "till.err").read_text()[-2000:]]
        problems = compare(story, stub.effects())
    states = Counter(str(one["state"]) for one in story.book["operations"])  # type: ignore[attr-defined]
    print(
        f"seed {seed} {'plain' if plain else 'extended'}: {story.kills} kills, {len(story.saved)} saved, "
        f"{len(story.refused)} refused, states {dict(states)}, inbox {len(story.book['inbox'])}"  # type: ignore[arg-type]
    )
    return problems


def compare(story: Story, effects: list[dict[str, object]]) -> list[str]:
    """Compare what was printed, what is in the book and what happened at the server."""
    assert story.book is not None
    problems: list[str] = []
    operations = {str(one["id"]): one for one in story.book["operations"]}  # type: ignore[attr-defined]
    inbox = {item["operation"] for item in story.book["inbox"]}  # type: ignore[attr-defined]
    problems += [f"printed as saved, not in the book: {one}" for one in story.saved if one not in operations]
    in_book = (one for one in story.saved if one in operations)
    problems += [f"saved, then cancelled: {one}" for one in in_book if operations[one]["state"] == "cancelled"]
    counted = Counter((str(one["op"]), one["entity"], one["change"]) for one in effects if one["op"])
    problems += [f"{number} effects of one kind: {what}" for what, number in counted.items() if number > 1]
    happened = {op for op, _, _ in counted}
    problems += [f"an effect of no operation: {op}" for op in happened if op not in operations]
    for one, operation in operations.items():
        state = str(operation["state"])
        if state in SENT_STATES and one not in happened and operation["kind"] != "customer_edit":
            problems.append(f"{state}, but nothing happened at the server: {operation['kind']} {one}")
        if state in NEVER_APPLIED and one in happened:
            problems.append(f"{state}, but it happened at the server: {operation['kind']} {one}")
        if state == "needs_human" and one not in inbox:
            problems.append(f"needs a person, but is not in the inbox: {one}")
    problems += [f"the chain has a fault: {fault}" for fault in story.book["faults"]]  # type: ignore[attr-defined]
    problems += [f"till and server differ: {one}" for one in story.book["differences"]]  # type: ignore[attr-defined]
    if story.book["waiting"]:
        stuck = [(one["kind"], one["state"]) for one in operations.values() if one["state"] in WAITING_STATES]
        problems.append(f"operations still wait: {stuck}")
    return problems


def main() -> int:
    """Run the days asked for; 0 if all three lists agree in each."""
    if sys.argv[1:2] == ["images"]:
        return images.main(sys.argv[2:])
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--acts", type=int, default=200)
    parser.add_argument("--keep", type=Path, help="leave homes and databases here")
    parser.add_argument("--jobs", type=int, default=1, help="days side by side")
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    failed = 0
    started = time.monotonic()

    def day(seed: int) -> list[str]:
        with tempfile.TemporaryDirectory(prefix="posapp-crash-") as temporary:
            folder = Path(temporary) if options.keep is None else options.keep / str(seed)
            folder.mkdir(parents=True, exist_ok=True)
            return one_run(seed, options.acts, plain=seed % 2 == 0, folder=folder)

    seeds = range(options.seed, options.seed + options.runs)
    with ThreadPoolExecutor(options.jobs) as pool:
        for seed, problems in zip(seeds, pool.map(day, seeds), strict=True):
            for problem in problems:
                print(f"  seed {seed}: {problem}")
            failed += bool(problems)
            sys.stdout.flush()
    passed = options.runs - failed
    print(f"{time.monotonic() - started:.0f} s")
    print(f"crash: {passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
