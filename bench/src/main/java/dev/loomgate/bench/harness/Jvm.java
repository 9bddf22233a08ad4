package dev.loomgate.bench.harness;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The JVM that every Java server runs in: this one's own, its class path, and the flags of `./loomgate`, read
/// from the file that the launcher itself passes.
public record Jvm(Path root) {
    public List<String> command(Class<?> main, String... arguments) {
        return command(List.of(), main, arguments);
    }

    public List<String> command(List<String> moreFlags, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + root.resolve("jvm.options"));
        command.addAll(moreFlags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /// The version of `artifact`, as its file on the class path is named.
    public static String version(String artifact) {
        Matcher jar = Pattern.compile("/" + Pattern.quote(artifact) + "-([0-9][^/:]*?)(-linux-[^/:]*)?\\.jar")
                .matcher(System.getProperty("java.class.path"));
        return jar.find() ? jar.group(1) : "(not on the class path)";
    }
}
