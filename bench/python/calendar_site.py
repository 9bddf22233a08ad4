"""Radicale, a CalDAV server, with one event that everybody may read. It logs some lines for each request, at level `info`."""

import json
import os
import shutil

from radicale import config, log
from radicale.app import Application
from radicale.rights import BaseRights

HERE = os.path.dirname(os.path.abspath(__file__))


class Everybody(BaseRights):
    def authorization(self, user, path):
        return "RrWw"


def _calendar():
    storage = os.path.join(HERE, "../target/calendar")
    calendar = os.path.join(storage, "collection-root/bench/calendar")
    os.makedirs(calendar, exist_ok=True)
    with open(os.path.join(calendar, ".Radicale.props"), "w") as file:
        json.dump({"tag": "VCALENDAR"}, file)
    shutil.copy(os.path.join(HERE, "event.ics"), calendar)
    return storage


def _application():
    log.setup()
    configuration = config.load()
    configuration.update(
        {
            "auth": {"type": "none"},
            "rights": {"type": Everybody},
            "storage": {"filesystem_folder": _calendar()},
            "logging": {"level": "info"},
        },
        "bench",
        privileged=True,
    )
    log.set_level("info")
    return Application(configuration)


application = _application()
