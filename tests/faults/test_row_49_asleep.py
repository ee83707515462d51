"""The computer sleeps, or the process is stopped, in the middle of a request: afterwards there is one effect."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.faults.paused_till import SECONDS
from tests.faults.wire import Asked, Wire, lands_late, passes
from tests.remote.raw_server import Conversation
from tests.support.stub import StubServer
from tests.sync.stub_desk import STORE


@pytest.mark.parametrize("arrives", [True, False])
@pytest.mark.parametrize("needle", [b"Asha", b'"amount"'])
def test_row_49_stopped_in_the_middle_of_a_request(tmp_path: Path, needle: bytes, *, arrives: bool) -> None:
    """The pause is longer than any deadline, as a night is: what was asked for before it is long over."""
    with StubServer() as stub, Wire(stub.base_url) as wire:
        command = [sys.executable, "-m", "tests.faults.paused_till", wire.url, stub.token(STORE), str(tmp_path)]
        till = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])

        def sleeps(line: Wire, conversation: Conversation, asked: Asked) -> None:
            os.kill(till.pid, signal.SIGSTOP)
            time.sleep(2 * SECONDS)  # the pause itself: longer than the request's deadline
            if not arrives:
                lands_late(line, conversation, asked)
            os.kill(till.pid, signal.SIGCONT)
            if arrives:
                passes(line, conversation, asked)

        slept = False

        def first(asked: Asked) -> bool:
            nonlocal slept
            if slept or not asked.writes or needle not in asked.body:
                return False
            slept = True
            return True

        wire.every(first, sleeps)
        assert till.stdout is not None
        acts = till.stdout.readline().split()
        try:
            assert till.wait(60) == 0
        finally:
            till.kill()
            till.wait()
            till.stdout.close()
        wire.land()
        assert slept
        for act in acts:
            assert len([one for one in stub.effects() if one["op"] == act]) == 1
