/// What several rooms need about files: whether one has changed, why one can't be used, and a log's backup.
package dev.loomgate.cli.files;
