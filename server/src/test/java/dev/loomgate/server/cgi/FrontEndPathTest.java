package dev.loomgate.server.cgi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.Limits;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// What front ends leave out of a path's parts is found.
final class FrontEndPathTest {
    @Test
    void nginxNamesTheWholePathAsScript() {
        check("", "/app/user", "SCRIPT_NAME", "/app/user", "DOCUMENT_URI", "/app/user", "REQUEST_URI", "/app/user?x");
    }

    @Test
    void nginxWithAScriptNameOfTheOperatorsOwn() {
        check("/app", "/user", "SCRIPT_NAME", "/app", "DOCUMENT_URI", "/app/user");
        check("/app", "/", "SCRIPT_NAME", "/app", "DOCUMENT_URI", "/app/");
        check("/app", "/apple", "SCRIPT_NAME", "/app", "REQUEST_URI", "/apple");
    }

    @Test
    void nginxWithoutAScriptName() {
        check("", "/café", "DOCUMENT_URI", "/café", "REQUEST_URI", "/caf%C3%A9");
    }

    @Test
    void onlyTheRequestsTarget() {
        check("", "/a b%", "REQUEST_URI", "/a%20b%?c=%20");
        check("", "/café", "REQUEST_URI", "/caf%C3%A9");
        check("/app", "/x", "SCRIPT_NAME", "/app", "REQUEST_URI", "/app/x");
        check("", "", "QUERY_STRING", "");
    }

    @Test
    void apachesProxyNamesTheWholePathAsScript() {
        check("/app", "/user", "SCRIPT_NAME", "/app/user", "SCRIPT_FILENAME", "proxy:scgi://127.0.0.1:4000/user");
        check("", "/user", "SCRIPT_NAME", "/user", "SCRIPT_FILENAME", "proxy:fcgi://127.0.0.1:4000//user?x=1");
        check("/app", "/a b", "SCRIPT_NAME", "/app/a b", "SCRIPT_FILENAME", "proxy:fcgi://[::1]:4000/a%20b");
        check("", "/other", "SCRIPT_NAME", "/other", "SCRIPT_FILENAME", "proxy:balancer://cluster/user");
    }

    @Test
    void aPathThatIsSaidIsBelieved() {
        check("/app/user", "", "SCRIPT_NAME", "/app/user", "PATH_INFO", "", "DOCUMENT_URI", "/app/user");
        check("/a", "/b", "SCRIPT_NAME", "/a", "PATH_INFO", "/b", "DOCUMENT_URI", "/other");
    }

    private static void check(String script, String path, String... variables) {
        Limits limits = Limits.defaults();
        BlockBuilder block = new BlockBuilder(100, limits, new BlockRefusals("test"));
        for (int i = 0; i < variables.length; i += 2) {
            byte[] key = variables[i].getBytes(StandardCharsets.UTF_8);
            byte[] value = variables[i + 1].getBytes(StandardCharsets.UTF_8);
            byte[] both = new byte[key.length + value.length];
            System.arraycopy(key, 0, both, 0, key.length);
            System.arraycopy(value, 0, both, key.length, value.length);
            assertThat(block.add(both, 0, key.length, key.length, value.length)).isNull();
        }
        VariableBlock read = block.block();
        assertThat(read.read()).isNull();
        CgiVariables seen = new CgiVariables(new CgiRequest(read) {
            @Override
            protected boolean findsPath() {
                return true;
            }
        });
        assertThat(seen.get("SCRIPT_NAME")).isEqualTo(script);
        assertThat(seen.get("PATH_INFO")).isEqualTo(path);
    }
}
