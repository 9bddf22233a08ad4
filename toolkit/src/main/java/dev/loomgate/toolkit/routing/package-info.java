/// Routing after Werkzeug: a [UrlMap] of [Rule]s finds the endpoint of a URL, and builds the URL of an endpoint.
///
/// No requests and no responses here: what comes in is a path and a method, what goes out is an [Outcome], or an
/// exception that is an application. What variables may be is in `converters`; how a rule is found is in `matching`.
package dev.loomgate.toolkit.routing;
