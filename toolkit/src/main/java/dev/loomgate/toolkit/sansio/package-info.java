/// Parsers and writers of the wire's small languages: percent-encoding, query strings, cookies, header options,
/// dates, hosts, IRIs. Text in, values out: nothing here reads a stream, knows a request, or keeps state. Not
/// exported.
package dev.loomgate.toolkit.sansio;
