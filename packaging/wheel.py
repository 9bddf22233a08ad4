"""Makes a wheel of a packaged directory: wheel.py PACKAGED DIRECTORY VERSION PROFILE COMMAND...

PACKAGED comes into the environment's `lib/loomgate`, its `share` (the manual page, completions) into the environment's own, and
each COMMAND into `bin`. VERSION is what `loomgate --version`
prints. The format: https://packaging.python.org/specifications/binary-distribution-format/
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import sys
import sysconfig
import zipfile

_COMMAND = """\
#!/bin/sh
# Loomgate, of this environment: its Python runs the programs, unless --python or --home names another.
exec "$(dirname "$(readlink -f "$0")")/../lib/loomgate/loomgate" "$@"
"""
_METADATA = """\
Metadata-Version: 2.1
Name: loomgate
Version: {version}
Summary: Runs web applications in Python and in Java behind nginx over the uwsgi protocol, or over HTTP
License: Apache-2.0
Requires-Python: >=3.8
"""
_WHEEL = """\
Wheel-Version: 1.0
Generator: loomgate
Root-Is-Purelib: false
Tag: {tag}
"""
_EARLIEST = (1980, 1, 1, 0, 0, 0)


class Wheel:
    """A wheel that is written: a ZIP file, and a record of what is in it."""

    def __init__(self, path: str, information: str) -> None:
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self._information = information
        self._record: list[str] = []

    def add(self, name: str, data: bytes, executable: bool = False) -> None:
        entry = zipfile.ZipInfo(name, _EARLIEST)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = (0o100755 if executable else 0o100644) << 16
        self._zip.writestr(entry, data)
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        self._record.append(f"{name},sha256={digest},{len(data)}")

    def close(self) -> None:
        name = self._information + "/RECORD"
        self._record.append(f"{name},,")
        self._zip.writestr(zipfile.ZipInfo(name, _EARLIEST), "\n".join(self._record) + "\n")
        self._zip.close()


def python_version(text: str) -> str:
    """What pip understands: `loomgate 0.1.0-SNAPSHOT (...)` is 0.1.0.dev0."""
    found = re.match(r"loomgate (\d+(?:\.\d+)*)(-SNAPSHOT)?\b", text)
    if found is None:
        raise SystemExit(f"loomgate: no version is in {text!r}")
    return found[1] + (".dev0" if found[2] else "")


def make(packaged: str, directory: str, version: str, profile: str, commands: list[str]) -> str:
    """Writes the wheel; its path."""
    tag = "py3-none-" + re.sub(r"[^0-9a-z]", "_", sysconfig.get_platform())
    path = os.path.join(directory, f"loomgate-{version}-{tag}.whl")
    information = f"loomgate-{version}.dist-info"
    data = f"loomgate-{version}.data"
    wheel = Wheel(path, information)
    for folder, folders, files in os.walk(packaged):
        folders.sort()
        for name in sorted(files):
            file = os.path.join(folder, name)
            place = os.path.relpath(file, packaged)
            with open(file, "rb") as content:
                wheel.add(
                    f"{data}/data/" + (place if place.startswith("share/") else "lib/loomgate/" + place),
                    content.read(),
                    os.access(file, os.X_OK),
                )
    for command in commands:
        wheel.add(f"{data}/scripts/{command}", _COMMAND.encode(), True)
    metadata = _METADATA.format(version=version)
    if profile == "asyncio":
        metadata += "Requires-Dist: greenlet\n"
    wheel.add(information + "/METADATA", metadata.encode())
    wheel.add(information + "/WHEEL", _WHEEL.format(tag=tag).encode())
    wheel.close()
    return path


if __name__ == "__main__":
    _, packaged_directory, to, printed_version, name_of_profile, *names = sys.argv
    print(make(packaged_directory, to, python_version(printed_version), name_of_profile, names))
