/// Signals of the `uwsgi` module: numbers from 0 to 255 that a program registers handlers for, what raises them (calls,
/// timers, crons, files that change), and which process runs the handler. Nothing here knows a request, a connection
/// or how processes are kept running: a process that takes signals is
/// a [SignalReceiver][dev.loomgate.python.signals.SignalReceiver]. Not exported.
package dev.loomgate.python.signals;
