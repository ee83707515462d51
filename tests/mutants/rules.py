"""The safety rules, and how each is switched off: a piece of text in one file, and what stands there instead.

The product has no switch for any of them; a mutant is a copy of its files with one rule gone.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mutant:
    """One rule switched off.

    Attributes:
        name: The rule that is gone.
        file: Where it stands, from the project's root.
        text: What stands there; exactly once.
        instead: What the copy has there.
        tests: Where at least one test must fail.
    """

    name: str
    file: str
    text: str
    instead: str
    tests: tuple[str, ...]


MUTANTS = (
    Mutant(
        "a commit is on disk before anybody is told (synchronous NORMAL)",
        "posapp/store/driver.py",
        '"synchronous = FULL"',
        '"synchronous = NORMAL"',
        ("tests/store/test_book.py",),
    ),
    Mutant(
        "triggers forbid changing what was recorded",
        "posapp/store/ddl.py",
        'f"CREATE TRIGGER {table.name}_stays BEFORE UPDATE OF {fixed} ON {table.name} {stop}",',
        "",
        ("tests/store/test_append_only.py",),
    ),
    Mutant(
        "triggers forbid deleting what was recorded",
        "posapp/store/ddl.py",
        'f"CREATE TRIGGER {table.name}_never_goes BEFORE DELETE ON {table.name} {stop}",',
        "",
        ("tests/store/test_append_only.py",),
    ),
    Mutant(
        "replacing a row passes no trigger by (recursive_triggers)",
        "posapp/store/driver.py",
        '"recursive_triggers = ON"',
        '"recursive_triggers = OFF"',
        ("tests/store/test_append_only.py",),
    ),
    Mutant(
        "every write begins as one (BEGIN IMMEDIATE)",
        "posapp/store/connection.py",
        '    engine = sa.create_engine("sqlite://", module=driver.MODULE, creator=connect, poolclass=StaticPool)\n'
        '    _begin_with(engine, "BEGIN IMMEDIATE")',
        '    engine = sa.create_engine("sqlite://", module=driver.MODULE, creator=connect, poolclass=StaticPool)\n'
        '    _begin_with(engine, "BEGIN")',
        ("tests/store/test_book.py",),
    ),
    Mutant(
        "an act's hash is checked",
        "posapp/services/verification.py",
        "if operation_hash(operation) != operation.hash:",
        "if False:",
        ("tests/services/test_verification.py",),
    ),
    Mutant(
        "an act's place in the chain is checked",
        "posapp/services/verification.py",
        "elif previous and operation.prev_hash != previous:",
        "elif False:",
        ("tests/services/test_verification.py",),
    ),
    Mutant(
        "the same act twice is one act",
        "posapp/store/operations.py",
        "        if known is not None:\n            same =",
        "        if False:\n            same =",
        ("tests/store/test_operations.py",),
    ),
    Mutant(
        "an id with other content is refused",
        "posapp/store/operations.py",
        '                raise OperationIdReused("an operation\'s id came back with other content")',
        "                pass",
        ("tests/store/test_operations.py",),
    ),
    Mutant(
        "an attempt is written down before its first byte leaves (claim after call)",
        "posapp/sync/push.py",
        "    attempt_id = context.book.write(lambda session: _claim(context, session, job, plan))\n"
        "    if attempt_id is None:\n"
        "        return Delivered(Halt.LANE)\n"
        "    result = context.api.send(",
        "    def ahead() -> int | None:\n"
        "        return context.book.write(lambda session: _claim(context, session, job, plan))\n\n"
        "    result = context.api.send(",
        ("tests/sync",),
    ),
    Mutant(
        "what is not certain stays in doubt (resend on unknown)",
        "posapp/sync/settle.py",
        "return Verdict(OperationState.UNKNOWN, _UNTIL_SAFE[repeat], Halt.LANE)",
        "return Verdict(OperationState.PENDING, Wait.BACKOFF, Halt.LANE)",
        ("tests/sync/test_settle.py",),
    ),
    Mutant(
        "an answer of 500 leaves it open",
        "posapp/remote/outcomes.py",
        "    if not 400 <= status < 500:  # noqa: PLR2004 (HTTP's own numbers)\n        return Outcome.AMBIGUOUS",
        "    if not 400 <= status < 500:  # noqa: PLR2004 (HTTP's own numbers)\n        return Outcome.REFUSED",
        ("tests/remote/test_outcomes.py",),
    ),
    Mutant(
        "a success of the wrong shape leaves it open",
        "posapp/remote/outcomes.py",
        "return WriteResult(Outcome.AMBIGUOUS, answer.status, error_kind=wrong.kind)",
        "return WriteResult(Outcome.OK, answer.status, error_kind=wrong.kind)",
        ("tests/remote/test_outcomes.py", "tests/remote/test_any_answer.py"),
    ),
    Mutant(
        "the same bytes keep their key (new key per attempt)",
        "posapp/sync/writes.py",
        "return last.key if alike else new_uuid()",
        "return new_uuid()",
        ("tests/sync/test_writes.py",),
    ),
    Mutant(
        "other bytes get a new key",
        "posapp/sync/writes.py",
        "return last.key if alike else new_uuid()",
        "return last.key",
        ("tests/sync/test_writes.py",),
    ),
    Mutant(
        "a doubtful write rests before it is looked for (no quarantine)",
        "posapp/sync/probe.py",
        "    if quarantined(context, job):\n        return Leave()\n",
        "",
        ("tests/sync",),
    ),
    Mutant(
        "an effect is absent only when two probes did not find it",
        "posapp/sync/probe.py",
        "PROBES = 2",
        "PROBES = 1",
        ("tests/sync",),
    ),
    Mutant(
        "a key counts only as long as the server remembers it",
        "posapp/sync/plans.py",
        "return context.clock.now() - first.started_at < ttl * 0.9",
        "return True",
        ("tests/sync",),
    ),
    Mutant(
        "a pulled number counts only if the lane was idle (no epoch)",
        "posapp/sync/rows.py",
        "return not row.busy and not row.unproven and row.lane_epoch <= epoch",
        "return True",
        ("tests/sync/test_interleavings.py",),
    ),
    Mutant(
        "pages are read from the last to the first (forward scan)",
        "posapp/sync/scan.py",
        "        records, epoch = reader.page(run.next_page)\n",
        "        records, epoch = reader.page(run.last_page + 1 - run.next_page)\n",
        ("tests/sync/test_pull.py",),
    ),
    Mutant(
        "a list that answers one page for another is refused",
        "posapp/sync/scan.py",
        "            raise ListRepeats\n\n\ndef scan_due",
        "            return\n\n\ndef scan_due",
        ("tests/sync/test_pull.py",),
    ),
    Mutant(
        "a refused id is never sent again",
        "posapp/domain/operation.py",
        "    OperationState.REJECTED: frozenset(),",
        "    OperationState.REJECTED: frozenset({OperationState.PENDING}),",
        ("tests/domain/test_operation.py",),
    ),
    Mutant(
        "doubtful redemptions are held off the points",
        "posapp/services/redemptions.py",
        "return standing.server_points - standing.unsent_redeemed",
        "return standing.server_points",
        ("tests/services",),
    ),
    Mutant(
        "an unknown balance is not zero",
        "posapp/services/dto.py",
        "        if self.server_balance is None:\n            return None\n        return self.server_balance + self.unsent",
        "        if self.server_balance is None:\n            return self.kept_balance\n"
        "        return self.server_balance + self.unsent",
        ("tests/services",),
    ),
)
