"""What a guest process gives up before it runs a line of somebody else's. Each step that the system does not
offer is left out; `down` says which were done.

limits   CPU, memory, file size, core files, open files, processes
root     the empty folder it stands in is all of its file system, where the process may say so
uid      an unused user, where the process may choose one
parent   (Linux) it is killed when its parent ends, however that ends
filter   (Linux on x86-64 and AArch64) every system call is refused but those that computing needs: no file can be
         opened or removed, no socket made, no process started or signalled
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import signal
import struct
import sys
import tempfile

UNUSED, NOBODY = 1_000_000_000, 65534
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
EPERM = 1
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
ALLOWED = {  # name: its number on x86-64 and on AArch64
    "read": (0, 63), "write": (1, 64), "readv": (19, 65), "writev": (20, 66), "close": (3, 57),
    "fstat": (5, 80), "lseek": (8, 62), "poll": (7, None), "ppoll": (271, 73), "select": (23, None), "pselect6": (270, 72),
    "mmap": (9, 222), "mprotect": (10, 226), "munmap": (11, 215), "brk": (12, 214), "mremap": (25, 216), "madvise": (28, 233),
    "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139), "sigaltstack": (131, 132),
    "getpid": (39, 172), "getppid": (110, 173), "gettid": (186, 178), "getuid": (102, 174), "geteuid": (107, 175),
    "getgid": (104, 176), "getegid": (108, 177), "uname": (63, 160), "sysinfo": (99, 179), "sched_getaffinity": (204, 123),
    "sched_yield": (24, 124), "futex": (202, 98), "set_robust_list": (273, 99), "rseq": (334, 293), "getrandom": (318, 278),
    "gettimeofday": (96, 169), "time": (201, None), "times": (100, 153), "getrusage": (98, 165), "clock_gettime": (228, 113),
    "clock_getres": (229, 114), "clock_nanosleep": (230, 115), "nanosleep": (35, 101), "getcwd": (79, 17),
    "exit": (60, 93), "exit_group": (231, 94),
}


def limits(seconds: float, gigabytes: float) -> None:
    """At most so much processor time, and so much more memory than the process has now."""
    try:
        import resource
    except ImportError:
        return
    cpu = int(seconds) + 1
    wanted = {"CPU": (cpu, cpu + 1), "AS": (_memory() + int(gigabytes * 2 ** 30),) * 2, "FSIZE": (0, 0), "CORE": (0, 0),
              "NOFILE": (64, 64), "NPROC": (1, 1)}
    for name, values in wanted.items():
        number = getattr(resource, f"RLIMIT_{name}", None)
        if number is not None:
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(number, values)


def _memory() -> int:
    """Bytes of address space in use, where that can be read."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def stand_nowhere() -> None:
    """Stand in an empty folder that is gone already: nothing can be made in it, and nothing is left behind."""
    with contextlib.suppress(OSError):
        folder = tempfile.mkdtemp()
        os.chdir(folder)
        os.rmdir(folder)


def down(parent: int) -> list[str]:
    """Give up everything else; the steps that were done. Ends the process if its parent has died meanwhile."""
    steps = {"root": lambda: os.chroot("."), "uid": _other_user, "parent": lambda: _end_with(parent), "filter": _filter}
    done = []
    for name, step in steps.items():
        with contextlib.suppress(OSError, AttributeError):
            step()
            done.append(name)
    return done


def _other_user() -> None:
    """Become a user that nobody is; raises OSError where that is not allowed."""
    for user in (UNUSED + os.getpid(), NOBODY):
        with contextlib.suppress(OSError):
            os.setgroups([])
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)
            return
    raise OSError("only root may become another user")


def _prctl(*arguments) -> None:
    if sys.platform != "linux":
        raise OSError("this system has no prctl")
    libc = ctypes.CDLL(None, use_errno=True)
    whole = [a if isinstance(a, ctypes._Pointer) else ctypes.c_ulong(a) for a in (*arguments, 0, 0, 0, 0)[:5]]
    if libc.prctl(*whole):
        raise OSError(ctypes.get_errno(), "prctl")


def _end_with(parent: int) -> None:
    """Be killed when the parent ends, however it ends. After the change of user, which undoes it."""
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    _prctl(PR_SET_DUMPABLE, 0)
    if os.getppid() != parent:
        os._exit(1)


class _Rules(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("rules", ctypes.c_char_p)]


def _filter() -> None:
    """A program for the kernel: refuse (EPERM) what is not in the table."""
    column, architecture = MACHINES.get(platform.machine(), (None, 0))
    if column is None or sys.platform != "linux":
        raise OSError("there is no table for this machine")
    numbers = [pair[column] for pair in ALLOWED.values() if pair[column] is not None]
    load, equal, give = 0x20, 0x15, 0x06  # BPF_LD|W|ABS, BPF_JMP|JEQ|K, BPF_RET|K
    allow, refuse = 0x7FFF0000, 0x00050000 | EPERM
    rules = [(load, 0, 0, 4), (equal, 1, 0, architecture), (give, 0, 0, refuse), (load, 0, 0, 0)]
    rules += [(equal, len(numbers) - k, 0, n) for k, n in enumerate(numbers)]
    rules += [(give, 0, 0, refuse), (give, 0, 0, allow)]
    text = b"".join(struct.pack("=HBBI", *rule) for rule in rules)
    _prctl(PR_SET_NO_NEW_PRIVS, 1)
    _prctl(PR_SET_SECCOMP, 2, ctypes.pointer(_Rules(len(rules), text)))
