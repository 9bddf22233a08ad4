package dev.loomgate.cli.options.table;

import dev.loomgate.cli.options.values.Range;
import dev.loomgate.cli.options.values.ValueType;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One option, said once: its names, what it takes, its default, its range, what it means, the setting of the libraries
/// that it sets, and what uWSGI has under its name.
///
/// The command line, `--help`, `docs/options.md` and the names in messages are made from it. Immutable; an option is
/// equal to itself alone.
///
/// ```java
/// static final Option<Integer> MAX_URI = Option.value(ValueType.SIZE, "--max-uri")
///         .sets(DEFAULTS, Limits.Builder.class, "maxUriLength", Limits::maxUriLength, Limits.Builder::maxUriLength)
///         .range(Range.atLeast(1))
///         .past("414")
///         .says("the request target");
/// ```
///
/// @param <T> its value's type
public final class Option<T> {
    /// What an option that uWSGI has, too, says of it ([#inUwsgi]).
    public static final String SAME = "same";

    /// What follows the name.
    public enum Takes {
        /// It is on or off.
        NOTHING,
        /// A value, which may be left out.
        PERHAPS_A_VALUE,
        /// A value, always.
        A_VALUE,
        /// A value each time; the option may be repeated.
        VALUES,
        /// The same, and a value may be left out.
        PERHAPS_VALUES
    }

    private record Target<B, T>(Class<B> builder, BiConsumer<B, T> setter) {}

    private final List<String> names;
    private final Takes takes;
    private final ValueType<?> type;
    private final String label;
    private final @Nullable String valueIfLeftOut;
    private final @Nullable String separator;
    private final Map<String, String> settings;
    private final @Nullable Target<?, T> target;
    private final @Nullable T standard;
    private final @Nullable String standardText;
    private final @Nullable Range<?> range;
    private final String past;
    private final String inUwsgi;
    private final boolean ofProcess;
    private final String text;

    private Option(Builder<T> builder, String text) {
        names = builder.names;
        takes = builder.takes;
        type = builder.type;
        label = builder.label;
        valueIfLeftOut = builder.valueIfLeftOut;
        separator = builder.separator;
        settings = Collections.unmodifiableMap(builder.settings);
        target = builder.target;
        standard = builder.standard;
        standardText = builder.standardText;
        range = builder.range;
        past = builder.past;
        inUwsgi = builder.inUwsgi;
        ofProcess = builder.ofProcess;
        this.text = text;
    }

    /// An option that takes no value: off, unless it is given.
    public static Builder<Boolean> flag(String... names) {
        Builder<Boolean> builder = new Builder<>(Takes.NOTHING, ValueType.FLAG, names);
        builder.standard = false;
        return builder;
    }

    /// An option that takes one value; of several that are given the last one counts.
    public static <T> Builder<T> value(ValueType<T> type, String... names) {
        return new Builder<>(Takes.A_VALUE, type, names);
    }

    /// An option that may be repeated: its value is the list of all that are given, and empty without one.
    public static <T> Builder<List<T>> values(ValueType<T> type, String... names) {
        Builder<List<T>> builder = new Builder<>(Takes.VALUES, type, names);
        builder.standard = List.of();
        return builder;
    }

    /// As they may be typed, `-s` and `--socket`.
    public List<String> names() {
        return names;
    }

    /// What messages call it: `--socket`.
    public String longName() {
        return longName(names);
    }

    private static String longName(List<String> names) {
        return names.stream().filter(each -> each.startsWith("--")).findFirst().orElseThrow();
    }

    public Takes takes() {
        return takes;
    }

    /// Whether it has all values that are given, and not the last one.
    public boolean isRepeatable() {
        return takes == Takes.VALUES || takes == Takes.PERHAPS_VALUES;
    }

    /// Of one of its values.
    public ValueType<?> type() {
        return type;
    }

    /// What stands for the value in the help: `HOST:PORT`.
    public String label() {
        return label;
    }

    Optional<String> valueIfLeftOut() {
        return Optional.ofNullable(valueIfLeftOut);
    }

    /// A regular expression for what separates several values in one.
    Optional<String> separator() {
        return Optional.ofNullable(separator);
    }

    /// The settings that it sets, with the option's name for messages about each.
    public Map<String, String> settings() {
        return settings;
    }

    /// @throws IllegalStateException if there is no default
    public T standard() {
        if (standard == null) {
            throw new IllegalStateException(names + " has no default");
        }
        return standard;
    }

    /// The default, as it would be typed, or in words; empty for none, or where it is plain: off, or no values.
    public String standardText() {
        if (standardText != null) {
            return standardText;
        }
        if (standard == null || takes == Takes.NOTHING || isRepeatable()) {
            return "";
        }
        return type.shown(standard);
    }

    /// The values that it may have; empty if that is all values of its type.
    public Optional<Range<?>> range() {
        return Optional.ofNullable(range);
    }

    /// The range, as its ends would be typed; empty for none.
    public String rangeText() {
        return range == null ? "" : range.text(type);
    }

    /// What happens to a client that goes past this limit: the status, or `closed`; empty if it isn't such a limit.
    public String past() {
        return past;
    }

    /// What uWSGI has under this name: [#SAME], or how it differs; empty if the option isn't uWSGI's.
    public String inUwsgi() {
        return inUwsgi;
    }

    /// Whether it is about what a process has once, so that two sites in one process can't differ in it.
    public boolean isOfProcess() {
        return ofProcess;
    }

    /// What it does, without default and range.
    public String text() {
        return text;
    }

    /// The line in `--help`.
    public String helpText() {
        String more = standardText().isEmpty() ? "" : "default: " + standardText();
        if (!rangeText().isEmpty()) {
            more += (more.isEmpty() ? "" : "; ") + rangeText();
        }
        return text + (isRepeatable() ? "; repeatable" : "") + (more.isEmpty() ? "" : " (" + more + ")");
    }

    /// Sets what it sets, if that is set by such a builder.
    void apply(Object builder, T value) {
        if (target != null && target.builder().isInstance(builder)) {
            apply(target, builder, value);
        }
    }

    private static <B, T> void apply(Target<B, T> target, Object builder, T value) {
        target.setter().accept(target.builder().cast(builder), value);
    }

    /// `--max-uri`.
    @Override
    public String toString() {
        return String.join(", ", names);
    }

    /// Describes an option; [#says] ends it. Used by one thread.
    public static final class Builder<T> {
        private final List<String> names;
        private final ValueType<?> type;
        private final Map<String, String> settings = new LinkedHashMap<>();
        private Takes takes;
        private String label;
        private @Nullable String valueIfLeftOut;
        private @Nullable String separator;
        private @Nullable Target<?, T> target;
        private @Nullable T standard;
        private @Nullable String standardText;
        private @Nullable Range<?> range;
        private String past = "";
        private String inUwsgi = "";
        private boolean ofProcess;

        private Builder(Takes takes, ValueType<?> type, String... names) {
            this.names = List.of(names);
            this.takes = takes;
            this.type = type;
            this.label = type.label();
        }

        /// What stands for the value in the help, instead of the type's word.
        public Builder<T> label(String instead) {
            label = instead;
            return this;
        }

        /// The value may be left out: then it is this one.
        public Builder<T> leftOut(String value) {
            takes = takes == Takes.VALUES ? Takes.PERHAPS_VALUES : Takes.PERHAPS_A_VALUE;
            valueIfLeftOut = value;
            return this;
        }

        /// One value may be several, separated by this.
        public Builder<T> separatedBy(String regularExpression) {
            separator = regularExpression;
            return this;
        }

        /// Names a setting that this option sets. Messages about it have the option's first long name.
        public Builder<T> setting(String name) {
            return setting(name, longName(names));
        }

        /// The same, with another name in messages.
        public Builder<T> setting(String name, String inMessages) {
            settings.put(name, inMessages);
            return this;
        }

        /// Sets one component of a library's record: the default is the record's.
        ///
        /// @param defaults the record as it is without options
        /// @param builder what makes it
        /// @param name the component's
        public <R, B> Builder<T> sets(
                R defaults, Class<B> builder, String name, Function<R, T> component, BiConsumer<B, T> setter) {
            standard = component.apply(defaults);
            return sets(builder, name, setter);
        }

        /// The same, where the option's default is its own.
        public <B> Builder<T> sets(Class<B> builder, String name, BiConsumer<B, T> setter) {
            target = new Target<>(builder, setter);
            return setting(name);
        }

        /// The default, where it isn't a library's.
        public Builder<T> standard(T value) {
            standard = value;
            return this;
        }

        /// What is said of the default, where its value would tell nothing.
        public Builder<T> standardText(String words) {
            standardText = words;
            return this;
        }

        /// What its readers are told of the range. The library that gets the value is what checks it.
        public Builder<T> range(Range<?> values) {
            range = values;
            return this;
        }

        /// What happens to a client that goes past this limit ([Option#past]).
        public Builder<T> past(String what) {
            past = what;
            return this;
        }

        /// What uWSGI has under this name ([Option#inUwsgi]).
        public Builder<T> inUwsgi(String what) {
            inUwsgi = what;
            return this;
        }

        /// It is about what a process has once ([Option#isOfProcess]).
        public Builder<T> ofProcess() {
            ofProcess = true;
            return this;
        }

        /// @param text what the option does, for `--help` and the documentation; without a period
        public Option<T> says(String text) {
            return new Option<>(this, text);
        }
    }
}
