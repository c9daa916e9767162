"""Where the data lies unless told otherwise."""

from pathlib import Path

import platformdirs

DEFAULT_DATA_DIR = Path(platformdirs.user_data_dir("sdograph"))
