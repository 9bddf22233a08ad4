package dev.loomgate.loop.settings;

import java.time.Duration;
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

    /// @throws InvalidSetting if the value is less than `least`
    public static void requireAtLeast(long least, String setting, long value) {
        if (value < least) {
            throw new InvalidSetting(setting, "is " + value + ", the least is " + least);
        }
    }

    /// @throws InvalidSetting if the value is more than `most`
    public static void requireAtMost(long most, String setting, long value) {
        if (value > most) {
            throw new InvalidSetting(setting, "is " + value + ", the most is " + most);
        }
    }

    /// @throws InvalidSetting if the value is less than `least` or more than `most`
    public static void requireBetween(long least, long most, String setting, long value) {
        if (value < least || value > most) {
            throw new InvalidSetting(setting, "is " + value + ", it must be in " + least + " to " + most);
        }
    }

    /// @throws InvalidSetting if the value is negative
    public static void requireNotNegative(String setting, long value) {
        if (value < 0) {
            throw negative(setting, value);
        }
    }

    /// @throws InvalidSetting if the value is negative
    public static void requireNotNegative(String setting, Duration value) {
        if (value.isNegative()) {
            throw negative(setting, TimeText.of(value));
        }
    }

    private static InvalidSetting negative(String setting, Object value) {
        return new InvalidSetting(setting, "is " + value + ", it can't be negative");
    }

    /// @throws InvalidSetting if the value is negative or zero
    public static void requirePositive(String setting, Duration value) {
        if (!value.isPositive()) {
            throw new InvalidSetting(setting, "is " + TimeText.of(value) + ", it must be more than zero");
        }
    }

    /// @param names what a setting is called
    public String message(UnaryOperator<String> names) {
        return names.apply(setting) + " " + problem;
    }
}
