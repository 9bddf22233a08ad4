/// What several rooms need about files: whether one has changed, and why one can't be used.
package dev.loomgate.cli.files;
