package dev.loomgate.server.tls;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A private key in PEM: PKCS #8 (RFC 5958), or the older forms of RSA (RFC 8017) and EC keys (RFC 5915), which say
/// less of themselves than the certificate knows.
final class PrivateKeyFile {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN ((?:RSA |EC |ENCRYPTED )?PRIVATE KEY)-----([^-]*)-----END \\1-----");
    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};

    private PrivateKeyFile() {}

    /// The key in the text, which belongs to the certificate's public key.
    ///
    /// @throws IOException if there is none, or another one; the message is a line for the operator
    static PrivateKey read(Path file, String text, PublicKey certified) throws IOException {
        Matcher pem = KEY.matcher(text);
        if (!pem.find()) {
            throw new IOException(file + ": there is no private key in PEM in it");
        }
        String kind = pem.group(1);
        if (kind.startsWith("ENCRYPTED") || pem.group(2).contains("ENCRYPTED")) {
            throw new IOException(
                    file + ": the key is encrypted; openssl pkey -in FILE -out FILE writes it in the clear");
        }
        PrivateKey key = decode(file, kind, pem.group(2), certified);
        if (!belongs(key, certified)) {
            throw new IOException(file + ": the key is not that of the certificate");
        }
        return key;
    }

    private static PrivateKey decode(Path file, String kind, String base64, PublicKey certified) throws IOException {
        try {
            byte[] bytes = Base64.getMimeDecoder().decode(base64);
            byte[] pkcs8 = kind.equals("PRIVATE KEY") ? bytes : wrapped(bytes, certified);
            return KeyFactory.getInstance(certified.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(
                    "%s: it is no %s key, as the certificate has, or is damaged: %s"
                            .formatted(file, certified.getAlgorithm(), e.getMessage()),
                    e);
        }
    }

    // In the older forms the algorithm, for EC with its curve, stands as it does in the public key.
    private static byte[] wrapped(byte[] key, PublicKey certified) {
        return der(SEQUENCE, VERSION_0, algorithm(certified.getEncoded()), der(OCTET_STRING, key));
    }

    // SubjectPublicKeyInfo ::= SEQUENCE { algorithm AlgorithmIdentifier, ... } (RFC 5280 section 4.1).
    private static byte[] algorithm(byte[] publicKey) {
        ByteBuffer in = ByteBuffer.wrap(publicKey);
        in.get();
        length(in);
        int from = in.position();
        in.get();
        int end = length(in) + in.position();
        byte[] identifier = new byte[end - from];
        in.get(from, identifier);
        return identifier;
    }

    private static int length(ByteBuffer in) {
        int first = in.get() & 0xff;
        if (first < 0x80) {
            return first;
        }
        int length = 0;
        for (int i = first & 0x7f; i > 0; i--) {
            length = (length << 8) | (in.get() & 0xff);
        }
        return length;
    }

    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        int length = content.size();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (length < 0x80) {
            out.write(length);
        } else {
            int bytes = (39 - Integer.numberOfLeadingZeros(length)) / 8;
            out.write(0x80 | bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                out.write(length >> (8 * i));
            }
        }
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }

    private static boolean belongs(PrivateKey key, PublicKey certified) throws IOException {
        byte[] signed = "a text".getBytes(StandardCharsets.US_ASCII);
        try {
            Signature signature = Signature.getInstance(signatureOf(key.getAlgorithm()));
            signature.initSign(key);
            signature.update(signed);
            byte[] made = signature.sign();
            signature.initVerify(certified);
            signature.update(signed);
            return signature.verify(made);
        } catch (GeneralSecurityException e) {
            throw new IOException("the key can't be used: " + e.getMessage(), e);
        }
    }

    private static String signatureOf(String algorithm) {
        return switch (algorithm) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> algorithm;
        };
    }
}
