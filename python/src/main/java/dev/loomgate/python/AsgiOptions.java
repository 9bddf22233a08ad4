package dev.loomgate.python;

import dev.loomgate.loop.settings.InvalidSetting;

/// How a program is called, by WSGI or by ASGI, and what the workers of an ASGI application run on.
///
/// @param called by what the program is taken to be
/// @param loop the event loop of its workers
/// @param requests that may run at once in a worker, 1 to 65,536; for an ASGI application, instead of what the
/// [mode][WorkerMode] says
public record AsgiOptions(Interface called, EventLoop loop, int requests) {
    private static final int MOST = 65_536;
    private static final int USUAL = 10_000;

    /// What a program is.
    public enum Interface {
        /// ASGI if it is a coroutine function of three parameters, or an object whose `__call__` is one; otherwise
        /// WSGI.
        AUTO,
        /// PEP 3333.
        WSGI,
        /// ASGI 3, or 2 if it takes one parameter.
        ASGI
    }

    /// An asyncio event loop.
    public enum EventLoop {
        /// uvloop's if it can be imported, otherwise asyncio's.
        AUTO,
        /// asyncio's own.
        ASYNCIO,
        /// uvloop's; a worker can't start without it.
        UVLOOP
    }

    /// @throws IllegalArgumentException if the number is out of range; the message names it
    public AsgiOptions {
        InvalidSetting.requireBetween(1, MOST, "asgiRequests", requests);
    }

    /// What is taken where nothing else is said.
    public static AsgiOptions defaults() {
        return new AsgiOptions(Interface.AUTO, EventLoop.AUTO, USUAL);
    }
}
