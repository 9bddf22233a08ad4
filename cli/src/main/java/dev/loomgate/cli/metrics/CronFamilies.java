package dev.loomgate.cli.metrics;

import dev.loomgate.cli.cron.CronFigures;
import java.time.Instant;
import java.util.List;

/// Metrics of commands and requests by the clock.
final class CronFamilies {
    private static final double MILLIS = 1e3;

    private CronFamilies() {}

    static void write(List<CronFigures> jobs, Exposition page) {
        page.counter("loomgate_cron_runs_total", "How many times a job of --cron has begun.");
        jobs.forEach(job -> page.value(labels(job), job.runs()));
        page.counter("loomgate_cron_failures_total", "How many of these runs have come to nothing.");
        jobs.forEach(job -> page.value(labels(job), job.failures()));
        page.counter("loomgate_cron_others_total", "How many runs another server has begun (--shared-crons).");
        jobs.forEach(job -> page.value(labels(job), job.others()));
        page.counter("loomgate_cron_left_out_total", "How many runs nobody could say in time whose they are.");
        jobs.forEach(job -> page.value(labels(job), job.leftOut()));
        page.gauge("loomgate_cron_next_run_timestamp_seconds", "When the job is due next.");
        for (CronFigures job : jobs) {
            Instant next = job.next();
            if (next != null) {
                page.value(labels(job), next.toEpochMilli() / MILLIS);
            }
        }
    }

    private static Labels labels(CronFigures job) {
        return Labels.of("job_number", job.number()).and("schedule", job.schedule());
    }
}
