package dev.loomgate.cli.cron;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What is to be seen of a job that is run by the clock. It has no command, since that may have a password in it.
///
/// @param number from 1 on, in the order in which the jobs were given
/// @param schedule minute, hour, day, month and weekday, as `--cron` has them
/// @param runs how many times it has begun here
/// @param failures how many of these have failed: the command couldn't be run, or has ended with a status other
/// than 0; the request wasn't answered, or with a status from 400 on
/// @param others runs that another server had begun, where several have the job
/// @param leftOut runs that were too late when it could be said whose they are, or that couldn't be claimed
/// @param next when it is due next; null if that is never
public record CronFigures(
        int number,
        String schedule,
        long runs,
        long failures,
        long others,
        long leftOut,
        @Nullable Instant next) {}
