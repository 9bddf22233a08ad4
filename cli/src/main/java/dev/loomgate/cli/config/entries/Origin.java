package dev.loomgate.cli.config.entries;

/// Where an entry was given: a line of a file, the command line, or the environment.
///
/// @param place the file as it was named, or in words where it is none
/// @param line of a file, from 1; 0 where there is none. Of the command line, which of its options it is, from 0
/// @param isFile whether the place is a file
public record Origin(String place, int line, boolean isFile) {
    private static final String COMMAND_LINE = "command line";

    /// The file as a whole has line 0.
    public static Origin file(String name, int line) {
        return new Origin(name, line, true);
    }

    /// @param option which of its options, from 0
    public static Origin commandLine(int option) {
        return new Origin(COMMAND_LINE, option, false);
    }

    /// A variable of the environment.
    public static Origin environment(String variable) {
        return new Origin(variable, 0, false);
    }

    public boolean isCommandLine() {
        return !isFile && place.equals(COMMAND_LINE);
    }

    /// `site.ini:12`, `command line`, `UWSGI_PROCESSES`.
    @Override
    public String toString() {
        return isFile && line > 0 ? place + ":" + line : place;
    }
}
