/// Several sites: an emperor starts a server of its own for each configuration file that it finds, and ends
/// or starts it again as the files come, change and go ([Emperor][dev.loomgate.cli.emperor.Emperor]).
///
/// | in the emperor | in the process that runs a site | |
/// |---|---|---|
/// | `Monitor`, `VassalFile` | | which files there are |
/// | `Vassal` | | one file's life |
/// | `VassalProcess` | `EmperorLink` | the connection of the two, for each site (`Message`) |
/// | `SharedProcesses`, `SharedProcess` | `VassalThreads` | a process that runs several (`SharedMessage`) |
///
/// Nothing here knows what a site is, or reads a vassal's file.
package dev.loomgate.cli.emperor;
