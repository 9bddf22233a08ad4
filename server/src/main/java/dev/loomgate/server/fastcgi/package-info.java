/// FastCGI 1.0, as nginx's `fastcgi_pass` and Apache's mod_proxy_fcgi speak it: responders, with several requests on a
/// connection, one after the other or at once.
///
/// [FastCgiDecoder] turns bytes into events and knows which requests are open; [FastCgiConnection] has the socket and a
/// [FastCgiStream] for each request, whose life is a [SingleExchange][dev.loomgate.server.connection.SingleExchange].
///
/// Not exported.
package dev.loomgate.server.fastcgi;
