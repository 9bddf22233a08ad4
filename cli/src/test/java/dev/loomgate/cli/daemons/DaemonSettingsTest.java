package dev.loomgate.cli.daemons;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The values of `--attach-daemon2` and `--smart-attach-daemon`.
class DaemonSettingsTest {
    private static DaemonSettings keyed(String text) {
        return DaemonSettings.keyed("--attach-daemon2", text);
    }

    @Test
    void keysHaveTheirOtherNamesAndEscapedCommas() {
        DaemonSettings settings =
                keyed("exec=worker --queues a\\,b --name=x,stop_signal=3,reloadsignal=10,touch=a.py;b.py,chdir=jobs");

        assertThat(settings.command()).isEqualTo("worker --queues a,b --name=x");
        assertThat(settings.stopSignal()).isEqualTo(3);
        assertThat(settings.reloadSignal()).isEqualTo(10);
        assertThat(settings.touched()).containsExactly(Path.of("a.py"), Path.of("b.py"));
        assertThat(settings.directory()).isEqualTo(Path.of("jobs"));
        assertThat(settings.control()).isFalse();
        assertThat(settings.checks()).isEqualTo(10);
    }

    @Test
    void whatIsNotSaidIsAsInUwsgi() {
        assertThat(keyed("cmd=worker")).isEqualTo(DaemonSettings.attached("--attach-daemon2", "worker", false));
    }

    @Test
    void aSmartOneHasAFileAndPerhapsANumber() {
        DaemonSettings settings = DaemonSettings.smart("--smart-attach-daemon", "redis.pid,5 redis-server -v", false);

        assertThat(settings.pidFile()).isEqualTo("redis.pid");
        assertThat(settings.checks()).isEqualTo(5);
        assertThat(settings.command()).isEqualTo("redis-server -v");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "freq=3 | there is no command",
                "cmd=a,b | 'b' is not KEY=VALUE; a comma in a value is written \\,",
                "cmd=a,name=b | there is no key 'name', but chdir, command, control, daemonize, freq, gid,",
                "cmd=a,legion=b | legion is not offered: there are no legions",
                "cmd=a,ns_pid=1 | ns_pid is not offered: a process can't be given a namespace",
                "cmd=a,stopsignal=TERM | stopsignal is 'TERM', and has to be a number from 1 to 64",
                "cmd=a,freq=0 | freq is '0', and has to be a number from 1 to 1000000",
                "cmd=a,daemonize=1 | daemonize needs pidfile, which it writes",
                "cmd=a,control=1,pidfile=b | control doesn't go with pidfile",
                "cmd=a,notifypid=1 | notifypid is for a command with pidfile"
            })
    void whatIsWrongIsSaid(String text, String message) {
        assertThatThrownBy(() -> keyed(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--attach-daemon2: " + message);
    }

    @Test
    void aSmartOneWithoutACommandIsWrong() {
        Supplier<DaemonSettings> read = () -> DaemonSettings.smart("--smart-attach-daemon", "redis.pid", false);

        assertThatThrownBy(read::get)
                .hasMessage(
                        "--smart-attach-daemon: 'redis.pid' has to be PIDFILE and COMMAND, with a space between them");
    }
}
