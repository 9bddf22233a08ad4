package dev.loomgate.server.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.WebSocketOptions.Compression;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DeflateTest {
    private static String agreed(String offers, Compression compression) {
        return Deflate.agree(offers, compression).map(Deflate::field).orElse("none");
    }

    // Offers, and what they become with a context and without one.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "permessage-deflate | permessage-deflate | both",
                "permessage-deflate; client_max_window_bits | permessage-deflate | both",
                "Permessage-Deflate;Client_Max_Window_Bits=10 | permessage-deflate | both",
                "permessage-deflate; server_no_context_takeover | permessage-deflate; server_no_context_takeover | both",
                "permessage-deflate; client_no_context_takeover | permessage-deflate; client_no_context_takeover | both",
                "permessage-deflate; server_max_window_bits=15 | permessage-deflate; server_max_window_bits=15 | bits",
                "permessage-deflate; server_max_window_bits=\"15\" | permessage-deflate; server_max_window_bits=15 | bits",
                "permessage-deflate; server_max_window_bits=10 | none | none",
                "permessage-deflate; server_max_window_bits=10, permessage-deflate | permessage-deflate | both",
                "permessage-deflate; server_max_window_bits | none | none",
                "permessage-deflate; client_max_window_bits=7 | none | none",
                "permessage-deflate; client_max_window_bits=16 | none | none",
                "permessage-deflate; server_no_context_takeover=1 | none | none",
                "permessage-deflate; server_no_context_takeover; server_no_context_takeover | none | none",
                "permessage-deflate; other | none | none",
                "x-webkit-deflate-frame | none | none",
                "x, permessage-deflate | permessage-deflate | both",
                "'' | none | none",
                ";;,,= | none | none"
            })
    void theFirstOfferThatCanBeServedIsTaken(String offers, String withContext, String withoutContext) {
        String both = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
        assertThat(agreed(offers, Compression.CONTEXT)).isEqualTo(withContext);
        assertThat(agreed(offers, Compression.ON))
                .isEqualTo(
                        switch (withoutContext) {
                            case "both" -> both;
                            case "bits" -> both + "; server_max_window_bits=15";
                            default -> withoutContext;
                        });
    }

    @Test
    void nothingIsAgreedWhereItIsOff() {
        assertThat(agreed("permessage-deflate", Compression.OFF)).isEqualTo("none");
    }
}
