package dev.loomgate.cli.options.values;

import dev.loomgate.server.ListenAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// An address to listen on, as [ListenAddress] reads it.
sealed interface AddressText extends ITypeConverter<ListenAddress> {
    ListenAddress parse(String text);

    @Override
    default ListenAddress convert(String text) {
        try {
            return parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(String.valueOf(e.getMessage()));
        }
    }

    record Http() implements AddressText {
        @Override
        public ListenAddress parse(String text) {
            return ListenAddress.http(text);
        }
    }

    record Uwsgi() implements AddressText {
        @Override
        public ListenAddress parse(String text) {
            return ListenAddress.uwsgi(text);
        }
    }
}
