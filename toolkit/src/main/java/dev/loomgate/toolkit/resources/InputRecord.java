package dev.loomgate.toolkit.resources;

import dev.loomgate.toolkit.Request;

/// A record that is made from what a client has sent besides the path.
interface InputRecord {
    /// The record of a request.
    ///
    /// @throws dev.loomgate.toolkit.exceptions.HttpException if the request has none; the message says why
    Object read(Request request);
}
