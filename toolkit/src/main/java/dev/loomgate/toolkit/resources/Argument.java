package dev.loomgate.toolkit.resources;

import dev.loomgate.gateway.WebSocket;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.exceptions.NotFound;
import dev.loomgate.toolkit.routing.PathArguments;
import dev.loomgate.toolkit.values.RecordShape;
import dev.loomgate.toolkit.values.Scalars;
import java.lang.annotation.Annotation;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// One parameter of a resource's method, or of a function: where its value comes from.
///
/// @param handle (Request, PathArguments) to the value
/// @param variables the path's variables that it needs
/// @param elsewhere where a record comes from if the path has none of its components
record Argument(MethodHandle handle, List<Variable> variables, Elsewhere elsewhere) {
    /// Where a record may come from besides the path.
    private enum Elsewhere {
        NOWHERE,
        BODY,
        QUERY,
        HEADERS
    }

    /// A variable of the path, as the method wants it.
    record Variable(String name, Class<?> type) {}

    static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    private static final MethodHandle VARIABLE = find("variable", Object.class, PathArguments.class, String.class);
    private static final MethodHandle HAS = find("has", boolean.class, PathArguments.class, String.class);
    private static final MethodHandle INPUT = find("input", Object.class, Request.class, InputRecord.class);
    private static final MethodHandle INT_VARIABLE = find("intVariable", int.class, PathArguments.class, String.class);

    private static final MethodHandle SOCKET = find("socket", WebSocket.class, Request.class);

    private static final MethodHandle VALID = find("valid", Record.class, Record.class, Request.class);

    private static final MethodHandle REFUSED = find("refused", Object.class, RuntimeException.class);

    // The methods whose requests have a body that means something (RFC 9110 section 9.3).
    private static final Set<String> WITH_BODY = Set.of("post", "put", "patch", "delete");

    private static final String CONSTRAINT = "jakarta.validation.Constraint";

    private static final Argument REQUEST = new Argument(
            MethodHandles.dropArguments(MethodHandles.identity(Request.class), 1, PathArguments.class),
            List.of(),
            Elsewhere.NOWHERE);

    static List<Argument> of(Method method, String name) {
        List<Argument> arguments = new ArrayList<>();
        for (Parameter parameter : method.getParameters()) {
            arguments.add(of(parameter, name, elsewhere(method.getName())));
        }
        return arguments;
    }

    /// Those of a function: the request, and a value of each type. A record is as for a method; the others are
    /// the path's variables, in order.
    ///
    /// @param method `get`, `post`, ...
    /// @param variables all that the pattern has
    /// @param name method and rule, for errors
    static List<Argument> of(List<Class<?>> types, String method, List<String> variables, String name) {
        List<Class<?>> ofPath = types.stream().filter(type -> !type.isRecord()).toList();
        if (!ofPath.isEmpty() && ofPath.size() != variables.size()) {
            throw new ResourceError(("%s: its function takes %s of the path, which has %s: give a type for each"
                            + " variable in order, or a record that has them by their names")
                    .formatted(
                            name,
                            String.join(
                                    ", ",
                                    ofPath.stream().map(Class::getSimpleName).toList()),
                            variables.isEmpty() ? "no variables" : "<" + String.join(">, <", variables) + ">"));
        }
        List<Argument> arguments = new ArrayList<>();
        arguments.add(REQUEST);
        Iterator<String> names = variables.iterator();
        for (Class<?> type : types) {
            arguments.add(
                    type.isRecord()
                            ? ofRecord(RecordFields.shape(type, name), name, elsewhere(method))
                            : only(new Variable(names.next(), type)));
        }
        return arguments;
    }

    private static Argument only(Variable variable) {
        return new Argument(ofVariable(variable), List.of(variable), Elsewhere.NOWHERE);
    }

    private static Elsewhere elsewhere(String method) {
        if (WITH_BODY.contains(method)) {
            return Elsewhere.BODY;
        }
        return method.equals("get") ? Elsewhere.QUERY : Elsewhere.NOWHERE;
    }

    private static Argument of(Parameter parameter, String method, Elsewhere elsewhere) {
        Class<?> type = parameter.getType();
        if (type == Request.class) {
            return REQUEST;
        }
        if (type == WebSocket.class) {
            if (!method.endsWith(".websocket")) {
                throw new ResourceError(method + " takes a WebSocket, which only a method websocket has");
            }
            return new Argument(
                    MethodHandles.dropArguments(SOCKET, 1, PathArguments.class), List.of(), Elsewhere.NOWHERE);
        }
        if (type.isRecord()) {
            return ofRecord(RecordFields.shape(type, method), method, elsewhere);
        }
        if (!parameter.isNamePresent()) {
            throw new ResourceError(("%s: the name of its parameter of type %s is not known, so no variable can be"
                            + " chosen: compile with -parameters, or take a record. In a pom.xml it is the property"
                            + " <maven.compiler.parameters>true</maven.compiler.parameters>; run mvn clean first, since"
                            + " Maven compiles nothing again for it")
                    .formatted(method, type.getSimpleName()));
        }
        refuseConstraints(parameter, method);
        return only(new Variable(parameter.getName(), type));
    }

    // By its name: the toolkit knows no validation library. A limit that nobody keeps would be a hole.
    private static void refuseConstraints(Parameter parameter, String method) {
        for (Annotation annotation : parameter.getAnnotations()) {
            Class<?> type = annotation.annotationType();
            if (Arrays.stream(type.getAnnotations())
                    .anyMatch(meta -> meta.annotationType().getName().equals(CONSTRAINT))) {
                throw new ResourceError(("%s: @%s on its parameter %s would mean nothing: say it in the rule, as in"
                                + " <int(min=1):id>, or take a record of the path's variables")
                        .formatted(method, type.getSimpleName(), parameter.getName()));
            }
        }
    }

    private static Argument ofRecord(RecordShape shape, String method, Elsewhere wanted) {
        if (shape.type().isAnnotationPresent(FromHeaders.class)) {
            if (!RecordFields.canMake(shape, false)) {
                throw new ResourceError("%s takes %s from header fields, but has components that no text can be"
                        .formatted(method, shape.type().getName()));
            }
            return new Argument(ofInput(shape, new HeaderRecord(shape)), List.of(), Elsewhere.HEADERS);
        }
        List<Variable> variables = shape.components().stream()
                .map(component -> new Variable(component.name(), component.type()))
                .toList();
        boolean fits = wanted == Elsewhere.BODY || RecordFields.canMake(shape, false);
        Elsewhere elsewhere = variables.isEmpty() || !fits ? Elsewhere.NOWHERE : wanted;
        if (elsewhere == Elsewhere.NOWHERE) {
            return new Argument(ofPath(shape), variables, elsewhere);
        }
        MethodHandle path = variables.stream().allMatch(Argument::mayBeVariable) ? ofPath(shape) : null;
        MethodHandle input =
                ofInput(shape, elsewhere == Elsewhere.BODY ? new BodyRecord(shape) : new QueryRecord(shape));
        if (path == null) {
            return new Argument(input, variables, elsewhere);
        }
        MethodHandle inPath =
                MethodHandles.insertArguments(HAS, 1, variables.getFirst().name());
        return new Argument(
                MethodHandles.guardWithTest(MethodHandles.dropArguments(inPath, 0, Request.class), path, input),
                variables,
                elsewhere);
    }

    private static MethodHandle ofInput(RecordShape shape, InputRecord record) {
        return MethodHandles.dropArguments(MethodHandles.insertArguments(INPUT, 1, record), 1, PathArguments.class)
                .asType(typeOf(shape));
    }

    private static MethodType typeOf(RecordShape shape) {
        return MethodType.methodType(shape.type(), Request.class, PathArguments.class);
    }

    private static MethodHandle ofPath(RecordShape shape) {
        List<RecordShape.Component> components = shape.components();
        MethodHandle refused = REFUSED.asType(REFUSED.type().changeReturnType(shape.type()));
        MethodHandle handle = MethodHandles.catchException(shape.constructor(), RuntimeException.class, refused);
        for (int i = components.size() - 1; i >= 0; i--) {
            RecordShape.Component component = components.get(i);
            handle = MethodHandles.collectArguments(
                    handle, i, ofVariable(new Variable(component.name(), component.type())));
        }
        int[] order = new int[2 * components.size()];
        for (int i = 1; i < order.length; i += 2) {
            order[i] = 1;
        }
        MethodHandle made = MethodHandles.permuteArguments(handle, typeOf(shape), order);
        MethodHandle valid = VALID.asType(MethodType.methodType(shape.type(), shape.type(), Request.class));
        return MethodHandles.permuteArguments(MethodHandles.collectArguments(valid, 0, made), typeOf(shape), 0, 1, 0);
    }

    // Of what a converter could be of; the others have no conversion from Object.
    private static boolean mayBeVariable(Variable variable) {
        Class<?> type = variable.type();
        return !type.isPrimitive()
                || type == int.class
                || type == long.class
                || type == double.class
                || type == boolean.class;
    }

    @SuppressWarnings("UnusedMethod") // by SOCKET
    private static WebSocket socket(Request request) {
        return (WebSocket) Objects.requireNonNull(request.environ().get(SocketAction.SOCKET));
    }

    @SuppressWarnings("UnusedMethod") // by HAS
    private static boolean has(PathArguments arguments, String name) {
        return arguments.containsKey(name);
    }

    @SuppressWarnings("UnusedMethod") // by INPUT
    private static Object input(Request request, InputRecord record) {
        return record.read(request);
    }

    /// (Request, PathArguments) to the variable's value in the type that is wanted.
    private static MethodHandle ofVariable(Variable variable) {
        boolean narrow = variable.type() == int.class || variable.type() == Integer.class;
        MethodHandle value = MethodHandles.insertArguments(narrow ? INT_VARIABLE : VARIABLE, 1, variable.name());
        MethodHandle typed = value.asType(MethodType.methodType(variable.type(), PathArguments.class));
        return MethodHandles.dropArguments(typed, 0, Request.class);
    }

    private static Object variable(PathArguments arguments, String name) {
        Object value = arguments.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the rule has no variable <" + name + ">, only " + arguments.keySet());
        }
        return value;
    }

    @SuppressWarnings("UnusedMethod") // by INT_VARIABLE
    private static int intVariable(PathArguments arguments, String name) {
        Object value = variable(arguments, name);
        long number = ((Number) value).longValue();
        if (number != (int) number) {
            // As for a number that a long can't hold: no such URL.
            throw new NotFound();
        }
        return (int) number;
    }

    @SuppressWarnings("UnusedMethod") // by REFUSED
    private static Object refused(RuntimeException e) {
        // A record of the path's variables has none of these values: no such URL.
        throw Scalars.isRefusal(e) ? new NotFound() : e;
    }

    @SuppressWarnings("UnusedMethod") // by VALID
    private static Record valid(Record ofPath, Request request) {
        if (!request.violations(ofPath).isEmpty()) {
            throw new NotFound();
        }
        return ofPath;
    }

    /// Whether it comes from the body, where the path has these variables.
    boolean isBody(Map<String, Class<?>> offered) {
        return elsewhere == Elsewhere.BODY && isElsewhere(offered);
    }

    /// The record that it makes of something besides the path, where the path has these variables.
    Optional<Operation.Input> input(Map<String, Class<?>> offered) {
        if (!isElsewhere(offered)) {
            return Optional.empty();
        }
        Class<?> type = handle.type().returnType();
        return Optional.of(new Operation.Input(
                type,
                switch (elsewhere) {
                    case QUERY -> Operation.Source.QUERY;
                    case HEADERS -> Operation.Source.HEADERS;
                    case BODY, NOWHERE ->
                        RecordFields.canMake(RecordFields.shape(type, type.getName()), true)
                                ? Operation.Source.JSON_OR_FORM
                                : Operation.Source.JSON;
                }));
    }

    private boolean isElsewhere(Map<String, Class<?>> offered) {
        return elsewhere != Elsewhere.NOWHERE
                && variables.stream().noneMatch(variable -> offered.containsKey(variable.name()));
    }

    /// Checks that a rule has the variables, in types that fit.
    void check(String method, Object rule, Map<String, Class<?>> offered) {
        if (isElsewhere(offered)) {
            return;
        }
        for (Variable variable : variables) {
            Class<?> type = offered.get(variable.name());
            if (type == null && elsewhere != Elsewhere.NOWHERE) {
                throw new ResourceError(("%s takes a record of which rule %s has some components as variables, but not"
                                + " <%s>: it has all of them, or none of a record from the %s")
                        .formatted(
                                method, rule, variable.name(), elsewhere.name().toLowerCase(Locale.ROOT)));
            }
            if (type == null) {
                throw new ResourceError(
                        "%s needs <%s>, which rule %s doesn't have".formatted(method, variable.name(), rule));
            }
            if (!fits(type, variable.type())) {
                throw new ResourceError("%s takes <%s> as %s, but rule %s has it as %s"
                        .formatted(
                                method, variable.name(), variable.type().getSimpleName(), rule, type.getSimpleName()));
            }
        }
    }

    private static boolean fits(Class<?> offered, Class<?> wanted) {
        if (wanted.isPrimitive() || wanted == Integer.class) {
            boolean whole = offered == Long.class || offered == Integer.class;
            return switch (wanted.getName()) {
                case "int", "java.lang.Integer", "long" -> whole;
                case "double" -> offered == Double.class;
                default -> MethodType.methodType(offered).unwrap().returnType() == wanted;
            };
        }
        return wanted.isAssignableFrom(offered);
    }

    private static MethodHandle find(String name, Class<?> result, Class<?>... parameters) {
        try {
            return LOOKUP.findStatic(Argument.class, name, MethodType.methodType(result, parameters));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(name, e);
        }
    }
}
