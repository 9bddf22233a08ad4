package dev.loomgate.validation;

import dev.loomgate.toolkit.RecordValidator.Violation;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Paths of Jakarta Validation as the toolkit has them. There, `items[2].count` is the node `items`, and a node `count`
/// which is within an iterable at 2.
final class Steps {
    /// By places: in a list by numbers, otherwise by names; then by message.
    static final Comparator<Violation> ORDER =
            Comparator.comparing(Violation::path, Steps::compare).thenComparing(Violation::message);

    private Steps() {}

    static List<Object> of(Path path) {
        List<Object> steps = new ArrayList<>();
        for (Path.Node node : path) {
            // A set's elements have neither.
            if (node.getIndex() != null) {
                steps.add(node.getIndex());
            } else if (node.getKey() != null) {
                steps.add(node.getKey().toString());
            }
            if (node.getKind() == ElementKind.PROPERTY) {
                steps.add(node.getName());
            }
        }
        return steps;
    }

    private static int compare(List<Object> one, List<Object> other) {
        for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
            int order = one.get(i) instanceof Integer first && other.get(i) instanceof Integer second
                    ? first.compareTo(second)
                    : one.get(i).toString().compareTo(other.get(i).toString());
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(one.size(), other.size());
    }
}
