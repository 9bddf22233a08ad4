"""Runs a site, and prints what is to be seen of it from outside.

In namespaces of its own for mounts, processes and the network (unshare), as root: there files and users are made without a trace
on the system, and a program that says what it finds takes the place of a site's own.

observed_site.py SPECIFICATION.json COMMAND...: prints JSON; what the server says goes to stderr. The specification:

    scratch    an empty directory
    packages   Debian packages to be unpacked over the system's files
    files      a directory whose files go over the system's files; null for none
    users      to be made, where they aren't there
    owned      paths, and whose they are to be; directories are made
    program    where the program goes that says what it finds; null where the files have one
    as         the user who starts the server; null for root
    asked      addresses that are asked, HOST:PORT or a unix socket's path, and "http" or "uwsgi"
    seen       paths whose owner and mode are told
    awaited    files that the site makes, whose text is told
    stop       the signal that ends it
"""

import grp
import json
import os
import pwd
import shutil
import signal
import socket
import stat
import struct
import subprocess
import sys
import time

DEADLINE = 60

PROGRAM = r'''
import grp, os, pwd, sys

def application(environ, start_response):
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    umask = os.umask(0)
    os.umask(umask)
    found = {
        "user": pwd.getpwuid(os.getuid()).pw_name,
        "group": grp.getgrgid(os.getgid()).gr_name,
        "directory": os.getcwd(),
        "umask": oct(umask),
        "flags": (sys.flags.optimize,),
        "body": body.decode(),
        # A variable that is empty may be left out.
        "environ": [(name, environ.get(name) or "") for name in (
            "REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "CONTENT_LENGTH", "SERVER_PROTOCOL", "REMOTE_USER",
            "wsgi.multithread", "wsgi.multiprocess", "wsgi.url_scheme")],
        "variables": sorted((name, value) for name, value in os.environ.items()
            if name.startswith(("TRYTON", "XANDIKOS", "CURRENT_", "AUTOCREATE", "BEPASTY", "PYTHONOPT"))),
    }
    text = repr(sorted(found.items())).encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(text))), ("X-Own", "1")])
    return [text]

app = application
'''

def run(*command):
    subprocess.run(command, check=True)


def put(path, text, mode=0o755):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)
    os.chmod(path, mode)


def prepare(site):
    scratch = site["scratch"]
    run("mount", "--make-rprivate", "/")
    run("mount", "-t", "tmpfs", "tmpfs", scratch)
    for name in "usr", "etc", "var", "run", "srv", "home":
        upper, work = (os.path.join(scratch, kind, name) for kind in ("upper", "work"))
        os.makedirs(upper)
        os.makedirs(work)
        run("mount", "-t", "overlay", "overlay", "-o", f"lowerdir=/{name},upperdir={upper},workdir={work}", f"/{name}")
    run("ip", "link", "set", "lo", "up")
    for number, user in enumerate(site["users"]):
        if user not in (each.pw_name for each in pwd.getpwall()):
            with open("/etc/passwd", "a") as users, open("/etc/group", "a") as groups:
                users.write(f"{user}:x:{7000 + number}:{7000 + number}::/nonexistent:/usr/sbin/nologin\n")
                groups.write(f"{user}:x:{7000 + number}:\n")
    unpacked = os.path.join(scratch, "package")
    for package in site["packages"]:
        run("dpkg-deb", "-x", package, unpacked)
    for directory in unpacked, site["files"]:
        if directory and os.path.isdir(directory):
            for name in os.listdir(directory):
                # /lib is a link to /usr/lib.
                to = os.path.realpath("/" + name)
                shutil.copytree(os.path.join(directory, name), to, symlinks=True, dirs_exist_ok=True)
    if site["program"]:
        put(site["program"], PROGRAM)
    for path, user in site["owned"].items():
        if not os.path.exists(path):
            os.makedirs(path)
        run("chown", "-R", f"{user}:{user}", path)
        run("chmod", "-R", "g+w", path)


def connect(address):
    if address.startswith("/"):
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(DEADLINE)
        client.connect(address)
        return client
    host, port = address.rpartition(":")[::2]
    return socket.create_connection((host, int(port)), DEADLINE)


def await_listening(server, address):
    end = time.monotonic() + DEADLINE
    while True:
        try:
            connect(address).close()
            return
        except OSError:
            if server.poll() is not None or time.monotonic() > end:
                raise
            time.sleep(0.02)


def packet():
    variables = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/a b",
        "QUERY_STRING": "q=1",
        "REQUEST_URI": "/a%20b?q=1",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": "5",
        "HTTP_HOST": "localhost",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
    }
    words = [word.encode() for pair in variables.items() for word in pair]
    block = b"".join(struct.pack("<H", len(word)) + word for word in words)
    return struct.pack("<BHB", 0, len(block), 0) + block + b"hello"


HTTP = b"POST /a%20b?q=1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 5\r\n"
AUTHORIZATION = b"Authorization: Basic dXNlcjE6cGFzc3dvcmQx\r\n"


def ask(address, request):
    with connect(address) as client:
        client.sendall(request)
        answer = b""
        while chunk := client.recv(65536):
            answer += chunk
    head, _, body = answer.decode().partition("\r\n\r\n")
    status, *fields = head.split("\r\n")
    # What a server may say of its own: how long the connection stays and the body is.
    own = "connection: close", f"content-length: {len(body.encode())}", "date:", "server:"
    kept = sorted(field for field in fields if not field.lower().startswith(own))
    if status.startswith("HTTP/1.1 401"):
        return {"status": status, "fields": [field for field in kept if field.startswith("WWW-Authenticate")]}
    return {"status": status, "fields": kept, "body": body}


def listening():
    found = subprocess.run(["ss", "-Hltn"], capture_output=True, text=True, check=True).stdout
    return sorted({line.split()[3] for line in found.splitlines()})


def owner(path):
    seen = os.stat(path)
    kind = "socket" if stat.S_ISSOCK(seen.st_mode) else "file"
    return f"{kind} {seen.st_mode & 0o777:o} {pwd.getpwuid(seen.st_uid).pw_name} {grp.getgrgid(seen.st_gid).gr_name}"


def processes():
    """Users of what runs here, and how many commands beside the server."""
    users, commands = set(), 0
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline") as file:
                command = file.read().split("\0")
            if int(pid) != os.getpid() and any(command):
                users.add(pwd.getpwuid(os.stat(f"/proc/{pid}").st_uid).pw_name)
                commands += any(each in command[1:3] for each in ("beside.py", "manage.py", "celery"))
        except FileNotFoundError:
            pass
    return {"users": sorted(users), "commands": commands}


def await_all_processes():
    """uWSGI's master forks its workers one after the other, and forgets a signal that comes meanwhile."""
    end = time.monotonic() + DEADLINE
    before, same = None, 0
    while same < 10 and time.monotonic() < end:
        now = sorted(filter(str.isdigit, os.listdir("/proc")))
        before, same = now, same + 1 if now == before else 0
        time.sleep(0.05)


def await_file(path):
    end = time.monotonic() + DEADLINE
    while not os.path.exists(path) or not os.path.getsize(path):
        if time.monotonic() > end:
            raise TimeoutError(path)
        time.sleep(0.02)
    with open(path) as file:
        return file.read()


def observe(server, site):
    for address in site["asked"]:
        await_listening(server, address)
    answers = {}
    for address, protocol in site["asked"].items():
        answers[address] = ask(address, HTTP + b"\r\nhello" if protocol == "http" else packet())
        if answers[address]["status"].startswith("HTTP/1.1 401"):
            answers[address + " authorized"] = ask(address, HTTP + AUTHORIZATION + b"\r\nhello")
    made = {path: await_file(path) for path in site["awaited"]}
    await_all_processes()
    seen = {path: owner(path) if os.path.exists(path) else None for path in site["seen"]}
    return {"listening": listening(), "answers": answers, "processes": processes(), "seen": seen, "made": made}


def main():
    with open(sys.argv[1]) as file:
        site = json.load(file)
    prepare(site)
    command = sys.argv[2:]
    if site["as"]:
        user = site["as"]
        command = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", *command]
    with open(os.path.join(site["scratch"], "said"), "w+") as said:
        server = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        try:
            found = observe(server, site)
            server.send_signal(getattr(signal, "SIG" + site["stop"]))
            found["exit status"] = server.wait(DEADLINE)
            found["left"] = {path: os.path.exists(path) for path in site["seen"]}
            print(json.dumps(found, indent=1))
        finally:
            server.kill()
            said.seek(0)
            sys.stderr.write(said.read())


main()
