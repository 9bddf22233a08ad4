package dev.loomgate.server.signal;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.function.IntConsumer;

/// A signal that the JVM lets Java code handle.
///
/// By reflection: `sun.misc.Signal` is the only way, it is exported for good by `jdk.unsupported`, and javac warns of
/// it in a way that no annotation silences.
///
/// @param name without `SIG`
public record JvmSignal(String name) {
    /// Has `action` called with the signal's number whenever it comes, in a platform thread of its own, so it works
    /// while all loops are held.
    ///
    /// @return whether it is ignored nevertheless: this process was started so, and HotSpot leaves it at that
    /// @throws ReflectiveOperationException if that isn't possible, as for those that HotSpot needs itself
    public boolean handle(IntConsumer action) throws ReflectiveOperationException {
        Class<?> signalType = Class.forName("sun.misc.Signal");
        Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
        Object signal = signal(signalType);
        int number = number(signalType, signal);
        InvocationHandler calls = (proxy, method, arguments) -> switch (method.getName()) {
            case "handle" -> {
                action.accept(number);
                yield null;
            }
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "handler of SIG" + name;
        };
        Object handler = Proxy.newProxyInstance(JvmSignal.class.getClassLoader(), new Class<?>[] {handlerType}, calls);
        Object before = signalType.getMethod("handle", signalType, handlerType).invoke(null, signal, handler);
        return before == handlerType.getField("SIG_IGN").get(null);
    }

    /// Its number here.
    ///
    /// @throws ReflectiveOperationException if there is none
    public int number() throws ReflectiveOperationException {
        Class<?> signalType = Class.forName("sun.misc.Signal");
        return number(signalType, signal(signalType));
    }

    private Object signal(Class<?> signalType) throws ReflectiveOperationException {
        return signalType.getConstructor(String.class).newInstance(name);
    }

    private static int number(Class<?> signalType, Object signal) throws ReflectiveOperationException {
        return (int) signalType.getMethod("getNumber").invoke(signal);
    }
}
