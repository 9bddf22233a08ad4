"""Finds the application object: a module's, a file's, or a text's.

What can go wrong has a kind (docs/worker-protocol.md, event `failed`), so that the JVM can say it in one clear message.
"""

from __future__ import annotations

import importlib
import os
import re
import sys
import traceback
from types import ModuleType
from typing import Any, Callable, Optional

from loomgate_worker.process import log, settings
from loomgate_worker.process.modules import execute, execute_text
from loomgate_worker.process.tracebacks import describe, shortened
from loomgate_worker.tornado.recognition import is_application

Application = Callable[..., Any]

# It goes to the JVM in one frame or line, as the traceback does.
_MESSAGE_CHARACTERS = 4 * 1024


class LoadError(Exception):
    """The application can't be loaded. `trace` is the traceback's text, empty if it would say nothing more."""

    def __init__(self, kind: str, message: str, trace: str = "") -> None:
        super().__init__(message)
        self.kind = kind
        self.message = shortened(message, _MESSAGE_CHARACTERS)
        self.trace = trace


def load(module: str | None, file: str | None, name: str) -> Application:
    """The object `name` of a module (`package.module`, `package.module:name`) or of a file.

    As in uWSGI, a name that ends in `()` is a factory: it is called once, without arguments, and gives the application.
    """
    if module is not None and (module.endswith(".py") or "/" in module):
        module, file = None, module
    if module is not None:
        module, _, given = module.partition(":")
        name = given or name
        loaded = _import(module)
        where = f"the module {module!r} ({settings.name('module')})"
    elif file is not None:
        loaded = _run(file)
        where = f"the file {file!r} ({settings.name('file')})"
    else:
        raise LoadError(
            "missing_module",
            f"neither a module ({settings.name('module')}) nor a file ({settings.name('file')}) is given",
        )
    return _callable(loaded, name, where, module)


def enter(directory: str, setting: str = "directory") -> None:
    """Makes it the working directory, whatever its name stands for now. Raises `LoadError`."""
    try:
        os.chdir(directory)
    except OSError as e:
        raise LoadError(
            "import",
            f"the working directory ({settings.name(setting)}) can't be entered: {e.strerror}: {directory!r}",
        ) from None


def prepare_path(python_path: list[str], own: str | None, script: str | None = None) -> None:
    """Puts the given directories before `sys.path`, with the working directory next, as uWSGI does.

    All of them as absolute paths, since a program may change its directory. The working directory's is the one without
    links: where a link is pointed elsewhere for a reload, workers of before go on to import what belongs together.

    The directory of a `script` that is run comes then, as it does for Python's own. `own` is where this package was imported from: it goes last, so that nothing in it can hide an application's module.
    """
    try:
        here = os.getcwd()
    except OSError as e:
        raise LoadError(
            "import",
            f"the working directory isn't there any more ({settings.name('directory')} names another): {e.strerror}",
        ) from None
    rest = [entry for entry in sys.path if entry not in ("", own)]
    if script is not None:
        rest.insert(0, os.path.dirname(os.path.realpath(script)))
    sys.path[:] = [os.path.abspath(entry) for entry in python_path] + [here] + rest + ([own] if own else [])


def load_paste(config: str, name: Optional[str], loggers: bool) -> Application:
    """What `paste.deploy.loadapp` makes of `config:/path.ini`, `config:/path.ini#name` or `egg:package`; with its loggers set up first,
    if that is wanted."""
    path = config[len("config:") :].partition("#")[0]
    if loggers and config.startswith("config:"):
        try:
            importlib.import_module("logging.config").fileConfig(path)
        except Exception as e:
            # As in uWSGI: the program goes on without.
            said = traceback.format_exception_only(type(e), e)[-1].strip()
            log.say(f"loomgate: {settings.name('pasteLoggers')}: {path!r} sets up no loggers: {said}")
    try:
        deploy = importlib.import_module("paste.deploy")
    except ImportError as e:
        raise LoadError(
            "import",
            f"{settings.name('paste')} needs the package PasteDeploy, which {sys.executable} doesn't have ({e}): pip install"
            " PasteDeploy, or Debian's python3-pastedeploy",
        ) from None
    try:
        application: Any = deploy.loadapp(config, name=name)
    except BaseException as e:
        raise _broken(repr(config), e) from e
    if not callable(application):
        raise LoadError(
            "not_callable", f"{config!r} is a {type(application).__name__}, which can't be called"
        )
    found: Application = application
    return found


def load_code(code: str, name: str) -> Application:
    """The object `name` of a source text, which is run as the module that uWSGI makes of it."""
    where = f"the code ({settings.name('code')})"
    try:
        module = execute_text("uwsgi_eval_config", code)
    except BaseException as e:
        raise _broken(where, e) from e
    return _callable(module, name, where, None)


def import_beside(name: str) -> None:
    """Imports a module, or runs a file, for what that does. Raises `LoadError`."""
    try:
        if name.endswith(".py") or "/" in name:
            # Named as uWSGI names it.
            execute(re.sub(r"[./]", "_", re.sub(r"\.py$", "", name)), os.path.abspath(name))
        else:
            importlib.import_module(name)
    except BaseException as e:
        raise _broken(repr(name), e) from e


def _import(module: str) -> ModuleType:
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as e:
        if e.name is not None and (module == e.name or module.startswith(e.name + ".")):
            # It says more of a module in a package: whether that is missing as well, or is none.
            more = "" if str(e) == f"No module named {module!r}" else f": {e}"
            raise LoadError(
                "missing_module",
                f"there is no module {module!r} ({settings.name('module')}){more}; looked in: {_path()}",
            ) from None
        raise _broken(f"the module {module!r}", e) from e
    except BaseException as e:
        raise _broken(f"the module {module!r}", e) from e


def _run(file: str) -> ModuleType:
    path = os.path.abspath(file)
    if not os.path.isfile(path):
        raise LoadError(
            "missing_module",
            f"there is no file {file!r} ({settings.name('file')}); it was looked for as {path}",
        )
    # uWSGI's name for such a module, so that a pickle made there can be read here.
    name = "uwsgi_file_" + re.sub(r"[./\\-]", "_", re.sub(r"\.\w+$", "", file))
    try:
        return execute(name, path)
    except BaseException as e:
        raise _broken(f"the file {file!r}", e) from e


def _callable(module: ModuleType, name: str, where: str, given: str | None) -> Application:
    """`given` is the module's name as it was given, or None for a file."""
    factory = name.endswith("()")
    found: Any = module
    for part in name[: -2 if factory else None].split("."):
        try:
            found = getattr(found, part)
        except AttributeError:
            raise LoadError(
                "missing_callable", f"{where} has no {name!r} {_other_callables(module, given)}"
            ) from None
    if factory:
        try:
            found = found()
        except BaseException as e:
            raise _broken(f"{name} of {where}", e) from e
    # A router of Tornado's isn't called.
    if not callable(found) and not is_application(found):
        raise LoadError(
            "not_callable", f"{name!r} of {where} is a {type(found).__name__}, which can't be called"
        )
    application: Application = found
    return application


def _other_callables(module: ModuleType, given: str | None) -> str:
    """How to name another one, those that there are, and the one that is probably meant."""
    option = settings.name("callable")
    said = f"({option})" if given is None else f"({option}, or MODULE:CALLABLE)"
    there = {n: v for n, v in vars(module).items() if callable(v) and not n.startswith("_")}
    if there:
        said += f"; callable there: {', '.join(sorted(there)[:12])}"
    likely = [n for n, v in there.items() if n == "app" or _looks_like_an_application(v)]
    if len(likely) == 1:
        said += f"; try {option} {likely[0]}" if given is None else f"; try {given}:{likely[0]}"
    return said


def _looks_like_an_application(found: Any) -> bool:
    """Whether it is an instance as Flask and others have it."""
    try:
        return not isinstance(found, type) and hasattr(found, "wsgi_app")
    except Exception:
        # A proxy, such as flask.request, fails outside of a request.
        return False


def _broken(what: str, e: BaseException) -> LoadError:
    said = traceback.format_exception_only(type(e), e)[-1].strip()
    return LoadError("import", f"{what} can't be imported: {said}", describe(e))


def _path() -> str:
    """Where an application's modules may be: `sys.path` without the standard library, archives, and this package."""
    try:
        here = os.getcwd()
    except OSError:
        # The program has removed it.
        here = "."
    own = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))
    standard = os.path.dirname(os.__file__)
    left_out = (own, standard, os.path.join(standard, "lib-dynload"))
    entries = [str(entry) or here for entry in sys.path]
    shown = [e for e in entries if e not in left_out and not e.endswith(".zip") and not os.path.isfile(e)]
    return ", ".join(dict.fromkeys(shown))
