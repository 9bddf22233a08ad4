package dev.loomgate.python.requests;

import dev.loomgate.python.ReplacementOptions;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Whether a worker is replaced because its program has raised an exception. Pure.
final class ExceptionRule {
    private static final String LAST_PLACE = "\n  File \"";
    private static final Pattern TYPE = Pattern.compile("^([\\w.]+)(?::|$)", Pattern.MULTILINE);

    private final ReplacementOptions options;

    ExceptionRule(ReplacementOptions options) {
        this.options = options;
    }

    /// Returns the setting by which it is; null if it isn't.
    ///
    /// @param traceback as Python writes it
    @Nullable
    String setting(String traceback) {
        if (options.reloadOnException()) {
            return "reloadOnException";
        }
        if (options.exceptionTypes().isEmpty()) {
            return null;
        }
        String type = type(traceback);
        boolean named = options.exceptionTypes().contains(type)
                || options.exceptionTypes().contains(type.substring(type.lastIndexOf('.') + 1));
        return named ? "exceptionTypes" : null;
    }

    /// The type of the exception, with its module unless that is `builtins`; empty where there is none to be found.
    private static String type(String traceback) {
        // Causes come before. What follows the type's line may be more of the message.
        Matcher found = TYPE.matcher(traceback);
        return found.find(Math.max(0, traceback.lastIndexOf(LAST_PLACE))) ? found.group(1) : "";
    }
}
