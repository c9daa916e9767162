"""Word packages are made by the module that lies beside the tests of liaison statements."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "liaison"))
