package dev.loomgate.python.snapshot;

/// A process that answers no requests, at a moment: those that have had its number one after the other, and the
/// one that has it now.
///
/// @param role what one is called: `mule`, `spooler`
/// @param number from 1 on, among those of its role
/// @param pid of the process that is at work; 0 where there is none
/// @param isBusy whether that is at a task
/// @param spawns how many processes there have been
/// @param done tasks that they have done; of spoolers only
/// @param failed tasks that are tried again, since they have failed or the process has ended; of spoolers only
public record BackgroundSnapshot(
        String role, int number, long pid, boolean isBusy, int spawns, long done, long failed) {}
