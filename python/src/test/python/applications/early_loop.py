"""As programs of 2014 to 2019 do: takes the event loop in the import."""

import asyncio

loop = asyncio.get_event_loop()


def application(environ, start_response):
    start_response("200 OK", [])
    return [repr(asyncio.get_running_loop() is loop).encode()]
