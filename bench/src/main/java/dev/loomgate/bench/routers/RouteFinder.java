package dev.loomgate.bench.routers;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A router that has been given the rules of a [RouteSet], each with its place in the set as endpoint.
interface RouteFinder extends AutoCloseable {
    /// What the router itself answers for a GET of this path. Nothing is added to it: this is what is measured.
    Object find(String path) throws Exception;

    /// The same in words that can be compared; null if there is no such route.
    @Nullable
    Found read(Object answer);

    @Override
    default void close() {}

    /// @param rule its place in the set
    /// @param values of its variables, as text
    record Found(int rule, Map<String, String> values) {}
}
