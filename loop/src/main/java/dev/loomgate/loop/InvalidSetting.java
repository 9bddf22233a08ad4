package dev.loomgate.loop;

import java.util.function.UnaryOperator;

/// A setting has a value that it can't have. The message begins with the setting's name, as the libraries have it:
/// `maxUriLength is 0, the least is 1`. A program that calls its settings otherwise, as a command line does, asks for
/// the message with its own names ([#message]).
public final class InvalidSetting extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final String setting;
    private final String problem;

    /// @param setting its name
    /// @param problem goes on from the name: `is 0, the least is 1`
    public InvalidSetting(String setting, String problem) {
        super(setting + " " + problem);
        this.setting = setting;
        this.problem = problem;
    }

    /// @param names what a setting is called
    public String message(UnaryOperator<String> names) {
        return names.apply(setting) + " " + problem;
    }
}
