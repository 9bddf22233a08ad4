"""The wheel in an environment of its own, where no other Java is: pip installs it, and the article's last command line serves
the article's file behind nginx. As root, which hides the machine's JDKs from it. Takes what `./loomgate package` builds."""

from __future__ import annotations

import glob
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from typing import Any, Callable, List, Tuple

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ARTICLE = os.path.join(ROOT, "testkit/src/main/resources/dev/loomgate/testkit/programs/article.py")
DEADLINE = 60
SURROUNDINGS = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LANG": "C.UTF-8"}
NO_JAVA = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs none /usr/lib/jvm && exec "$@"', "sh"]
NGINX = """
daemon off;
pid {directory}/nginx.pid;
error_log {directory}/nginx.log;
user root;
events {{}}
http {{
    access_log off;
    server {{
        listen unix:{directory}/http.sock;
        location / {{
            include /etc/nginx/uwsgi_params;
            uwsgi_pass unix:{directory}/uwsgi.sock;
        }}
    }}
}}
"""


def run(*command: str, **more: Any) -> str:
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=600, **more
    )
    assert done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout}{done.stderr}"
    return str(done.stdout)


class Wheel(unittest.TestCase):
    directory: str
    wheel: str
    environment: str

    @classmethod
    def setUpClass(cls) -> None:
        cls.directory = tempfile.mkdtemp(prefix="wheel-test-")
        cls.addClassCleanup(shutil.rmtree, cls.directory)
        run(
            os.path.join(ROOT, "loomgate"),
            "package",
            "--wheel",
            cls.directory,
            "--profile",
            "python",
            "--uwsgi",
        )
        (cls.wheel,) = glob.glob(os.path.join(cls.directory, "*.whl"))
        cls.environment = os.path.join(cls.directory, "environment")
        run("/usr/bin/python3", "-m", "venv", "--system-site-packages", cls.environment)
        run(cls.bin("pip"), "-q", "--disable-pip-version-check", "install", "--no-index", cls.wheel)
        package = os.path.join(cls.directory, "your_package")
        os.mkdir(package)
        shutil.copy(ARTICLE, os.path.join(package, "uwsgi.py"))
        open(os.path.join(package, "__init__.py"), "w").close()

    @classmethod
    def bin(cls, name: str) -> str:
        return os.path.join(cls.environment, "bin", name)

    def start(self, *command: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            command, cwd=self.directory, env=SURROUNDINGS, stderr=subprocess.PIPE, text=True
        )

        def end() -> None:
            if process.poll() is None:
                process.kill()
            process.communicate()

        self.addCleanup(end)
        return process

    def line(self, served: subprocess.Popen[str], pattern: str) -> str:
        """What matches in a line of its log, once it comes."""
        assert served.stderr is not None
        lines: List[str] = []
        for text in served.stderr:
            lines.append(text)
            found = re.search(pattern, text)
            if found:
                return found[0]
        self.fail("it ended: " + "".join(lines))

    def test_the_articles_last_command_line(self) -> None:
        http = os.path.join(self.directory, "http.sock")
        settings = os.path.join(self.directory, "nginx.conf")
        with open(settings, "w") as file:
            file.write(NGINX.format(directory=self.directory))
        for name in ("loomgate", "uwsgi"):
            with self.subTest(name):
                served = self.start(
                    *NO_JAVA,
                    self.bin(name),
                    *"--asyncio 512 -s uwsgi.sock --greenlet -w your_package.uwsgi".split(),
                )
                self.line(served, "uwsgi.sock")
                nginx = self.start("nginx", "-c", settings)
                wait(lambda: os.path.exists(http))
                self.assertEqual(
                    run("curl", "-s", "--unix-socket", http, "http://x/user?name=Bob"), "Hello Bob!"
                )
                self.assertEqual(run("curl", "-s", "--unix-socket", http, "http://x/"), "Hello world!")
                for process in (nginx, served):
                    process.send_signal(signal.SIGTERM)
                    process.communicate(timeout=DEADLINE)
                    self.assertEqual(process.returncode, 0)
                if os.path.exists(http):
                    os.remove(http)

    def test_its_archive_is_taken(self) -> None:
        """A start uses the archive that came with it, although pip has changed the times of the files."""
        version = run(*NO_JAVA, self.bin("loomgate"), "--version", env=SURROUNDINGS)
        self.assertRegex(version, r"^loomgate \d")
        told = run(
            *NO_JAVA,
            self.bin("loomgate"),
            "--version",
            env={**SURROUNDINGS, "LOOMGATE_JAVA_OPTS": "-Xlog:class+load"},
        )
        self.assertTrue("dev.loomgate.cli.Main source: shared objects file" in told, told[:500])

    def test_the_environments_python_is_the_one(self) -> None:
        """Also if the environment isn't active."""
        with open(os.path.join(self.directory, "where.py"), "w") as file:
            file.write(
                "import sys\n"
                "def application(environ, start_response):\n"
                "    start_response('200 OK', [])\n"
                "    return [sys.prefix.encode()]\n"
            )
        served = self.start(*NO_JAVA, self.bin("loomgate"), "--http", "127.0.0.1:0", "-w", "where")
        address = self.line(served, r"http://[0-9.:]+")
        self.assertEqual(run("curl", "-s", address), self.environment)

    def test_wrong_ways_to_package(self) -> None:
        cases: List[Tuple[List[str], str]] = [
            (["--wheel", self.directory, "--profile", "all"], "there is no profile 'all'"),
            (["--wheel", "--wrong"], "there is no option --wrong"),
            ([], "needs a directory that isn't there yet"),
            ([self.directory], "needs a directory that isn't there yet"),
        ]
        for arguments, said in cases:
            ended = subprocess.run(
                [os.path.join(ROOT, "loomgate"), "package", *arguments],
                stderr=subprocess.PIPE,
                text=True,
                timeout=600,
            )
            self.assertEqual(ended.returncode, 1)
            self.assertIn(said, ended.stderr)


def wait(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.01)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
