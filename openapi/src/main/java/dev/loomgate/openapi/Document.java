package dev.loomgate.openapi;

import dev.loomgate.toolkit.resources.Operation;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// An OpenAPI 3.1 document as a value of JSON.
///
/// @param info title, version, description
/// @param servers where the application is, if that is told
/// @param security the schemes by their names
record Document(Members info, List<Members> servers, Map<String, SecurityScheme> security) {
    /// The document of these operations. It depends on nothing but types and rules: two starts make the same one.
    Members of(List<Operation> operations, Function<Operation, OperationDetails> details) {
        List<Operation> shown = Paths.distinct(operations.stream()
                .filter(operation -> !details.apply(operation).isHidden())
                .toList());
        // The names of schemas depend on all types that there are, so these are met first.
        Schemas first = new Schemas(_ -> "");
        of(shown, details, first);
        return of(shown, details, new Schemas(new SchemaNames(first.types())::of));
    }

    private Members of(List<Operation> operations, Function<Operation, OperationDetails> details, Schemas schemas) {
        Answers answers = new Answers(schemas);
        Members paths = new Paths(new Inputs(schemas), answers, details).of(operations);
        Members document = new Members().with("openapi", "3.1.1").with("info", info);
        if (!servers.isEmpty()) {
            document.put("servers", servers);
        }
        if (!security.isEmpty()) {
            document.put("security", Paths.requirements(security.keySet()));
        }
        return document.with("paths", paths).with("components", components(schemas, answers));
    }

    private Members components(Schemas schemas, Answers answers) {
        // Of the errors first, since they have a schema.
        Map<String, Object> errors = answers.components();
        Members components = new Members().with("schemas", schemas.components()).with("responses", errors);
        if (!security.isEmpty()) {
            Members schemes = new Members();
            security.forEach((name, scheme) -> schemes.put(name, scheme.members()));
            components.put("securitySchemes", schemes);
        }
        return components;
    }
}
