"""An import that prints, starts a thread and a process, and leaves an atexit handler."""

import atexit
import subprocess
import sys
import threading

print("printed in the import")
print("said in the import", file=sys.stderr)
threading.Thread(target=threading.Event().wait, daemon=True, name="a-thread").start()
subprocess.Popen(["true"])
atexit.register(print, "atexit ran")


def application(environ, start_response):
    start_response("200 OK", [])
    return [b"chatty"]
