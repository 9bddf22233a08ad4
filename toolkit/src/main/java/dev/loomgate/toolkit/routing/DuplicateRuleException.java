package dev.loomgate.toolkit.routing;

/// A map has two rules that no request could tell apart: one of them would never match.
public final class DuplicateRuleException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    DuplicateRuleException(Rule<?> first, Rule<?> second) {
        super("URL rule '%s' for %s duplicates '%s' for %s"
                .formatted(second, second.endpoint(), first, first.endpoint()));
    }
}
