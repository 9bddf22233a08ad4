/// Routing after Werkzeug: a [UrlMap] of [Rule]s finds the endpoint of a URL, and builds the URL of an endpoint.
///
/// A rule's text is cut into parts at its slashes; the parts of all rules make a tree of [State]s (which grow as
/// [Branch]es), which one [Search] walks for each request. No requests and no responses here: what comes in is a path
/// and a method, what goes out is an [Outcome], or an exception that is an application.
package dev.loomgate.toolkit.routing;
