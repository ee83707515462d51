"""Use cases off the GUI thread: in order, answered on it, never cut short."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import QObject, Qt, QThread
from pytestqt.qtbot import QtBot

from posapp.domain.errors import PosError, RemoteUnavailable
from posapp.ui.bridge.task_runner import TaskRunner
from tests.ui.bridge.at_the_till import WAIT


def unexpected(error: PosError) -> None:
    pytest.fail(f"failed: {error.id}")


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[TaskRunner]:
    made = TaskRunner()
    yield made
    made.close()


def test_it_works_elsewhere_and_answers_here(runner: TaskRunner) -> None:
    here, seen = threading.get_ident(), []

    def done(worker: int) -> None:
        seen.append((worker, threading.get_ident(), QThread.currentThread() is runner.thread()))

    runner.run(threading.get_ident, done=done, failed=unexpected)
    assert runner.busy
    assert seen == []
    assert runner.wait_idle()
    [(worker, answered, is_gui)] = seen
    assert worker != here
    assert answered == here
    assert is_gui


def test_tasks_run_one_after_the_other(runner: TaskRunner) -> None:
    running, most, order = 0, 0, []

    def act(number: int) -> int:
        nonlocal running, most
        running += 1
        most = max(most, running)
        running -= 1
        return number

    for number in range(50):
        runner.run(lambda number=number: act(number), done=order.append, failed=unexpected)
    assert runner.wait_idle()
    assert order == list(range(50))
    assert most == 1


def test_what_waits_for_a_server_does_not_hold_up_the_rest(runner: TaskRunner) -> None:
    answer, order = threading.Event(), []
    runner.run(lambda: answer.wait(20), done=lambda _: order.append("online"), failed=unexpected, online=True)

    def local_done(_: None) -> None:
        order.append("local")
        answer.set()

    runner.run(lambda: None, done=local_done, failed=unexpected)
    assert runner.wait_idle()
    assert order == ["local", "online"]


def test_an_error_of_ours_comes_as_it_is(runner: TaskRunner) -> None:
    failed: list[PosError] = []

    def act() -> None:
        raise RemoteUnavailable

    runner.run(act, done=lambda _: pytest.fail("done"), failed=failed.append)
    assert runner.wait_idle()
    assert [error.id for error in failed] == ["server_unreachable"]


def test_a_bug_is_logged_without_its_text_and_told_as_one(runner: TaskRunner, caplog: pytest.LogCaptureFixture) -> None:
    failed: list[PosError] = []
    name = "Rahima"

    def act() -> None:
        raise RuntimeError(name)

    runner.run(act, done=lambda _: pytest.fail("done"), failed=failed.append)
    assert runner.wait_idle()
    assert [error.id for error in failed] == ["bug"]
    assert "RuntimeError" in caplog.text
    assert name not in caplog.text


def test_nobody_hears_of_a_task_whose_widget_is_gone(runner: TaskRunner, qtbot: QtBot) -> None:
    owner, begin, acted = QObject(), threading.Event(), []

    def act() -> None:
        begin.wait(20)
        acted.append("act")

    runner.run(act, done=lambda _: acted.append("told"), failed=unexpected, owner=owner)
    with qtbot.waitSignal(owner.destroyed, timeout=WAIT):
        owner.deleteLater()
    begin.set()
    assert runner.wait_idle()
    assert acted == ["act"]


def test_a_dropped_reading_is_left_out_and_a_dropped_act_carried_out(runner: TaskRunner) -> None:
    begin, acted = threading.Event(), []
    runner.run(lambda: begin.wait(20), done=lambda _: None, failed=unexpected)
    for reading in (True, False):
        task = runner.run(
            lambda reading=reading: acted.append("read" if reading else "act"),
            done=lambda _: pytest.fail("told"),
            failed=unexpected,
            reading=reading,
        )
        task.drop()
    begin.set()
    assert runner.wait_idle()
    assert acted == ["act"]


def test_closing_waits_for_acts_and_leaves_out_readings(qtbot: QtBot) -> None:
    runner, begun, go, acted = TaskRunner(), threading.Event(), threading.Event(), []

    def slow() -> None:
        begun.set()
        go.wait(20)
        acted.append("running")

    runner.run(slow, done=lambda _: acted.append("told"), failed=unexpected)
    runner.run(lambda: acted.append("read"), done=lambda _: acted.append("told"), failed=unexpected, reading=True)
    runner.run(lambda: acted.append("queued act"), done=lambda _: acted.append("told"), failed=unexpected)
    assert begun.wait(20)
    threading.Timer(0.05, go.set).start()
    runner.close()
    assert acted == ["running", "queued act"]
    assert runner.wait_idle()
    assert acted == ["running", "queued act"]


@pytest.mark.parametrize("online", [False, True])
def test_once_closed_it_does_nothing_more(online: bool) -> None:
    runner, acted = TaskRunner(), []
    runner.close()
    late = runner.run(partial(acted.append, "act"), done=acted.append, failed=unexpected, online=online)
    assert not late.wanted
    assert not runner.busy
    assert acted == []


def test_nothing_of_a_task_is_let_go_on_a_workers_thread(runner: TaskRunner) -> None:
    gone, go_on = [], threading.Event()

    class Held:
        def __del__(self) -> None:
            gone.append(threading.get_ident())

    runner._ended.connect(lambda _: go_on.wait(20), Qt.ConnectionType.DirectConnection)  # the worker stays a while
    runner.run(partial(id, Held()), done=lambda _: None, failed=unexpected)
    assert runner.wait_idle()
    assert gone == [threading.get_ident()]
    go_on.set()
