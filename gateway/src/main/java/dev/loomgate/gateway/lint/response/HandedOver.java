package dev.loomgate.gateway.lint.response;

import dev.loomgate.gateway.lint.exchange.Exchange;
import dev.loomgate.gateway.specification.Clause;
import java.util.Arrays;

/// An array that belongs to the container now, and what it held when it was handed over.
final class HandedOver {
    private final byte[] array;
    private final int hash;

    HandedOver(byte[] array) {
        this.array = array;
        hash = Arrays.hashCode(array);
    }

    void checkUnchanged(Exchange exchange) {
        exchange.check(
                hash == Arrays.hashCode(array),
                Clause.CHUNK_LEFT_ALONE,
                "an array of " + array.length + " bytes was changed");
    }
}
