"""Where answers go: one JSON object or words for a person, whatever the other end of the line can take.

A terminal without a rupee sign, a pipe that closed, a disk that is full under the redirected answer: none of these may
make an act look failed that was done, or show a traceback.
"""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TextIO

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.measure import Measurement
from rich.segment import Segment
from rich.text import Text

from posapp.domain.messages import N_
from posapp.locale.translator import Translator

FILE_WIDTH = 200
"""Columns where no terminal says how wide it is."""

_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What a name may hold and a terminal would obey: controls, and marks that turn the text around them."""


class _Visible:
    """A renderable without the signs that a terminal would obey."""

    def __init__(self, inner: RenderableType) -> None:
        self._inner = inner

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for segment in console.render(self._inner, options):
            yield segment if segment.control else Segment(_UNFIT.sub("�", segment.text), segment.style)


class Fitting:
    """The first of several renderables that fits the line; the last one where none does."""

    def __init__(self, *candidates: RenderableType) -> None:
        self._candidates = candidates

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        roomy = options.update(width=10 * FILE_WIDTH)
        for candidate in self._candidates[:-1]:
            if Measurement.get(console, roomy, candidate).maximum <= options.max_width:
                yield candidate
                return
        yield self._candidates[-1]


def make_streams_tolerant() -> None:
    """Let printing never fail for a sign that the terminal lacks, nor for a stream that the caller closed."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 (lives as long as the process)
        elif isinstance(stream, io.TextIOWrapper):
            # not "backslashreplace": "\u20b9500.00" reads like nine thousand
            stream.reconfigure(errors="replace")


def interactive() -> bool:
    """Return whether a person sits at standard input."""
    return sys.stdin is not None and sys.stdin.isatty()


def print_json(whole: Mapping[str, object], say: Translator) -> None:
    """Print one JSON object on standard output."""
    plain = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "") != "utf8"
    _deliver(json.dumps(whole, ensure_ascii=plain) + "\n", say)


def print_words(parts: Iterable[RenderableType], say: Translator) -> None:
    """Print what a person reads on standard output."""
    buffer = io.StringIO()
    terminal = sys.stdout.isatty()
    console = Console(
        file=buffer,
        soft_wrap=True,
        highlight=False,
        force_terminal=terminal,
        width=_terminal_width() if terminal else FILE_WIDTH,
    )
    for part in parts:
        console.print(_Visible(part))
    _deliver(buffer.getvalue(), say)


def print_problem(title: str, detail: str, hint: str) -> None:
    """Print what went wrong on standard error: what happened, the particulars, what to do."""
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    with _forgiving(sys.stderr):
        for text, style in ((title, "bold red"), (f"  {detail}", ""), (f"  {hint}", "dim")):
            console.print(_Visible(Text(text, style=style)))


def print_usage(usage: str, complaint: str) -> None:
    """Print how a command is written and what was wrong with this one."""
    with _forgiving(sys.stderr):
        print(_UNFIT.sub("�", f"{usage}\n{complaint}"), file=sys.stderr, flush=True)


def _terminal_width() -> int:
    return Console().width


def _deliver(text: str, say: Translator) -> None:
    """Write an answer whole. What was done stays done where nobody can read of it; the exit code says so."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        _let_go(sys.stdout)
        if not isinstance(error, BrokenPipeError):
            print_problem(
                say(N_("The answer could not be written")),
                say(N_("The file or the device that the answer goes to does not take it.")),
                say(N_("Do not repeat an act for that: look at the ledger first whether it was recorded.")),
            )


class _forgiving:  # noqa: N801 (a context manager, used like a function)
    """Nothing is left to tell where standard error itself is gone."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __enter__(self) -> None:
        """Begin printing."""

    def __exit__(self, _: object, error: BaseException | None, __: object) -> bool:
        if isinstance(error, OSError):
            _let_go(self._stream)
            return True
        return False


def _let_go(stream: TextIO) -> None:
    """Send the rest of a broken stream nowhere, so that the interpreter's last flush does not complain."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
