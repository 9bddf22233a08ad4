"""The modules that the program gets, in an interpreter that has loaded next to nothing at its start."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import unittest

from standin import Zygote
from surroundings import APPLICATIONS, has_greenlet


class BareEnvironment(unittest.TestCase):
    """A virtual environment without packages: no .pth file has imported anything."""

    def test_the_import_system_is_whole(self) -> None:
        python_path, modes = [APPLICATIONS], ["sync", "threads"]
        if has_greenlet():
            import greenlet

            python_path.append(os.path.dirname(os.path.dirname(greenlet.__file__)))
            modes.append("asyncio")
        with tempfile.TemporaryDirectory() as home:
            subprocess.run([sys.executable, "-m", "venv", "--without-pip", home], check=True)
            for mode in modes:
                for lazy in (False, True):
                    with self.subTest(mode, lazy=lazy), Zygote(
                        "importing",
                        python=os.path.join(home, "bin", "python"),
                        mode=mode,
                        lazy=lazy,
                        python_path=python_path,
                    ) as zygote:
                        self.assertEqual(zygote.worker().get("/").body, b"True")


if __name__ == "__main__":
    unittest.main()
