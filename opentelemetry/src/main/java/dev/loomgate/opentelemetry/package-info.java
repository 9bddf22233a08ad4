/// What OpenTelemetry is told of requests: [Tracing][dev.loomgate.opentelemetry.Tracing] makes spans,
/// [RequestDuration][dev.loomgate.opentelemetry.RequestDuration] measures. Names are those of the semantic
/// conventions for HTTP, version 1.23 and later (stable). An SDK, exporters and their settings are the embedder's.
package dev.loomgate.opentelemetry;
