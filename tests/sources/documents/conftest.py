"""Word packages are made beside the tests of liaison statements, damaged documents by the fuzzer."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path += [str(Path(__file__).parents[1] / "liaison"), str(Path(__file__).parents[2] / "fuzz")]
