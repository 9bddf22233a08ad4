/// What Prometheus reads of a running server ([MetricsPage]), by hand in its two text formats ([Exposition]), and what
/// a load balancer asks ([HealthPages]). What is counted, and how, is elsewhere: here a
/// [LiveServer][dev.loomgate.cli.live.LiveServer] is looked at.
package dev.loomgate.cli.metrics;
