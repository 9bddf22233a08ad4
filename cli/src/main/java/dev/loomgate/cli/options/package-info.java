/// The one table of options, and what is made from it.
///
/// A row is an [Option]; each section has a class of rows ([LimitOptions] for instance), and [Section] has them in
/// order. [UwsgiOptions] has the rows that are uWSGI's alone. A default is asked of the library's record, and
/// the range is checked there; messages name settings as the table does ([OptionTable]).
///
/// From the table come picocli's options ([CommandOptions]), the list in `--help` ([OptionSections]), and
/// `docs/options.md` (a test writes it). [ServeOptions] and [SiteOptions] say what the given values ask for. The small
/// languages of values, times, sizes, modes, are classes that end in `Text`.
///
/// No server is started here, and no file is read.
package dev.loomgate.cli.options;
