package dev.loomgate.toolkit.routing;

/// What a rule had to say to a path.
///
/// @param rule the rule
/// @param matches whether it would have answered, alone or after others
/// @param reason why, or why not
public record Explanation<E>(Rule<E> rule, boolean matches, String reason) {
    /// `/user/<int:id>: no, 'bob' doesn't fit <int:id>`
    @Override
    public String toString() {
        return rule + ": " + (matches ? "yes, " : "no, ") + reason;
    }
}
