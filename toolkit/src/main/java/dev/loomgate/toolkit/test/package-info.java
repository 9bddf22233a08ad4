/// A client for tests: calls an application as a container would, without a socket.
///
/// [Client] keeps cookies and follows redirects; how a request reaches the application is behind [Transport]. No
/// test framework here.
package dev.loomgate.toolkit.test;
