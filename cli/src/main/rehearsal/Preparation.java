import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/// Makes a directory of JAR files start quicker, which ./loomgate runs once after a build, before the rehearsal.
///
/// - Classes for Java 5 and older have no stack maps, so the JDK 25 keeps none of them in an archive, and looks at each
///   with its old, slow verifier at each start. They are rewritten as they would be compiled for a newer Java: the
///   same instructions, with stack maps. Of what we use that is picocli, whose 170 classes took a third of a start's CPU.
/// - The worker's Python package is unpacked, so that interpreters keep its bytecode, which they can't for a JAR file's.
public final class Preparation {
    private static final int OLDEST_WITH_STACK_MAPS = ClassFile.JAVA_6_VERSION;
    private static final String PYTHON = "loomgate_worker/";
    private static final LocalDateTime EARLIEST = LocalDateTime.of(1980, 1, 1, 0, 0);

    private Preparation() {}

    /// @param args the directory
    public static void main(String[] args) throws IOException {
        Path directory = Path.of(args[0]);
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(directory, "*.jar")) {
            for (Path jar : jars) {
                Map<String, byte[]> entries = entries(jar);
                unpackPython(entries, directory.resolve("python"));
                if (rewrite(entries)) {
                    write(entries, jar);
                }
            }
        }
    }

    private static Map<String, byte[]> entries(Path jar) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipFile file = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : Collections.list(file.entries())) {
                entries.put(entry.getName(), file.getInputStream(entry).readAllBytes());
            }
        }
        return entries;
    }

    private static void unpackPython(Map<String, byte[]> entries, Path into) throws IOException {
        for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
            if (entry.getKey().startsWith(PYTHON) && !entry.getKey().endsWith("/")) {
                Path file = into.resolve(entry.getKey());
                Files.createDirectories(file.getParent());
                Files.write(file, entry.getValue());
            }
        }
    }

    private static boolean rewrite(Map<String, byte[]> entries) {
        ClassHierarchyResolver classes = ClassHierarchyResolver.ofResourceParsing(type -> {
                    String descriptor = type.descriptorString(); // Lpackage/Name;
                    byte[] found = entries.get(descriptor.substring(1, descriptor.length() - 1) + ".class");
                    return found == null ? null : new ByteArrayInputStream(found);
                })
                .orElse(ClassHierarchyResolver.defaultResolver());
        ClassFile files =
                ClassFile.of(ClassHierarchyResolverOption.of(classes), StackMapsOption.GENERATE_STACK_MAPS);
        boolean changed = false;
        for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
            if (entry.getKey().endsWith(".class") && !entry.getKey().startsWith("META-INF/")) {
                ClassModel old = files.parse(entry.getValue());
                if (old.majorVersion() < OLDEST_WITH_STACK_MAPS) {
                    entry.setValue(files.transformClass(old, NEWER));
                    changed = true;
                }
            }
        }
        return changed;
    }

    /// A method's code that is handed on as a whole would keep its lack of stack maps.
    private static final ClassTransform NEWER = ClassTransform.transformingMethodBodies(
                    (code, element) -> code.with(element))
            .andThen((type, element) -> {
                if (element instanceof ClassFileVersion) {
                    type.withVersion(ClassFile.JAVA_8_VERSION, 0);
                } else {
                    type.with(element);
                }
            });

    private static void write(Map<String, byte[]> entries, Path jar) throws IOException {
        Path next = jar.resolveSibling(jar.getFileName() + ".new");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(next))) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                ZipEntry written = new ZipEntry(entry.getKey());
                written.setTimeLocal(EARLIEST); // the same bytes for the same classes
                out.putNextEntry(written);
                out.write(entry.getValue());
                out.closeEntry();
            }
        }
        Files.move(next, jar, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
