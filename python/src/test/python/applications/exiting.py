"""An import that exits."""

import sys

sys.exit("no configuration")
