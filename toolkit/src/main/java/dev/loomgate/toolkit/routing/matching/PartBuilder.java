package dev.loomgate.toolkit.routing.matching;

import dev.loomgate.toolkit.routing.converters.Converter;
import dev.loomgate.toolkit.routing.converters.ConverterArguments;
import dev.loomgate.toolkit.routing.converters.WholeText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Cuts a rule's tokens into parts.
///
/// `/wiki/<path:page>/edit` becomes the static parts `""` and `"wiki"`, and one dynamic part that takes the rest.
final class PartBuilder {
    private final Map<String, Converter.Factory> factories;
    private final Map<String, Converter<?>> variables;
    private final List<Part> parts = new ArrayList<>();

    private StringBuilder text = new StringBuilder();
    private List<RuleToken> spec = new ArrayList<>();
    private StringBuilder regex = new StringBuilder();
    private List<Integer> staticLengths = new ArrayList<>();
    private List<Integer> converterWeights = new ArrayList<>();
    private List<Converter<?>> converters = new ArrayList<>();
    private boolean takesRest;
    private boolean endsWithSlash;

    private PartBuilder(Map<String, Converter.Factory> factories, Map<String, Converter<?>> variables) {
        this.factories = factories;
        this.variables = variables;
    }

    /// The parts of these tokens; the converters of their variables are put into `variables`, in order.
    ///
    /// @throws IllegalArgumentException if a converter is unknown or refuses its arguments, or a name occurs twice
    static List<Part> build(
            List<RuleToken> tokens, Map<String, Converter.Factory> factories, Map<String, Converter<?>> variables) {
        PartBuilder builder = new PartBuilder(factories, variables);
        for (RuleToken token : tokens) {
            switch (token) {
                case RuleToken.Static(String fixed) -> builder.fixed(fixed);
                case RuleToken.Variable variable -> builder.variable(variable);
                case RuleToken.Slash _ -> builder.slash();
            }
        }
        builder.end();
        return builder.parts;
    }

    private void fixed(String fixed) {
        endsWithSlash = false;
        staticLengths.add(fixed.length());
        text.append(fixed);
        spec.add(new RuleToken.Static(fixed));
        regex.append(Pattern.quote(fixed));
    }

    private void variable(RuleToken.Variable variable) {
        endsWithSlash = false;
        Converter<?> converter = converter(variable);
        if (variables.putIfAbsent(variable.name(), converter) != null) {
            throw new IllegalArgumentException("variable <" + variable.name() + "> occurs twice");
        }
        spec.add(new RuleToken.Variable(canonical(variable.converter()), variable.arguments(), ""));
        regex.append("(?<v")
                .append(converters.size())
                .append('>')
                .append(converter.regex())
                .append(')');
        converters.add(converter);
        converterWeights.add(converter.weight());
        takesRest |= !converter.partIsolating();
    }

    private Converter<?> converter(RuleToken.Variable variable) {
        Converter.Factory factory = factories.get(variable.converter());
        if (factory == null) {
            throw new IllegalArgumentException("the converter '" + variable.converter() + "' does not exist");
        }
        try {
            return factory.create(ConverterArguments.parse(variable.arguments()));
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "converter '%s' of <%s>: %s".formatted(variable.converter(), variable.name(), e.getMessage()), e);
        }
    }

    // <name> and <string:name> are the same part.
    private String canonical(String converter) {
        return factories.get(converter) == factories.get("default") ? "default" : converter;
    }

    private void slash() {
        if (takesRest) {
            endsWithSlash = true;
            spec.add(new RuleToken.Slash());
            regex.append('/');
        } else {
            add(false);
            text = new StringBuilder();
            spec = new ArrayList<>();
            regex = new StringBuilder();
            staticLengths = new ArrayList<>();
            converterWeights = new ArrayList<>();
            converters = new ArrayList<>();
        }
    }

    private void end() {
        boolean suffixed = takesRest && endsWithSlash;
        if (suffixed) {
            regex.setLength(regex.length() - 1);
            regex.append("(?<!/)(?<slash>/?)");
        }
        add(suffixed);
        if (suffixed) {
            parts.add(new Part.Static(""));
        }
    }

    private void add(boolean suffixed) {
        if (converters.isEmpty()) {
            parts.add(new Part.Static(text.toString()));
            return;
        }
        // A line feed is the only character that Python's dot leaves out.
        Pattern pattern = Pattern.compile(regex + "\\z", Pattern.UNIX_LINES);
        parts.add(new Part.Dynamic(
                spec,
                pattern,
                List.copyOf(converters),
                whole(),
                takesRest,
                suffixed,
                new Part.Weight(staticLengths, converterWeights)));
    }

    private @Nullable Converter<?> whole() {
        boolean alone = converters.size() == 1 && staticLengths.isEmpty() && !endsWithSlash;
        return alone && converters.getFirst() instanceof WholeText ? converters.getFirst() : null;
    }
}
