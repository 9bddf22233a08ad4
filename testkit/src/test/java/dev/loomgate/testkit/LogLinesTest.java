package dev.loomgate.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class LogLinesTest {
    private static final String NAME = LogLinesTest.class.getName();

    private final Logger logger = Logger.getLogger(NAME);

    @Test
    void aLineIsItsMessageAndWhatWasThrown() {
        try (LogLines log = LogLines.of(NAME)) {
            logger.log(Level.INFO, "{0} requests", 7);
            logger.log(Level.WARNING, "failed", new IllegalStateException("no luck"));

            assertThat(log.lines()).containsExactly("7 requests", "failed <- java.lang.IllegalStateException: no luck");
        }
    }

    @Test
    void levelsAreNamedAsTheSystemLoggerNamesThem() {
        try (LogLines log = LogLines.withLevels(NAME)) {
            logger.severe("one");
            logger.warning("two");
            logger.info("three");

            assertThat(log.lines()).containsExactly("ERROR one", "WARNING two", "INFO three");
        }
    }

    @Test
    void theConsoleIsSilentUntilTheLastOneIsClosed() {
        LogLines first = LogLines.of(NAME);
        LogLines second = LogLines.of(NAME);
        first.close();
        assertThat(logger.getUseParentHandlers()).isFalse();
        second.close();
        assertThat(logger.getUseParentHandlers()).isTrue();
    }

    @Test
    void aLineOfAnotherThreadIsAwaited() {
        try (LogLines log = LogLines.of(NAME)) {
            Thread.ofVirtual().start(() -> logger.info("from another thread"));

            assertThat(log.await("another")).isEqualTo("from another thread");
            assertThat(log.with("another")).hasSize(1);
            log.clear();
            assertThat(log.lines()).isEmpty();
        }
    }
}
