"""An image and a Debian package of a project, and the server's own package: made, looked at by lintian, installed, started as the
unit says, asked over HTTP, ended, removed and purged, so that nothing is left.

    unshare --mount --propagation private test_deb.py PROJECT

PROJECT is built already; check-project makes it of what docs/your-own-project.md shows. As root, in a mount namespace of its own:
what is installed comes into layers over /etc, /usr, /var, /opt and /run, and no JDK is there. Takes what `./loomgate package` builds.
"""

from __future__ import annotations

import filecmp
import glob
import os
import pwd
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Dict, List, Set, Tuple

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PAGE = os.path.join(ROOT, "docs/your-own-project.md")
LAYERS = ("/etc", "/usr", "/var", "/opt", "/run")
SURROUNDINGS = {
    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
    "LANG": "C.UTF-8",
    "DEBIAN_FRONTEND": "noninteractive",
}
# What dpkg, its triggers and the tools for users write down for themselves, whatever is installed.
OF_TOOLS = re.compile(
    r"/etc/(passwd|group|shadow|gshadow|subuid|subgid)-$|/etc/\.pwd\.lock$|/var/lib/dpkg/(\w+-old|lock.*|triggers/.*)$"
    r"|/var/log/|/var/cache/(man|ldconfig)\b|/var/lib/systemd/deb-systemd-helper-(enabled|masked)$|/run/(lock|systemd)$"
    r"|/run/systemd/systemd-units-load$"
)
DEADLINE = 60


def run(*command: str, **more: Any) -> str:
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=600,
        **more,
    )
    assert done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout}"
    return str(done.stdout)


def system(*command: str) -> str:
    """Runs it as the machine's administrator would, who has no JDK."""
    return run(*command, env=SURROUNDINGS)


def ask(address: str) -> str:
    with urllib.request.urlopen(address, timeout=DEADLINE) as answer:
        return str(answer.read().decode())


def documented(start: str) -> str:
    """The one command of the page that begins so, which may go on in further lines."""
    with open(PAGE) as file:
        found = re.findall(rf"^    ({re.escape(start)}(?:.*\\\n)*.*)$", file.read(), re.MULTILINE)
    assert len(found) == 1, (start, found)
    return str(found[0])


def everything() -> Set[str]:
    """All files, directories, links and sockets, users and groups."""
    found: Set[str] = set()
    for layer in LAYERS:
        for folder, folders, names in os.walk(layer):
            found.update(os.path.join(folder, name) for name in [*folders, *names])
    for file in ("/etc/passwd", "/etc/group"):
        with open(file) as lines:
            found.update(line.split(":")[0] + " of " + file for line in lines)
    return {name for name in found if not OF_TOOLS.search(name)}


class Unit:
    """What is in the [Service] section of a unit, for an instance. A key that is given twice has its last value."""

    def __init__(self, path: str, instance: str = "") -> None:
        self.values: Dict[str, str] = {}
        with open(path) as file:
            section = file.read().split("[Service]")[1].split("[Install]")[0]
        for line in section.splitlines():
            key, equals, value = line.partition("=")
            if equals:
                self.values[key] = value.replace("%i", instance)

    def environment(self) -> Dict[str, str]:
        """The variables of its EnvironmentFile, which may be missing where its name begins with a dash."""
        variables: Dict[str, str] = {}
        name = self.values.get("EnvironmentFile", "")
        if name:
            with open(name.lstrip("-")) as file:
                for line in file:
                    key, equals, value = line.strip().partition("=")
                    if equals and not key.startswith("#"):
                        variables[key] = value.strip('"')
        return variables

    def command(self) -> List[str]:
        """ExecStart, in which `$NAME` as a word of its own is the variable's words."""
        words: List[str] = []
        for word in shlex.split(self.values["ExecStart"]):
            words += self.environment().get(word[1:], "").split() if word.startswith("$") else [word]
        return words

    def directories(self) -> None:
        """Makes those that systemd makes for it, with its user as their owner."""
        user = pwd.getpwnam(self.values["User"])
        for key, place in (("StateDirectory", "/var/lib"), ("CacheDirectory", "/var/cache")):
            if key in self.values:
                path = os.path.join(place, self.values[key])
                os.makedirs(path, exist_ok=True)
                os.chown(path, user.pw_uid, user.pw_gid)


class Started:
    """A process, and what it has written to its log."""

    def __init__(self, command: List[str], **more: Any) -> None:
        # A file, so that it never waits for its reader.
        self._log = tempfile.TemporaryFile("w+")
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log, text=True, **more
        )

    def log(self) -> str:
        self._log.seek(0)
        return self._log.read()

    def address(self) -> str:
        """Where it listens, once it says so."""
        deadline = time.monotonic() + DEADLINE
        while True:
            found = re.search(r"(http://127\.0\.0\.1:\d+), .*engine loop", self.log())
            if found:
                return found[1]
            assert self._process.poll() is None, self.log()
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.02)

    def user(self) -> str:
        return pwd.getpwuid(os.stat(f"/proc/{self._process.pid}").st_uid).pw_name

    def status(self) -> int:
        """Its exit status, once it ends."""
        return self._process.wait(timeout=DEADLINE)

    def end(self) -> int:
        """Its status after SIGTERM."""
        self._process.send_signal(signal.SIGTERM)
        return self.status()

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        self._log.close()


class Debian(unittest.TestCase):
    directory: str
    project: str
    told: str

    @classmethod
    def setUpClass(cls) -> None:
        cls.directory = tempfile.mkdtemp(prefix="deb-test-")
        cls.addClassCleanup(shutil.rmtree, cls.directory, ignore_errors=True)
        os.chmod(cls.directory, 0o755)
        environment = {
            **os.environ,
            "LOOMGATE": ROOT,
            "DEBFULLNAME": "Ann Example",
            "DEBEMAIL": "ann@example.org",
        }

        def package(start: str, to: str) -> str:
            command = documented(start) + " -o " + os.path.join(cls.directory, to)
            return run("bash", "-euc", command, cwd=cls.project, env=environment)

        server = os.path.join(ROOT, "loomgate")
        with ThreadPoolExecutor(2) as both:
            of_server = both.submit(
                run, server, "package", "--deb", "-o", os.path.join(cls.directory, "server")
            )
            image = both.submit(package, "$LOOMGATE/loomgate package target", "image")
            again = [
                both.submit(package, "$LOOMGATE/loomgate package --deb", name) for name in ("one", "two")
            ]
            cls.told = image.result()
            for made in (of_server, *again):
                made.result()
        layers = os.path.join(cls.directory, "layers")
        os.mkdir(layers)
        run("mount", "-t", "tmpfs", "-o", "mode=755", "none", layers)
        cls.addClassCleanup(run, "umount", "--lazy", layers)
        for layer in LAYERS:
            upper, work = (os.path.join(layers, kind + layer.replace("/", "-")) for kind in ("upper", "work"))
            os.makedirs(upper)
            os.makedirs(work)
            where = f"lowerdir={layer},upperdir={upper},workdir={work}"
            run("mount", "-t", "overlay", "-o", where, "overlay", layer)
            cls.addClassCleanup(run, "umount", "--lazy", layer)
        run("mount", "-t", "tmpfs", "none", "/usr/lib/jvm")
        cls.addClassCleanup(run, "umount", "--lazy", "/usr/lib/jvm")

    def package(self, place: str) -> str:
        (path,) = glob.glob(os.path.join(self.directory, place, "*.deb"))
        return path

    def start(self, command: List[str], **more: Any) -> Started:
        started = Started(command, **more)
        self.addCleanup(started.close)
        return started

    def as_unit(self, path: str, instance: str = "", **variables: str) -> Started:
        """Starts what a unit says as its user, with the variables and directories that systemd gives it."""
        unit = Unit(path, instance)
        unit.directories()
        user, group = unit.values["User"], unit.values["Group"]
        command = [
            "setpriv",
            "--reuid",
            user,
            "--regid",
            group,
            "--init-groups",
            "--no-new-privs",
            *unit.command(),
        ]
        environment = {**SURROUNDINGS, **unit.environment(), **variables}
        return self.start(command, cwd=unit.values.get("WorkingDirectory", "/"), env=environment)

    def installed(self, place: str) -> Set[str]:
        """Installs the package and gives what was there before it."""
        before = everything()
        name = os.path.basename(self.package(place)).split("_")[0]
        self.addCleanup(system, "dpkg", "-P", name)  # which may be purged already
        said = system("dpkg", "-i", self.package(place))
        self.assertNotIn("without", said)
        return before

    def assert_purged(self, name: str, before: Set[str]) -> None:
        system("dpkg", "-P", name)
        self.assertEqual(before ^ everything(), set())

    def assert_lintian_finds_no_error(self, place: str) -> None:
        done = subprocess.run(
            ["lintian", "--fail-on", "error", "--allow-root", self.package(place)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        errors = [line for line in done.stdout.splitlines() if line.startswith("E:")]
        self.assertEqual((done.returncode, errors), (0, []), done.stdout)

    def assert_systemd_takes(self, unit: str) -> None:
        done = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", unit],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        name = os.path.basename(unit).split("@")[0]
        self.assertEqual([line for line in done.stdout.splitlines() if name in line], [])

    def test_the_image(self) -> None:
        image = os.path.join(self.directory, "image")
        self.assertRegex(
            self.told,
            rf"^{image}: \d+ MB, of it a Java runtime of \d+ MB and an archive of \d+ MB;"
            r" \d+\.\d\d s from its start to the first answer, the least of 5 starts\n",
        )
        command = [os.path.join(image, "bin/board"), "--http", "127.0.0.1:0"]
        started = self.start(
            command,
            env={**SURROUNDINGS, "LOOMGATE_JAVA_OPTS": "-Xlog:class+load"},
        )
        self.assertEqual(ask(started.address() + "/"), "0 notes\n")
        self.assertEqual(started.end(), 0)
        self.assertIn("com.example.board.Board source: shared objects file", started.log())
        self.assertNotIn("WARNING", started.log())

    def test_the_projects_package(self) -> None:
        self.assert_lintian_finds_no_error("one")
        self.assertTrue(
            filecmp.cmp(self.package("one"), self.package("two"), shallow=False), "the same bytes"
        )
        self.assertEqual(os.path.basename(self.package("one")).split("_")[:2], ["board", "1.0"])
        before = self.installed("one")
        self.assertTrue(os.path.exists("/var/cache/board/application.aot"), "its archive is made")

        unit = "/usr/lib/systemd/system/board.service"
        self.assert_systemd_takes(unit)
        with open("/etc/default/board") as file:
            text = file.read()
        with open("/etc/default/board", "w") as file:
            file.write(text.replace("127.0.0.1:8000", "127.0.0.1:0"))
        started = self.as_unit(unit)
        self.assertEqual(ask(started.address() + "/"), "0 notes\n")
        self.assertEqual(started.user(), "board")
        self.assertEqual(started.end(), 0)

        system("dpkg", "-r", "board")
        self.assertTrue(
            os.path.exists("/etc/default/board"), "what the administrator has changed stays until the purge"
        )
        self.assertFalse(os.path.exists("/usr/lib/board"))
        self.assert_purged("board", before)

    def test_the_servers_package(self) -> None:
        self.assert_lintian_finds_no_error("server")
        before = self.installed("server")
        self.assertRegex(system("loomgate", "--version"), r"^loomgate \d")
        self.assertTrue(
            glob.glob("/usr/lib/loomgate/cli/target/launch/loomgate/loomgate.aot"), "its archive is made"
        )
        for unit in glob.glob("/usr/lib/systemd/system/loomgate*"):
            self.assert_systemd_takes(unit)
        self.assertIn("--wsgi", system("man", "--locale=C", "loomgate"))
        completion = "source /usr/share/bash-completion/completions/loomgate; complete -p loomgate"
        self.assertEqual(system("bash", "-c", completion), "complete -F _loomgate loomgate\n")

        nothing = self.as_unit("/usr/lib/systemd/system/loomgate.service")
        self.assertEqual(nothing.status(), 2)
        self.assertIn("nothing to run", nothing.log())

        site = os.path.join(self.directory, "site.py")
        with open(site, "w") as file:
            file.write(
                "def application(environ, start_response):\n    start_response('200 OK', [])\n    return [b'hello']\n"
            )
        with open("/etc/loomgate/sites/shop.ini", "w") as file:
            file.write(f"[uwsgi]\nhttp = 127.0.0.1:0\nwsgi-file = {site}\n")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            heard = os.path.join(self.directory, "notify")
            manager.bind(heard)
            os.chmod(heard, 0o777)
            manager.settimeout(DEADLINE)
            started = self.as_unit("/usr/lib/systemd/system/loomgate@.service", "shop", NOTIFY_SOCKET=heard)
            while "READY=1" not in manager.recv(4096).decode():
                pass
        self.assertEqual(ask(started.address() + "/"), "hello")
        self.assertEqual(started.user(), "loomgate")
        self.assertEqual(started.end(), 0)
        os.remove("/etc/loomgate/sites/shop.ini")
        self.assert_purged("loomgate", before)

    def test_the_dockerfile_of_the_project(self) -> None:
        """What its second stage says, here: check-project has run what the first one builds."""
        with open(os.path.join(self.project, "Dockerfile")) as file:
            stage = file.read().split("\nFROM ")[-1]
        for source, target in re.findall(r"^COPY --from=build /src/(\S+) (\S+)$", stage, re.MULTILINE):
            path = os.path.join(self.project, source)
            if os.path.isdir(path):
                shutil.copytree(path, target)
            else:
                os.makedirs(target, exist_ok=True)
                shutil.copy(path, target)
        (user,) = re.findall(r"^USER (\S+)$", stage, re.MULTILINE)
        variables = dict(found.split("=") for found in re.findall(r"^ENV (\S+)$", stage, re.MULTILINE))
        (words,) = re.findall(r"^CMD \[(.*)\]$", stage, re.MULTILINE)
        self.assertEqual(variables, {"PORT": "8000"})
        command = ["setpriv", "--reuid", user, "--clear-groups", *re.findall(r'"([^"]+)"', words)]
        started = self.start(command, cwd="/", env={**SURROUNDINGS, "PORT": "0"})
        deadline = time.monotonic() + DEADLINE
        while not (found := re.search(r"listening on http://\S*?:(\d+), engine loop", started.log())):
            self.assertLess(time.monotonic(), deadline, started.log())
            time.sleep(0.02)
        self.assertEqual(ask(f"http://127.0.0.1:{found[1]}/"), "0 notes\n")
        self.assertEqual(started.user(), user)
        self.assertEqual(started.end(), 0)

    def test_wrong_ways_to_package(self) -> None:
        jar = os.path.join(self.project, "target/board.jar")
        text = os.path.join(self.directory, "text.jar")
        with open(text, "w") as file:
            file.write("no archive")
        empty = os.path.join(self.directory, "empty")
        os.makedirs(empty, exist_ok=True)
        cases: List[Tuple[List[str], str]] = [
            (["none.jar"], "there is no file none.jar"),
            ([text], f"{text} is no JAR file: File is not a zip file"),
            ([jar, "-o", empty], f"{empty} is there already: name a directory that isn't (-o DIRECTORY)"),
            ([jar, "--lib", "/none"], "there is no directory /none (--lib)"),
            ([jar, "--wrong"], "package: unrecognized arguments: --wrong"),
            ([jar, "--name", "Board"], "the name 'Board' must be of lower case letters"),
            (
                ["--deb", jar, "--version", "first"],
                "'first' is no version for Debian: it must begin with a digit",
            ),
            (["--deb", "--wrong"], "there is no option --wrong without an application"),
        ]
        for arguments, said in cases:
            with self.subTest(arguments):
                ended = subprocess.run(
                    [os.path.join(ROOT, "packaging/package"), *arguments],
                    stderr=subprocess.PIPE,
                    text=True,
                    timeout=600,
                    env={**os.environ, "ROOT": ROOT},
                )
                self.assertEqual(ended.returncode, 1)
                self.assertIn("loomgate: " + said, ended.stderr)
                self.assertEqual(ended.stderr.count("\n"), 1, ended.stderr)


if __name__ == "__main__":
    if os.path.samestat(os.stat("/proc/self/ns/mnt"), os.stat(f"/proc/{os.getppid()}/ns/mnt")):
        raise SystemExit(
            "test_deb.py: mounts things, so it wants a mount namespace of its own: unshare --mount"
        )
    Debian.project = os.path.abspath(sys.argv[1])
    unittest.main(argv=[sys.argv[0], "-v"])
