package dev.loomgate.toolkit.routing.matching;

import dev.loomgate.toolkit.routing.converters.Converter;
import dev.loomgate.toolkit.values.Scalars;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One segment of a rule, or all of the rest where a variable may hold slashes.
public sealed interface Part {
    /// A segment without a variable.
    record Static(String text) implements Part {}

    /// A segment with variables.
    ///
    /// @param spec the part's tokens without the variables' names: equal ones are one transition
    /// @param pattern matches the whole part, with a group `v0`, `v1`, ... for each variable
    /// @param converters of the variables, in order
    /// @param whole the converter that needs no pattern, where its variable is all of the part
    /// @param takesRest whether it takes all the segments that are left
    /// @param suffixed whether the text may end with a slash that belongs to the branch, not to the variable
    /// @param weight compared as text is: the lower, the earlier
    record Dynamic(
            List<RuleToken> spec,
            Pattern pattern,
            List<Converter<?>> converters,
            @Nullable Converter<?> whole,
            boolean takesRest,
            boolean suffixed,
            Weight weight)
            implements Part {
        /// What a converter makes of a text. One that throws because it can't read it doesn't match: the text is a
        /// client's.
        public Optional<?> value(Converter<?> converter, String text) {
            try {
                return converter.toValue(text);
            } catch (RuntimeException e) {
                if (!Scalars.isUnreadable(e)) {
                    throw e;
                }
                return Optional.empty();
            }
        }

        /// Equal for parts that match the same.
        List<Object> identity() {
            return List.of(spec, takesRest, suffixed);
        }

        /// Whether both match the same texts, whatever their converters then make of these.
        boolean isAlike(Dynamic other) {
            return takesRest == other.takesRest
                    && suffixed == other.suffixed
                    && weight.equals(other.weight)
                    && pattern.pattern().equals(other.pattern.pattern());
        }
    }

    /// Where a part stands among others: more pieces of fixed text first, then longer ones, then more variables,
    /// then variables whose converters weigh less.
    final class Weight implements Comparable<Weight> {
        private final int[] key;

        Weight(List<Integer> staticLengths, List<Integer> converterWeights) {
            key = new int[2 + staticLengths.size() + converterWeights.size()];
            int i = 0;
            key[i++] = -staticLengths.size();
            for (int length : staticLengths) {
                key[i++] = -length;
            }
            key[i++] = -converterWeights.size();
            for (int weight : converterWeights) {
                key[i++] = weight;
            }
        }

        @Override
        public int compareTo(Weight other) {
            return Arrays.compare(key, other.key);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Weight that && Arrays.equals(key, that.key);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(key);
        }
    }
}
