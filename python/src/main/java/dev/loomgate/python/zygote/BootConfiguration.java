package dev.loomgate.python.zygote;

import dev.loomgate.python.ProgramSetup;
import dev.loomgate.python.PythonOptions;
import dev.loomgate.python.SharedOptions;
import dev.loomgate.python.WorkerMode;
import dev.loomgate.python.wire.FrameType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// What a zygote is told first, as docs/worker-protocol.md has it.
///
/// @param line one line of JSON
public record BootConfiguration(String line) {
    private static final String VERSION = version();

    /// The settings that the Python side's messages name.
    private static final List<String> NAMED = List.of(
            "module",
            "file",
            "callable",
            "directory",
            "directoryAfter",
            "input",
            "addressSpaceBytes",
            "paste",
            "pasteLoggers",
            "code",
            "imports",
            "sharedImports",
            "spoolers",
            "spoolerImports",
            "interpreter",
            "home",
            "lazyApps",
            "needApp",
            "mules",
            "muleMessageSize",
            "queue",
            "areas",
            "maxResponseHeadBytes",
            "WorkerMode.Asyncio",
            "WorkerMode.Gevent");

    /// @param direct null where it isn't direct mode
    /// @param kinds of processes that answer no requests
    /// @param reload whether the program was loaded before
    public static BootConfiguration of(
            PythonOptions options, @Nullable DirectBoot direct, List<String> kinds, boolean reload) {
        Map<String, @Nullable Object> all = new HashMap<>();
        all.put(
                "mode",
                switch (options.mode()) {
                    case WorkerMode.Sync sync -> "sync";
                    case WorkerMode.Threads threads -> "threads";
                    case WorkerMode.Asyncio asyncio -> "asyncio";
                    case WorkerMode.Gevent gevent -> "gevent";
                });
        all.put(
                "gevent_patch",
                options.mode() instanceof WorkerMode.Gevent gevent
                        ? gevent.patch().name().toLowerCase(Locale.ROOT)
                        : null);
        all.put("threads", options.mode() instanceof WorkerMode.Threads threads ? threads.number() : 1);
        all.put("concurrency", options.mode().concurrency());
        all.put("interface", options.asgi().called().name().toLowerCase(Locale.ROOT));
        all.put("python_loop", options.asgi().loop().name().toLowerCase(Locale.ROOT));
        String module = options.module();
        int colon = module == null ? -1 : module.indexOf(':');
        all.put("module", module == null || colon < 0 ? module : module.substring(0, colon));
        all.put("callable", module == null || colon < 0 ? options.callable() : module.substring(colon + 1));
        Path file = options.file();
        all.put("file", file == null ? null : file.toString());
        all.put("python_path", options.pythonPath().stream().map(Path::toString).toList());
        ProgramSetup setup = options.setup();
        all.put("argv", setup.arguments());
        Path script = setup.script();
        all.put("script", script == null ? null : script.toString());
        all.put("shared_imports", setup.sharedImports());
        all.put("imports", setup.imports());
        all.put("file_wrapper", setup.fileWrapper());
        Path after = setup.directoryAfter();
        all.put("chdir_after", after == null ? null : after.toString());
        // As uWSGI does, so that a script can ask.
        all.put("input", setup.input() || script != null);
        all.put("address_space", setup.addressSpaceBytes());
        all.put("thread_stack", setup.threadStackBytes());
        all.put("paste", paste(options));
        all.put("code", options.code());
        Path directory = options.directory();
        all.put("chdir", directory == null ? null : directory.toString());
        all.put("lazy", options.lazyApps());
        all.put("shim", options.shim());
        PythonOptions.Titles titles = options.titles();
        all.put("titles", titles == null ? null : Map.of("zygote", titles.zygote(), "worker", titles.worker()));
        all.put("request_ids", options.requestIds() ? RequestMarks.TOKEN : null);
        all.put("window", FrameType.WINDOW_BYTES);
        all.put("max_response_head", options.maxResponseHeadBytes());
        all.put("options", options.shown());
        all.put("processes", script == null ? options.processes() : 1);
        all.put("version", VERSION);
        all.put("buffer_size", options.bufferSize());
        all.put("reload", reload);
        all.put("strict", reload || options.needApp());
        SharedOptions shared = options.shared();
        SharedOptions.Queue queue = shared.queue();
        all.put("queue_size", queue == null ? null : queue.slots());
        all.put("areas", shared.areas().stream().map(BootConfiguration::area).toList());
        // Only tests of the Python side want it otherwise.
        all.put("accelerate", true);
        all.put("background", kinds);
        SpoolBoot spool = SpoolBoot.of(options.spooler());
        all.put("spool", spool.places().isEmpty() ? null : spool.json());
        all.put("mules", new MuleBoot(options.mules()).json());
        all.put("direct", direct == null ? null : direct.json());
        Map<String, String> names = new HashMap<>();
        NAMED.forEach(setting -> names.put(setting, options.nameOf(setting)));
        all.put("names", names);
        return new BootConfiguration(JsonMapper.builder().build().writeValueAsString(all));
    }

    private static @Nullable Map<String, @Nullable Object> paste(PythonOptions options) {
        String configuration = options.paste();
        if (configuration == null) {
            return null;
        }
        Map<String, @Nullable Object> all = new HashMap<>();
        all.put("config", configuration);
        all.put("name", options.setup().pasteName());
        all.put("loggers", options.setup().pasteLoggers());
        return all;
    }

    private static Map<String, @Nullable Object> area(SharedOptions.Area area) {
        Map<String, @Nullable Object> all = new HashMap<>();
        all.put("bytes", area.bytes());
        Path file = area.file();
        all.put("file", file == null ? null : file.toString());
        all.put("offset", area.offset());
        return all;
    }

    private static String version() {
        try (InputStream version = BootConfiguration.class.getResourceAsStream("version.txt")) {
            return new String(Objects.requireNonNull(version).readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
