/// Parsers and writers of the small languages of HTTP: percent-encoding, query strings, cookies, header options,
/// dates, hosts, IRIs. Text in, values out: nothing here reads a stream, knows a request, or keeps state. Not
/// exported.
package dev.loomgate.toolkit.syntax;
