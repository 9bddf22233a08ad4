"""An import that doesn't end."""

import sys
import time

print("the import has begun", file=sys.stderr, flush=True)
time.sleep(60)
