package dev.loomgate.server.unix;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import java.util.Map;

/// The settings of a unix connection: Netty's common ones, and whether the client may end its side alone.
final class UnixChannelConfig extends DefaultChannelConfig {
    private final Runnable autoReadCleared;
    private boolean halfClosure;

    /// @param autoReadCleared called when the channel is told not to read by itself any more
    UnixChannelConfig(Channel channel, Runnable autoReadCleared) {
        super(channel);
        this.autoReadCleared = autoReadCleared;
    }

    boolean allowsHalfClosure() {
        return halfClosure;
    }

    @Override
    public Map<ChannelOption<?>, Object> getOptions() {
        return getOptions(super.getOptions(), ChannelOption.ALLOW_HALF_CLOSURE);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T getOption(ChannelOption<T> option) {
        return ChannelOption.ALLOW_HALF_CLOSURE.equals(option)
                ? (T) Boolean.valueOf(halfClosure)
                : super.getOption(option);
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        if (!ChannelOption.ALLOW_HALF_CLOSURE.equals(option)) {
            return super.setOption(option, value);
        }
        halfClosure = (Boolean) value;
        return true;
    }

    @Override
    protected void autoReadCleared() {
        autoReadCleared.run();
    }
}
