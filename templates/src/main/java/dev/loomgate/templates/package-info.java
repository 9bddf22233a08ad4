/// Pages from templates: [Templates] renders them by an engine, a [View] is one page in the making, and [Page] is
/// what a template sees of the request.
///
/// Nothing here knows an engine: `jte` and `pebble` do, each in a package of its own.
package dev.loomgate.templates;
