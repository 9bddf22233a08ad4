package dev.loomgate.toolkit.routing.matching;

/// A request's method. The usual ones are bits of a number, so that a rule on the way can be asked without a look
/// into a set.
///
/// @param name in upper case
/// @param bit its own for a usual method, 0 for any other
public record Verb(String name, int bit) {
    private static final Verb GET = new Verb("GET", 1);
    private static final Verb HEAD = new Verb("HEAD", 1 << 1);
    private static final Verb POST = new Verb("POST", 1 << 2);
    private static final Verb PUT = new Verb("PUT", 1 << 3);
    private static final Verb DELETE = new Verb("DELETE", 1 << 4);
    private static final Verb PATCH = new Verb("PATCH", 1 << 5);
    private static final Verb OPTIONS = new Verb("OPTIONS", 1 << 6);

    /// @param name in upper case
    public static Verb of(String name) {
        return switch (name) {
            case "GET" -> GET;
            case "HEAD" -> HEAD;
            case "POST" -> POST;
            case "PUT" -> PUT;
            case "DELETE" -> DELETE;
            case "PATCH" -> PATCH;
            case "OPTIONS" -> OPTIONS;
            default -> new Verb(name, 0);
        };
    }
}
