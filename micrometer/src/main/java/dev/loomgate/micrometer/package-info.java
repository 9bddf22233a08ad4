/// What Micrometer is told: [RequestTimers][dev.loomgate.micrometer.RequestTimers] time requests, and meters of a
/// [server][dev.loomgate.micrometer.ServerMeters], its [workers][dev.loomgate.micrometer.WorkerMeters], a
/// [queue][dev.loomgate.micrometer.QueueMeters], a [spooler][dev.loomgate.micrometer.SpoolerMeters] and a
/// [schedule][dev.loomgate.micrometer.ScheduleMeters] look at what runs when a registry asks. None waits without a
/// bound. The registry, and where it sends its meters, is the embedder's.
package dev.loomgate.micrometer;
