/// What is replaced in configuration files: magic variables ([Magic]), `$(...)`, `@(...)` and `%(...)`
/// ([Placeholders]), and patterns of file names ([Glob]). Nothing here knows an option.
package dev.loomgate.cli.config.expansion;
