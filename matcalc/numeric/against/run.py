"""One comparison under way: every call of the function, and what was noted on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Callable

import numpy as np

from ...errors import fail
from ..mistakes import forward
from ..sample import Point
from . import places
from .answer import Answer, Fault, understood

SAME_LOSS = {False: 1e-9, True: 1e-4}


@dataclass
class Run:
    """One comparison under way."""

    derivation: object
    callee: Callable
    called: str
    python_names: dict[str, str]
    order: list[str]
    progress: Callable
    faults: dict = field(default_factory=dict)
    losses: list[tuple[float, float]] = field(default_factory=list)
    single: bool = False

    def answer(self, point: Point) -> Answer:
        """One call, its faults noted. Raises MatcalcError: M622, M623, M624."""
        model = self.derivation.model
        reply = self.callee(places.given(model, point))
        if reply.misfit:
            raise fail("M622", f"{self.called} cannot be called with the model's variables", facts=(reply.misfit,),
                       help=f"name its arguments {', '.join(self.python_names.values())}, or take all of them in this order")
        if reply.error:
            what, where = reply.error
            raise fail("M623", f"{self.called} raises {what}", facts=((where,) if where else ()) + self._shapes(point),
                       help="it should take float64 arrays of these shapes")
        for name in reply.changed:
            self.note(Fault("M635", name, "the function changes its argument in place"))
        if reply.printed.strip():
            self.note(Fault("M636", "", f"the function prints: {reply.printed.strip().splitlines()[0][:60]}", is_wrong=False))
        shapes = {n: places.shaped(model.shape_of(n), point.sizes) for n in self.order}
        answer = understood(reply.answer, shapes, self.python_names)
        self.single |= answer.single or _is_rounded(answer)
        for fault in answer.faults:
            self.note(fault)
        return answer

    def note(self, fault: Fault) -> None:
        self.faults.setdefault((fault.code, fault.name), fault)

    def _shapes(self, point: Point) -> tuple[str, ...]:
        given = places.given(self.derivation.model, point)
        return (f"called with {', '.join(f'{self.python_names[n]} of shape {a.shape}' for n, a in given.items())}",)


def note_loss(run: Run, answer: Answer, point: Point) -> None:
    if answer.loss is not None:
        model = run.derivation.model
        run.losses.append((answer.loss, float(forward(model, point)[model.output.name][0, 0])))


def judge_losses(run: Run) -> None:
    """A loss that is another one, or the same up to a constant."""
    theirs, ours = (np.array(v) for v in zip(*run.losses, strict=True)) if run.losses else (np.zeros(0),) * 2
    tolerance = SAME_LOSS[run.single] * np.maximum(np.abs(ours), np.abs(theirs))
    off = theirs - ours
    if np.all(np.abs(off) <= tolerance):
        return
    if len(off) > 1 and np.ptp(off) <= tolerance.max():
        words = f"the loss is larger by {off[0]:.6g}, a constant that no gradient sees"
    elif len(off) > 1 and np.all(ours) and np.ptp(theirs / ours) <= SAME_LOSS[run.single]:
        words = f"the loss is {theirs[0] / ours[0]:.6g} times that of the model"
    else:
        words = f"the loss is {theirs[0]:.6g}, that of the model {ours[0]:.6g}"
    run.note(Fault("M638", "", words, is_wrong=False))


def _is_rounded(answer: Answer) -> bool:
    """float64 arrays that hold float32 numbers."""
    values = [g for g in answer.gradients.values() if g.size and np.any(g)]
    return bool(values) and all(np.array_equal(g.astype(np.float32), g, equal_nan=True) and np.any(g != np.round(g, 4))
                                for g in values)


def same(first: Answer, second: Answer) -> bool:
    def alike(a, b):
        if a.shape != b.shape:
            return False
        scale = float(np.nan_to_num(np.abs(a), posinf=0).max(initial=0))
        return bool(np.allclose(a, b, rtol=0, atol=1e-5 * scale if first.single else 1e-10 * scale, equal_nan=True))
    return all(n in second.gradients and alike(g, second.gradients[n]) for n, g in first.gradients.items())
