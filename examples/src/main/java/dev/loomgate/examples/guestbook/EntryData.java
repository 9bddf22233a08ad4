package dev.loomgate.examples.guestbook;

import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.exceptions.Unauthorized;
import dev.loomgate.toolkit.resources.Result;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// `/entries`: what was written, for programs.
record EntryData(Entries entries) {
    private static final int MAX_ENTRIES = 100;

    /// Which comes first.
    enum Order {
        NEWEST,
        OLDEST
    }

    /// @param author whose entries; everybody's if empty
    /// @param limit how many at most, 100 if empty
    record Search(Optional<String> author, Optional<Order> order, Optional<Integer> limit) {
        Search {
            if (limit.isPresent() && (limit.get() < 1 || limit.get() > MAX_ENTRIES)) {
                throw new IllegalArgumentException("A limit is from 1 to " + MAX_ENTRIES + ".");
            }
        }
    }

    /// @param total how many there are without the limit
    record Found(int total, List<Written> entries) {}

    /// @param picture the picture's path, if there is one
    record Written(long id, String author, String text, Optional<String> picture) {
        static Written of(Entry entry) {
            return new Written(
                    entry.id(), entry.author(), entry.text(), entry.picture().map(_ -> "/picture/" + entry.id()));
        }
    }

    Found get(Search search) {
        List<Entry> found = entries.all().stream()
                .filter(entry -> search.author().map(entry.author()::equals).orElse(true))
                .toList();
        boolean oldestFirst = search.order().equals(Optional.of(Order.OLDEST));
        List<Written> first = (oldestFirst ? found.reversed() : found)
                .stream()
                        .limit(search.limit().orElse(MAX_ENTRIES))
                        .map(Written::of)
                        .toList();
        return new Found(found.size(), first);
    }

    Result<Written> post(Request request, Sign.Form form) throws IOException {
        String author = Guest.of(request).orElseThrow(Unauthorized::new);
        return Result.of(Written.of(entries.add(author, form.text(), form.picture())), 201);
    }
}
