/// What uWSGI has and this server does not do: options that are accepted and do nothing, and options that are
/// refused, with what to do instead ([OtherOptions]).
///
/// Options that both have are rows like all others, in `rows`. Nothing here knows one: `UwsgiOptionList` does.
package dev.loomgate.cli.options.uwsgi;
