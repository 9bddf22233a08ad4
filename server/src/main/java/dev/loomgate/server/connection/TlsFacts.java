package dev.loomgate.server.connection;

import io.netty.channel.Channel;
import io.netty.handler.ssl.CipherSuiteConverter;
import io.netty.handler.ssl.SslHandler;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/// What TLS tells of a connection, as CGI variables. Any thread.
///
/// | variable | what | as in |
/// |---|---|---|
/// | `HTTPS` | `on` | Apache, uWSGI |
/// | `SSL_PROTOCOL`, `SSL_CIPHER` | `TLSv1.3`, `ECDHE-RSA-AES128-GCM-SHA256` | nginx |
/// | `SSL_CLIENT_VERIFY` | `SUCCESS`, or `NONE` where the client has no certificate | nginx |
/// | `SSL_CLIENT_S_DN`, `SSL_CLIENT_I_DN` | subject and issuer (RFC 2253) | nginx |
/// | `SSL_CLIENT_SERIAL`, `SSL_CLIENT_FINGERPRINT` | serial number and SHA-1, in hex | nginx |
/// | `SSL_CLIENT_V_START`, `SSL_CLIENT_V_END` | from when to when it is valid | nginx |
/// | `SSL_CLIENT_CERT`, `HTTPS_CC` | the certificate in PEM | nginx, uWSGI |
/// | `HTTPS_DN` | the subject, `/C=DE/CN=bob` | uWSGI |
///
/// Those of the client's certificate are there where clients are asked for one.
public final class TlsFacts {
    // As OpenSSL prints them; the JDK knows fewer names.
    private static final Map<String, String> ATTRIBUTES = Map.of(
            "1.2.840.113549.1.9.1", "emailAddress",
            "2.5.4.4", "SN",
            "2.5.4.5", "serialNumber",
            "2.5.4.12", "title",
            "2.5.4.42", "GN");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "MMM ppd HH:mm:ss yyyy 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final Map<String, String> variables;

    private TlsFacts(Map<String, String> variables) {
        this.variables = variables;
    }

    /// Those of a channel whose handshake is over; null if it has no TLS.
    static @Nullable TlsFacts of(Channel channel) {
        SslHandler handler = channel.pipeline().get(SslHandler.class);
        return handler == null ? null : of(handler.engine());
    }

    /// Those of a handshake that is over.
    static TlsFacts of(SSLEngine engine) {
        SSLSession session = engine.getSession();
        Map<String, String> all = new LinkedHashMap<>();
        all.put("HTTPS", "on");
        all.put("SSL_PROTOCOL", session.getProtocol());
        String cipher = session.getCipherSuite();
        String openSsl = CipherSuiteConverter.toOpenSsl(cipher, false);
        all.put("SSL_CIPHER", openSsl == null ? cipher : openSsl);
        if (engine.getNeedClientAuth() || engine.getWantClientAuth()) {
            addClient(all, session);
        }
        return new TlsFacts(all);
    }

    private static void addClient(Map<String, String> all, SSLSession session) {
        Certificate[] chain;
        try {
            chain = session.getPeerCertificates();
        } catch (SSLPeerUnverifiedException e) {
            all.put("SSL_CLIENT_VERIFY", "NONE");
            return;
        }
        all.put("SSL_CLIENT_VERIFY", "SUCCESS");
        if (!(chain[0] instanceof X509Certificate client)) {
            return;
        }
        all.put("SSL_CLIENT_S_DN", name(client.getSubjectX500Principal()));
        all.put("SSL_CLIENT_I_DN", name(client.getIssuerX500Principal()));
        all.put("SSL_CLIENT_SERIAL", serial(client));
        all.put("SSL_CLIENT_V_START", time(client.getNotBefore().toInstant()));
        all.put("SSL_CLIENT_V_END", time(client.getNotAfter().toInstant()));
        all.put("HTTPS_DN", oneLine(client.getSubjectX500Principal()));
        try {
            byte[] encoded = client.getEncoded();
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            all.put("SSL_CLIENT_FINGERPRINT", HexFormat.of().formatHex(sha1.digest(encoded)));
            String pem = pem(encoded);
            all.put("SSL_CLIENT_CERT", pem);
            all.put("HTTPS_CC", pem);
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was decoded can't be encoded", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }

    // As OpenSSL's XN_FLAG_RFC2253: bytes over 0x7f are escaped, an equals sign is not.
    private static String name(X500Principal principal) {
        String text = principal.getName(X500Principal.RFC2253, ATTRIBUTES).replace("\\=", "=");
        if (text.chars().allMatch(c -> c < 0x80)) {
            return text;
        }
        StringBuilder escaped = new StringBuilder();
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            if (each < 0) {
                escaped.append('\\').append(HexFormat.of().withUpperCase().toHexDigits(each));
            } else {
                escaped.append((char) each);
            }
        }
        return escaped.toString();
    }

    // As OpenSSL's X509_NAME_oneline, from the outermost part on.
    private static String oneLine(X500Principal principal) {
        StringBuilder line = new StringBuilder();
        try {
            for (Rdn part : new LdapName(principal.getName(X500Principal.RFC2253, ATTRIBUTES)).getRdns()) {
                line.append('/').append(part.getType()).append('=').append(part.getValue());
            }
        } catch (InvalidNameException e) {
            return name(principal);
        }
        return line.toString();
    }

    // Whole bytes, as OpenSSL prints it.
    private static String serial(X509Certificate certificate) {
        String hex = certificate.getSerialNumber().toString(16).toUpperCase(Locale.ROOT);
        return hex.length() % 2 == 0 ? hex : "0" + hex;
    }

    private static String time(Instant time) {
        return TIME.format(time);
    }

    private static String pem(byte[] certificate) {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate)
                + "\n-----END CERTIFICATE-----\n";
    }

    /// The variables, in a fixed order. Not to be changed.
    public Map<String, String> variables() {
        return variables;
    }
}
