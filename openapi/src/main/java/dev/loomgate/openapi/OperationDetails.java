package dev.loomgate.openapi;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a document says of an operation besides what its rule and its method tell: of a function nobody knows what it
/// returns, and of a [dev.loomgate.toolkit.Response] not what is in it.
///
/// ```java
/// .withOperation("POST", "/user", details -> details
///         .withSummary("Adds a user")
///         .withAnswer(201, "The user was added", User.class)
///         .withAnswer(409, "The name is taken"))
/// ```
///
/// Immutable: each method returns a new one.
public final class OperationDetails {
    static final OperationDetails NONE = new OperationDetails();

    /// An answer.
    ///
    /// @param type of the value in JSON, or null
    /// @param mediaType of the content; empty for none
    record Answer(int status, String description, @Nullable Type type, String mediaType) {}

    private String id = "";
    private String summary = "";
    private String description = "";
    private List<String> tags = List.of();
    private List<Answer> answers = List.of();
    private @Nullable Type body;
    private @Nullable List<String> security;
    private boolean deprecated;
    private boolean hidden;

    private OperationDetails() {}

    /// A copy that one setter changes before anybody sees it.
    private OperationDetails(OperationDetails other) {
        id = other.id;
        summary = other.summary;
        description = other.description;
        tags = other.tags;
        answers = other.answers;
        body = other.body;
        security = other.security;
        deprecated = other.deprecated;
        hidden = other.hidden;
    }

    /// The name that programs have for it, in place of one that is made of method and path: `getUserById`.
    public OperationDetails withId(String other) {
        OperationDetails changed = new OperationDetails(this);
        changed.id = other;
        return changed;
    }

    /// What it does, in a few words; in place of the method's [Description].
    public OperationDetails withSummary(String other) {
        OperationDetails changed = new OperationDetails(this);
        changed.summary = other;
        return changed;
    }

    /// What it does, in Markdown.
    public OperationDetails withDescription(String other) {
        OperationDetails changed = new OperationDetails(this);
        changed.description = other;
        return changed;
    }

    /// The headings that it stands under.
    public OperationDetails withTags(String... others) {
        OperationDetails changed = new OperationDetails(this);
        changed.tags = List.of(others);
        return changed;
    }

    /// Another answer: from 400 on a problem, as an HttpException answers, and else without content. The first one
    /// below 400 takes the place of what is known of the method's return type.
    ///
    /// @param status 100 to 599
    /// @throws IllegalArgumentException if it isn't
    public OperationDetails withAnswer(int status, String description) {
        return withAnswer(new Answer(status, description, null, ""));
    }

    /// Another answer, in JSON.
    ///
    /// @param type a record, a class, a parameterized type
    /// @throws IllegalArgumentException if the status isn't in 100 to 599
    public OperationDetails withAnswer(int status, String description, Type type) {
        return withAnswer(new Answer(status, description, type, "application/json"));
    }

    /// Another answer, with content of which only the type is known: `text/html`.
    ///
    /// @throws IllegalArgumentException if the status isn't in 100 to 599
    public OperationDetails withAnswer(int status, String description, String mediaType) {
        return withAnswer(new Answer(status, description, null, mediaType));
    }

    private OperationDetails withAnswer(Answer answer) {
        if (answer.status() < 100 || answer.status() > 599) {
            throw new IllegalArgumentException("withAnswer: a status is in 100 to 599, not " + answer.status());
        }
        OperationDetails changed = new OperationDetails(this);
        List<Answer> more = new ArrayList<>(answers);
        more.add(answer);
        changed.answers = List.copyOf(more);
        return changed;
    }

    /// The JSON that a method reads by itself from its request's body.
    public OperationDetails withBody(Type type) {
        OperationDetails changed = new OperationDetails(this);
        changed.body = type;
        return changed;
    }

    /// The security schemes of [OpenApi#withSecurity] of which a request needs one, in place of all; with no names it
    /// needs none.
    public OperationDetails withSecurity(String... names) {
        OperationDetails changed = new OperationDetails(this);
        changed.security = List.of(names);
        return changed;
    }

    /// No longer to be used.
    public OperationDetails asDeprecated() {
        OperationDetails changed = new OperationDetails(this);
        changed.deprecated = true;
        return changed;
    }

    /// Not in the document at all.
    public OperationDetails asHidden() {
        OperationDetails changed = new OperationDetails(this);
        changed.hidden = true;
        return changed;
    }

    String id() {
        return id;
    }

    String summary() {
        return summary;
    }

    String description() {
        return description;
    }

    List<String> tags() {
        return tags;
    }

    List<Answer> answers() {
        return answers;
    }

    Optional<Type> body() {
        return Optional.ofNullable(body);
    }

    Optional<List<String>> security() {
        return Optional.ofNullable(security);
    }

    boolean isDeprecated() {
        return deprecated;
    }

    boolean isHidden() {
        return hidden;
    }
}
