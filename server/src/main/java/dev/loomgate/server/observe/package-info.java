/// What is told of each request at its begin and its end.
///
/// [RequestObserver][dev.loomgate.server.observe.RequestObserver] is the seam; the
/// [AccessLog][dev.loomgate.server.observe.AccessLog] is the first observer. Observers run on the loop's side and
/// change nothing: a request doesn't know that it is observed.
///
/// Not exported.
package dev.loomgate.server.observe;
