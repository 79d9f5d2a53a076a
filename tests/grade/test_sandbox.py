"""The guest process: what a program in it can see, reach and leave behind, and what it can make its reader believe."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import matcalc as mc
from matcalc.grade.sandbox import host
from matcalc.grade.sandbox.host import BOOT, Ended, Guest

ROOT = Path(__file__).resolve().parents[2]
PROBLEM = {"wrt": "w", "model": "X : N x d; w : d; y : N; L = 1/2*norm2(X*w - y)^2"}
linux = pytest.mark.skipif(sys.platform != "linux", reason="guards of Linux")


def seen(body: str):
    """What a function with this body returns in a guest."""
    with Guest(f"import os, sys, ctypes\n{body}", 5) as guest:
        reply = guest.call("f", [], {})
    assert reply.error is None, reply.error
    return reply.value


def test_it_sees_nothing_of_ours(monkeypatch, tmp_path: Path):
    monkeypatch.setenv("MATCALC_SECRET", "42")
    with open(tmp_path / "solutions.txt", "w") as file:
        os.set_inheritable(file.fileno(), True)
        assert seen("def f(): return 'MATCALC_SECRET' in os.environ or 'HOME' in os.environ") == 0
        body = ("def is_open(n):\n    try: os.lseek(n, 0, 1); return True\n    except OSError as e: return e.errno != 9\n"
                "def f(): return [n for n in range(256) if is_open(n)]")
        with Guest("import os\n" + body, 5) as guest:
            assert len(guest.call("f", [], {}).value) == 5  # three that lead nowhere, and the pipes
    assert seen("def f(): return len([m for m in sys.modules if m == 'matcalc' or m.startswith('matcalc.expr')])") == 0
    assert seen("def f(): return len([p for p in sys.path if 'site-packages' in p])") == 0


def may_be_another() -> bool:
    """Whether this process may change its user and its root: CAP_SETUID and CAP_SYS_CHROOT."""
    has = int(re.search(r"CapEff:\s*(\w+)", Path("/proc/self/status").read_text())[1], 16)
    return bool(has >> 7 & has >> 18 & 1)


@linux
def test_every_guard_is_there():
    with Guest("def f(): pass", 5) as guest:
        expected = {"parent", "filter"} | ({"root", "uid"} if may_be_another() else set())
        assert expected <= {*guest.loaded.guards}
    if may_be_another():
        assert seen("def f(): return os.getuid(), os.geteuid(), os.getgid()")[0] > 0


@linux
@pytest.mark.parametrize("body", [
    "open('/etc/passwd')", "open('x', 'w')", "os.listdir('/')", "os.mkdir('x')", "os.remove('/tmp/x')", "os.fork()",
    "os.pipe()", "os.kill(os.getppid(), 9)", "os.kill(-1, 9)", "os.setuid(0)", "os.chroot('/')",
    "os.dup(0)", "os.execv('/bin/true', ['true'])",
    "os.sched_setaffinity(0, {0})", "os.symlink('a', 'b')", "os.memfd_create('x')",
])
def test_what_is_refused(body: str):
    with Guest(f"import os\ndef f():\n    {body}", 5) as guest:
        assert guest.call("f", [], {}).error.kind == "PermissionError"


@linux
def test_there_is_no_network_and_no_way_to_make_threads_of_it():
    body = "def f():\n    libc = ctypes.CDLL(None, use_errno=True)\n    return libc.socket({}, 1, 0), ctypes.get_errno()"
    assert [[int(n) for n in seen(body.format(family))] for family in (1, 2, 10)] == [[-1, 1]] * 3
    body = "import _thread\ndef f():\n    try: _thread.start_new_thread(print, ())\n    except RuntimeError: return 1"
    assert seen(body) == 1


@linux
def test_it_stands_in_no_folder_and_leaves_none():
    with Guest("def f(): pass", 5) as guest:
        try:
            assert os.readlink(f"/proc/{guest.process.pid}/cwd").endswith("(deleted)")
        except PermissionError:
            pytest.skip("not readable by this user")


def test_memory_and_time_are_bounded():
    with Guest("import numpy as np\ndef f(n):\n    return np.ones(n, dtype='u1').nbytes", 5, 0.25) as guest:
        assert guest.call("f", [100 * 2 ** 20], {}).value == 100 * 2 ** 20
        assert guest.call("f", [2 ** 30], {}).error.kind == "MemoryError"
    started = time.monotonic()
    with pytest.raises(Ended) as end, Guest("def f(): pass\nwhile True: pass", 0.5):
        pass
    assert end.value.mistake == "time_limit" and time.monotonic() - started < 5


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def ends(pid: int, seconds: float = 5) -> bool:
    until = time.monotonic() + seconds
    while is_running(pid) and time.monotonic() < until:
        time.sleep(0.02)
    return not is_running(pid)


@linux
def test_it_ends_with_us_however_we_end():
    code = ("import sys, time\nfrom matcalc.grade.sandbox.host import Guest\n"
            "g = Guest('import time\\ndef f(): time.sleep(99)', 99)\nprint(g.process.pid, flush=True)\ng.call('f', [], {})")
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True,
                          env={**os.environ, "PYTHONPATH": str(ROOT)}) as parent:
        pid = int(parent.stdout.readline())
        assert is_running(pid)
        parent.send_signal(signal.SIGKILL)
    assert ends(pid)


@linux
def test_a_closed_guest_is_gone_with_its_threads_and_descriptors():
    import threading
    before = threading.active_count(), len(os.listdir("/proc/self/fd"))
    pids = []
    flood = "[os.write(n, b'x' * 9**7) for n in range(9)]"
    for body in ("pass", "return b'x' * 10**6", "os._exit(1)", "os.closerange(0, 99)", flood):
        try:
            with Guest(f"import os\ndef f():\n    {body}", 0.7) as guest:
                pids.append(guest.process.pid)
                guest.call("f", [], {})
        except Ended:
            pass
    assert all(map(ends, pids))
    until = time.monotonic() + 3
    while threading.active_count() > before[0] and time.monotonic() < until:
        time.sleep(0.01)
    assert (threading.active_count(), len(os.listdir("/proc/self/fd"))) == before


@pytest.fixture
def unfiltered(monkeypatch):
    """Guests as on a system without the filter, and with processes."""
    parts = [(n, t.replace('"x86_64":', '"none":').replace('"aarch64":', '"no":').replace('"NPROC": (1, 1)', '"NPROC": (99, 99)'))
             for n, t in host._parts()]
    monkeypatch.setattr(host, "_parts", lambda: parts)


@linux
@pytest.mark.parametrize("last", ["return w", "os._exit(0)", "time.sleep(99)", "os.closerange(0, 99)"])
def test_without_a_filter_what_a_program_starts_ends_with_it(unfiltered, last: str):
    code = ("import os, time\ndef grad(X, w, y):\n    for _ in range(5):\n        if os.fork() == 0:\n"
            f"            time.sleep(1000)\n            os._exit(0)\n    {last}")
    verdict = mc.grade(PROBLEM, code, seconds=2)
    assert verdict.result in ("wrong", "undecided")
    assert all(map(ends, guests()))


@linux
def test_without_a_filter_there_are_limits(unfiltered):
    body = "def f():\n    while True:\n        try: os.fork()\n        except OSError: pass"
    with pytest.raises(Ended), Guest(f"import os\n{body}", 1) as guest:
        assert "filter" not in guest.loaded.guards
        guest.call("f", [], {})
    assert all(map(ends, guests()))
    for body in ("open('x', 'w')", "open('/tmp/matcalc_forbidden', 'w').write('x' * 99)"):
        with Guest(f"def f():\n    {body}", 5) as guest:
            assert guest.call("f", [], {}).error is not None
    Path("/tmp/matcalc_forbidden").unlink(missing_ok=True)


def guests() -> set[int]:
    """Processes of this kind, of whomever."""
    found = set()
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and BOOT.encode() in (entry / "cmdline").read_bytes() and is_running(int(entry.name)):
                found.add(int(entry.name))
        except OSError:
            continue
    return found


@linux
def test_a_class_with_hostile_programs_goes_on(tmp_path: Path):
    answers = {
        "right": "def grad(X, w, y):\n    return X.T @ (X @ w - y)", "formula": "X'*(X*w - y)",
        "asleep": "import time\ndef grad(X, w, y):\n    time.sleep(1000)",
        "dead": "import os\ndef grad(X, w, y):\n    os._exit(0)",
        "killer": "import os\ndef grad(X, w, y):\n    os.kill(os.getppid(), 9)\n    return w",
        "sign": "def grad(X, w, y):\n    return X.T @ (y - X @ w)",
        "=cmd|x": "def grad(X):\n    raise ValueError('<script>|=1')"}
    for name, text in answers.items():
        (tmp_path / f"{name}.py").write_text(text)
    report = mc.grade_class(PROBLEM, tmp_path, tmp_path / "out", workers=2, seconds=3)
    assert {g.record.student: (g.verdict.result, g.verdict.mistake) for g in report} == {
        "right": ("right", ""), "formula": ("right", ""), "asleep": ("undecided", ""), "dead": ("wrong", "process_ended"),
        "killer": ("unreadable", "not_allowed"), "sign": ("wrong", "wrong_sign"), "=cmd|x": ("wrong", "raises")}
    assert "<script>|" not in (tmp_path / "out" / "report.html").read_text()
    assert all(map(ends, guests()))


FIND = """
import sys, struct, json, os, numpy as np
def replies():
    frame = sys._getframe()
    while "replies" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals["replies"]
def raw(text):
    replies().write(struct.pack("<Q", len(text)) + text)
    replies().flush()
def grad(X, w, y):
    {body}
    return w
"""
FORGED = [
    "replies().write(b'x' * 4000); replies().flush()", "replies().write(b'\\xff' * 8); replies().flush()",
    "replies().write(struct.pack('<Q', 10**7)); replies().flush()", "raw(b'[]')", "raw(b'[' * 10**6)",
    "raw(b'{\"array\": \"<f8\", \"shape\": [99999999999]}')", "raw(b'{\"plain\": {\"error\": null, \"value\": 1}}')",
    "raw(b'{\"plain\": {\"error\": 7}}')", "raw(b'{\"plain\": {\"error\": null, \"remarks\": 3}}')",
    "raw(b'{\"plain\": {\"syntax\": [1, 2, 3]}}')", "raw(b'{\"plain\": {\"syntax\": 1}}')", "raw(b'{\"plain\": {\"ready\": true}}')",
    "raw(b'{\"dict\": [[\"verdict\", {\"plain\": \"right\"}]]}')",
    "replies().close()", "[os.write(n, os.urandom(999)) for n in range(3, 5)]",
    "sys.modules['matcalc.numeric.against.wire'].packed = lambda tree: b'right' * 99",
    "sys.modules['matcalc.grade.sandbox.calls'].called.__code__ = (lambda *a: {'error': None, 'value': None}).__code__",
    "np.array_equal = lambda *a, **k: True; np.allclose = lambda *a, **k: True; np.linalg.norm = lambda *a: 0.0",
    "sys.modules.clear(); sys.stdout = sys.stderr = None",
]


@pytest.mark.parametrize("body", FORGED)
def test_no_forged_reply_makes_a_wrong_program_right(body: str):
    verdict = mc.grade(PROBLEM, FIND.format(body=body), seconds=1)
    assert verdict.result in ("wrong", "undecided", "unreadable") and verdict.feedback


def test_forged_replies_in_advance_are_values_like_any_others():
    """Twelve messages with a value each, written before the first is asked for, are compared like returned ones."""
    right = "{'value': np.ones((4, 1)), 'error': None, 'printed': '', 'remarks': [], 'changed': []}"
    body = f"wire = sys.modules['matcalc.numeric.against.wire']; [wire.send(replies(), {right}) for _ in range(12)]"
    assert mc.grade(PROBLEM, FIND.format(body=body)).result == "wrong"


def test_an_interpreter_that_cannot_start_is_no_fault_of_the_answer(monkeypatch):
    for broken in ("/bin/false", "/no/such/python"):
        monkeypatch.setattr(sys, "executable", broken)
        with pytest.raises(mc.MatcalcError) as caught:
            mc.grade(PROBLEM, "def grad(X, w, y):\n    return w")
        assert caught.value.diagnostic.code == "M417"


def test_values_come_back_as_they_are():
    x = np.arange(6.0).reshape(2, 3)
    with Guest("def f(x, s): return {'a': [x, (s, None)], 'b': x.T[::2], 'c': 'text', 'd': x > 2}", 5) as guest:
        value = guest.call("f", [x], {"s": 2.5}).value
    assert np.array_equal(value["a"][0], x) and value["a"][1][0] == 2.5 and value["a"][1][1].type_name == "None"
    assert np.array_equal(value["b"], x.T[::2]) and value["c"].type_name == "str" and np.array_equal(value["d"], x > 2)
