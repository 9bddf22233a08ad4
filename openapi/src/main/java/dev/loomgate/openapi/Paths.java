package dev.loomgate.openapi;

import dev.loomgate.toolkit.resources.Operation;
import dev.loomgate.toolkit.routing.Rule;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/// The paths of a document, in the order of the rules. A document can't tell two paths apart that differ
/// in the names or the converters of their variables only: operations of such rules share the first
/// one's path.
///
/// @param details of an operation
record Paths(Inputs inputs, Answers answers, Function<Operation, OperationDetails> details) {
    private static final Logger LOGGER = System.getLogger(Paths.class.getName());

    /// A path so far.
    ///
    /// @param template with the variables' names
    private record PathItem(String template, List<String> names, Members members) {
        static PathItem of(Rule<?> rule) {
            return new PathItem(rule.template(), rule.variableNames(), new Members());
        }
    }

    /// The operations without those that a document can't tell from one before them, of which the log tells.
    static List<Operation> distinct(List<Operation> operations) {
        Map<String, Operation> distinct = new LinkedHashMap<>();
        for (Operation operation : operations) {
            Operation other = distinct.putIfAbsent(operation.method() + " " + shape(operation), operation);
            if (other != null) {
                LOGGER.log(
                        Level.INFO,
                        "OpenApi: {0} {1} is not in the document, where it would be the same as {2}",
                        operation.method(),
                        operation.rule().pattern(),
                        other.rule().pattern());
            }
        }
        return List.copyOf(distinct.values());
    }

    private static String shape(Operation operation) {
        return operation.rule().template().replaceAll("\\{\\w+}", "{}");
    }

    /// @param operations distinct ones
    Members of(List<Operation> operations) {
        Map<String, PathItem> items = new LinkedHashMap<>();
        OperationIds ids = new OperationIds();
        for (Operation operation : operations) {
            PathItem item = items.computeIfAbsent(shape(operation), _ -> PathItem.of(operation.rule()));
            item.members()
                    .put(
                            operation.method().toLowerCase(Locale.ROOT),
                            described(operation, details.apply(operation), item, ids));
        }
        Members paths = new Members();
        items.values().forEach(item -> paths.put(item.template(), item.members()));
        return paths;
    }

    private Members described(Operation operation, OperationDetails said, PathItem item, OperationIds ids) {
        Description own = operation.declaration().getAnnotation(Description.class);
        Members members = new Members();
        if (!said.tags().isEmpty()) {
            members.put("tags", said.tags());
        }
        members.withText("summary", said.summary().isEmpty() && own != null ? own.value() : said.summary())
                .withText("description", said.description())
                .with("operationId", ids.of(operation.method(), item.template(), said.id()));
        List<Members> parameters = inputs.parameters(operation, item.names());
        if (!parameters.isEmpty()) {
            members.put("parameters", parameters);
        }
        inputs.body(operation, said).ifPresent(body -> members.put("requestBody", body));
        members.put("responses", answers.of(operation, said));
        if (said.isDeprecated()) {
            members.put("deprecated", true);
        }
        said.security().ifPresent(names -> members.put("security", requirements(names)));
        return members;
    }

    /// That a request needs one of these schemes; with none, it needs nothing.
    static List<Members> requirements(Iterable<String> names) {
        List<Members> requirements = new ArrayList<>();
        names.forEach(name -> requirements.add(new Members().with(name, List.of())));
        return requirements;
    }
}
