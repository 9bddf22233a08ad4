package dev.loomgate.jwsgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Environ;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/// The body of a request, without one.
class RequestInputTest {
    private static RequestInput input(int bytes, boolean hasLength) {
        byte[] content = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            content[i] = (byte) i;
        }
        Environ environ = new Environ();
        environ.put("wsgi.input", new ByteArrayInputStream(content));
        if (hasLength) {
            environ.put("CONTENT_LENGTH", Integer.toString(bytes));
        }
        return RequestInput.of(environ);
    }

    @Test
    void seekGoesToAnyPlaceOfAShortBody() throws IOException {
        RequestInput input = input(100, true);

        input.seek(50);
        assertThat(input.read()).isEqualTo(50);
        input.seek(0);
        assertThat(input.read()).isZero();
        assertThat(input.read(new byte[10])).isEqualTo(10);
        input.seek(-5);
        assertThat(input.read()).isEqualTo(6);
        input.seek(-1000);
        assertThat(input.read()).isZero();
        input.seek(99);
        assertThat(input.available()).isEqualTo(1);
        assertThat(input.read()).isEqualTo(99);
        input.seek(1000);
        assertThat(input.read()).isEqualTo(-1);
        assertThat(input.available()).isZero();
    }

    @Test
    void aReadOverTheEndOfWhatIsKeptGoesOnInTheBody() throws IOException {
        RequestInput input = input(100, false);
        input.read(new byte[10], 0, 10);
        input.seek(5);

        byte[] read = new byte[20];
        assertThat(input.read(read)).isEqualTo(20);

        assertThat(read).startsWith(5, 6).endsWith(23, 24);
        assertThat(input.available()).isEqualTo(75);
    }

    @Test
    void onlyTheBeginOfALongBodyIsKept() throws IOException {
        int bytes = RequestInput.MOST_KEPT_BYTES + 10;
        RequestInput input = input(bytes, true);
        assertThat(input.read(new byte[bytes])).isEqualTo(bytes);

        assertThatThrownBy(() -> input.seek(0))
                .hasMessage("uwsgi.RequestBody.seek(0): 1048586 bytes have been read, and the first 1048576 are kept");
    }

    @Test
    void aBodyOfExactlyThatManyBytesIsKept() throws IOException {
        RequestInput input = input(RequestInput.MOST_KEPT_BYTES, true);
        assertThat(input.read(new byte[RequestInput.MOST_KEPT_BYTES])).isEqualTo(RequestInput.MOST_KEPT_BYTES);
        assertThat(input.read()).isEqualTo(-1);

        input.seek(-1);

        assertThat(input.read()).isEqualTo(255);
    }
}
