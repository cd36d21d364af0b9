"""The debug log: each request to a model and what came of it, without keys.

It is asked for with `--debug-log FILE`, holds what was planned word for word, and is therefore
readable by its owner alone.
"""

from __future__ import annotations

import errno
import json
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeAlias

from stellwerk.errors import StorageError
from stellwerk.planning.failures import ModelError
from stellwerk.planning.models import ModelReply, ModelRequest, WireModel
from stellwerk.providers.addresses import without_credentials
from stellwerk.providers.clock import Clock
from stellwerk.providers.redaction import Redactor
from stellwerk.providers.sending import Send

Listener: TypeAlias = Callable[[Mapping[str, Any]], None]

MOST_RAW: Final = 64 * 1024
"""So many characters of a reply that is none are kept."""
_FLAGS: Final = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK
_ANOTHER: Final = "Name another file with --debug-log."


@dataclass(frozen=True, slots=True)
class Debugging:
    """Sends a request and tells a listener of it and of what came back.

    Attributes:
        send: Sends it.
        model: Who is asked.
        run: Uid of the run.
        clock: Says when it was.
        tell: The listener.
    """

    send: Send
    model: WireModel
    run: str
    clock: Clock
    tell: Listener

    async def __call__(self, request: ModelRequest) -> ModelReply:
        """Answer a request.

        Raises:
            ModelError: As without a debug log.
        """
        asked, started = self._asked(request), self.clock.monotonic()
        became: dict[str, Any] = {"failure": "broken off"}
        try:
            reply = await self.send(request)
            became = _answered(reply)
        except ModelError as error:
            became = _failed(error)
            raise
        finally:
            seconds = round(self.clock.monotonic() - started, 3)
            self.tell({**asked, "seconds": seconds, **became})
        return reply

    def _asked(self, request: ModelRequest) -> dict[str, Any]:
        target = self.model.target(request)
        return {
            "at": self.clock.now().isoformat(),
            "run": self.run,
            "stage": request.stage,
            "subject": request.subject,
            "provider": self.model.name,
            "base_url": without_credentials(target.base_url),
            "model": target.model,
            "prompt": request.prompt,
            "mode": request.mode,
            "ask": request.ask,
            "parameters": {**target.parameters, "max_tokens": request.max_tokens},
            "messages": request.messages(),
        }


def _answered(reply: ModelReply) -> dict[str, Any]:
    return {
        "call": reply.call,
        "answered_by": reply.model,
        "request_id": reply.request_id,
        "finish_reason": reply.finish_reason,
        "usage": asdict(reply.usage),
        "reply": reply.text or reply.data,
    }


def _failed(error: ModelError) -> dict[str, Any]:
    return {
        "call": getattr(error, "call", ""),
        "request_id": error.request_id,
        "failure": error.kind,
        "message": error.message,
        "status": error.status,
        "retry_after": error.retry_after,
        "usage": asdict(error.usage),
        "raw": error.raw,
    }


@contextmanager
def debug_log(
    path: Path, redactor: Redactor, say: Callable[[str], None] = lambda _: None
) -> Iterator[Listener]:
    """Give a listener that adds what it hears to a file, a line of JSON each.

    Args:
        path: The file; it is made if there is none.
        redactor: Takes keys out.
        say: Told in a sentence if the file takes no more; calls go on.

    Raises:
        StorageError: The file cannot be written, or leads elsewhere, or is somebody else's.
    """
    with _opened(path) as file:
        failed = False

        def listen(heard: Mapping[str, Any]) -> None:
            nonlocal failed
            if failed:
                return
            try:
                _write_whole(file, _line(heard, redactor))
            except OSError as error:
                failed = True
                why = error.strerror or error
                say(f"The debug log {path} cannot be written any longer: {why}.")

        yield listen


def _line(heard: Mapping[str, Any], redactor: Redactor) -> bytes:
    told = redactor.scrub_data(heard)
    raw = told.get("raw")
    if isinstance(raw, str) and len(raw) > MOST_RAW:
        told["raw"] = raw[:MOST_RAW]
        told["raw_cut"] = len(raw)
    return json.dumps(told, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"


def _write_whole(file: BinaryIO, line: bytes) -> None:
    if file.write(line) != len(line):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        handle = os.open(path, _FLAGS, 0o600)
    except OSError as error:
        link = path.is_symlink()
        why = "it is a symbolic link" if link else error.strerror or error
        raise StorageError(
            f"The debug log {path} cannot be written: {why}.", _ANOTHER
        ) from None
    with open(handle, "ab", buffering=0) as file:  # noqa: PTH123  (a handle, not a path)
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise StorageError(f"The debug log {path} is not a file.", _ANOTHER)
        if found.st_uid != os.geteuid():
            msg = f"The debug log {path} belongs to somebody else, who could read it."
            raise StorageError(msg, _ANOTHER)
        os.fchmod(handle, 0o600)
        yield file
