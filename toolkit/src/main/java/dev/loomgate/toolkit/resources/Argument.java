package dev.loomgate.toolkit.resources;

import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.exceptions.NotFound;
import dev.loomgate.toolkit.routing.PathArguments;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// One parameter of a resource's method: where its value comes from.
///
/// @param handle (Request, PathArguments) to the value
/// @param variables the path's variables that it needs
record Argument(MethodHandle handle, List<Variable> variables) {
    /// A variable of the path, as the method wants it.
    record Variable(String name, Class<?> type) {}

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    private static final MethodHandle VARIABLE = find("variable", Object.class, PathArguments.class, String.class);
    private static final MethodHandle INT_VARIABLE = find("intVariable", int.class, PathArguments.class, String.class);

    static List<Argument> of(Method method, String name) {
        List<Argument> arguments = new ArrayList<>();
        for (Parameter parameter : method.getParameters()) {
            arguments.add(of(parameter, name));
        }
        return arguments;
    }

    private static Argument of(Parameter parameter, String method) {
        Class<?> type = parameter.getType();
        if (type == Request.class) {
            MethodHandle request = MethodHandles.identity(Request.class);
            return new Argument(MethodHandles.dropArguments(request, 1, PathArguments.class), List.of());
        }
        if (type.isRecord()) {
            return ofRecord(type, method);
        }
        if (!parameter.isNamePresent()) {
            throw new ResourceError(("%s: the name of its parameter of type %s is not known, so no variable can be"
                            + " chosen: compile with -parameters, or take a record")
                    .formatted(method, type.getSimpleName()));
        }
        Variable variable = new Variable(parameter.getName(), type);
        return new Argument(ofVariable(variable), List.of(variable));
    }

    private static Argument ofRecord(Class<?> type, String method) {
        RecordComponent[] components = type.getRecordComponents();
        List<Variable> variables = Arrays.stream(components)
                .map(component -> new Variable(component.getName(), component.getType()))
                .toList();
        MethodHandle handle = constructor(type, components, method);
        for (int i = variables.size() - 1; i >= 0; i--) {
            handle = MethodHandles.collectArguments(handle, i, ofVariable(variables.get(i)));
        }
        int[] order = new int[2 * components.length];
        for (int i = 1; i < order.length; i += 2) {
            order[i] = 1;
        }
        MethodType shape = MethodType.methodType(type, Request.class, PathArguments.class);
        return new Argument(MethodHandles.permuteArguments(handle, shape, order), variables);
    }

    private static MethodHandle constructor(Class<?> type, RecordComponent[] components, String method) {
        try {
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            Constructor<?> canonical = type.getDeclaredConstructor(types);
            Argument.class.getModule().addReads(type.getModule());
            return MethodHandles.privateLookupIn(type, LOOKUP).unreflectConstructor(canonical);
        } catch (ReflectiveOperationException e) {
            throw new ResourceError(method + ": the record " + type.getName() + " is not accessible", e);
        }
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

    /// Checks that a rule has the variables, in types that fit.
    void check(String method, Object rule, Map<String, Class<?>> offered) {
        for (Variable variable : variables) {
            Class<?> type = offered.get(variable.name());
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
