"""Trees of arrays over a pipe: a JSON head, then the bytes of the arrays. Nothing is executed on arrival.

A message is 8 bytes (length of the head), the head, and the arrays in order. This file
imports nothing of matcalc: the process that runs a student's function gets its text.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from math import prod
from typing import BinaryIO

import numpy as np

MAX_HEAD = 10 ** 7
KINDS = "biufc"


@dataclass(frozen=True)
class Foreign:
    """A part of an answer that is neither a number nor an array."""

    type_name: str


def send(stream: BinaryIO, tree) -> None:
    """Write one tree of dicts, tuples, lists, arrays, text, numbers, None and Foreign."""
    stream.write(packed(tree))
    stream.flush()


def packed(tree) -> bytes:
    """The message of `send`."""
    arrays: list[np.ndarray] = []
    head = json.dumps(_packed(tree, arrays)).encode()
    bodies = (np.ascontiguousarray(a).tobytes() for a in arrays)
    return b"".join([len(head).to_bytes(8, "little"), head, *bodies])


def receive(stream: BinaryIO, most: int):
    """Read one tree with arrays of at most `most` bytes. Raises EOFError or ValueError."""
    length = int.from_bytes(_exactly(stream, 8), "little")
    if length > MAX_HEAD:
        raise ValueError("the head of a message is too long")
    left = [most]
    return _unpacked(json.loads(_exactly(stream, length)), stream, left)


def _packed(tree, arrays: list):
    if isinstance(tree, np.ndarray):
        arrays.append(tree)
        return {"array": tree.dtype.str, "shape": list(tree.shape)}
    if isinstance(tree, Foreign):
        return {"foreign": tree.type_name}
    if isinstance(tree, dict):
        return {"dict": [[k, _packed(v, arrays)] for k, v in tree.items()]}
    if isinstance(tree, (tuple, list)):
        return {type(tree).__name__: [_packed(v, arrays) for v in tree]}
    return {"plain": tree}


def _unpacked(node, stream: BinaryIO, left: list):
    (kind, content), *_ = node.items()
    if kind == "array":
        dtype, shape = np.dtype(str(content)), tuple(int(n) for n in node["shape"])
        count = prod(shape) * dtype.itemsize
        if dtype.kind not in KINDS or min(shape, default=0) < 0 or count > left[0]:
            raise ValueError("an array that cannot be")
        left[0] -= count
        return np.frombuffer(bytearray(_exactly(stream, count)), dtype).reshape(shape)
    if kind == "foreign":
        return Foreign(str(content))
    if kind == "dict":
        return {str(k): _unpacked(v, stream, left) for k, v in content}
    if kind in ("tuple", "list"):
        items = [_unpacked(v, stream, left) for v in content]
        return tuple(items) if kind == "tuple" else items
    return content


def _exactly(stream: BinaryIO, count: int) -> bytes:
    out = bytearray()
    while len(out) < count:
        part = stream.read(min(count - len(out), 1 << 22))
        if not part:
            raise EOFError("the other side has ended")
        out += part
    return bytes(out)
