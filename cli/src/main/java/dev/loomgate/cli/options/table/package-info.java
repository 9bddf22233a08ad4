/// What a row of the table of options is ([Option]), which values have been given for rows ([OptionValues]),
/// and how picocli gets its options from them ([CommandOptions]).
///
/// A default is asked of the library's record, and the range is checked there. Nothing here knows a single
/// row: they are in `rows`.
package dev.loomgate.cli.options.table;
