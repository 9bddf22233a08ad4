package dev.loomgate.cli.options.values;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Where to listen, as [SocketName] reads it.
record SocketText() implements ITypeConverter<SocketName> {
    @Override
    public SocketName convert(String text) {
        try {
            return SocketName.of(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(String.valueOf(e.getMessage()));
        }
    }
}
