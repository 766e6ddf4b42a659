"""What a notebook cell shows, as nbformat outputs, and never more of it than allowed."""

from __future__ import annotations

import base64
import contextlib
import io
import os
from typing import Any

from autograder.sandbox.protocol.limits import Limits, in_words
from autograder.sandbox.protocol.text import plain_text

Output = dict[str, Any]

CUT = "[output cut after "
LEFT_OUT = "[a displayed object was left out: too many or too large]"
BYTES_PER_OUTPUT = 2048
"""A cell may show one object for so many bytes of text that it may print."""
RICH_FACTOR = 16
"""Figures may take this many times the bytes of text."""
TEXT_TYPES = ("text/plain", "text/html", "text/latex", "text/markdown", "image/svg+xml")
IMAGE_TYPES = ("image/png", "image/jpeg")
TRACEBACK_LINES = 100


class OutputRecorder:
    """Collects the outputs of one cell, joining neighbouring prints to the same stream."""

    def __init__(self, limits: Limits) -> None:
        self._outputs: list[Output] = []
        self._named: dict[str, Output] = {}
        self._pieces: list[str] = []
        self._stream = ""
        self._output_bytes = limits.output_bytes
        self._most_outputs = limits.output_bytes // BYTES_PER_OUTPUT
        self._text_left = limits.output_bytes
        self._rich_left = limits.output_bytes * RICH_FACTOR

    def write(self, stream: str, text: str) -> None:
        """Record what was printed to `stream` ("stdout" or "stderr")."""
        if not text or self._text_left <= 0:
            return
        if stream != self._stream:
            self._end_stream()
            self._stream = stream
        kept = text[: self._text_left]
        self._text_left -= len(kept.encode("utf-8", "replace"))
        self._pieces.append(kept)
        if self._text_left <= 0:
            self._pieces.append(f"\n{CUT}{in_words(self._output_bytes)}]\n")

    def display(
        self,
        data: dict[str, Any],
        count: int | None = None,
        *,
        name: str | None = None,
        update: bool = False,
    ) -> None:
        """Record a displayed object, or the result of cell number `count`.

        One with a name takes the place of what was shown under that name if it is an `update`.
        """
        kept = _kept_data(data)
        size = sum(map(len, kept.values()))
        if update:
            if name in self._named and size <= self._rich_left:
                self._rich_left -= size
                self._named[name]["data"] = kept
            return
        if len(self._outputs) >= self._most_outputs or size > self._rich_left:
            self.write("stderr", f"{LEFT_OUT}\n")
            return
        self._rich_left -= size
        self._end_stream()
        kind = {"output_type": "display_data"}
        if count is not None:
            kind = {"output_type": "execute_result", "execution_count": count}  # type: ignore[dict-item]
        self._outputs.append({**kind, "data": kept, "metadata": {}})
        if name is not None:
            self._named[name] = self._outputs[-1]

    def error(self, kind: str, message: str, traceback: list[str]) -> None:
        self._end_stream()
        lines = [plain_text(line) for line in traceback[-TRACEBACK_LINES:]]
        self._outputs.append(
            {
                "output_type": "error",
                "ename": plain_text(kind),
                "evalue": plain_text(message),
                "traceback": lines,
            }
        )

    def clear(self) -> None:
        """Forget what was shown so far, as `clear_output` asks for."""
        self._outputs.clear()
        self._named.clear()
        self._pieces.clear()

    def outputs(self) -> list[Output]:
        self._end_stream()
        return self._outputs

    def _end_stream(self) -> None:
        if self._pieces:
            text = "".join(self._pieces).encode("utf-8", "replace").decode()
            self._outputs.append({"output_type": "stream", "name": self._stream, "text": text})
            self._pieces = []
        self._stream = ""


class RecordedStream(io.TextIOBase):
    """Stands in for sys.stdout or sys.stderr."""

    encoding = "utf-8"

    def __init__(self, name: str, descriptor: int) -> None:
        self.name = name
        self._descriptor = descriptor
        self._owner = os.getpid()
        self.recorder: OutputRecorder | None = None

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if self._owner != os.getpid():  # in a child, whose memory is its own
            with contextlib.suppress(OSError):  # full
                os.write(self._descriptor, text.encode("utf-8", "replace"))
        elif self.recorder is not None:
            self.recorder.write(self.name, text)
        return len(text)

    def fileno(self) -> int:
        return self._descriptor

    def writable(self) -> bool:
        return True


def clean_outputs(found: Any, limits: Limits) -> list[Output]:
    """Rebuild outputs that came out of the learner's process, which may have forged them."""
    recorder = OutputRecorder(limits)
    for output in found if isinstance(found, list) else []:
        if isinstance(output, dict):
            _record_again(recorder, output)
    return recorder.outputs()


def _record_again(recorder: OutputRecorder, output: Output) -> None:
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        recorder.write(name, _text(output.get("text")))
    elif kind == "error":
        lines = output.get("traceback")
        traceback = [_text(line) for line in lines] if isinstance(lines, list) else []
        recorder.error(_text(output.get("ename")), _text(output.get("evalue")), traceback)
    elif kind in ("display_data", "execute_result") and isinstance(output.get("data"), dict):
        count = output.get("execution_count") if kind == "execute_result" else None
        recorder.display(output["data"], count if type(count) is int else None)


def _text(value: Any) -> str:
    return value if type(value) is str else ""


def _kept_data(data: dict[str, Any]) -> dict[str, str]:
    kept = {kind: data[kind] for kind in TEXT_TYPES if isinstance(data.get(kind), str)}
    kept = {kind: text.encode("utf-8", "replace").decode() for kind, text in kept.items()}
    for kind in IMAGE_TYPES:
        image = data.get(kind)
        if isinstance(image, bytes):
            kept[kind] = base64.b64encode(image).decode()
        elif isinstance(image, str) and image.isascii():
            kept[kind] = image
    return kept
