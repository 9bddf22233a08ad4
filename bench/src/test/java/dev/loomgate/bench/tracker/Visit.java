package dev.loomgate.bench.tracker;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.loomgate.toolkit.events.Event;
import dev.loomgate.toolkit.test.Call;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestEvents;
import dev.loomgate.toolkit.test.TestResponse;
import java.net.URLDecoder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Somebody who tries everything that a tracker has, once. What is random in the answers is masked, so that those of
/// two trackers can be compared.
final class Visit {
    static final String PASSWORD = "welcome";

    private static final int ATTEMPTS = 5;
    private static final Pattern TOKEN = Pattern.compile("(name=\"csrf_token\" value=)\"([^\"]+)\"");
    private static final Pattern NONCE = Pattern.compile("nonce=\"[^\"]+\"");
    private static final Pattern NONCE_SOURCE = Pattern.compile(" 'nonce-[^']+'");
    private static final Pattern ATTACHED = Pattern.compile("/attachments/\\d+(?=\")");
    private static final Pattern NAME = Pattern.compile("filename\\*=UTF-8''([^;]+)");
    private static final List<String> PROTECTION = List.of(
            "Content-Security-Policy",
            "Cross-Origin-Opener-Policy",
            "Cross-Origin-Resource-Policy",
            "Permissions-Policy",
            "Referrer-Policy",
            "X-Content-Type-Options",
            "X-Frame-Options",
            "X-Permitted-Cross-Domain-Policies");

    private final Client client;
    private final Map<String, String> answers = new LinkedHashMap<>();

    private Visit(Client client) {
        this.client = client;
    }

    /// What was answered, by what was tried.
    static Map<String, String> answers(Client client) throws Exception {
        Visit visit = new Visit(client);
        visit.asStranger();
        visit.logIn();
        visit.byApi();
        visit.byForms();
        visit.withFiles();
        visit.listening();
        visit.logOut();
        return visit.answers;
    }

    private void asStranger() {
        tell("the list", client.get("/"));
        tell("the list in JSON", client.get("/api/issues"));
        TestResponse login = client.get("/login").send();
        answers.put("the session's cookie", cookie(login));
        String token = token(login);
        tell("no token", client.post("/api/issues").json(draft("Spam", "", "OPEN")));
        tell("no login, in JSON", written(client.post("/api/issues"), token).json(draft("Spam", "", "OPEN")));
        tell("no login, in a form", client.post("/").form("csrf_token", token, "title", "Spam", "text", ""));
        tell("no such issue", client.get("/issues/4711"));
        tell("no such issue in JSON", client.get("/api/issues/4711").header("Accept", "application/json"));
        tell("no such attachment", client.get("/attachments/4711"));
        tell("page 0", client.get("/api/issues?page=0").header("Accept", "application/json"));
        tell("a page that is no number", client.get("/api/issues?page=x"));
        tell("a state that is none", client.get("/api/issues?state=LOST"));
    }

    private void logIn() {
        tell("a wrong password", client.post("/login").form(credentials("wrong")));
        tell("no password", client.post("/login").form(credentials("")));
        tell("the password", client.post("/login").form(credentials(PASSWORD)));
        tell("the list as a member", client.get("/"));
    }

    private String[] credentials(String password) {
        return new String[] {"csrf_token", token("/login"), "name", "admin", "password", password};
    }

    private void byApi() {
        String token = token("/");
        tell("an issue", written(client.post("/api/issues"), token).json(draft("It leaks", "Since Monday.", "OPEN")));
        tell("the issue", client.get("/api/issues/1"));
        tell("a change", written(client.put("/api/issues/1"), token).json(draft("It leaks", "No more.", "DONE")));
        tell("those that are done", client.get("/api/issues?state=DONE"));
        tell("those that are open", client.get("/api/issues?state=OPEN&page=1"));
        tell("a blank title", written(client.post("/api/issues"), token).json(draft(" ", "", "OPEN")));
        tell("a long title", written(client.put("/api/issues/1"), token).json(draft("x".repeat(81), "", "OPEN")));
        tell(
                "broken JSON",
                written(client.post("/api/issues"), token).body("{\"title".getBytes(UTF_8), "application/json"));
        tell("a change of none", written(client.put("/api/issues/4711"), token).json(draft("None", "", "OPEN")));
        tell("a removal", written(client.delete("/api/issues/1"), token));
        tell("another removal", written(client.delete("/api/issues/1"), token));
    }

    private void byForms() {
        String token = token("/");
        tell(
                "a form",
                client.post("/")
                        .form("csrf_token", token, "title", "<b>bold</b>", "text", "<script>alert(1)</script>"));
        tell("its page", client.get("/issues/2"));
        tell("a form without a title", client.post("/").form("csrf_token", token, "title", "", "text", "Nobody's"));
        tell("a form without a token", client.post("/").form("title", "Spam", "text", ""));
        tell(
                "a refused change",
                client.post("/issues/2")
                        .form("csrf_token", token, "title", "", "text", "A long afternoon's work", "state", "DOING"));
        tell(
                "a change by form",
                client.post("/issues/2").form("csrf_token", token, "title", "Ä", "text", "ö", "state", "DOING"));
        tell("the changed page", client.get("/issues/2"));
    }

    private void withFiles() {
        String token = token("/issues/2");
        byte[] content = "<i>ä</i>".getBytes(UTF_8);
        tell(
                "a file",
                client.post("/issues/2/attachments")
                        .field("csrf_token", token)
                        .file("file", "ein ä.html", "text/html", content));
        TestResponse page = client.get("/issues/2").send();
        tell("a page with a file", page);
        Matcher link = ATTACHED.matcher(page.text());
        tell("the file", client.get(link.find() ? link.group() : "/none"));
        tell(
                "no file",
                client.post("/issues/2/attachments")
                        .field("csrf_token", token)
                        .file("file", "", "application/octet-stream", new byte[0]));
        Call large = written(client.post("/issues/2/attachments"), token)
                .file("file", "large", "text/plain", new byte[1_000_001]);
        answers.put("a large file", Integer.toString(refusal(large))); // some refuse it before they look for headers
    }

    // Some close the connection while the file is still sent, and a client may then miss what they answered.
    private static int refusal(Call call) {
        for (int left = ATTEMPTS; ; left--) {
            try {
                return call.send().code();
            } catch (Exception e) {
                if (left == 1) {
                    throw e;
                }
            }
        }
    }

    private void listening() throws Exception {
        String token = token("/");
        try (TestEvents events = client.events("/events")) {
            tell("what is news", written(client.post("/api/issues"), token).json(draft("News", "", "OPEN")));
            tell("what changed", written(client.put("/api/issues/3"), token).json(draft("Old news", "", "DONE")));
            for (String which : List.of("one", "another")) {
                Event event = events.take().orElseThrow();
                answers.put(
                        which + " event",
                        event.name().orElse("") + ": " + event.data().orElse(""));
            }
        }
    }

    private void logOut() {
        tell("logging out", client.post("/logout").form("csrf_token", token("/")));
        tell("a stranger again", client.get("/"));
    }

    private static Map<String, String> draft(String title, String text, String state) {
        return Map.of("title", title, "text", text, "state", state);
    }

    private static Call written(Call call, String token) {
        return call.header("X-CSRF-Token", token);
    }

    private String token(String page) {
        return token(client.get(page).send());
    }

    private static String token(TestResponse page) {
        Matcher token = TOKEN.matcher(page.text());
        if (!token.find()) {
            throw new AssertionError("no form in " + page.text());
        }
        return token.group(2);
    }

    private void tell(String what, Call call) {
        tell(what, call.send());
    }

    private void tell(String what, TestResponse response) {
        StringBuilder answer = new StringBuilder().append(response.code());
        value(response, "Location")
                .ifPresent(location -> answer.append("\nLocation: ").append(location));
        value(response, "Content-Disposition")
                .ifPresent(name -> answer.append("\nfile: ").append(filename(name)));
        for (String name : PROTECTION) {
            answer.append('\n')
                    .append(NONCE_SOURCE
                            .matcher(value(response, name).orElse("no " + name))
                            .replaceAll(""));
        }
        answers.put(what, answer.append('\n').append(body(response)).toString());
    }

    private static Optional<String> value(TestResponse response, String name) {
        return response.headers().first(name);
    }

    // The pages' texts of errors are each server's own; what is wrong with which value is not.
    private static String body(TestResponse response) {
        String media = value(response, "Content-Type").orElse("").replaceFirst(";.*", "");
        return switch (media) {
            case "application/json" -> media + "\n" + json(response);
            case "application/problem+json" -> {
                JsonNode problem = json(response);
                yield media + "\n" + problem.path("status") + " " + problem.path("instance") + errors(problem);
            }
            case "application/octet-stream" -> media + "\n" + response.text();
            default ->
                response.text().contains("<nav>")
                        ? media + "\n"
                                + NONCE.matcher(TOKEN.matcher(response.text()).replaceAll("$1\"T\""))
                                        .replaceAll("nonce=\"N\"")
                        : response.text().contains("Log in first.") ? "Log in first." : "";
        };
    }

    private static String errors(JsonNode problem) {
        StringBuilder errors = new StringBuilder();
        for (JsonNode error : problem.path("errors")) {
            Map<String, String> sorted = new TreeMap<>();
            error.properties()
                    .forEach(each -> sorted.put(each.getKey(), each.getValue().asString()));
            errors.append("\n").append(sorted);
        }
        return errors.toString();
    }

    private static JsonNode json(TestResponse response) {
        return JsonMapper.shared().readTree(response.body());
    }

    private static String filename(String disposition) {
        Matcher name = NAME.matcher(disposition);
        return disposition.startsWith("attachment;") && name.find()
                ? URLDecoder.decode(name.group(1), UTF_8)
                : disposition;
    }

    private static String cookie(TestResponse response) {
        return Stream.of(value(response, "Set-Cookie").orElse("none").split("; *", -1))
                .skip(1)
                .map(attribute -> attribute.toLowerCase(Locale.ROOT))
                .filter(attribute -> !attribute.startsWith("max-age="))
                .sorted()
                .toList()
                .toString();
    }
}
