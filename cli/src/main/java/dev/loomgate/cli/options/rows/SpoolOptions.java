package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.Range;
import dev.loomgate.cli.options.values.ValueType;
import dev.loomgate.loop.spool.Spool;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/// Where responses wait for slow clients.
public final class SpoolOptions {
    static final Option<Long> BUFFER = Option.value(ValueType.LONG_SIZE, "--response-buffer")
            .standard(Spool.DEFAULT_BYTES)
            .setting("spool.bytes")
            .range(Range.between(0L, 1L << 30))
            .says("memory for each response that its client reads slowly, so that it holds no Python "
                    + "worker; 0 turns buffering off");

    static final Option<Long> TOTAL = Option.value(ValueType.LONG_SIZE, "--response-buffers-total")
            .standard(Spool.DEFAULT_TOTAL_BYTES)
            .setting("spool.totalBytes")
            .says("memory for all such responses; the rest goes to temporary files");

    static final Option<Long> MAX_TEMP_FILE = Option.value(ValueType.LONG_SIZE, "--response-max-temp-file")
            .standard(Spool.DEFAULT_FILE_BYTES)
            .setting("spool.fileBytes")
            .says("size of a response's temporary file, then its worker waits; 0 for no files");

    static final Option<Path> TEMP_PATH = Option.value(ValueType.PATH, "--response-temp-path")
            .label("DIRECTORY")
            .standard(Spool.defaults().directory())
            .standardText("the system's, usually /tmp")
            .setting("spool.directory")
            .says("directory of the temporary files; if it is full or not writable, that is logged, and "
                    + "workers wait");

    /// In the order of the help.
    public static final List<Option<?>> ALL = List.of(BUFFER, TOTAL, MAX_TEMP_FILE, TEMP_PATH);

    private SpoolOptions() {}

    /// One account for the server and its Python applications.
    ///
    /// @param settingNames what messages call a setting
    /// @throws IllegalArgumentException if a value is out of range
    public static Spool spool(OptionValues values, UnaryOperator<String> settingNames) {
        return Spool.of(
                values.of(BUFFER), values.of(TOTAL), values.of(MAX_TEMP_FILE), values.of(TEMP_PATH), settingNames);
    }
}
