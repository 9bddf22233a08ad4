package dev.loomgate.toolkit.schedule;

/// What a schedule has done on this server.
///
/// @param done runs that have ended, those that failed among them
/// @param failed runs that have thrown
/// @param others runs that another server had claimed
/// @param skipped runs that weren't begun here: too late, or while the job's last one still ran here
/// @param running runs that are under way
public record ScheduleCounts(long done, long failed, long others, long skipped, int running) {}
