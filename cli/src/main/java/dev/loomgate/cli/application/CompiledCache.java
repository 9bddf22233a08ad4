package dev.loomgate.cli.application;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Keeps what source files became, so that a start with an unchanged one needs no compiler, which takes a
/// third of such a start.
///
/// A file each, named by the hash of all that the result depends on: the source and its name, the compiler's
/// options, the JDK, and the class path with the size and time of each file that the compiler may read. In it,
/// after the hash of the rest, so that a damaged file is none:
///
/// ```
/// number of classes, then for each its name (modified UTF-8), length and class file
/// ```
///
/// It is an attempt: a directory that can't be read or written means that everything is compiled. What is
/// in it is run, so it is to be as safe as the server's own files, beside which the launcher puts it.
final class CompiledCache {
    private static final String PROPERTY = "loomgate.compiled";
    private static final String SUFFIX = ".classes";
    /// Past so many, the ones that were used longest ago go.
    static final int MOST_KEPT = 64;
    /// Past so many files in the directories of a class path, looking at each is no quicker than the compiler.
    private static final int MOST_FILES = 10_000;
    private static final Pattern READ_BY_COMPILER = Pattern.compile("\\.(class|java)$");
    private static final int HASH_BYTES = 32;

    private final Path directory;

    CompiledCache(Path directory) {
        this.directory = directory;
    }

    /// The launcher's; empty where the server was started otherwise.
    static Optional<CompiledCache> ofLauncher() {
        return Optional.ofNullable(System.getProperty(PROPERTY)).map(name -> new CompiledCache(Path.of(name)));
    }

    /// What the result of a compilation depends on; empty if that can't be said.
    Optional<String> key(SourceFile source, List<String> options, String classPath) {
        try {
            MessageDigest hash = sha256();
            add(hash, source.path().getFileName().toString());
            add(hash, source.text());
            add(hash, String.join("\n", options));
            add(hash, Runtime.version().toString());
            int[] left = {MOST_FILES};
            for (String entry : classPath.split(File.pathSeparator, -1)) {
                addFiles(hash, Path.of(entry), left);
            }
            return left[0] < 0 ? Optional.empty() : Optional.of(HexFormat.of().formatHex(hash.digest()));
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        }
    }

    private static void addFiles(MessageDigest hash, Path entry, int[] left) throws IOException {
        if (!Files.exists(entry)) {
            add(hash, entry + " is missing");
            return;
        }
        if (Files.isRegularFile(entry)) {
            addFile(hash, entry.toAbsolutePath());
            return;
        }
        // Others come and go while a site runs: bytecode of Python programs, what was uploaded.
        BiPredicate<Path, BasicFileAttributes> readByCompiler = (file, attributes) -> {
            left[0]--;
            return attributes.isRegularFile()
                    && READ_BY_COMPILER.matcher(file.toString()).find();
        };
        try (Stream<Path> files = Files.find(entry.toAbsolutePath(), Integer.MAX_VALUE, readByCompiler)) {
            for (Path file : files.takeWhile(file -> left[0] >= 0).sorted().toList()) {
                addFile(hash, file);
            }
        }
    }

    private static void addFile(MessageDigest hash, Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        add(hash, file + " " + attributes.size() + " " + attributes.lastModifiedTime());
    }

    private static void add(MessageDigest hash, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        hash.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII)); // where one text ends and another begins
        hash.update(bytes);
    }

    Optional<CompiledClasses> find(String key) {
        try {
            Path file = directory.resolve(key + SUFFIX);
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            byte[] all = Files.readAllBytes(file);
            byte[] rest = Arrays.copyOfRange(all, Math.min(HASH_BYTES, all.length), all.length);
            if (all.length < HASH_BYTES || !Arrays.equals(all, 0, HASH_BYTES, sha256().digest(rest), 0, HASH_BYTES)) {
                return Optional.empty();
            }
            CompiledClasses classes = CompiledClasses.of(read(rest));
            touch(file);
            return Optional.of(classes);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static void touch(Path file) {
        try {
            Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis()));
        } catch (IOException e) {
            // Another user's: it may go earlier than it should.
        }
    }

    private static Map<String, byte[]> read(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            String name = in.readUTF();
            files.put(name, in.readNBytes(in.readInt()));
        }
        return files;
    }

    void keep(String key, CompiledClasses classes) {
        try {
            Files.createDirectories(directory);
            Path written = Files.createTempFile(directory, key, ".new");
            try {
                byte[] rest = bytes(classes.files());
                ByteArrayOutputStream all = new ByteArrayOutputStream();
                all.writeBytes(sha256().digest(rest));
                all.writeBytes(rest);
                Files.write(written, all.toByteArray());
                Files.move(written, directory.resolve(key + SUFFIX), StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(written);
            }
            removeOldest();
        } catch (IOException | UncheckedIOException e) {
            // The next start compiles it again.
        }
    }

    private static byte[] bytes(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(files.size());
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            out.writeUTF(file.getKey());
            out.writeInt(file.getValue().length);
            out.write(file.getValue());
        }
        return bytes.toByteArray();
    }

    private void removeOldest() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> newestFirst = files.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted(Comparator.comparing(CompiledCache::time).reversed())
                    .toList();
            for (Path file : newestFirst.subList(Math.min(MOST_KEPT, newestFirst.size()), newestFirst.size())) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static FileTime time(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return FileTime.fromMillis(0); // another server has removed it
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }
}
