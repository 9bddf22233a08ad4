/// The real programs that a server meets, started and ended by tests.
///
/// [Nginx][dev.loomgate.testkit.peers.Nginx], [Uwsgi][dev.loomgate.testkit.peers.Uwsgi],
/// [Gunicorn][dev.loomgate.testkit.peers.Gunicorn] and [Python][dev.loomgate.testkit.peers.Python] are Debian's
/// packages; a virtual environment can bring others. The Python programs that they run are the resources in
/// `dev/loomgate/testkit/programs`. No imitation of a program belongs here, except
/// [PacketRecorder][dev.loomgate.testkit.peers.PacketRecorder], which shows what nginx really sends.
package dev.loomgate.testkit.peers;
