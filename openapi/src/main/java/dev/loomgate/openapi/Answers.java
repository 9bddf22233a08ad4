package dev.loomgate.openapi;

import dev.loomgate.gateway.Application;
import dev.loomgate.toolkit.exceptions.HttpException;
import dev.loomgate.toolkit.resources.Operation;
import dev.loomgate.toolkit.resources.Result;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;

/// The answers to an operation: those that its return type tells of, the errors that the toolkit answers
/// for it, and what is said of it besides.
///
/// Of one document, for one thread.
final class Answers {
    static final String PROBLEM = "application/problem+json";

    private final Schemas schemas;
    private final Map<Integer, String> errors = new TreeMap<>();

    Answers(Schemas schemas) {
        this.schemas = schemas;
    }

    /// The errors that operations had so far, as components by their names.
    Map<String, Object> components() {
        Map<String, Object> components = new TreeMap<>();
        errors.forEach((status, name) -> components.put(
                name,
                new Members()
                        .with("description", HttpException.of(status).title())
                        .with("content", problem())));
        return components;
    }

    private Members problem() {
        return content(PROBLEM, schemas.of(ValueType.of(Problem.class)));
    }

    /// An operation's answers by their statuses.
    Map<String, Object> of(Operation operation, OperationDetails details) {
        Map<String, Object> answers = new TreeMap<>();
        for (OperationDetails.Answer answer : details.answers()) {
            answers.put(String.valueOf(answer.status()), given(answer));
        }
        ValueType returned = ValueType.of(operation.returnType());
        if (details.answers().stream().noneMatch(answer -> answer.status() < 400)) {
            addReturned(answers, returned);
        }
        for (int status : errors(operation, details, returned)) {
            answers.computeIfAbsent(String.valueOf(status), _ -> error(status));
        }
        return answers;
    }

    private Members given(OperationDetails.Answer answer) {
        Members members = new Members().with("description", answer.description());
        if (answer.mediaType().isEmpty()) {
            return answer.status() < 400 ? members : members.with("content", problem());
        }
        Members schema = answer.type() != null ? schemas.of(ValueType.of(answer.type())) : text(answer.mediaType());
        return members.with("content", content(answer.mediaType(), schema));
    }

    private static Members text(String mediaType) {
        Members schema = new Members().with("type", "string");
        return mediaType.startsWith("text/") ? schema : schema.with("format", "binary");
    }

    private void addReturned(Map<String, Object> answers, ValueType type) {
        if (type.raw() == Optional.class || type.is(CompletionStage.class)) {
            addReturned(answers, type.argument(0));
        } else if (type.raw() == void.class || type.raw() == Void.class) {
            answers.put("204", new Members().with("description", "Done"));
        } else {
            boolean result = type.raw() == Result.class;
            Members content = content(result ? type.argument(0) : type);
            Members answer = new Members().with("description", "The response");
            boolean known = !content.isEmpty();
            answers.put(result ? "2XX" : known ? "200" : "default", known ? answer.with("content", content) : answer);
        }
    }

    /// What a value becomes; empty if that isn't known before it is returned.
    private Members content(ValueType type) {
        Class<?> raw = type.raw();
        if (raw == String.class) {
            return content("text/plain", new Members().with("type", "string"));
        }
        if (raw == byte[].class) {
            return content("application/octet-stream", text("application/octet-stream"));
        }
        if (type.is(Application.class)) {
            return new Members();
        }
        boolean json = raw.isRecord() || type.is(Map.class) || type.is(Iterable.class);
        boolean records = raw.isSealed() && raw.isInterface();
        return json || records ? content("application/json", schemas.of(type)) : new Members();
    }

    static Members content(String mediaType, Members schema) {
        return new Members().with(mediaType, new Members().with("schema", schema));
    }

    // 405 isn't among them: what is described here is answered.
    private static Set<Integer> errors(Operation operation, OperationDetails details, ValueType returned) {
        Set<Integer> statuses = new TreeSet<>();
        if (!operation.variables().isEmpty() || isOptional(returned)) {
            statuses.add(404);
        }
        if (operation.inputs().stream().anyMatch(input -> !input.source().isBody())) {
            statuses.add(400);
        }
        if (details.body().isPresent()
                || operation.inputs().stream().anyMatch(input -> input.source().isBody())) {
            statuses.addAll(Set.of(400, 413, 415, 422));
        }
        return statuses;
    }

    private static boolean isOptional(ValueType type) {
        return type.raw() == Optional.class || (type.is(CompletionStage.class) && isOptional(type.argument(0)));
    }

    private Members error(int status) {
        String name = errors.computeIfAbsent(
                status, code -> HttpException.of(code).title().replaceAll("[^A-Za-z]", ""));
        return new Members().with("$ref", "#/components/responses/" + name);
    }
}
