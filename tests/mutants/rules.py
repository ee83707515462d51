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
        "<= age < ttl * 0.9  # an age below is a clock put back",
        "<= age",
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
        ("tests/faults/test_row_34_lying_list.py",),
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
        "        if self.server_balance is None:\n            return None\n        return self.server_balance + self.unsent",  # noqa: E501
        "        if self.server_balance is None:\n            return self.kept_balance\n"
        "        return self.server_balance + self.unsent",
        ("tests/services",),
    ),
    Mutant(
        "what never left the till is known not to be in doubt",
        "posapp/remote/outcomes.py",
        "never = not result.sent or isinstance(result.error, NEVER_LEFT)",
        "never = False",
        ("tests/faults/test_row_13_refused.py",),
    ),
    Mutant(
        "an answer that is lost leaves it open",
        "posapp/remote/outcomes.py",
        "outcome = Outcome.NOT_SENT if never else Outcome.AMBIGUOUS",
        "outcome = Outcome.NOT_SENT",
        ("tests/faults/test_row_15_answer_lost.py",),
    ),
    Mutant(
        "a request that is lost leaves it open",
        "posapp/sync/settle.py",
        "return Verdict(OperationState.UNKNOWN, _UNTIL_SAFE[repeat], Halt.LANE)",
        "return Verdict(OperationState.ACKED)",
        ("tests/faults/test_row_14_request_lost.py",),
    ),
    Mutant(
        "a request that may still land is waited for",
        "posapp/sync/probe.py",
        "    if quarantined(context, job):\n        return Leave()\n",
        "",
        ("tests/faults/test_row_16_late.py",),
    ),
    Mutant(
        "writes carry their key",
        "posapp/remote/pos/requests.py",
        "key=key if capabilities.idempotency_keys else None",
        "key=None",
        ("tests/faults/test_row_17_twice.py",),
    ),
    Mutant(
        "a figure from before an act is not taken after it",
        "posapp/sync/rows.py",
        "return not row.busy and not row.unproven and row.lane_epoch <= epoch",
        "return True",
        ("tests/faults/test_row_18_reordered.py",),
    ),
    Mutant(
        "an answer of 5xx is no refusal",
        "posapp/remote/outcomes.py",
        "    if not 400 <= status < 500:  # noqa: PLR2004 (HTTP's own numbers)\n        return Outcome.AMBIGUOUS",
        "    if not 400 <= status < 500:  # noqa: PLR2004 (HTTP's own numbers)\n        return Outcome.REFUSED",
        ("tests/faults/test_row_19_server_errors.py",),
    ),
    Mutant(
        "a busy server is not asked before it said",
        "posapp/sync/backoff.py",
        "return min(retry_after, self.longest_asked)",
        "return 0.0",
        ("tests/faults/test_row_20_throttled.py",),
    ),
    Mutant(
        "a request has a deadline as a whole",
        "posapp/remote/exchange.py",
        "self._ends = time.monotonic() + seconds",
        "self._ends = time.monotonic() + 1000",
        ("tests/faults/test_row_21_slow.py",),
    ),
    Mutant(
        "what cannot be read is no empty list",
        "posapp/remote/reading.py",
        "            raise RemoteProtocolError(status=result.status) from wrong",
        "            value = []  # type: ignore[assignment]",
        ("tests/faults/test_row_22_cut_short.py",),
    ),
    Mutant(
        "an answer of the wrong type is not read",
        "posapp/remote/strict_json.py",
        "    _check_type(answer)\n    try:",
        "    try:",
        ("tests/faults/test_row_23_senseless.py",),
    ),
    Mutant(
        "a page is not the server's word",
        "posapp/remote/outcomes.py",
        "return WriteResult(Outcome.AMBIGUOUS, answer.status, error_kind=wrong.kind)",
        "return WriteResult(Outcome.REFUSED, answer.status)",
        ("tests/faults/test_row_24_captive_portal.py",),
    ),
    Mutant(
        "an answer has a largest size",
        "posapp/remote/http.py",
        "LARGEST_ANSWER: Final = 32 * 1024 * 1024",
        "LARGEST_ANSWER: Final = 2 * 1024 * 1024 * 1024",
        ("tests/faults/test_row_26_bomb.py",),
    ),
    Mutant(
        "a redirect is no success",
        "posapp/remote/http.py",
        "return 200 <= self.status < 300",
        "return 200 <= self.status < 400",
        ("tests/faults/test_row_27_redirect.py",),
    ),
    Mutant(
        "a certificate is always verified",
        "posapp/remote/http.py",
        "tls = httpx.create_ssl_context(trust_env=False)",
        "tls = ssl._create_unverified_context()",
        ("tests/faults/test_row_28_certificate.py", "tests/remote/test_tls.py"),
    ),
    Mutant(
        "a refused credential refuses no act",
        "posapp/sync/settle.py",
        "return Verdict(waiting, Wait.NOTHING, Halt.SIGN_IN)",
        'return Verdict(OperationState.REJECTED, inbox="rejected")',
        ("tests/faults/test_row_29_credential.py",),
    ),
    Mutant(
        "what is forbidden is before a person",
        "posapp/sync/settle.py",
        "    if result.status == FORBIDDEN:\n",
        "    if False:\n",
        ("tests/faults/test_row_30_forbidden.py",),
    ),
    Mutant(
        "a displaced value is kept before the edit leaves",
        "posapp/sync/push.py",
        "    keep_losers(context, session, job, plan.losers)  # now",
        "    pass  # now",
        ("tests/faults/test_row_45_two_sides.py",),
    ),
    Mutant(
        "an edit is merged with the record as it is now",
        "posapp/sync/edits.py",
        "    merged = merge(changes_of(job.person), record.profile)\n",
        "    changes = changes_of(job.person)\n    merged = merge(changes, with_fields(record.profile, {name: one.seen for name, one in changes.items()}))\n",  # noqa: E501
        ("tests/faults/test_row_46_tags.py",),
    ),
    Mutant(
        "names are plain text on the screen",
        "posapp/ui/widgets/labels.py",
        '        self.setTextFormat(Qt.TextFormat.PlainText)\n        self.setProperty("face", face.value)',
        '        self.setProperty("face", face.value)',
        ("tests/faults/test_row_52_hostile_text.py",),
    ),
    Mutant(
        "wrong PINs make a pause",
        "posapp/keychain/lockout.py",
        "    if failures < FREE_TRIES:\n        return 0\n",
        "    return 0\n",
        ("tests/keychain/test_pin.py",),
    ),
    Mutant(
        "the log says nothing of a body",
        "posapp/remote/http.py",
        '        log.debug("%s %s: %s", method, path, answer.status)',
        '        log.warning("%s %s: %s", method, path, answer.body)',
        ("tests/faults/test_row_54_canaries.py",),
    ),
    Mutant(
        "what is given up stays so, whatever is announced",
        "posapp/remote/pos/api.py",
        "self._announced.without(self._distrusted)",
        "self._announced",
        ("tests/faults/test_row_50_extension_not_kept.py",),
    ),
    Mutant(
        "a restart remembers what is given up",
        "posapp/sync/engine.py",
        "        self._cycle = Lock()\n        heed(self._context)\n",
        "        self._cycle = Lock()\n",
        ("tests/sync/test_trust.py",),
    ),
    Mutant(
        "a twin is looked for after a repeat",
        "posapp/sync/engine.py",
        "        seek_twins(context, cancel)\n",
        "",
        ("tests/faults/test_row_50_extension_not_kept.py",),
    ),
    Mutant(
        "points taken twice are noticed",
        "posapp/sync/trust.py",
        "    return known - answer.points in range(",
        "    return False and range(",
        ("tests/faults/test_row_50_extension_not_kept.py",),
    ),
    Mutant(
        "an entry that stands twice gives the reference up",
        "posapp/sync/comparing.py",
        '        note_posted_twice(context, session, difference.ours["reference"])\n',
        "        pass\n",
        ("tests/sync/test_trust.py",),
    ),
    Mutant(
        "changes that make no sense twice are given up",
        "posapp/sync/trust.py",
        "    if again:\n",
        "    if False:\n",
        ("tests/faults/test_row_50_extension_not_kept.py",),
    ),
    Mutant(
        "a change that was not told is noticed",
        "posapp/sync/scan.py",
        "    if untold is not None:\n",
        "    if False:\n",
        ("tests/faults/test_row_50_extension_not_kept.py",),
    ),
    Mutant(
        "a deletion that was not told is noticed",
        "posapp/sync/suspects.py",
        "    check_deletions(context, cancel, gone)\n",
        "",
        ("tests/faults/test_row_50_extension_not_kept.py",),
    ),
    Mutant(
        "a server that tells everything is read whole now and then",
        "posapp/sync/scan.py",
        "        return done is None or not",
        "        return done is None or not tells and not",
        ("tests/faults/test_row_50_extension_not_kept.py",),
    ),
)
