/// Commands that the server runs beside itself, as `--attach-daemon` and its kin ask for: started when it serves,
/// started again when they end, stopped with it or found again after it.
///
/// [Daemons][dev.loomgate.cli.daemons.Daemons] has the one thread in which all of that happens, and
/// [DaemonSettings][dev.loomgate.cli.daemons.DaemonSettings] what was asked for, with the syntax of the options'
/// values. How a process is started is in `process`. Nothing here knows the table of options.
package dev.loomgate.cli.daemons;
