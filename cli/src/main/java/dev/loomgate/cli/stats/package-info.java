/// Statistics of a running server as uWSGI gives them: what is asked of the server and its programs, the document that
/// tools such as uwsgitop read, the metrics that are sent to others, and where both go.
package dev.loomgate.cli.stats;
