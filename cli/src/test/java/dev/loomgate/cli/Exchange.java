package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.toolkit.test.Call;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A request and its response as a document shows them: `> ` before the lines of the one, `< ` before those of the
/// other; a head, and below an empty line a body. What isn't shown of the response isn't compared, and `…` stands
/// for anything.
///
/// @param request the request's lines
/// @param response the response's lines
record Exchange(List<String> request, List<String> response) {
    /// The exchanges of a block, with an empty line between any two.
    static List<Exchange> of(String block) {
        return Arrays.stream(block.strip().split("\n\n"))
                .map(text -> new Exchange(lines(text, ">"), lines(text, "<")))
                .toList();
    }

    private static List<String> lines(String text, String mark) {
        return text.lines()
                .filter(line -> line.startsWith(mark))
                .map(line -> line.substring(1).replaceFirst("^ ", ""))
                .toList();
    }

    private static List<String> head(List<String> lines) {
        return lines.stream().takeWhile(line -> !line.isEmpty()).toList();
    }

    private static List<String> body(List<String> lines) {
        return lines.stream().skip(head(lines).size() + 1L).toList();
    }

    /// Sends the request, and compares the response.
    void checkWith(Client client) {
        List<String> head = head(request);
        String[] line = head.getFirst().split(" ", 2);
        Call call = client.open(line[0], line[1]);
        String contentType = "";
        for (String field : head.subList(1, head.size())) {
            String[] pair = field.split(": ", 2);
            if (pair[0].equals("Content-Type")) {
                contentType = pair[1];
            } else {
                call.header(pair[0], pair[1]);
            }
        }
        if (!contentType.isEmpty()) {
            // A multipart body's lines end as on the wire.
            String end = contentType.startsWith("multipart/") ? "\r\n" : "\n";
            call.body(String.join(end, body(request)).getBytes(StandardCharsets.UTF_8), contentType);
        }
        compare(call.send());
    }

    private void compare(TestResponse actual) {
        List<String> head = head(response);
        assertThat(actual.status()).as(toString()).hasToString(head.getFirst());
        List<String> fields = new ArrayList<>();
        actual.headers().forEach((name, value) -> fields.add(name + ": " + value));
        for (String field : head.subList(1, head.size())) {
            assertThat(fields).as(toString()).anySatisfy(one -> assertThat(one).matches(pattern(field)));
        }
        if (response.size() > head.size()) {
            assertThat(actual.text().strip())
                    .as(toString())
                    .matches(pattern(String.join("\n", body(response)).strip()));
        }
    }

    private static Pattern pattern(String text) {
        return Pattern.compile(
                Arrays.stream(text.split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*")),
                Pattern.DOTALL);
    }

    @Override
    public String toString() {
        return request.getFirst() + " -> " + response.getFirst();
    }
}
