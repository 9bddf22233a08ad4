package dev.loomgate.server.bind;

import dev.loomgate.gateway.AddressBlock;
import dev.loomgate.gateway.Quoting;
import dev.loomgate.loop.settings.InvalidSetting;
import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

/// Reads the operator's blocks of addresses, without a bit past their prefix: that would be a mistake.
final class Cidr {
    private Cidr() {}

    /// Reads a block; looks up no names.
    ///
    /// @param setting that it is from
    /// @throws IllegalArgumentException if it is none, or has bits past its prefix
    static AddressBlock parse(String setting, String text) {
        AddressBlock block;
        try {
            block = AddressBlock.parse(text);
        } catch (IllegalArgumentException e) {
            throw wrong(setting, text, e.getMessage());
        }
        if (!block.isExact()) {
            throw wrong(
                    setting,
                    text,
                    "it has bits past its prefix; the block is %s/%d"
                            .formatted(NetUtil.bytesToIpAddress(block.first()), block.prefixBits()));
        }
        return block;
    }

    private static InvalidSetting wrong(String setting, String text, @Nullable String why) {
        return new InvalidSetting(setting, "\"%s\": %s".formatted(Quoting.printable(text), why));
    }
}
