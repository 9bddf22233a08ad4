/// All options together, and what the given values ask for: what the command line sees of them.
///
/// [Section] has the rows in order, [OptionTable] names the settings that they set, and [UwsgiOptionList] has uWSGI's
/// options with what becomes of each. [ServeOptions] and [SiteOptions] add them to a command and read
/// what was given; [OptionSections] writes the list in `--help`, and a test
/// `docs/options.md`.
///
/// The rows are in `rows`, uWSGI's own in `uwsgi`. What a row is, is in `table`; what its value is, in
/// `values`. No server is started here, and no file is read.
package dev.loomgate.cli.options;
