package dev.loomgate.security.jwt;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.JWSKeySelector;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.Resource;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.MalformedURLException;
import java.text.ParseException;

/// A set of keys at a URL. Nimbus keeps it, and asks for it here.
final class FetchedKeys implements KeySet {
    private static final Logger LOGGER = System.getLogger(FetchedKeys.class.getName());

    private final Document document;
    private volatile boolean there = true;

    FetchedKeys(Document document) {
        this.document = document;
    }

    JWSKeySelector<SecurityContext> selector(JwksSettings settings, Algorithms algorithms) {
        try {
            JWSKeySelector<SecurityContext> all = new JWSVerificationKeySelector<>(
                    algorithms.all(),
                    JWKSourceBuilder.<SecurityContext>create(document.url().toURL(), _ -> fetch())
                            .cache(
                                    settings.lifetime().toMillis(),
                                    settings.timeout().toMillis())
                            // It would have threads of its own.
                            .refreshAheadCache(false)
                            .rateLimited(settings.pause().toMillis())
                            .build());
            return (header, context) -> all.selectJWSKeys(header, context).stream()
                    .filter(JwtKeys::isLong)
                    .toList();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("%s is no https:// URL".formatted(document.url()), e);
        }
    }

    private Resource fetch() throws IOException {
        try {
            String content = document.fetch();
            JWKSet.parse(content);
            there = true;
            return new Resource(content, "application/jwk-set+json");
        } catch (IOException e) {
            there = false;
            LOGGER.log(Level.WARNING, "the keys of tokens can''t be fetched: {0}", e.getMessage());
            throw e;
        } catch (ParseException e) {
            there = false;
            LOGGER.log(Level.WARNING, "the keys of tokens at {0} are no JSON Web Key Set", document.url());
            throw new IOException("no JSON Web Key Set", e);
        }
    }

    @Override
    public boolean isThere() {
        return there;
    }
}
