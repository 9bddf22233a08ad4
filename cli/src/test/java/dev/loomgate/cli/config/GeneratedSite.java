package dev.loomgate.cli.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;

/// A configuration made at random from all that the files can have, the same for a seed.
final class GeneratedSite {
    /// The environment in which it is read.
    static final Map<String, String> ENVIRONMENT =
            Map.of("PATH", "/usr/bin:/bin", "VAR", "from the environment", "NUMBER", "7", "REF", "%(k1)");

    private static final List<String> OPTIONS = List.of(
            "touch-reload",
            "touch-reload",
            "pidfile2",
            "procname-prefix",
            "plugins-dir",
            "log-format",
            "plugin-dir",
            "chdir2");
    private static final List<String> WORDS = List.of(
            "a",
            "abc",
            "x y",
            "  two  blanks",
            "4",
            "12",
            "-3",
            "007",
            "9223372036854775807",
            "3.5",
            "true",
            "false",
            "off",
            "\"quoted\"",
            "a ; comment",
            "a # comment",
            "a=b",
            "=",
            "%",
            "100%",
            "(",
            ")",
            "()",
            "$",
            "@",
            "$()",
            "%()",
            "/tmp",
            "h\u00e4",
            "[x]",
            "\\n",
            "tab\there",
            "a;b",
            "a,b");
    private static final List<String> MAGIC = List.of(
            "%n",
            "%d", "%s", "%p", "%e", "%c", "%o", "%x", "%0", "%1", "%2", "%9", "%k", "%v", "%h", "%u", "%U", "%g", "%G",
            "%i", "%j", "%%", "%%n", "%[", "%Y", "%q", "%N", "%D", "%S", "%P", "%E", "%C", "%O", "%X", "%I", "%J",
            "%0%1");

    private final Random random;
    private final Map<String, String> files = new TreeMap<>();
    private int key;
    private int included;

    private GeneratedSite(long seed) {
        random = new Random(seed * 2_654_435_761L + 17);
        files.put("content", "one line\n");
        files.put("lines", "first\nsecond line\r\n\nlast");
        files.put("two", "1\n2\n\n");
        files.put("reference", "%(k1) and $(VAR) and @(content)");
        files.put("empty", "");
    }

    /// Writes its files.
    ///
    /// @return the options that name them, as on the command line: keys and values, one after the other
    static List<String> write(long seed, Path directory) throws IOException {
        GeneratedSite site = new GeneratedSite(seed);
        List<String> named = site.make();
        for (Map.Entry<String, String> file : site.files.entrySet()) {
            Files.writeString(directory.resolve(file.getKey()), file.getValue(), StandardCharsets.UTF_8);
        }
        return named;
    }

    private List<String> make() {
        return switch (random.nextInt(10)) {
            case 0 -> {
                files.put("site.yaml", yaml());
                yield List.of("yaml", "site.yaml");
            }
            case 1 -> {
                files.put("site.json", json());
                yield List.of("json", "site.json");
            }
            case 2 -> {
                files.put("site.xml", xml());
                yield List.of("xml", "site.xml");
            }
            case 3 -> {
                files.put("site.ini", ini("[prod]\n", "[uwsgi]\n"));
                yield List.of("ini", "site.ini:prod");
            }
            case 4 -> {
                files.put("site.ini", ini("[uwsgi]\n"));
                yield List.of("set", "k1=" + value(), key(), value(), "ini", "site.ini", key(), value());
            }
            default -> {
                files.put("site.ini", ini("[uwsgi]\n"));
                yield List.of("ini", "site.ini");
            }
        };
    }

    private String ini(String... sections) {
        StringBuilder text = new StringBuilder(random.nextInt(8) == 0 ? "ignored = 1\n" : "");
        String end = random.nextInt(8) == 0 ? "\r\n" : "\n";
        for (String section : sections) {
            text.append(section);
            int lines = 1 + random.nextInt(12);
            for (int i = 0; i < lines; i++) {
                iniPart(text);
            }
        }
        if (random.nextInt(4) == 0) {
            text.append("[other]\n").append(line(key(), word())).append('\n');
            if (random.nextBoolean()) {
                text.append(sections[0]).append(line(key(), value())).append('\n');
            }
        }
        String whole = text.toString().replace("\n", end);
        return random.nextInt(5) == 0 ? whole.stripTrailing() : whole;
    }

    private void iniPart(StringBuilder text) {
        switch (random.nextInt(24)) {
            case 0 -> text.append(pick(List.of("; comment %x %Y\n", "# comment\n", "\n", "   \n", "\t; indented\n")));
            case 1 -> text.append(key()).append('\n');
            case 2, 3, 4 -> block(text);
            case 5 ->
                text.append("set = ").append(key()).append('=').append(value()).append('\n');
            case 6 ->
                text.append("set-ph = ")
                        .append(key())
                        .append('=')
                        .append(value())
                        .append('\n');
            case 7 -> include(text);
            case 8 -> {
                text.append("declare-option = own")
                        .append(included)
                        .append("=set=k1=$1;")
                        .append(pick(List.of("set=own=$2$1", "touch-reload=$1", "nothing", "ini=$1")))
                        .append('\n');
                text.append("own")
                        .append(included)
                        .append(" = ")
                        .append(pick(List.of("p q", "", "p", "p  q", "p q r")));
                text.append('\n');
                included++;
            }
            case 9 ->
                text.append(pick(List.of("strict = 0\n", "if-opt = k1\n", "endif =\n", "end = x\n", "else = x\n")));
            case 10 ->
                text.append(pick(List.of("", "  ", "\t")))
                        .append(line(key(), value()))
                        .append(pick(List.of("", "  ", "\t", "\r")))
                        .append('\n');
            default -> text.append(line(key(), value())).append('\n');
        }
    }

    private String line(String name, String value) {
        return name + pick(List.of(" = ", "=", " =", "= ", "\t=\t")) + value;
    }

    private void block(StringBuilder text) {
        text.append(pick(List.of(
                "for = a b c",
                "for = x",
                "for =",
                "for = 1 %k %n",
                "for-times = 3",
                "for-times = 0",
                "for-glob = *o*",
                "for-glob = nothing*",
                "for-glob = %d[ct]*",
                "for-readline = lines",
                "for-readline = none",
                "if-env = VAR",
                "if-env = NOPE",
                "if-env = NUMBER=7",
                "if-env = NUMBER=8",
                "if-not-env = VAR",
                "if-not-env = NOPE",
                "if-not-env = NUMBER=8",
                "ifenv = VAR",
                "if-opt = k1",
                "if-opt = k2=abc",
                "if-not-opt = k1",
                "if-not-opt = k3=4",
                "if-exists = content",
                "if-exists = none",
                "if-not-exists = none",
                "ifexists = content",
                "if-file = content",
                "if-file = .",
                "if-not-file = .",
                "if-dir = .",
                "if-dir = content",
                "if-not-dir = content",
                "ifdir = .",
                "if-directory = .",
                "if-reload =",
                "if-not-reload =",
                "if-hostname = %h",
                "if-not-hostname = x",
                "if-hostname-match = .",
                "if-not-hostname-match = ^$",
                "if-plugin = none",
                "if-not-plugin = none")));
        text.append('\n');
        int lines = random.nextInt(3) + 1;
        for (int i = 0; i < lines; i++) {
            String name = random.nextInt(10) == 0 ? "%(_)" : key();
            text.append(line(name, pick(List.of("%(_)", "<%(_)>", "%(_)%(_)", "fixed", value(), "%(k%(_))"))))
                    .append('\n');
        }
        if (random.nextInt(12) == 0) {
            include(text);
        }
        if (random.nextInt(15) > 0) {
            text.append(pick(List.of("endfor", "end-for =", "endif = x", "end-if", "end =", "end")))
                    .append('\n');
        }
    }

    private void include(StringBuilder text) {
        if (included > 3) {
            return;
        }
        String name = "part" + included++;
        switch (random.nextInt(7)) {
            case 0 -> {
                files.put(name + ".ini", ini("[uwsgi]\n", "[part]\n"));
                text.append("ini = ")
                        .append(name)
                        .append(pick(List.of(".ini:part\n", ".ini\n", ".ini:\n", ".ini:no\n")));
            }
            case 1 -> {
                files.put(name + ".yaml", yaml());
                text.append(pick(List.of("include", "yaml")))
                        .append(" = ")
                        .append(name)
                        .append(".yaml\n");
            }
            case 2 -> {
                files.put(name + ".json", json());
                text.append(pick(List.of("include", "json")))
                        .append(" = ")
                        .append(name)
                        .append(".json\n");
            }
            case 3 -> {
                files.put(name + ".xml", xml());
                text.append(pick(List.of("include", "xml")))
                        .append(" = %d")
                        .append(name)
                        .append(".xml\n");
            }
            case 4 -> {
                files.put(name + ".ini", ini("[uwsgi]\n"));
                text.append("inherit = ").append(name).append(".ini\n");
            }
            case 5 ->
                text.append("ini = ")
                        .append(random.nextInt(8) == 0 ? "none.ini" : ":other")
                        .append('\n');
            default -> {
                files.put(name + ".ini", ini("[uwsgi]\n"));
                text.append("include = ").append(name).append(".ini\n");
            }
        }
    }

    private String key() {
        return switch (random.nextInt(8)) {
            case 0, 1 -> pick(OPTIONS);
            case 2 -> pick(List.of("a key", "", "K1", "k_1", "a.b", "none", "h\u00e4"));
            default -> "k" + (1 + key++ % 6);
        };
    }

    private String value() {
        StringBuilder value = new StringBuilder(part());
        while (random.nextInt(3) == 0) {
            value.append(pick(List.of("", " ", "/"))).append(part());
        }
        return value.toString();
    }

    private String part() {
        return switch (random.nextInt(12)) {
            case 0 -> reference();
            case 1 -> expression();
            case 2 -> pick(MAGIC);
            case 3 ->
                pick(List.of("$(VAR)", "$(NOPE)", "$(NUMBER)", "$(REF)", "${VAR}", "$VAR", "$(NOPE:-x)", "$(V%(k1))"));
            case 4 -> pick(List.of("@(content)", "@(lines)", "@(two)", "@(reference)", "@(empty)", "@content"));
            default -> word();
        };
    }

    /// Rarely one that may lead to itself.
    private String reference() {
        int most = random.nextInt(40) == 0 ? 6 : Math.max(1, key % 6);
        String name = "k" + (1 + random.nextInt(most));
        return pick(List.of(
                "%(" + name + ")", "%%(" + name + ")", "%(%(" + name + "))", "%( " + name + ")", "%(none)", "%(K1)"));
    }

    private String expression() {
        Supplier<String> operand = () -> pick(List.of("k1", "none", "3", "2", "0", "%k", "$(NUMBER)", "12abc"));
        StringBuilder text = new StringBuilder("%(").append(operand.get());
        int more = 1 + random.nextInt(3);
        for (int i = 0; i < more; i++) {
            text.append(' ').append(pick(List.of("+", "-", "*", "/", "", "++", "--", "+ +")));
            if (random.nextInt(8) > 0) {
                text.append(' ').append(operand.get());
            }
        }
        return text.append(')').toString();
    }

    private String word() {
        return pick(WORDS);
    }

    private String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }

    private List<String> plainKeys() {
        List<String> keys = new ArrayList<>();
        int lines = 1 + random.nextInt(6);
        for (int i = 0; i < lines; i++) {
            keys.add(random.nextInt(4) == 0 ? pick(OPTIONS) : "k" + (1 + key++ % 6));
        }
        return keys;
    }

    private String yaml() {
        StringBuilder text = new StringBuilder(random.nextInt(4) == 0 ? "other:\n  k1: no\n" : "");
        text.append("uwsgi:\n");
        for (String name : plainKeys()) {
            text.append("  ").append(name).append(':');
            switch (random.nextInt(8)) {
                case 0 -> text.append(" [a, 'b c', ").append(quoted()).append("]\n");
                case 1 -> text.append("\n    - a\n    - ").append(quoted()).append('\n');
                case 2 -> text.append('\n');
                case 3 -> text.append(" ").append(quoted()).append(" # comment\n");
                case 4 -> text.append(" 'it''s %n'\n");
                case 5 ->
                    text.append(pick(List.of(
                            " true\n",
                            " ~\n",
                            " 4\n",
                            " 1.50\n",
                            " |\n    two\n    lines\n",
                            " >\n    two\n    lines\n")));
                default -> text.append(" ").append(quoted()).append('\n');
            }
        }
        return random.nextInt(4) == 0 ? text.append("third:\n  k2: no\n").toString() : text.toString();
    }

    private String json() {
        StringBuilder text = new StringBuilder(random.nextInt(4) == 0 ? "{\"other\": {\"k1\": 1}, " : "{");
        text.append("\"uwsgi\": {\n");
        String separator = "";
        for (String name : plainKeys()) {
            text.append(separator).append("  \"").append(name).append("\": ");
            text.append(pick(List.of(
                    quoted(),
                    quoted(),
                    "1",
                    "1.50",
                    "-0",
                    "1e3",
                    "true",
                    "false",
                    "null",
                    "[]",
                    "{\"k1\": 2}",
                    "[1, " + quoted() + ", true, [2]]",
                    "\"\"")));
            separator = ",\n";
        }
        return text.append("}}").append(random.nextInt(20) == 0 ? " x" : "\n").toString();
    }

    private String xml() {
        StringBuilder text = new StringBuilder(random.nextBoolean() ? "<?xml version=\"1.0\"?>\n" : "");
        text.append("<uwsgi>\n");
        for (String name : plainKeys()) {
            String value = value().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
            text.append(
                    switch (random.nextInt(6)) {
                        case 0 -> "  <" + name + "/>\n";
                        case 1 -> "  <" + name + "> " + value + "\n</" + name + ">\n";
                        case 2 -> "  <!-- comment --><" + name + "><![CDATA[a < b]]></" + name + ">\n";
                        case 3 -> "  <app mountpoint=\"/x\">" + word().replace("&", "") + "</app>\n";
                        default -> "  <" + name + ">" + value + "</" + name + ">\n";
                    });
        }
        return text.append("</uwsgi>\n").toString();
    }

    /// A value that is right in YAML and in JSON.
    private String quoted() {
        return "\"" + value().replace("\\", "\\\\").replace("\"", "\\\"").replace("\t", " ") + "\"";
    }
}
