package dev.loomgate.server.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Variables;
import dev.loomgate.server.WebSocketOptions;
import dev.loomgate.testkit.fuzz.FuzzInput;
import dev.loomgate.testkit.fuzz.FuzzTarget;
import dev.loomgate.testkit.fuzz.Fuzzing;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A request for a WebSocket is valid or has a reason why not; what is agreed was offered, and the key's answer
/// is right.
///
/// An input has five fields with 0x1e between them: Upgrade, Sec-WebSocket-Version, -Key, -Protocol, -Extensions.
@Tag("once")
final class OpeningHandshakeFuzzTest implements FuzzTarget {
    private static final String[] KEYS = {
        "HTTP_UPGRADE",
        "HTTP_SEC_WEBSOCKET_VERSION",
        "HTTP_SEC_WEBSOCKET_KEY",
        "HTTP_SEC_WEBSOCKET_PROTOCOL",
        "HTTP_SEC_WEBSOCKET_EXTENSIONS"
    };

    @Test
    void holdsForAnyBytes() throws Exception {
        Fuzzing.run(this);
    }

    @Override
    public boolean check(FuzzInput input) throws Exception {
        String[] values = input.text().split("\u001e", -1);
        Map<String, Object> request =
                new LinkedHashMap<>(Map.of("REQUEST_METHOD", "GET", "SERVER_PROTOCOL", "HTTP/1.1"));
        for (int i = 0; i < KEYS.length && i < values.length; i++) {
            request.put(KEYS[i], values[i]);
        }
        switch (OpeningHandshake.of(variables(request), WebSocketOptions.defaults())) {
            case OpeningHandshake.Valid(OpeningHandshake handshake) -> {
                assertThat(handshake.accept()).isEqualTo(answer(values[2]));
                handshake.offer().subprotocols().forEach(protocol -> assertThat(values[3])
                        .contains(protocol));
                handshake.extensions().ifPresent(extensions -> {
                    assertThat(extensions)
                            .matches("permessage-deflate(; server_no_context_takeover)?(; client_no_context_takeover)?"
                                    + "(; server_max_window_bits=15)?");
                    assertThat(values[4]).containsIgnoringCase("permessage-deflate");
                });
                return true;
            }
            case OpeningHandshake.Invalid(var fault) ->
                assertThat(fault.status()).isIn(400, 426);
            case OpeningHandshake.Other _ -> {}
        }
        return false;
    }

    private static String answer(String key) throws Exception {
        String text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
        return Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static Variables variables(Map<String, Object> request) {
        return new Variables() {
            @Override
            public @Nullable Object get(String key) {
                return request.get(key);
            }

            @Override
            public void forEach(BiConsumer<? super String, Object> action) {
                request.forEach(action);
            }
        };
    }
}
