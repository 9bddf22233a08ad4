/// The role that answers requests: which worker gets a call ([Pool]), what runs in a worker and what is sent to it
/// ([WorkerTraffic]), what comes back ([ResponseFrames]). How a worker process is kept running is the supervision's,
/// what a call's microthread does is in `call`. Not exported.
package dev.loomgate.python.requests;
