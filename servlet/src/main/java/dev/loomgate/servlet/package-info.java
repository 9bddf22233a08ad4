/// Servlets as a gateway application. Jetty's own connectors, thread pools and protocols have no place here: a request
/// comes as an environ and is answered by a body.
package dev.loomgate.servlet;
