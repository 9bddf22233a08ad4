package dev.loomgate.toolkit.resources;

import dev.loomgate.gateway.Application;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.routing.UrlMap;
import dev.loomgate.toolkit.routing.converters.Converter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The endpoints of a map as requests need them: a class, a [Resource] or an Application each.
final class Endpoints {
    private Endpoints() {}

    /// The map, with a [Resource] in place of an object of a resource class, and of a function that makes them.
    /// Such a function is called once here: only an object tells its class.
    ///
    /// @throws ResourceError if an endpoint is nothing of that, or can't answer requests as it is written
    static <E> UrlMap<?> ready(UrlMap<E> urlMap) {
        IdentityHashMap<Object, Resource> resources = new IdentityHashMap<>();
        for (Rule<E> rule : urlMap.rules()) {
            if (!isReady(rule.endpoint())) {
                resources.computeIfAbsent(rule.endpoint(), endpoint -> resource(rule, endpoint));
            }
        }
        UrlMap<?> ready = resources.isEmpty() ? urlMap : replaced(urlMap, resources);
        check(ready);
        return ready;
    }

    private static boolean isReady(@Nullable Object endpoint) {
        return endpoint instanceof Class<?> || endpoint instanceof Resource || endpoint instanceof Application;
    }

    /// What may have hooks for a start and a stop: the endpoint, or the object behind it that answers all
    /// requests.
    static Object lasting(Object endpoint) {
        return endpoint instanceof Resource resource ? resource.lasting() : endpoint;
    }

    // The result's endpoints are only read, and as objects.
    @SuppressWarnings("unchecked")
    private static UrlMap<?> replaced(UrlMap<?> urlMap, IdentityHashMap<Object, Resource> resources) {
        return ((UrlMap<Object>) urlMap).withEndpoints(endpoint -> {
            Resource made = resources.get(endpoint);
            return made == null ? endpoint : made;
        });
    }

    private static Resource resource(Rule<?> rule, @Nullable Object endpoint) {
        if (endpoint instanceof Supplier<?> instances) {
            Object first = instances.get();
            if (first == null || isReady(first)) {
                throw new ResourceError(
                        ("the function that is the endpoint of rule %s makes %s, which is no object of a"
                                        + " resource class")
                                .formatted(rule, first));
            }
            return madeBy(first.getClass(), instances);
        }
        if (endpoint == null || endpoint.getClass().getName().startsWith("java.")) {
            throw new ResourceError("the endpoint of rule %s is %s, which is no resource class and no Application"
                    .formatted(rule, endpoint));
        }
        return Resource.ofInstance(endpoint);
    }

    // An object of another class fails its request, by the cast that a resource makes.
    @SuppressWarnings("unchecked")
    private static <T> Resource madeBy(Class<T> type, Supplier<?> instances) {
        return Resource.of(type, (Supplier<? extends T>) instances);
    }

    /// What resources answer at the rules of a map that is ready, in the order of its rules, and of a rule by HTTP's
    /// methods.
    static <E> List<Operation> operations(UrlMap<E> urlMap) {
        List<Operation> operations = new ArrayList<>();
        for (Rule<E> rule : urlMap.rules()) {
            if (rule.reachesEndpoint()) {
                switch (rule.endpoint()) {
                    case Class<?> type -> operations.addAll(operations(urlMap, rule, Resource.of(type)));
                    case Resource resource -> operations.addAll(operations(urlMap, rule, resource));
                    default -> {}
                }
            }
        }
        return List.copyOf(operations);
    }

    private static <E> List<Operation> operations(UrlMap<E> urlMap, Rule<E> rule, Resource resource) {
        Map<String, Converter<?>> converters = new LinkedHashMap<>(urlMap.converters(rule));
        converters.keySet().retainAll(rule.variableNames());
        Map<String, Converter<?>> ofPath = Collections.unmodifiableMap(converters);
        return resource.methods().stream()
                .filter(method -> rule.allowedMethods().isEmpty()
                        || rule.allowedMethods().get().contains(method))
                .sorted()
                .map(method ->
                        resource.action(method).orElseThrow().operation(rule, method, ofPath, urlMap.variables(rule)))
                .toList();
    }

    private static <E> void check(UrlMap<E> urlMap) {
        for (Rule<E> rule : urlMap.rules()) {
            switch (rule.endpoint()) {
                case Class<?> type -> check(urlMap, rule, Resource.of(type));
                case Resource resource -> check(urlMap, rule, resource);
                default -> {}
            }
        }
    }

    private static <E> void check(UrlMap<E> urlMap, Rule<E> rule, Resource resource) {
        resource.check(rule, urlMap.variables(rule), rule.allowedMethods());
    }
}
