/// What stands in a request's and a response's headers, as values: content negotiation, caching, conditions,
/// ranges, credentials. After Werkzeug's `datastructures` and `http`.
///
/// Text in, values out, and back: nothing here reads a stream or knows a request. A header that can't be read is
/// as good as none, unless a method says otherwise.
package dev.loomgate.toolkit.headers;
