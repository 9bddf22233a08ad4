/// The server as a process of the system: which user it runs as ([RunAs][dev.loomgate.cli.process.RunAs]), the files
/// that name it and that it writes to ([PidFile][dev.loomgate.cli.process.PidFile],
/// [LogFile][dev.loomgate.cli.process.LogFile]), its start in the background
/// ([Background][dev.loomgate.cli.process.Background]) and its name; what a service manager is told of it
/// ([ServiceState][dev.loomgate.cli.process.ServiceState]), and signals below HotSpot
/// ([QuitSignal][dev.loomgate.cli.process.QuitSignal]).
///
/// [ServerProcess][dev.loomgate.cli.process.ServerProcess] does all of it in its order. What Java has no call for is in
/// `SystemCalls`. Nothing here knows an option or an application.
package dev.loomgate.cli.process;
