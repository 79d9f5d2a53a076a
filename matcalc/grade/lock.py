"""One run at a time in a folder: a lock that the system takes back when its process ends, however it ends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..errors import fail
from .results import no_folder

NAME = ".matcalc.lock"


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold the folder, which is made if it is not there.

    Raises MatcalcError: M419 (no folder), M435 (another process holds it).
    """
    path = folder / NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = _held(path)
    except OSError:
        raise no_folder(folder) from None
    if descriptor is None:
        who = ""
        with suppress(OSError):  # it may have ended by now
            who = path.read_text(errors="replace").strip()
        raise fail("M435", f"another run is grading into `{folder}`", facts=(f"it is process {who}",) if who else (),
                   help="wait until it has ended, or name another folder with -o")
    try:
        yield
    finally:
        with suppress(OSError):
            path.unlink()  # before it is given free: nobody can hold a file that is gone
        os.close(descriptor)


def _held(path: Path) -> int | None:
    """A descriptor of the locked file; None when another process has it."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        if not _lock(descriptor):
            os.close(descriptor)
            return None
        if _is_there(path, descriptor):
            os.ftruncate(descriptor, 0)
            os.write(descriptor, f"{os.getpid()}\n".encode())
            return descriptor
        os.close(descriptor)  # it was taken away between opening and locking


def _is_there(path: Path, descriptor: int) -> bool:
    """Whether the open file is still the one of that name."""
    try:
        return os.path.samestat(os.stat(path), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _lock(descriptor: int) -> bool:
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt
        with suppress(OSError):
            os.lseek(descriptor, 2 ** 20, os.SEEK_SET)  # a locked byte cannot be read: not the number's
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            os.lseek(descriptor, 0, os.SEEK_SET)
            return True
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
