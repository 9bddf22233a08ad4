package dev.loomgate.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/// Finds the names that somebody may have meant who has typed another one. Names that aren't close are left out: a
/// wrong suggestion is worse than none.
final class SimilarNames {
    private static final int MOST_ERRORS = 2;
    private static final int LETTERS_AN_ERROR = 3;
    private static final int SHORTEST_BEGINNING = 3;
    private static final int MOST_NAMES = 3;

    private final List<String> names;

    /// @param names with their dashes, if they have any
    SimilarNames(Collection<String> names) {
        this.names = names.stream().sorted().toList();
    }

    /// Those with the fewest typing errors in between: one for three letters, and two at the most. The best come alone.
    ///
    /// An error is a letter that is missing, too many or another one, or two that have changed places.
    List<String> byTypos(String typed) {
        String wanted = bare(typed);
        if (wanted.length() < LETTERS_AN_ERROR) {
            return List.of();
        }
        int fewest = Math.min(MOST_ERRORS, wanted.length() / LETTERS_AN_ERROR);
        List<String> best = new ArrayList<>();
        for (String name : names) {
            int errors = errors(wanted, bare(name));
            if (errors < fewest) {
                fewest = errors;
                best.clear();
            }
            if (errors == fewest) {
                best.add(name);
            }
        }
        return fewest(best);
    }

    /// Those that begin with what was typed.
    List<String> byBeginning(String typed) {
        String wanted = bare(typed);
        return wanted.length() < SHORTEST_BEGINNING
                ? List.of()
                : fewest(names.stream()
                        .filter(name -> bare(name).startsWith(wanted))
                        .toList());
    }

    /// Many names say nothing about which one was meant.
    private static List<String> fewest(List<String> found) {
        return found.size() > MOST_NAMES ? List.of() : List.copyOf(found);
    }

    private static String bare(String name) {
        return name.replaceFirst("^-+", "").replace('_', '-').toLowerCase(Locale.ROOT);
    }

    /// The distance of Damerau and Levenshtein, in its form where no part is changed twice.
    static int errors(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        Arrays.setAll(last, j -> j);
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int other = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(last[j], row[j - 1]) + 1, last[j - 1] + other);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            beforeLast = last;
            last = row;
        }
        return last[b.length()];
    }
}
