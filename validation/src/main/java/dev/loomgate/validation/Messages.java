package dev.loomgate.validation;

import jakarta.validation.MessageInterpolator;
import java.util.Locale;
import java.util.function.Supplier;

/// Puts messages into the language of the request that is validated, and only as many as are told: a list of a
/// hundred thousand wrong elements has as many violations, and to make their messages takes most of the time.
final class Messages implements MessageInterpolator {
    /// The message of a violation that isn't told.
    static final String UNTOLD = "";

    private static final int MOST = 20;

    private static final ScopedValue<Wanted> WANTED = ScopedValue.newInstance();

    private final MessageInterpolator library;

    /// @param library what makes the messages
    Messages(MessageInterpolator library) {
        this.library = library;
    }

    /// The messages that one request may still have. It is validated by one thread.
    private static final class Wanted {
        private final Locale locale;
        private int left = MOST;

        Wanted(Locale locale) {
            this.locale = locale;
        }
    }

    /// Validates with messages in one language.
    static <T> T in(Locale locale, Supplier<T> validation) {
        return ScopedValue.where(WANTED, new Wanted(locale)).call(validation::get);
    }

    @Override
    public String interpolate(String template, Context context) {
        Wanted wanted = WANTED.get();
        return wanted.left-- > 0 ? library.interpolate(template, context, wanted.locale) : UNTOLD;
    }

    @Override
    public String interpolate(String template, Context context, Locale locale) {
        return library.interpolate(template, context, locale);
    }
}
