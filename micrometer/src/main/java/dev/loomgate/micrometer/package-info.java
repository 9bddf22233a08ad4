/// What Micrometer is told: [RequestTimers][dev.loomgate.micrometer.RequestTimers] time requests,
/// [ServerMeters][dev.loomgate.micrometer.ServerMeters] and [WorkerMeters][dev.loomgate.micrometer.WorkerMeters] look
/// at what runs when a registry asks. The registry, and where it sends its meters, is the embedder's.
package dev.loomgate.micrometer;
