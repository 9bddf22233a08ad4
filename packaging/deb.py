"""Writes Debian packages with `dpkg-deb` alone, the same bytes for the same content and SOURCE_DATE_EPOCH:

    deb.py server PACKAGED DIRECTORY VERSION      the server; PACKAGED is what `./loomgate package` makes, without its archive
    deb.py application OPTION... APPLICATION.jar  an application; the options are those of an image (application.py)

Called by packaging/package. `DEBFULLNAME` and `DEBEMAIL` say who maintains the package, as for Debian's own tools.
"""

from __future__ import annotations

import calendar
import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from typing import Dict, List, Sequence, Set, Tuple

import application
from application import fail

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
_WANTED_LIBC = re.compile(rb"GLIBC_(\d+)\.(\d+)")
_JDK = """\
Files: usr/lib/{name}/java/*
Copyright: 1994-{year}, Oracle and/or its affiliates, and others: usr/lib/{name}/java/legal
License: GPL-2-with-classpath-exception

License: GPL-2-with-classpath-exception
 The GNU General Public License, version 2, is in /usr/share/common-licenses/GPL-2.
 .
 Linking this library statically or dynamically with other modules is making a combined work based on this library. Thus, the
 terms and conditions of the GNU General Public License cover the whole combination. As a special exception, the copyright
 holders of this library give you permission to link this library with independent modules to produce an executable, regardless
 of the license terms of these independent modules, and to copy and distribute the resulting executable under terms of your
 choice, provided that you also meet, for each linked independent module, the terms and conditions of the license of that module.
 An independent module is a module which is not derived from or based on this library. If you modify this library, you may extend
 this exception to your version of the library, but you are not obligated to do so. If you do not wish to do so, delete this
 exception statement from your version.
"""
_COPYRIGHT = """\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Loomgate
Source: https://loomgate.dev/loomgate

Files: *
Copyright: {year}, the Loomgate maintainers; of other parts and of the libraries' JAR files see NOTICE beside this file, and
 META-INF in each of them
License: Apache-2.0

License: Apache-2.0
 Licensed under the Apache License, Version 2.0, which is in /usr/share/common-licenses/Apache-2.0.

"""
_OF_APPLICATION = """\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: {name}

Files: *
Copyright: {year}, the authors of {name}; of its libraries' JAR files see META-INF in each of them
License: of-its-authors

License: of-its-authors
 Its authors say under which terms it may be used.

"""
# The Java runtime is that of its makers, who build these libraries in and strip what they want stripped.
_OVERRIDES = """\
# The accelerator of Python workers keeps its symbols, for the stack of a crash.
{name}: unstripped-binary-or-object [usr/lib/{name}/cli/*]
# The Java runtime of the JDK that has built this, as its makers build it.
{name}: embedded-library * [usr/lib/{name}/java/*]
{name}: unstripped-binary-or-object [usr/lib/{name}/java/*]
{name}: shared-library-lacks-prerequisites [usr/lib/{name}/java/*]
"""


class Package:
    """A package that is put together in a directory. Each file below /etc is one of the administrator's (a conffile)."""

    def __init__(self, tree: str, epoch: int) -> None:
        self._tree = tree
        self._epoch = epoch

    def path(self, name: str) -> str:
        """Where a file of the installed system is, below which directories are made."""
        path = os.path.join(self._tree, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return path

    def add(self, name: str, text: str, mode: int = 0o644) -> None:
        with open(self.path(name), "w") as file:
            file.write(text)
        os.chmod(self.path(name), mode)

    def add_compressed(self, name: str, text: str) -> None:
        with open(self.path(name), "wb") as file:
            file.write(gzip.compress(text.encode(), 9, mtime=0))

    def script(self, name: str, source: str, **marks: str) -> None:
        self.add("DEBIAN/" + name, filled(source, **marks), 0o755)

    def write(self, to: str, fields: Dict[str, str]) -> str:
        """Writes it, and gives its path."""
        files = [name for name in self._files() if not name.startswith("DEBIAN/")]
        sums = [f"{_digest(os.path.join(self._tree, it))}  {it}\n" for it in files if not self._is_link(it)]
        self.add("DEBIAN/md5sums", "".join(sums))
        self.add("DEBIAN/conffiles", "".join(f"/{it}\n" for it in files if it.startswith("etc/")))
        kilobytes = sum(-(-os.lstat(os.path.join(self._tree, it)).st_size // 1024) for it in files)
        fields = {**fields, "Installed-Size": str(kilobytes)}
        self.add("DEBIAN/control", "".join(f"{key}: {value}\n" for key, value in fields.items()))
        self._set_modes_and_times()
        os.makedirs(to, exist_ok=True)
        path = os.path.join(to, f"{fields['Package']}_{fields['Version']}_{fields['Architecture']}.deb")
        # One thread: xz's output depends on how many there are.
        command = [
            "dpkg-deb",
            "--root-owner-group",
            "-Zxz",
            "-z1",
            "--threads-max=1",
            "--build",
            self._tree,
            path,
        ]
        done = subprocess.run(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "SOURCE_DATE_EPOCH": str(self._epoch)},
        )
        if done.returncode != 0:
            fail((done.stderr.strip().splitlines() or ["dpkg-deb failed"])[0])
        return path

    def libc(self) -> str:
        """What the programs and shared libraries in it need of the C library."""
        found: Set[Tuple[int, int]] = {(2, 17)}
        for name in self._files():
            path = os.path.join(self._tree, name)
            with open(path, "rb") as file:
                if file.read(4) == b"\x7fELF":
                    found.update((int(a), int(b)) for a, b in _WANTED_LIBC.findall(file.read()))
        return "libc6 (>= {}.{})".format(*max(found))

    def _is_link(self, name: str) -> bool:
        return os.path.islink(os.path.join(self._tree, name))

    def _files(self) -> List[str]:
        found = []
        for folder, folders, names in os.walk(self._tree):
            folders.sort()
            found += [os.path.relpath(os.path.join(folder, name), self._tree) for name in names]
        return sorted(found)

    def _set_modes_and_times(self) -> None:
        for folder, folders, names in os.walk(self._tree, topdown=False):
            for name in [*names, *folders]:
                path = os.path.join(folder, name)
                if not os.path.islink(path):
                    executable = os.path.isdir(path) or os.access(path, os.X_OK)
                    os.chmod(path, 0o755 if executable else 0o644)
                os.utime(path, (self._epoch, self._epoch), follow_symlinks=False)
        os.chmod(self._tree, 0o755)
        os.utime(self._tree, (self._epoch, self._epoch))


def _digest(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.md5(file.read()).hexdigest()


def filled(source: str, **marks: str) -> str:
    """A file of packaging/debian, with what stands for its marks: `@NAME@`."""
    with open(os.path.join(HERE, "debian", source)) as file:
        text = file.read()
    for mark, value in marks.items():
        text = text.replace(f"@{mark}@", value)
    return text


def debian_version(text: str) -> str:
    """`1.0-SNAPSHOT` is 1.0~snapshot, which comes before 1.0; other dashes are dots, since Debian's own is a revision's."""
    version = re.sub(r"-SNAPSHOT$", "~snapshot", text).replace("-", ".")
    if not re.fullmatch(r"\d[A-Za-z0-9.+~]*", version):
        fail(f"'{text}' is no version for Debian: it must begin with a digit (--version VERSION)")
    return version


def maintainer(standard: str) -> str:
    address = os.environ.get("DEBEMAIL", "")
    return f"{os.environ.get('DEBFULLNAME') or address} <{address}>" if address else standard


def changelog(name: str, version: str, who: str, epoch: int) -> str:
    date = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(epoch))
    return f"{name} ({version}) unstable; urgency=medium\n\n  * Version {version}.\n\n -- {who}  {date}\n"


def architecture() -> str:
    return application.run("dpkg", "--print-architecture").strip()


def documents(package: Package, name: str, version: str, who: str, epoch: int, copyright: str) -> None:
    year = time.strftime("%Y", time.gmtime(epoch))
    package.add(f"usr/share/doc/{name}/copyright", (copyright + _JDK).format(name=name, year=year))
    package.add_compressed(f"usr/share/doc/{name}/changelog.gz", changelog(name, version, who, epoch))
    package.add(f"usr/share/lintian/overrides/{name}", _OVERRIDES.format(name=name))


def forget_what_is_made(packaged: str) -> None:
    """The archive, and bytecode: both are made where the package is installed."""
    launch = os.path.join(packaged, "cli/target/launch")
    for name in ("rehearsal.log", "loomgate/loomgate.aot"):
        if os.path.exists(os.path.join(launch, name)):
            os.remove(os.path.join(launch, name))
    for folder, folders, _ in os.walk(packaged):
        if "__pycache__" in folders:
            folders.remove("__pycache__")
            shutil.rmtree(os.path.join(folder, "__pycache__"))


def epoch_of_sources() -> int:
    """SOURCE_DATE_EPOCH, or the time that the JAR files' entries have."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if given.isdigit():
        return int(given)
    with open(os.path.join(ROOT, "pom.xml")) as file:
        found = re.search(r"<project.build.outputTimestamp>(.*?)</", file.read())
    assert found is not None, "pom.xml has project.build.outputTimestamp"
    return calendar.timegm(time.strptime(found[1], "%Y-%m-%dT%H:%M:%SZ"))


def server(packaged: str, to: str, printed: str) -> str:
    """The server's package; its path."""
    epoch = epoch_of_sources()
    found = re.match(r"loomgate (\S+)", printed)
    version = debian_version(found[1] if found else "")
    who = maintainer("The Loomgate maintainers <maintainers@loomgate.dev>")
    with tempfile.TemporaryDirectory() as tree:
        package = Package(tree, epoch)
        shutil.copytree(packaged, package.path("usr/lib/loomgate"), symlinks=True)
        forget_what_is_made(package.path("usr/lib/loomgate"))
        share = package.path("usr/lib/loomgate/share")
        with open(os.path.join(share, "man/man1/loomgate.1")) as file:
            package.add_compressed("usr/share/man/man1/loomgate.1.gz", file.read())
        completions = (
            ("bash-completion/completions/loomgate", "usr/share/bash-completion/completions/loomgate"),
            ("zsh/site-functions/_loomgate", "usr/share/zsh/vendor-completions/_loomgate"),
        )
        for source, target in completions:
            shutil.copy(os.path.join(share, source), package.path(target))
        shutil.rmtree(share)
        os.remove(package.path("usr/lib/loomgate/LICENSE"))
        os.rename(package.path("usr/lib/loomgate/NOTICE"), package.path("usr/share/doc/loomgate/NOTICE"))
        os.symlink("../lib/loomgate/loomgate", package.path("usr/bin/loomgate"))
        units = os.path.join(HERE, "systemd")
        for name in ("loomgate.service", "loomgate@.service", "loomgate.socket"):
            with open(os.path.join(units, name)) as file:
                package.add(
                    f"usr/lib/systemd/system/{name}", file.read().replace("/opt/loomgate/", "/usr/bin/")
                )
        shutil.copy(
            os.path.join(units, "tmpfiles.d/loomgate.conf"), package.path("usr/lib/tmpfiles.d/loomgate.conf")
        )
        package.add("etc/loomgate/loomgate.ini", filled("loomgate.ini"))
        os.makedirs(package.path("etc/loomgate/sites"))
        documents(package, "loomgate", version, who, epoch, _COPYRIGHT)
        for script in ("postinst", "prerm", "postrm"):
            package.script(script, "server." + script)
        return package.write(
            to,
            {
                "Package": "loomgate",
                "Version": version,
                "Architecture": architecture(),
                "Maintainer": who,
                "Depends": f"adduser, {package.libc()}",
                "Recommends": "python3",
                "Suggests": "nginx",
                "Section": "httpd",
                "Priority": "optional",
                "Homepage": "https://loomgate.dev",
                "Description": "application server for Java and Python\n"
                " Runs WSGI and ASGI applications in Python, and applications in Java, behind\n"
                " nginx over the uwsgi protocol, or on its own over HTTP. It takes uWSGI's\n"
                " options and configuration files. The Java runtime that it needs is in it.",
            },
        )


def of_application(given: Sequence[str]) -> str:
    """An application's package; its path."""
    parser = application.Parser("./loomgate package --deb", allow_abbrev=False)
    parser.add_argument("--summary", help="what it is, in one line")
    options = application.arguments(list(given), parser)
    made = application.read(options)
    if not made.version:
        fail(f"{options.jar} says no version: give it (--version VERSION)")
    version = debian_version(made.version)
    name = made.name
    epoch = application.epoch(made.jar)
    who = maintainer(f"Maintainers of {name} <{name}@example.org>")
    summary = options.summary or f"application {name}"
    with tempfile.TemporaryDirectory() as tree:
        package = Package(tree, epoch)
        image = package.path(f"usr/lib/{name}")
        application.make(made, image, options.modules)
        if made.app:
            forget_what_is_made(image)
            shutil.rmtree(os.path.join(image, "share"))
            os.remove(os.path.join(image, "LICENSE"))
            rehearse, forget = f"/usr/lib/{name}/loomgate rehearse", filled("application.made", NAME=name)
        else:
            package.add(
                f"usr/lib/{name}/application",
                application.settings(made, f"/var/cache/{name}/application.aot"),
            )
            rehearse, forget = filled("application.rehearse", NAME=name).strip(), ":"
        if options.no_rehearsal:
            rehearse = ":"
        package.add(
            f"usr/lib/systemd/system/{name}.service",
            filled("application.service", NAME=name, SUMMARY=summary, TYPE="notify" if made.app else "exec"),
        )
        package.add(f"etc/default/{name}", filled("application.default", NAME=name))
        documents(package, name, version, who, epoch, _OF_APPLICATION)
        package.script("postinst", "application.postinst", NAME=name, REHEARSE=rehearse)
        package.script("prerm", "application.prerm", NAME=name, FORGET=forget.strip())
        package.script("postrm", "application.postrm", NAME=name)
        return package.write(
            options.to or ".",
            {
                "Package": name,
                "Version": version,
                "Architecture": architecture(),
                "Maintainer": who,
                "Depends": f"adduser, {package.libc()}",
                "Section": "web",
                "Priority": "optional",
                "Description": f"{summary}\n Made by Loomgate, with the Java runtime that it needs.",
            },
        )


if __name__ == "__main__":
    what, *rest = sys.argv[1:]
    written = server(*rest) if what == "server" else of_application(rest)
    print(f"{written}: {os.path.getsize(written) / 1e6:.0f} MB")
