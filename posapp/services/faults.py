"""The last resort of both faces: what nobody expected becomes an error that a person can be shown."""

from __future__ import annotations

import logging
import traceback

from posapp.domain.errors import Bug, PosError

log = logging.getLogger(__name__)


def explained(error: Exception, doing: str) -> PosError:
    """Return an error of ours for any exception; a foreign one is logged by its kind and place alone.

    Args:
        error: What was raised; its text may hold a name or a phone and goes nowhere.
        doing: What was being done, for the log.
    """
    if isinstance(error, PosError):
        return error
    trace = "".join(traceback.format_tb(error.__traceback__))
    log.error("unexpected %s in %s\n%s", type(error).__name__, doing, trace)
    return Bug()
