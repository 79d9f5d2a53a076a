"""The work of a class on a Dask cluster: the same results, and the same hard kill."""

from __future__ import annotations

from pathlib import Path

import pytest

import matcalc as mc
from matcalc.grade import cluster

from . import judges
from .test_classes import FILES, PROBLEM

distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def address():
    """A scheduler with one worker in a process of its own, which may have no children of Python's own making."""
    with distributed.LocalCluster(n_workers=1, threads_per_worker=2, processes=True, dashboard_address=None) as local:
        yield local.scheduler_address


def test_the_same_bytes_as_without(address: str, tmp_path: Path):
    answers = {f"s{n}": f"{n % 5}*A*x + A'*x" for n in range(8)}
    mc.grade_class(PROBLEM, answers, tmp_path / "here", workers=1)
    shown = []
    mc.grade_class(PROBLEM, answers, tmp_path / "there", dask=address, progress=lambda done, total: shown.append(done))
    for name in FILES:
        assert (tmp_path / "here" / name).read_bytes() == (tmp_path / "there" / name).read_bytes()
    assert shown[0] == 0 and shown[-1] == 8


def test_a_stuck_answer_is_killed_there(address: str):
    answers = {"a": "A*x + A'*x", "b": "hang", "c": "die", "d": "A*x"}
    report = mc.grade_class(PROBLEM, answers, seconds=2, judge=judges.hostile, dask=address)
    assert {g.record.student: g.verdict.how or g.verdict.result for g in report} == {
        "a": "exactly", "b": "time limit", "c": "died", "d": "exactly"}


@pytest.mark.parametrize("where", ["tcp://127.0.0.1:9", "nowhere"])
def test_no_cluster(where: str, monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT", 0.5)
    with pytest.raises(mc.MatcalcError) as caught:
        mc.grade_class(PROBLEM, {"a": "x"}, dask=where)
    assert caught.value.diagnostic.code == "M436"
