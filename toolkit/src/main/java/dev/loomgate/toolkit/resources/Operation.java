package dev.loomgate.toolkit.resources;

import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.routing.converters.Converter;
import dev.loomgate.toolkit.values.Components;
import dev.loomgate.toolkit.values.Faults;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;

/// What answers one HTTP method of one rule, to be looked at: by who describes an application.
///
/// @param rule the rule, with the endpoint as [WebApplication] has it
/// @param method in upper case
/// @param variables the converters of the path's variables by their names, in the path's order
/// @param inputs the records that are made from something besides the path: of a body one at most
/// @param returnType as the method declares it; of a function it isn't known, and Object
/// @param declaration what annotations may be at: the method, or a function's class
public record Operation(
        Rule<?> rule,
        String method,
        Map<String, Converter<?>> variables,
        List<Input> inputs,
        Type returnType,
        AnnotatedElement declaration) {

    /// What a record is made from.
    public enum Source {
        /// The query's parameters, by the components' names.
        QUERY,
        /// The header's fields ([FromHeaders]), by [#fieldName].
        HEADERS,
        /// The body, which must be JSON.
        JSON,
        /// The body: JSON, or a form with the components' names.
        JSON_OR_FORM;

        /// Whether it is made from the body.
        public boolean isBody() {
            return this == JSON || this == JSON_OR_FORM;
        }
    }

    /// A record that a client sends.
    ///
    /// @param type its class
    public record Input(Class<?> type, Source source) {}

    /// Whether a client must send a value for a record's component: it is neither Optional nor declared nullable. In
    /// a form or a query, a list and a truth value may be left out, too.
    public static boolean isRequired(RecordComponent component) {
        return !Components.mayBeNull(component);
    }

    /// The header's field that a component of a [FromHeaders] record is made from: `userAgent` is `User-Agent`.
    public static String fieldName(RecordComponent component) {
        return Faults.Input.HEADERS.named(component.getName());
    }
}
