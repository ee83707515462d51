"""The first start of a till: from nothing to a first sale in five steps."""

from __future__ import annotations

import shiboken6
from PySide6.QtWidgets import QDialog

from posapp.locale.translator import Translator
from posapp.services.application import Application
from posapp.ui.bridge.task_runner import TaskRunner
from posapp.ui.first_run.wizard import FirstRun


def run_first_run(app: Application, runner: TaskRunner, say: Translator) -> bool:
    """Lead a person through the first start, or through what is left of it, and return whether it came to its end.

    Args:
        app: The till; its keychain is open where there is a book already.
        runner: Runs what takes time.
        say: Says sentences.
    """
    wizard = FirstRun(app, runner, say)
    try:
        return wizard.exec() == QDialog.DialogCode.Accepted
    finally:
        shiboken6.delete(wizard)  # here and now: the collector might take it apart on a worker's thread
