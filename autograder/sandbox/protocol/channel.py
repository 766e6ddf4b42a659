"""Messages over a socket: eight bytes that say how long, then the message itself.

The judge gives every read and write a deadline for the *whole* of it, because a child that sends
four bytes and stops must not hang the judge.
"""

from __future__ import annotations

import select
import socket
import struct
import time

HEADER = struct.Struct(">Q")
READ_AHEAD = 1 << 16
"""Mostly a whole message with its header comes in one piece."""


class ChannelClosed(Exception):
    """The other side is gone."""


class ChannelTimeout(Exception):
    """The deadline passed before the whole message had crossed."""


class MessageTooLong(Exception):
    """The other side announces a message longer than allowed."""


class Channel:
    """One end of a connection that carries byte messages of limited length."""

    def __init__(self, connection: socket.socket, message_bytes: int) -> None:
        self._connection = connection
        self._message_bytes = message_bytes
        self._gathered = bytearray()
        connection.setblocking(False)

    def send(self, message: bytes, deadline: float | None = None) -> None:
        """Send one message; `deadline` is a value of `time.monotonic()`, None waits for ever."""
        rest = memoryview(HEADER.pack(len(message)) + message)
        while rest:
            try:
                rest = rest[self._connection.send(rest) :]
            except BlockingIOError:
                self._wait(select.POLLOUT, deadline)
            except OSError as error:
                raise ChannelClosed from error

    def receive(self, deadline: float | None = None) -> bytes:
        """Receive one message; what has come of it by the deadline is kept for the next call."""
        self._gather(HEADER.size, deadline)
        (length,) = HEADER.unpack_from(self._gathered)
        if length > self._message_bytes:
            raise MessageTooLong(length)
        end = HEADER.size + length
        self._gather(end, deadline)
        message = bytes(self._gathered[HEADER.size : end])
        del self._gathered[:end]
        return message

    def close(self) -> None:
        self._connection.close()

    def _gather(self, count: int, deadline: float | None) -> None:
        """Read until there are `count` bytes, or a few more."""
        found = self._gathered
        while len(found) < count:
            self._wait(select.POLLIN, deadline)
            try:
                piece = self._connection.recv(max(READ_AHEAD, min(count - len(found), 1 << 20)))
            except BlockingIOError:
                continue
            except OSError as error:
                raise ChannelClosed from error
            if not piece:
                raise ChannelClosed
            found += piece

    def _wait(self, event: int, deadline: float | None) -> None:
        poll = select.poll()
        poll.register(self._connection, event)
        if deadline is None:
            poll.poll()
            return
        remaining = deadline - time.monotonic()
        if remaining <= 0 or not poll.poll(max(1, int(remaining * 1000))):
            raise ChannelTimeout
