"""The modules that the program gets, in an interpreter that has loaded next to nothing at its start."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import unittest

import greenlet
from standin import Zygote
from surroundings import APPLICATIONS


class BareEnvironment(unittest.TestCase):
    """A virtual environment without packages: no .pth file has imported anything."""

    def test_the_import_system_is_whole(self) -> None:
        packages = os.path.dirname(os.path.dirname(greenlet.__file__))
        with tempfile.TemporaryDirectory() as home:
            subprocess.run([sys.executable, "-m", "venv", "--without-pip", home], check=True)
            for mode in ("sync", "threads", "asyncio"):
                for lazy in (False, True):
                    with self.subTest(mode, lazy=lazy), Zygote(
                        "importing",
                        python=os.path.join(home, "bin", "python"),
                        mode=mode,
                        lazy=lazy,
                        python_path=[APPLICATIONS, packages],
                    ) as zygote:
                        self.assertEqual(zygote.worker().get("/").body, b"True")


if __name__ == "__main__":
    unittest.main()
