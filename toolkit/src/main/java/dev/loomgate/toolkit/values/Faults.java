package dev.loomgate.toolkit.values;

import dev.loomgate.toolkit.exceptions.BadRequest;
import dev.loomgate.toolkit.exceptions.HttpException;
import dev.loomgate.toolkit.exceptions.InputError;
import dev.loomgate.toolkit.exceptions.UnprocessableEntity;
import dev.loomgate.toolkit.syntax.JsonText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// What is wrong with one request's input: collected, and then answered all at once.
public final class Faults implements TextFaults {
    // More help nobody, and a client could make an answer of any length with them.
    private static final int MOST = 20;

    private static final int SHOWN = 50;

    private static final int LONGEST_MESSAGE = 500;

    /// What the input is, and with that the status.
    public enum Input {
        /// 400 if a value is none of its type, else 422. Its values are at JSON pointers.
        JSON,
        /// 422.
        FORM,
        /// 400.
        QUERY,
        /// 400. Its values aren't shown: some are secrets.
        HEADERS;

        /// What the value of a component is called.
        public String named(String component) {
            return this == HEADERS ? FieldNames.of(component) : component;
        }

        InputError error(String name, String message) {
            return this == JSON ? InputError.at(name, message) : InputError.of(name, message);
        }

        String sentence(String name, String message) {
            if (this != JSON) {
                return "The value for \"" + name + "\" " + message + ".";
            }
            return (name.isEmpty() ? "The request's JSON " : "The value at " + name + " ") + message + ".";
        }

        String missing(String name) {
            if (this == JSON) {
                return "The request has no value at " + name + ".";
            }
            return switch (this) {
                case QUERY -> "The query has no value for \"" + name + "\".";
                case HEADERS -> "The request has no header field " + name + ".";
                case JSON, FORM -> "The request has no value for \"" + name + "\".";
            };
        }
    }

    private final Input input;
    private final List<InputError> errors = new ArrayList<>();
    private final List<String> sentences = new ArrayList<>();
    private boolean unreadable;

    public Faults(Input input) {
        this.input = input;
    }

    /// A text as it is shown to who sent it: in quotes, without controls, and not longer than is needed.
    static String quoted(String text) {
        return JsonText.quote(shown(text));
    }

    /// A number or a word as it is shown to who sent it.
    static String shown(String text) {
        return cut(text, SHOWN);
    }

    /// The text, or its beginning.
    static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length) + "\u2026";
    }

    /// How many there are.
    public int count() {
        return errors.size();
    }

    /// Whether more of them wouldn't be told.
    public boolean isFull() {
        return errors.size() >= MOST;
    }

    @Override
    public String named(String component) {
        return input.named(component);
    }

    /// @param type one that [Scalars] knows
    @Override
    public Optional<Object> parsed(String name, String text, Class<?> type) {
        try {
            return Optional.of(Scalars.parse(text, type));
        } catch (IllegalArgumentException e) {
            String shown = input == Input.HEADERS ? "" : ", not " + quoted(text);
            unlike(name, "must be " + Scalars.name(type) + shown);
            return Optional.empty();
        }
    }

    /// A value is none of its type.
    ///
    /// @param message goes on where the value's name ends
    void unlike(String name, String message) {
        unreadable = true;
        add(name, message, input.sentence(name, message));
    }

    @Override
    public void missing(String name) {
        add(name, "must have a value", input.missing(name));
    }

    /// A record has no such component.
    void unknown(String name, Collection<?> known) {
        List<String> names = known.stream().map(String::valueOf).toList();
        String members =
                names.isEmpty() ? "there are no members here" : "the members here are " + String.join(", ", names);
        unlike(name, "is unknown: " + members);
    }

    /// A record's constructor refused its values.
    public void refused(String name, RuntimeException e) {
        String message = e.getMessage();
        if (message == null) {
            add(name, "is refused", "");
        } else {
            // The record's own sentence, which need not say which record it is of.
            add(name, message, name.isEmpty() ? message : "The value at " + name + " is refused: " + message);
        }
    }

    /// A validator has something against a value.
    ///
    /// @param root the class of the record that was validated
    /// @param path from there: components and keys of maps by name, places in lists as numbers
    /// @param message in any language, so it isn't made a part of an English sentence
    public void violated(Class<?> root, List<?> path, String message) {
        String name = place(root, path);
        String shown = cut(message, LONGEST_MESSAGE);
        add(name, shown, name.isEmpty() ? shown : name + ": " + shown);
    }

    private String place(Class<?> root, List<?> path) {
        if (input == Input.JSON) {
            return JsonPlaces.pointer(root, path);
        }
        // All values of a list have one name.
        return path.isEmpty() ? "" : input.named(path.getFirst().toString());
    }

    private void add(String name, String message, String sentence) {
        if (!isFull()) {
            errors.add(input.error(name, message));
            if (!sentence.isEmpty()) {
                sentences.add(sentence);
            }
        }
    }

    /// @throws HttpException if there are any
    @Override
    public void check() {
        if (!errors.isEmpty()) {
            throw answer();
        }
    }

    @Override
    public HttpException refusal(RuntimeException e) {
        refused("", e);
        return answer();
    }

    /// What answers the request.
    public HttpException answer() {
        String description = sentences.isEmpty() ? null : String.join("\n", sentences);
        return switch (input) {
            case QUERY, HEADERS -> new BadRequest(description, errors);
            case JSON ->
                unreadable ? new BadRequest(description, errors) : new UnprocessableEntity(description, errors);
            case FORM -> new UnprocessableEntity(description, errors);
        };
    }
}
