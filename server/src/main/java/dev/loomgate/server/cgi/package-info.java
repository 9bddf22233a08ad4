/// A request as CGI variables (RFC 3875, PEP 3333), for every protocol that brings them: uwsgi, SCGI and FastCGI.
///
/// [VariableBlock][dev.loomgate.server.cgi.VariableBlock] reads a block of variables and refuses what no request may
/// have, [CgiRequest][dev.loomgate.server.cgi.CgiRequest] is what it has read, and
/// [CgiVariables][dev.loomgate.server.cgi.CgiVariables] shows that as an environ's variables. The block has uwsgi's
/// layout; a protocol with another one copies its variables into it
/// ([BlockBuilder][dev.loomgate.server.cgi.BlockBuilder]).
/// Everything here is pure: no channel, no event
/// loop, no clock and no log; and nothing names the protocol that brought the variables.
///
/// Not exported.
package dev.loomgate.server.cgi;
