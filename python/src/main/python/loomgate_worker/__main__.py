"""`python -m loomgate_worker PATH`: the same as `python -c BOOT PATH`. The JVM starts it; people don't."""

from loomgate_worker.isolation import main

main()
