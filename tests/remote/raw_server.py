"""A server that sends exactly the bytes a test wants, however wrong, slow or cut they are."""

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self

_POLL = 0.02


class Conversation:
    """One accepted connection.

    Attributes:
        number: Counted from 0.
    """

    def __init__(self, server: "RawServer", sock: socket.socket, number: int) -> None:
        self.number = number
        self._server = server
        self._sock = sock

    def request(self) -> bytes:
        """Read one request with its body; nothing once the client hung up."""
        data = b""
        while b"\r\n\r\n" not in data:
            piece = self._sock.recv(65536)
            if not piece:
                return b""
            data += piece
        head, _, body = data.partition(b"\r\n\r\n")
        length = next(
            (int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0
        )
        while len(body) < length:
            body += self._sock.recv(65536)
        whole = head + b"\r\n\r\n" + body
        self._server.requests.append(whole)
        return whole

    def send(self, data: bytes) -> None:
        self._sock.sendall(data)

    def drip(self, pieces: Iterable[bytes], seconds: float) -> None:
        """Send piece after piece, each after a pause, until the client hangs up."""
        for piece in pieces:
            if self._server.stopping.wait(seconds):
                return
            self._sock.sendall(piece)

    def wait(self) -> None:
        """Say nothing until the client hangs up or the test ends."""
        self._sock.settimeout(_POLL)
        while not self._server.stopping.is_set():
            try:
                if not self._sock.recv(65536):
                    return
            except TimeoutError:
                continue

    def reset(self) -> None:
        """End the connection with a RST."""
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._sock.close()

    def close(self) -> None:
        self._sock.close()


class RawServer:
    """Accepts connections on loopback; a behaviour, run in a thread of its own, holds each conversation."""

    def __init__(self, behaviour: Callable[[Conversation], None], *, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self.stopping = threading.Event()
        self._behaviour = behaviour
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(_POLL)
        self._threads: list[threading.Thread] = []
        self.port: int = self._listener.getsockname()[1]

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://localhost:{self.port}/pos"

    def __enter__(self) -> Self:
        self._spawn(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopping.set()
        for thread in self._threads:
            thread.join(10)
            assert not thread.is_alive(), "a conversation does not end"
        self._listener.close()

    def _spawn(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, name="raw-server")
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self.stopping.is_set():
            try:
                sock, _ = self._listener.accept()
            except TimeoutError:
                continue
            number, self.connections = self.connections, self.connections + 1
            self._spawn(lambda sock=sock, number=number: self._talk(sock, number))  # type: ignore[misc]

    def _talk(self, sock: socket.socket, number: int) -> None:
        sock.settimeout(5)
        try:
            if self._tls is not None:
                sock = self._tls.wrap_socket(sock, server_side=True)
            self._behaviour(Conversation(self, sock, number))
        except OSError:
            pass  # the client hung up, which is what many tests want
        finally:
            sock.close()


def answer(
    body: bytes,
    *,
    status: str = "200 OK",
    content_type: str | None = "application/json",
    length: int | None = -1,
    headers: Iterable[str] = (),
) -> bytes:
    """Return a whole answer; `length` is -1 for the true one, None for none at all."""
    lines = [f"HTTP/1.1 {status}", *headers]
    if content_type is not None:
        lines.append(f"Content-Type: {content_type}")
    if length is not None:
        lines.append(f"Content-Length: {len(body) if length == -1 else length}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def answering(*answers: bytes) -> Callable[[Conversation], None]:
    """Return a behaviour: one request, one of the answers (by the connection's number, the last for ever), the end."""

    def behave(conversation: Conversation) -> None:
        if conversation.request():
            conversation.send(answers[min(conversation.number, len(answers) - 1)])
            time.sleep(0)
        conversation.close()

    return behave
