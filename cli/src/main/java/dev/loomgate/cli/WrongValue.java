package dev.loomgate.cli;

import dev.loomgate.cli.options.OptionTable;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// Makes a usage error of a value that is out of range.
final class WrongValue {
    private WrongValue() {}

    /// @param value throws [IllegalArgumentException] if an option's value is wrong
    /// @throws ParameterException then, and it names the option
    static <T> T checked(CommandSpec command, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), OptionTable.message(e));
        }
    }
}
