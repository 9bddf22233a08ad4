package dev.loomgate.cli.options.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.python.PythonOptions;
import dev.loomgate.server.ServerOptions;
import org.junit.jupiter.api.Test;

class RowDefaultsTest {
    /// The real defaults come from the libraries' records: no row repeats one.
    @Test
    void aDefaultIsTheLibrarys() {
        assertThat(LimitOptions.MAX_URI.standard())
                .isEqualTo(ServerOptions.defaults().limits().maxUriLength());
        assertThat(PythonProgramOptions.RELOAD_MERCY.standard())
                .isEqualTo(PythonOptions.defaults().reloadMercy());
        assertThat(LimitOptions.MAX_URI.helpText()).endsWith("(default: 16k; at least 1)");
    }
}
