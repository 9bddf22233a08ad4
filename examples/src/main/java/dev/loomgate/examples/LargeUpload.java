package dev.loomgate.examples;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Reads a body of any size in blocks, and answers with its length and SHA-256.
///
/// This answers the article's last question: `read` waits for slow clients, but only this microthread waits. No more
/// than a block is in memory, since a client that is faster than this loop is held back.
public final class LargeUpload implements Application {
    private static final int BLOCK_BYTES = 64 * 1024;

    @Override
    public Body call(Environ environ, StartResponse startResponse) throws IOException, NoSuchAlgorithmException {
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        InputStream input = environ.input();
        byte[] block = new byte[BLOCK_BYTES];
        long length = 0;
        for (int read = input.read(block); read >= 0; read = input.read(block)) {
            sha256.update(block, 0, read);
            length += read;
        }
        String answer = length + " bytes, SHA-256 " + HexFormat.of().formatHex(sha256.digest()) + "\n";
        startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
        return Body.text(answer);
    }
}
