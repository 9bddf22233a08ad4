/// What is read from configuration files: entries, where they stand, and what is wrong with them. Values alone.
package dev.loomgate.cli.config.entries;
