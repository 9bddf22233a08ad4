package dev.loomgate.bench.arena;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import tools.jackson.databind.json.JsonMapper;

/// The data that the profiles are about, made for the run: `dataset.json` with 50 items, and `static`
/// with 20 files of the kinds and sizes of HttpArena's. Each text file has a `.gz` beside it; there is
/// no `.br`, which the JDK can't make. Always the same bytes.
public final class ArenaData {
    static final String DATASET = "dataset.json";
    static final String STATIC = "static";
    static final int ITEMS = 50;

    private static final List<String> CATEGORIES = List.of("electronics", "tools", "books", "garden", "sports", "toys");
    private static final List<String> FIRST = List.of("Alpha", "Swift", "Quiet", "Solid", "Bright", "Plain", "Twin");
    private static final List<String> SECOND = List.of("Widget", "Valve", "Relay", "Lamp", "Sensor", "Switch", "Gear");
    private static final List<String> TAGS = List.of("fast", "new", "sale", "eco", "limited", "wireless", "popular");
    private static final List<String> WORDS = List.of(
            "display",
            "position",
            "margin",
            "function",
            "return",
            "const",
            "width",
            "height",
            "border",
            "color",
            "padding",
            "element",
            "event",
            "render",
            "update",
            "state",
            "value",
            "index",
            "length",
            "section",
            "header",
            "footer",
            "button",
            "span",
            "class",
            "style",
            "transform",
            "transition",
            "opacity",
            "font",
            "await",
            "import");
    private static final List<String> MARKS =
            List.of(" ", " ", " ", ": ", ";\n", " = ", "(", ") {\n", "}\n", ", ", ".");

    /// Their bytes, by name.
    private static final Map<String, Integer> FILES = new TreeMap<>(Map.ofEntries(
            Map.entry("reset.css", 8_192),
            Map.entry("layout.css", 25_600),
            Map.entry("theme.css", 18_432),
            Map.entry("components.css", 204_800),
            Map.entry("utilities.css", 61_440),
            Map.entry("analytics.js", 12_288),
            Map.entry("helpers.js", 22_528),
            Map.entry("app.js", 204_800),
            Map.entry("vendor.js", 307_200),
            Map.entry("router.js", 35_840),
            Map.entry("header.html", 122_880),
            Map.entry("footer.html", 56_320),
            Map.entry("regular.woff2", 18_432),
            Map.entry("bold.woff2", 22_528),
            Map.entry("logo.svg", 15_344),
            Map.entry("icon-sprite.svg", 71_680),
            Map.entry("hero.webp", 46_080),
            Map.entry("thumb1.webp", 8_192),
            Map.entry("thumb2.webp", 6_144),
            Map.entry("manifest.json", 2_883)));

    private ArenaData() {}

    /// Makes them in a folder of their own below `folder`, which is returned.
    public static Path make(Path folder) throws IOException {
        Path data = Files.createTempDirectory(folder, "arena");
        Random random = new Random(15);
        Files.write(data.resolve(DATASET), new JsonMapper().writeValueAsBytes(items(random)));
        Path statics = Files.createDirectory(data.resolve(STATIC));
        for (Map.Entry<String, Integer> file : FILES.entrySet()) {
            String name = file.getKey();
            byte[] content = isText(name) ? text(file.getValue(), random) : noise(file.getValue(), random);
            Files.write(statics.resolve(name), content);
            if (isText(name)) {
                compress(content, statics.resolve(name + ".gz"));
            }
        }
        return data;
    }

    /// The names of the static files.
    public static List<String> files() {
        return List.copyOf(FILES.keySet());
    }

    private static boolean isText(String name) {
        return !name.endsWith(".woff2") && !name.endsWith(".webp");
    }

    private static List<Item> items(Random random) {
        List<Item> items = new ArrayList<>();
        for (int id = 1; id <= ITEMS; id++) {
            List<String> tags = new ArrayList<>();
            for (int tag = random.nextInt(2, 5); tag > 0; tag--) {
                tags.add(one(TAGS, random));
            }
            items.add(new Item(
                    id,
                    one(FIRST, random) + " " + one(SECOND, random),
                    one(CATEGORIES, random),
                    random.nextInt(1, 500),
                    random.nextInt(1, 100),
                    random.nextBoolean(),
                    tags,
                    new Rating(random.nextInt(1, 51), random.nextInt(1, 300))));
        }
        return items;
    }

    private static byte[] text(int size, Random random) {
        StringBuilder text = new StringBuilder(size + 20);
        while (text.length() < size) {
            text.append(one(WORDS, random));
            if (random.nextInt(4) == 0) {
                text.append(random.nextInt(1000));
            }
            text.append(one(MARKS, random));
        }
        return text.substring(0, size).getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] noise(int size, Random random) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String one(List<String> words, Random random) {
        return words.get(random.nextInt(words.size()));
    }

    private static void compress(byte[] content, Path file) throws IOException {
        try (OutputStream out = new BestGzip(Files.newOutputStream(file))) {
            out.write(content);
        }
    }

    private static final class BestGzip extends GZIPOutputStream {
        BestGzip(OutputStream out) throws IOException {
            super(out);
            def.setLevel(Deflater.BEST_COMPRESSION);
        }
    }
}
