/// Direct mode: worker processes take connections from the server's listening sockets and answer them themselves.
///
/// What they share with the server ([DirectMode]), what one of them does ([DirectWorker]), what it hands over
/// ([HandOvers]), what is known of the requests that the JVM hasn't seen ([Scoreboard], [RequestAges]), and what is
/// done about them ([WatchRules]). A call that was handed over is the requests' matter, like any other. Not exported.
package dev.loomgate.python.direct;
