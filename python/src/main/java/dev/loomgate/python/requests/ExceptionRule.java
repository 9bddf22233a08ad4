package dev.loomgate.python.requests;

import dev.loomgate.python.ReplacementOptions;
import java.util.List;
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

    /// An exception as the end of its traceback has it.
    ///
    /// @param type with its module unless that is `builtins`; empty where there is none to be found
    /// @param message may be empty, and have several lines
    private record Raised(String type, String message) {
        static Raised of(String traceback) {
            // Causes come before. What follows the type's line may be more of the message.
            Matcher found = TYPE.matcher(traceback);
            return found.find(Math.max(0, traceback.lastIndexOf(LAST_PLACE)))
                    ? new Raised(
                            found.group(1), traceback.substring(found.end()).strip())
                    : new Raised("", "");
        }

        String shortType() {
            return type.substring(type.lastIndexOf('.') + 1);
        }

        String text(String itsType) {
            return message.isEmpty() ? itsType : itsType + ": " + message;
        }
    }

    /// Returns the setting by which it is; null if it isn't.
    ///
    /// @param traceback as Python writes it
    @Nullable
    String setting(String traceback) {
        if (options.reloadOnException()) {
            return "reloadOnException";
        }
        List<String> types = options.exceptionTypes();
        List<String> messages = options.exceptionMessages();
        List<String> texts = options.exceptionTexts();
        if (types.isEmpty() && messages.isEmpty() && texts.isEmpty()) {
            return null;
        }
        Raised raised = Raised.of(traceback);
        if (types.contains(raised.type()) || types.contains(raised.shortType())) {
            return "exceptionTypes";
        }
        if (messages.contains(raised.message())) {
            return "exceptionMessages";
        }
        return texts.contains(raised.text(raised.type())) || texts.contains(raised.text(raised.shortType()))
                ? "exceptionTexts"
                : null;
    }
}
