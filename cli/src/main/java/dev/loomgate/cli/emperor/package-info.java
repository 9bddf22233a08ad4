/// Several sites: an emperor starts a server of its own for each configuration file that it finds, and ends or starts
/// it
/// again as the files come, change and go ([Emperor][dev.loomgate.cli.emperor.Emperor]).
///
/// Which files there are is told by a [Monitor][dev.loomgate.cli.emperor.Monitor], one file's life by
/// [Vassal][dev.loomgate.cli.emperor.Vassal], its process by [VassalProcess][dev.loomgate.cli.emperor.VassalProcess].
/// In
/// that process [EmperorLink][dev.loomgate.cli.emperor.EmperorLink] has the other end of the
/// [messages][dev.loomgate.cli.emperor.Message]. Nothing here knows what a site is, or reads a vassal's file.
package dev.loomgate.cli.emperor;
