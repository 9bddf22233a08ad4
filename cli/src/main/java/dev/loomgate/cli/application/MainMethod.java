package dev.loomgate.cli.application;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/// The static method `main` of a class, with an array of strings or, where there is no such one, without parameters:
/// what `--jvm-main-class` runs, as uWSGI does.
final class MainMethod {
    private MainMethod() {}

    /// Runs it in the calling thread.
    ///
    /// @throws NoApplication if there is none, or it throws
    static void run(Class<?> type) throws NoApplication {
        String shown = "--jvm-main-class " + type.getName();
        try {
            Method withArguments = find(type, String[].class);
            if (withArguments != null) {
                withArguments.invoke(null, (Object) new String[0]);
                return;
            }
            Method plain = find(type);
            if (plain == null) {
                throw new NoApplication(shown + ": the class has no static method main()");
            }
            plain.invoke(null);
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new NoApplication(shown + ": its main() fails: " + cause, cause);
        } catch (IllegalAccessException | RuntimeException e) {
            throw new NoApplication(shown + ": its main() can't be called: " + e);
        }
    }

    private static @Nullable Method find(Class<?> type, Class<?>... parameters) {
        try {
            Method method = type.getDeclaredMethod("main", parameters);
            method.setAccessible(true);
            return Modifier.isStatic(method.getModifiers()) ? method : null;
        } catch (NoSuchMethodException e) {
            return null;
        }
    }
}
