/// Commands that the server runs by the clock: `--cron` and its kin. Which minutes are theirs is
/// [CronRule][dev.loomgate.python.CronRule]'s matter. Not exported.
package dev.loomgate.cli.cron;
