package dev.loomgate.toolkit.settings;

import java.util.List;
import java.util.stream.Stream;

/// What one place says of a setting.
///
/// @param texts one, or those of an argument that was repeated
/// @param origin what the place is called at the start of a message: `environment variable SHOP_PORT`
/// @param shown whether a message may quote the text
/// @param separator of a list's elements
record Given(List<String> texts, String origin, boolean shown, String separator) {
    /// Something that is wrong, and told already.
    static final Given WRONG = new Given(List.of(), "", false, ",");

    /// A text among others: a list is separated by commas.
    static Given of(List<String> texts, String origin, Setting setting) {
        return new Given(texts, origin, !setting.isSecret(), ",");
    }

    /// All of a file: a list has an element in each line. It isn't shown, since secrets are given so.
    static Given ofFile(String text, String origin) {
        return new Given(List.of(text), origin, false, "\n");
    }

    /// The elements of a list, without what is around them; empty ones aren't counted.
    List<String> elements() {
        return texts.stream()
                .flatMap(text -> Stream.of(text.split(separator, -1)))
                .map(String::strip)
                .filter(element -> !element.isEmpty())
                .toList();
    }
}
