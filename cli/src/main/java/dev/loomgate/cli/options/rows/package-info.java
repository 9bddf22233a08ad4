/// The rows of the table of options: a class for each section ([LimitOptions] for instance), which also says
/// what the values given for its rows ask for.
///
/// A row knows no other section's rows; what needs the whole table, such as the names of settings in messages,
/// is a parameter here. Options that uWSGI alone has are in `uwsgi`.
package dev.loomgate.cli.options.rows;
