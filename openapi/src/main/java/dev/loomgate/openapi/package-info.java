/// OpenAPI 3.1 from an application's rules, resources and records: [OpenApi][dev.loomgate.openapi.OpenApi] is the door.
///
/// A `Document` is put together of `Paths`, `Answers` and `Schemas`, which are pure: types in, JSON's
/// maps and lists out. How a request is answered isn't seen here: that is the toolkit's
/// [Operation][dev.loomgate.toolkit.resources.Operation].
package dev.loomgate.openapi;
