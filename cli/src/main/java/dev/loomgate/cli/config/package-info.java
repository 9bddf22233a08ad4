/// Configuration files as uWSGI 2.0 reads them: ini, YAML, JSON and XML.
///
/// [ConfigurationReader] gets entries one after the other, from the environment, the command line and files. Some act
/// at once: a file that is named is read there and then, `for` and `if-...` begin a block, `set` adds an entry. At the
/// end `$(...)`, `@(...)` and `%(...)` are replaced in all others, and what results is a [Configuration].
///
/// Which names are options is asked of [KnownOptions]. What an option does, and whether its value is right, isn't known
/// here: `arguments` makes a command line of the entries.
package dev.loomgate.cli.config;
