/// The values of options: how each kind is written ([ValueType]), which of them are allowed ([Range]), and
/// what the command line names: applications, mounts, directories of files.
///
/// The small languages of times, sizes and modes are classes that end in `Text`. Nothing here knows an option,
/// apart from the names in the messages of [Mount] and [StaticMap].
package dev.loomgate.cli.options.values;
