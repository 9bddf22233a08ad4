/// The dashboard: a page in the browser that shows, live, what the server does, and lets an operator
/// end it. An application of the toolkit's, with one loop of its own; each part of the page is a
/// [dev.loomgate.cli.dashboard.Panel] and a module of JavaScript.
///
/// Not here: how anything is counted or found. Panels look at `live` alone.
package dev.loomgate.cli.dashboard;
