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
        ("tests/services/test_verification.py::test_one_altered_field_is_named",),
    ),
    Mutant(
        "an act's place in the chain is checked",
        "posapp/services/verification.py",
        "elif previous and operation.prev_hash != previous:",
        "elif False:",
        ("tests/services/test_verification.py::test_an_act_altered_together_with_its_hash_breaks_the_chain_behind_it",),
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
        "    result = context.api.send(plan.request, operation_id=job.operation.id, timeout=timeout_of(deadline))\n",
        "    result = context.api.send(plan.request, operation_id=job.operation.id, timeout=timeout_of(deadline))\n"
        "    attempt_id = context.book.write(lambda session: _claim(context, session, job, plan))\n"
        "    if attempt_id is None:\n"
        "        return Delivered(Halt.LANE)\n",
        ("tests/sync/test_push.py::test_a_crash_after_the_answer_leaves_a_doubt_that_resolves",),
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
        "an effect is absent only when two probes did not find it",
        "posapp/sync/probe.py",
        "PROBES = 2",
        "PROBES = 1",
        ("tests/sync/test_push_creates.py::test_a_doubtful_create_is_absent_only_after_two_probes",),
    ),
    Mutant(
        "a key counts only as long as the server remembers it",
        "posapp/sync/plans.py",
        "<= age < ttl * 0.9  # an age below is a clock put back",
        "<= age",
        ("tests/sync/test_push_points_and_bills.py::test_a_key_that_the_server_forgot_counts_no_more",),
    ),
    Mutant(
        "a pulled number counts only if the lane was idle (no epoch)",
        "posapp/sync/rows.py",
        "return not row.busy and not row.unproven and row.lane_epoch <= epoch",
        "return True",
        ("tests/sync/test_interleavings.py::TestKhata",),
    ),
    Mutant(
        "pages are read from the last to the first (forward scan)",
        "posapp/sync/scan.py",
        "        records, epoch = reader.page(run.next_page)\n",
        "        records, epoch = reader.page(run.last_page + 1 - run.next_page)\n",
        ("tests/sync/test_pull.py::test_a_scan_meets_rows_that_come_and_go",),
    ),
    Mutant(
        "a list that answers one page for another is refused",
        "posapp/sync/pages.py",
        "            raise ListRepeats\n",
        "            return\n",
        ("tests/faults/test_row_34_lying_list.py::test_row_34_a_page_that_is_not_kept",),
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
        ("tests/services/test_redemptions.py::test_a_doubt_is_no_discount",),
    ),
    Mutant(
        "an unknown balance is not zero",
        "posapp/services/dto.py",
        "        if self.server_balance is None:\n            return None\n        return self.server_balance + self.unsent",  # noqa: E501
        "        if self.server_balance is None:\n            return self.kept_balance\n"
        "        return self.server_balance + self.unsent",
        ("tests/services/test_khata.py::test_an_unknown_balance_is_not_zero",),
    ),
    Mutant(
        "what never left the till is known not to be in doubt",
        "posapp/remote/outcomes.py",
        "never = not result.sent or isinstance(result.error, NEVER_LEFT)",
        "never = False",
        ("tests/faults/test_row_13_refused.py::test_row_13_points_are_given_only_by_the_server",),
    ),
    Mutant(
        "an answer that is lost leaves it open",
        "posapp/remote/outcomes.py",
        "outcome = Outcome.NOT_SENT if never else Outcome.AMBIGUOUS",
        "outcome = Outcome.NOT_SENT",
        ("tests/faults/test_row_15_answer_lost.py::test_row_15_each_write_has_one_effect[plain-create]",),
    ),
    Mutant(
        "a request that is lost leaves it open",
        "posapp/sync/settle.py",
        "return Verdict(OperationState.UNKNOWN, _UNTIL_SAFE[repeat], Halt.LANE)",
        "return Verdict(OperationState.ACKED)",
        ("tests/faults/test_row_14_request_lost.py::test_row_14_each_write_has_one_effect[extended-create]",),
    ),
    Mutant(
        "a request that may still land is waited for (no rest at all, in cycles or when a person asks)",
        "posapp/domain/operation.py",
        "return not_before is not None and now < not_before <= now + longest_rest(quarantine)",
        "return False",
        ("tests/faults/test_row_16_late.py::test_row_16_the_quarantine_holds[plain-create]",),
    ),
    Mutant(
        "a person who asks does not cut that waiting short",
        "posapp/sync/probe.py",
        "    if quarantined(context, job):\n        return Leave()\n",
        "",
        ("tests/faults/test_row_16_late.py::test_row_16_the_quarantine_holds[plain-create]",),
    ),
    Mutant(
        "writes carry their key",
        "posapp/remote/preparing.py",
        "key=key if capabilities.idempotency_keys else None",
        "key=None",
        (
            "tests/faults/test_row_17_twice.py::test_row_17_a_key_a_unique_field_or_a_set_value_catches_it[extended-create]",
        ),
    ),
    Mutant(
        "a list's figure from before an act is not taken after it (the epoch is not that of the request)",
        "posapp/sync/pull.py",
        "        epoch = context.book.read(lambda session: session.mirror.epoch())\n"
        "        records = context.api.changed_since(since, page)\n",
        "        records = context.api.changed_since(since, page)\n"
        "        epoch = context.book.read(lambda session: session.mirror.epoch())\n",
        (
            "tests/faults/test_row_18_reordered.py::test_row_18_an_old_figure_never_hides_or_doubles_an_act[list-payment]",
        ),
    ),
    Mutant(
        "one customer's record from before an act is not taken after it",
        "posapp/sync/refresh.py",
        "if row.customer_id is None or row.lane_epoch > reading.epoch:",
        "if row.customer_id is None:",
        (("tests/faults/test_row_18_reordered.py::test_row_18_an_old_record_does_not_bring_an_edits_old_value_back"),),
    ),
    Mutant(
        "a figure that may hold an act on its way is not taken",
        "posapp/sync/rows.py",
        "return not row.busy and not row.unproven and row.lane_epoch <= epoch",
        "return not row.unproven and row.lane_epoch <= epoch",
        (
            "tests/faults/test_row_18_reordered.py::test_row_18_a_figure_that_holds_an_act_on_its_way_does_not_double_it[list]",
        ),
    ),
    Mutant(
        "an answer of 5xx is no refusal",
        "posapp/remote/outcomes.py",
        "    if not 400 <= status < 500:  # noqa: PLR2004 (HTTP's own numbers)\n        return Outcome.AMBIGUOUS",
        "    if not 400 <= status < 500:  # noqa: PLR2004 (HTTP's own numbers)\n        return Outcome.REFUSED",
        ("tests/faults/test_row_19_server_errors.py::test_row_19_one_effect[extended-create-before]",),
    ),
    Mutant(
        "a busy server is not asked before it said",
        "posapp/sync/backoff.py",
        "return min(retry_after, self.longest_asked)",
        "return 0.0",
        ("tests/faults/test_row_20_throttled.py::test_row_20_nothing_goes_out_before",),
    ),
    Mutant(
        "a request has a deadline as a whole",
        "posapp/remote/exchange.py",
        "self._ends = time.monotonic() + seconds",
        "self._ends = time.monotonic() + 1000",
        ("tests/faults/test_row_21_slow.py::test_row_21_a_write_ends_and_has_one_effect[payment-drips]",),
    ),
    Mutant(
        "what cannot be read is no empty list",
        "posapp/remote/reading.py",
        "            raise RemoteProtocolError(status=result.status) from wrong",
        "            value = []  # type: ignore[assignment]",
        ("tests/faults/test_row_22_cut_short.py::test_row_22_a_list_cut_short_deletes_nobody[0.0-unframed-extended]",),
    ),
    Mutant(
        "an answer of the wrong type is not read",
        "posapp/remote/strict_json.py",
        "    _check_type(answer)\n    try:",
        "    try:",
        ("tests/faults/test_row_23_senseless.py::test_row_23_a_read_takes_nothing_of_it[extended-text]",),
    ),
    Mutant(
        "a page is not the server's word",
        "posapp/remote/outcomes.py",
        "return WriteResult(Outcome.AMBIGUOUS, answer.status, error_kind=wrong.kind)",
        "return WriteResult(Outcome.REFUSED, answer.status)",
        ("tests/faults/test_row_24_captive_portal.py::test_row_24_acts_wait_and_have_one_effect[extended-redeem]",),
    ),
    Mutant(
        "an answer has a largest size",
        "posapp/remote/http.py",
        "LARGEST_ANSWER: Final = 32 * 1024 * 1024",
        "LARGEST_ANSWER: Final = 2 * 1024 * 1024 * 1024",
        ("tests/faults/test_row_26_bomb.py::test_row_26_a_list_costs_little[bomb]",),
    ),
    Mutant(
        "a redirect is no success",
        "posapp/remote/http.py",
        "return 200 <= self.status < 300",
        "return 200 <= self.status < 400",
        ("tests/faults/test_row_27_redirect.py::test_row_27_a_write_does_not_follow[delete-301 Moved]",),
    ),
    Mutant(
        "a certificate is always verified",
        "posapp/remote/http.py",
        "tls = httpx.create_ssl_context(trust_env=False)",
        "tls = ssl._create_unverified_context()",
        ("tests/faults/test_row_28_certificate.py::test_row_28_nothing_is_sent",),
    ),
    Mutant(
        "a refused credential refuses no act",
        "posapp/sync/settle.py",
        "return Verdict(waiting, Wait.NOTHING, Halt.SIGN_IN)",
        'return Verdict(OperationState.REJECTED, inbox="rejected")',
        ("tests/faults/test_row_29_credential.py::test_row_29_while_sending[extended-create]",),
    ),
    Mutant(
        "what is forbidden is before a person",
        "posapp/sync/settle.py",
        "    if result.status == FORBIDDEN:\n",
        "    if False:\n",
        ("tests/faults/test_row_30_forbidden.py::test_row_30_the_act_is_before_a_person[extended-create]",),
    ),
    Mutant(
        "a displaced value is kept before the edit leaves",
        "posapp/sync/push.py",
        "    keep_losers(context, session, job, plan.losers)  # now",
        "    pass  # now",
        ("tests/faults/test_row_45_two_sides.py::test_row_45_nobodys_typing_is_lost[whole-name-extended]",),
    ),
    Mutant(
        "an edit is merged with the record as it is now",
        "posapp/sync/edits.py",
        "    merged = merge({",
        "    from dataclasses import replace\n\n"
        "    from posapp.domain.customer import with_fields\n\n"
        "    seen = {name: one.seen for name, one in changes_of(job.person).items()}\n"
        "    record = replace(record, profile=with_fields(record.profile, seen))\n"
        "    merged = merge({",
        ("tests/faults/test_row_46_tags.py::test_row_46_tags_of_others_survive[extended]",),
    ),
    Mutant(
        "names are plain text on the screen",
        "posapp/ui/widgets/labels.py",
        '        self.setTextFormat(Qt.TextFormat.PlainText)\n        self.setProperty("face", face.value)',
        '        self.setProperty("face", face.value)',
        ("tests/faults/test_row_52_hostile_text.py::test_row_52_the_window_shows_text[a heading]",),
    ),
    Mutant(
        "wrong PINs make a pause",
        "posapp/keychain/lockout.py",
        "    if failures < FREE_TRIES:\n        return 0\n",
        "    return 0\n",
        ("tests/keychain/test_pin.py::test_pauses_grow_and_the_right_pin_does_not_pass_in_one",),
    ),
    Mutant(
        "the log says nothing of a body",
        "posapp/remote/http.py",
        '        log.debug("%s %s: %s", method, path, answer.status)',
        '        log.warning("%s %s: %s", method, path, answer.body)',
        ("tests/faults/test_row_54_canaries.py::test_row_54_no_file_holds_them[extended]",),
    ),
    Mutant(
        "what is given up stays so, whatever is announced",
        "posapp/remote/connector.py",
        "self._announced.without(self._distrusted)",
        "self._announced",
        ("tests/faults/test_row_50_extension_not_kept.py::test_row_50_keys_that_are_ignored",),
    ),
    Mutant(
        "a restart remembers what is given up",
        "posapp/sync/engine.py",
        "        self._cycle = Lock()\n        heed(self._context)\n",
        "        self._cycle = Lock()\n",
        ("tests/sync/test_trust.py::test_it_holds_after_a_restart_whatever_is_announced",),
    ),
    Mutant(
        "a twin is looked for after a repeat",
        "posapp/sync/engine.py",
        "        seek_twins(context, cancel)\n",
        "",
        ("tests/faults/test_row_50_extension_not_kept.py::test_row_50_keys_that_are_ignored",),
    ),
    Mutant(
        "points taken twice are noticed",
        "posapp/sync/trust.py",
        "    return known - answer.points in range(",
        "    return False and range(",
        ("tests/faults/test_row_50_extension_not_kept.py::test_row_50_keys_and_sales_that_are_ignored",),
    ),
    Mutant(
        "an entry that stands twice gives the reference up",
        "posapp/sync/comparing.py",
        '        note_posted_twice(context, session, difference.ours["reference"])\n',
        "        pass\n",
        ("tests/sync/test_trust.py::test_an_entry_written_twice_is_looked_for_from_then_on",),
    ),
    Mutant(
        "changes that make no sense twice are given up",
        "posapp/sync/trust.py",
        "    if again:\n",
        "    if False:\n",
        ("tests/faults/test_row_50_extension_not_kept.py::test_row_50_changes_that_are_not_told_by_change",),
    ),
    Mutant(
        "a change that was not told is noticed",
        "posapp/sync/scan.py",
        "    if untold is not None:\n",
        "    if False:\n",
        ("tests/faults/test_row_50_extension_not_kept.py::test_row_50_a_change_that_is_not_told",),
    ),
    Mutant(
        "an id given anew is somebody else",
        "posapp/sync/given_anew.py",
        "    return not record.anonymized and",
        "    return False and",
        ("tests/faults/test_row_36_restored.py::test_row_36_an_id_given_anew_is_somebody_else",),
    ),
    Mutant(
        "only what is provably not there is given up",
        "posapp/services/resolving/server_restored.py",
        '        if view.evidence.get("missing"):\n',
        "        if True:\n",
        (
            "tests/faults/test_row_36_restored.py::test_row_36_the_server_is_right_and_what_may_be_there_stays_as_it_was",
        ),
    ),
    Mutant(
        "a deletion that was not told is noticed",
        "posapp/sync/suspects.py",
        "    check_deletions(context, cancel, _gone(context, tally, cancel, suspects))\n",
        "    _gone(context, tally, cancel, suspects)\n",
        ("tests/faults/test_row_50_extension_not_kept.py::test_row_50_a_deletion_that_is_not_told",),
    ),
    Mutant(
        "a server that tells everything is read whole now and then",
        "posapp/sync/scan.py",
        "        return done is None or not",
        "        return done is None or not tells and not",
        ("tests/faults/test_row_50_extension_not_kept.py::test_row_50_a_change_that_is_not_told",),
    ),
    Mutant(
        "points refused after the discount was given are before a person, never silently refused",
        "posapp/sync/push.py",
        "verdict = _never_silently(ended.verdict, view)",
        "verdict = ended.verdict",
        (
            "tests/faults/test_row_43_points_refused_later.py::test_row_43_refused_it_is_a_task_and_each_choice_is_an_act_of_its_own",
        ),
    ),
    Mutant(
        "a till gives at most its share of the points",
        "posapp/domain/exposure.py",
        "return max(points, 0) // tills if tills else 0",
        "return max(points, 0) if tills else 0",
        ("tests/domain/test_exposure.py",),
    ),
    Mutant(
        "what was taken off already is not given again",
        "posapp/domain/exposure.py",
        "min(share - known.pending, terms.cap",
        "min(share, terms.cap",
        ("tests/domain/test_exposure.py",),
    ),
    Mutant(
        "all acts at risk together have a bound",
        "posapp/domain/exposure.py",
        "terms.cap, terms.total - outstanding))",
        "terms.cap, terms.total))",
        ("tests/domain/test_exposure.py",),
    ),
    Mutant(
        "the figure counts down what may still be given",
        "posapp/domain/exposure.py",
        "limit = max(0, terms.total - outstanding)",
        "limit = terms.total",
        ("tests/domain/test_exposure.py",),
    ),
    Mutant(
        "a redemption in doubt uses the share up",
        "posapp/services/exposure.py",
        "pending=standing.unsent_redeemed - own",
        "pending=0",
        ("tests/services/test_at_risk.py::test_an_ordinary_redemption_in_doubt_uses_the_share_up_too",),
    ),
    Mutant(
        "an act in doubt is not counted against itself",
        "posapp/services/exposure.py",
        "own = 0 if besides is None else points_taken(besides.operation.intent)",
        "own = 0",
        ("tests/services/test_at_risk.py::test_a_redemption_in_doubt_may_be_given_and_stays_one_act",),
    ),
    Mutant(
        "what was given before counts against the bound of all acts",
        "posapp/services/exposure.py",
        "outstanding=_points(acts), now=now",
        "outstanding=0, now=now",
        ("tests/services/test_at_risk.py::test_soft_limits_ask_a_manager_and_hard_ones_nobody",),
    ),
    Mutant(
        "the figure knows only this till's share",
        "posapp/store/risk.py",
        'REMOTE_RECORD.c.points // sa.bindparam("tills", tills)',
        "REMOTE_RECORD.c.points",
        ("tests/services/test_at_risk.py::test_a_till_gives_its_share_and_not_a_point_more",),
    ),
    Mutant(
        "the figure leaves out what is taken off already",
        "posapp/store/risk.py",
        " - sa.func.coalesce(taken.c.points, 0)",
        "",
        ("tests/services/test_at_risk.py::test_a_till_gives_its_share_and_not_a_point_more",),
    ),
    Mutant(
        "nothing is given at risk on a held khata",
        "posapp/services/exposure.py",
        "return replace(found, free=0) if session.proofs.is_held(customer.id) else found",
        "return found",
        ("tests/services/test_at_risk.py::test_nothing_is_given_on_a_held_khata_but_by_a_manager",),
    ),
    Mutant(
        "a khata that differs from the server's gives no new credit",
        "posapp/services/khata.py",
        "        check_held(name, form.amount, held=session.proofs.is_held(customer.id))\n",
        "",
        ("tests/services/test_agreement.py",),
    ),
    Mutant(
        "nor by a bill on account",
        "posapp/services/sales.py",
        "        check_held(customer.profile.name, form.on_account, held=session.proofs.is_held(customer.id))\n",
        "",
        ("tests/services/test_agreement.py",),
    ),
    Mutant(
        "the keychain's anchor is compared at the start",
        "posapp/services/anchors.py",
        "fault = None if anchor is None else fault_of(session.operations, Keeper.KEYCHAIN, anchor)",
        "fault = None",
        ("tests/cli/test_chain.py::test_a_cut_tail_is_named_by_the_second_copy_and_the_keychain",),
    ),
    Mutant(
        "acts after the anchor are read at the start",
        "posapp/services/anchors.py",
        "        first = _first_broken(session.operations, anchor)\n",
        "        first = None\n",
        ("tests/services/test_chain_watch.py",),
    ),
    Mutant(
        "the second copy's newest act is compared as the book is opened",
        "posapp/store/book.py",
        "        self.write(note, urgent=False)\n\n    def _follow",
        "        pass\n\n    def _follow",
        ("tests/cli/test_chain.py::test_a_cut_tail_is_named_by_the_second_copy_and_the_keychain",),
    ),
)
