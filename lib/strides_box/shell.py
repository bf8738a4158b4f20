"""The shell in which a submission's cells run: IPython's, with what cells show kept as data."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOBase
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

MOST_SHOWN = 200_000
"""Characters that the outputs of one cell have together."""
MOST_OUTPUTS = 500
CUT = "\n[The output is longer; the rest was left out.]\n"

Output = dict[str, Any]


class Shown:
    """What one cell has shown so far, as a notebook's outputs, cut while it grows."""

    def __init__(self, most: int = MOST_SHOWN) -> None:
        self.outputs: list[Output] = []
        self.left = most
        self.cut = False

    def text(self, name: str, text: str) -> None:
        """Add to the stream `name`, stdout or stderr."""
        if self.cut or not text:
            return
        text = self._within(text)
        last = self.outputs[-1] if self.outputs else {}
        if last.get("output_type") == "stream" and last["name"] == name:
            last["text"] += text
        else:
            self._add({"output_type": "stream", "name": name, "text": text})

    def data(self, output: Output) -> None:
        """Add an output with data of several kinds."""
        size = sum(len(value) for value in output.get("data", {}).values() if type(value) is str)
        if size > 20 * MOST_SHOWN or self.cut:
            self.cut = True
            return
        self._add(output)

    def error(self, name: str, said: str, traceback: list[str]) -> None:
        lines = [line[:4000] for line in traceback[-40:]]
        error = {"ename": name[:100], "evalue": said[:4000], "traceback": lines}
        self.outputs.append({"output_type": "error", **error})

    def clear(self) -> None:
        self.outputs.clear()

    def _within(self, text: str) -> str:
        if len(text) > self.left:
            self.cut = True
            text = text[: self.left] + CUT
        self.left -= len(text)
        return text

    def _add(self, output: Output) -> None:
        if len(self.outputs) >= MOST_OUTPUTS:
            self.cut = True
        else:
            self.outputs.append(output)


class Stream(TextIOBase):
    """Standard output or error: one for the life of the process, since threads hold on to it."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name, self.shown = name, Shown(most=0)

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self.shown.text(self.name, text)
        return len(text)

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return 2 if self.name == "stderr" else 1


class Publisher(DisplayPublisher):
    """What `display` shows."""

    shown = Shown()

    def publish(
        self,
        data: Any,
        metadata: Any = None,
        source: Any = None,
        *,
        transient: Any = None,
        update: bool = False,
        **kwargs: Any,
    ) -> None:
        self.shown.data({"output_type": "display_data", "data": dict(data), "metadata": {}})

    def clear_output(self, wait: bool = False) -> None:
        self.shown.clear()


class Hook(DisplayHook):
    """What the last value of a cell shows."""

    shown = Shown()

    def start_displayhook(self) -> None:
        """Nothing to begin."""

    def finish_displayhook(self) -> None:
        """Nothing to end."""

    def write_output_prompt(self) -> None:
        """Nothing: a notebook has a number beside the output."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        value = {"output_type": "execute_result", "data": dict(format_dict), "metadata": {}}
        self.shown.data(value | {"execution_count": self.prompt_count})


class Shell(InteractiveShell):
    """IPython without a terminal and without a history on disk."""

    shown = Shown()
    streams: tuple[Stream, ...] = ()
    display_pub_class = Type(Publisher)
    displayhook_class = Type(Hook)

    @contextmanager
    def _tee(self, channel: Any) -> Iterator[None]:
        """Nothing: IPython would keep all that cells print for the life of the process."""
        yield

    def enable_gui(self, gui: str | None = None) -> None:
        """Nothing: there is no window here."""

    def init_sys_modules(self) -> None:
        """Keep __main__ as it is."""

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        said = f"{evalue.msg} (line {evalue.lineno})" if etype is SyntaxError else str(evalue)
        self.shown.error(getattr(etype, "__name__", "Error"), said, list(stb))

    def showtraceback(self, *args: Any, **kwargs: Any) -> None:
        """IPython's; an error whose own text cannot be made is shown by its name."""
        try:
            super().showtraceback(*args, **kwargs)
        except Exception as problem:
            self.shown.error(type(problem).__name__, "an error that cannot be shown", [])


def make_shell() -> Shell:
    """A shell with inline figures, ready to run cells."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    shell = Shell.instance(config=config)
    shell.streams = Stream("stdout"), Stream("stderr")
    sys.stdout, sys.stderr = shell.streams
    formatter = shell.display_formatter
    assert formatter is not None
    formatter.active_types = formatter.format_types
    shell.run_cell("%matplotlib inline", silent=True)
    return shell


@contextmanager
def showing_in(shell: Shell, shown: Shown) -> Iterator[None]:
    """Keep in `shown` what is written and displayed while the block runs."""
    parts: list[Any] = [shell, shell.displayhook, shell.display_pub, *shell.streams]
    before = [part.shown for part in parts]
    for part in parts:
        part.shown = shown
    try:
        yield
    finally:
        for part, earlier in zip(parts, before, strict=True):
            part.shown = earlier


@contextmanager
def capturing(shell: Shell) -> Iterator[Shown]:
    """What cells show while the block runs, by Python and by the processes that they start."""
    shown = Shown()
    with showing_in(shell, shown), tempfile.TemporaryFile() as beside:
        saved = [(os.dup(number), number) for number in (1, 2)]
        for _, number in saved:
            os.dup2(beside.fileno(), number)
        try:
            yield shown
        finally:
            for copy, number in saved:
                os.dup2(copy, number)
                os.close(copy)
            with suppress(OSError):  # the cell may have closed every file
                beside.seek(0)
                shown.text("stdout", beside.read(MOST_SHOWN + 1).decode("utf-8", "replace"))
