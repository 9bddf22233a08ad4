"""What `./loomgate package APPLICATION.jar` does: an image, which is a directory with the application, its libraries, a Java
runtime with the modules that they need, and an archive of what a start loads. `bin/NAME` starts it, `rehearse` makes the archive.

Called by packaging/package, which says where things are: ROOT (the sources), JAVA_HOME.
"""

from __future__ import annotations

import argparse
import calendar
import dataclasses
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import zipfile
from typing import Dict, List, NoReturn, Optional, Tuple

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
JAVA = os.path.join(os.environ.get("JAVA_HOME", ""), "bin")
TIMES = 5


def fail(message: str) -> NoReturn:
    raise SystemExit("loomgate: " + message)


@dataclasses.dataclass(frozen=True)
class Application:
    """What a JAR file says of itself, and what its packager does.

    `main` is the class that is started; empty if Loomgate's own program serves `app`.
    """

    name: str
    jar: str
    libraries: Tuple[str, ...]
    main: str
    app: str
    opened: Tuple[str, ...]
    version: str
    asked: Tuple[str, ...]

    @property
    def jars(self) -> List[str]:
        """Where the JAR files are in the image, in the order of the class path."""
        return ["app/" + os.path.basename(self.jar)] + [
            "app/lib/" + os.path.basename(it) for it in self.libraries
        ]


def manifest(jar: str) -> Dict[str, str]:
    """The main section of its manifest, with folded lines put together; and its version by Maven, if that has made it."""
    try:
        with zipfile.ZipFile(jar) as file:
            names = file.namelist()
            text = file.read("META-INF/MANIFEST.MF").decode() if "META-INF/MANIFEST.MF" in names else ""
            found = [
                name for name in names if re.fullmatch(r"META-INF/maven/[^/]+/[^/]+/pom\.properties", name)
            ]
            maven = file.read(found[0]).decode() if len(found) == 1 else ""
    except (OSError, zipfile.BadZipFile, UnicodeDecodeError) as wrong:
        fail(f"{jar} is no JAR file: {wrong}")
    section = re.split(r"\r?\n\r?\n", text)[0]
    values: Dict[str, str] = {}
    for line in re.sub(r"\r?\n ", "", section).splitlines():
        key, _, value = line.partition(":")
        values[key] = value.strip()
    version = re.search(r"^version=(.+)$", maven, re.MULTILINE)
    if version:
        values.setdefault("Implementation-Version", version[1].strip())
    return values


def libraries_of(jar: str, directory: Optional[str], said: Dict[str, str]) -> Tuple[str, ...]:
    """The JAR files that it needs: of `--lib`, of the manifest's class path, or of the directory `lib` beside it."""
    beside = os.path.dirname(os.path.abspath(jar))
    named = said.get("Class-Path", "").split()
    if directory is None and named:
        libraries = [os.path.join(beside, name) for name in named]
        for name, library in zip(named, libraries):
            if not os.path.isfile(library):
                fail(
                    f"{jar} names {name} in its Class-Path, and {library} isn't there (--lib says where libraries are)"
                )
        return tuple(libraries)
    place = os.path.join(beside, "lib") if directory is None else directory
    if not os.path.isdir(place):
        if directory is not None:
            fail(f"there is no directory {directory} (--lib)")
        return ()
    return tuple(os.path.join(place, name) for name in sorted(os.listdir(place)) if name.endswith(".jar"))


def read(options: argparse.Namespace) -> Application:
    """What is to be packaged, from the command line and the JAR file."""
    jar: str = options.jar
    if not os.path.isfile(jar):
        fail(f"there is no file {jar}")
    said = manifest(jar)
    stem = os.path.basename(jar)[: -len(".jar")]
    main = options.main or said.get("Main-Class", "")
    if not options.app and not main:
        fail(
            f"{jar} names no main class: give it (--main CLASS), or the class that Loomgate serves (--app CLASS)"
        )
    name = options.name or re.sub(r"-\d[\w.-]*$", "", stem).lower()
    if not re.fullmatch(r"[a-z0-9][a-z0-9+.-]+", name):
        fail(
            f"the name '{name}' must be of lower case letters, digits, +, - and ., at least two of them (--name)"
        )
    in_name = re.search(r"-(\d[\w.-]*)$", stem)
    opened = [f"--add-opens {it}=ALL-UNNAMED" for it in said.get("Add-Opens", "").split()]
    exported = [f"--add-exports {it}=ALL-UNNAMED" for it in said.get("Add-Exports", "").split()]
    return Application(
        name,
        jar,
        libraries_of(jar, options.lib, said),
        "" if options.app else main,
        options.app or "",
        tuple(opened + exported),
        options.version or said.get("Implementation-Version", "") or (in_name[1] if in_name else ""),
        tuple(options.ask or ["/"]),
    )


def run(*command: str) -> str:
    """What it prints; fails with its first line if it does."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        said = (done.stderr + done.stdout).strip().splitlines() or [f"status {done.returncode}"]
        fail(f"{os.path.basename(command[0])}: {said[0]}")
    return done.stdout


def modules_of(application: Application) -> str:
    """The JDK's modules that its JAR files name."""
    jars = [application.jar, *application.libraries]
    tool = os.path.join(JAVA, "jdeps")
    return run(tool, "--multi-release", "25", "--ignore-missing-deps", "--print-module-deps", *jars).strip()


def copy(application: Application, image: str) -> None:
    """The JAR files, with one time for all of them: what an archive is made for depends on it."""
    os.makedirs(os.path.join(image, "app", "lib"))
    stamp = epoch(application.jar)
    for source, name in zip([application.jar, *application.libraries], application.jars):
        target = os.path.join(image, name)
        shutil.copyfile(source, target)
        os.utime(target, (stamp, stamp))


def epoch(jar: str) -> int:
    """The time of all files: SOURCE_DATE_EPOCH, or the newest that is inside the JAR file."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if given:
        if not given.isdigit():
            fail(f"SOURCE_DATE_EPOCH is '{given}', it must be seconds since 1970")
        return int(given)
    with zipfile.ZipFile(jar) as file:
        newest = max((entry.date_time for entry in file.infolist()), default=(1980, 1, 1, 0, 0, 0))
    return calendar.timegm(newest)


def make(application: Application, image: str, modules: Optional[str]) -> None:
    """Writes the image, without its archive."""
    if application.app:
        server(application, image)
        return
    os.makedirs(os.path.join(image, "bin"))
    copy(application, image)
    run(
        os.path.join(JAVA, "jlink"),
        *("--add-modules", modules or modules_of(application)),
        *"--strip-debug --no-header-files --no-man-pages --compress zip-6 --output".split(),
        os.path.join(image, "java"),
    )
    with open(os.path.join(ROOT, "jvm.options")) as file:
        flags = [line.strip() for line in file if line.strip() and not line.startswith("#")]
    with open(os.path.join(image, "jvm.options"), "w") as file:
        file.write("# Flags of the JVM, one a line.\n")
        file.writelines(flag + "\n" for flag in dict.fromkeys([*flags, *application.opened]))
    with open(os.path.join(image, "application"), "w") as file:
        file.write(settings(application, "$home/application.aot"))
    here = os.path.join(ROOT, "packaging", "image")
    shutil.copy(os.path.join(here, "start"), os.path.join(image, "bin", application.name))
    shutil.copy(os.path.join(here, "rehearse"), os.path.join(image, "rehearse"))


def settings(application: Application, archive: str) -> str:
    """The file that both scripts read. `archive` is expanded by them."""
    return "".join(
        [
            "# What bin/* and rehearse start.\n",
            f"name={shlex.quote(application.name)}\n",
            f"main={shlex.quote(application.main)}\n",
            f"jars=({' '.join(map(shlex.quote, application.jars))})\n",
            f"asked=({' '.join(map(shlex.quote, application.asked))})\n",
            f'archive="{archive}"\n',
        ]
    )


_SERVED = """\
#!/bin/bash
# Starts Loomgate with the application {app}, and the options that are given. LOOMGATE_JAVA_OPTS: more flags for the JVM.
set -euo pipefail
home=$(cd "$(dirname "$(readlink -f "${{BASH_SOURCE[0]}}")")/.." && pwd)
exec "$home/loomgate" --classpath "$home/app/{jar}:$home/app/lib/*" --app {app} "$@"
"""


def server(application: Application, image: str) -> None:
    """Loomgate's own program beside the application, which it loads itself."""
    run(os.path.join(ROOT, "packaging", "package"), image, "--with-java")
    there = set(os.listdir(os.path.join(image, "cli/target/launch/loomgate")))
    libraries = tuple(it for it in application.libraries if os.path.basename(it) not in there)
    copy(dataclasses.replace(application, libraries=libraries), image)
    os.mkdir(os.path.join(image, "bin"))
    start = os.path.join(image, "bin", application.name)
    with open(start, "w") as file:
        file.write(_SERVED.format(app=shlex.quote(application.app), jar=os.path.basename(application.jar)))
    os.chmod(start, 0o755)


def archive_of(application: Application, image: str) -> str:
    name = "cli/target/launch/loomgate/loomgate.aot" if application.app else "application.aot"
    return os.path.join(image, name)


def rehearse(image: str) -> None:
    """Makes the archive, as can be done again where the image is installed."""
    done = subprocess.run([os.path.join(image, "rehearse")], stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or ["it says nothing"]
        fail(
            f"the rehearsal failed, and --no-rehearsal makes an image without an archive: {' / '.join(lines[-4:])}"
        )


def without_archive(application: Application, image: str) -> None:
    archive = archive_of(application, image)
    if os.path.exists(archive):
        os.remove(archive)


def first_answer(application: Application, image: str) -> float:
    """Seconds from a start to the first answer: the least of some starts, each of which has to end with status 0."""
    return min(_first_answer(application, image) for _ in range(TIMES))


def _first_answer(application: Application, image: str) -> float:
    command = [os.path.join(image, "bin", application.name), "--http", "127.0.0.1:0"]
    begun = time.monotonic()
    # Its log is read to its end, so that it never waits for its reader.
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    taken = None
    try:
        for line in process.stderr:
            found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
            if found and taken is None:
                with socket.create_connection(("127.0.0.1", int(found[1])), timeout=60) as connection:
                    path = application.asked[0]
                    connection.sendall(
                        f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
                    )
                    connection.recv(1)
                taken = time.monotonic() - begun
                process.send_signal(signal.SIGTERM)
        status = process.wait(timeout=60)
    except OSError as wrong:
        fail(f"{application.name} doesn't answer {application.asked[0]} (--ask): {wrong}")
    finally:
        process.kill()
        process.wait()
        process.stderr.close()
    if taken is None or status != 0:
        fail(
            f"{application.name} ended with status {status}"
            + ("" if taken else " before it said where it listens")
        )
    return taken


def size(path: str) -> int:
    """Bytes of a file, or of all files of a directory."""
    if os.path.isfile(path):
        return os.path.getsize(path)
    return sum(
        os.lstat(os.path.join(folder, name)).st_size for folder, _, names in os.walk(path) for name in names
    )


def told(application: Application, image: str) -> str:
    """What the packager wants to know: `dist/board: 71 MB, ...`."""
    archive = archive_of(application, image)
    parts = [f"a Java runtime of {_megabytes(os.path.join(image, 'java'))}"]
    if os.path.exists(archive):
        parts.append(f"an archive of {_megabytes(archive)}")
    seconds = first_answer(application, image)
    return (
        f"{image}: {_megabytes(image)}, of it {' and '.join(parts)}; {seconds:.2f} s from its start to the first answer,"
        f" the least of {TIMES} starts\n{os.path.join(image, 'bin', application.name)} starts it"
    )


def _megabytes(path: str) -> str:
    return f"{size(path) / 1e6:.0f} MB"


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        fail(f"package: {message}")


def arguments(given: List[str], parser: argparse.ArgumentParser) -> argparse.Namespace:
    """The options of an image, and those that the parser has already."""
    parser.add_argument("jar", metavar="APPLICATION.jar")
    parser.add_argument("-o", dest="to", metavar="DIRECTORY", help="where it is made")
    parser.add_argument(
        "--lib", metavar="DIRECTORY", help="its libraries; otherwise its Class-Path, or lib beside it"
    )
    parser.add_argument(
        "--main", metavar="CLASS", help="what is started; otherwise the manifest's Main-Class"
    )
    parser.add_argument("--app", metavar="CLASS", help="the application that Loomgate's own program serves")
    parser.add_argument("--name", help="what the start script is called; otherwise as the JAR file")
    parser.add_argument("--version", help="otherwise the manifest's, Maven's, or of the file's name")
    parser.add_argument(
        "--modules", metavar="LIST", help="the JDK's modules; otherwise those that jdeps finds"
    )
    parser.add_argument(
        "--ask", metavar="PATH", action="append", help="a path for the rehearsal, repeatable; / otherwise"
    )
    parser.add_argument("--no-rehearsal", action="store_true", help="without an archive")
    return parser.parse_args(given)


def main(given: List[str]) -> None:
    options = arguments(given, Parser("./loomgate package", allow_abbrev=False))
    application = read(options)
    image = options.to or application.name
    if os.path.exists(image):
        fail(f"{image} is there already: name a directory that isn't (-o DIRECTORY)")
    try:
        make(application, image, options.modules)
        if options.no_rehearsal:
            without_archive(application, image)
        elif not application.app:  # whose archive `./loomgate package` makes
            rehearse(image)
        print(told(application, image))
    except BaseException:
        shutil.rmtree(image, ignore_errors=True)
        raise


if __name__ == "__main__":
    main(sys.argv[1:])
