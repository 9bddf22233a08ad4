package dev.loomgate.cli.application;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.StartResponse;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a class holds its application. The first form that it has is taken:
///
/// | the class | the application |
/// |---|---|
/// | has a static field `application` of a type that is an [Application] | the field's value |
/// | implements [Application] | an instance, made by the constructor without parameters |
/// | has a method `Body application(Environ, StartResponse)` | the method; of an instance if it isn't static |
/// | has a field `application` of such a type that isn't static | the field's value in an instance |
///
/// Nothing has to be public. An instance that is a [Lifecycle] is hooked up.
final class ApplicationForms {
    private static final String NAME = "application";

    private final Class<?> type;
    private final String shown;

    private ApplicationForms(Class<?> type, String shown) {
        this.type = type;
        this.shown = shown;
    }

    /// @param shown what messages call it: `--app com.example.Shop`
    static LoadedApplication of(Class<?> type, String shown) throws NoApplication {
        return new ApplicationForms(type, shown).find();
    }

    private LoadedApplication find() throws NoApplication {
        Field field = field();
        if (field != null && Modifier.isStatic(field.getModifiers())) {
            return loaded(valueOf(field, null), null);
        }
        if (Application.class.isAssignableFrom(type)) {
            return loaded((Application) instance(), null);
        }
        Method method = method();
        if (method != null) {
            Object holder = Modifier.isStatic(method.getModifiers()) ? null : instance();
            return loaded(new ApplicationMethod(handle(method, holder)), holder);
        }
        if (field != null) {
            Object holder = instance();
            return loaded(valueOf(field, holder), holder);
        }
        throw new NoApplication(shown + ": class " + type.getName() + " is not an application: it should"
                + " implement Application, or have a method Body application(Environ, StartResponse)"
                + " or a field application");
    }

    private LoadedApplication loaded(Application application, @Nullable Object holder) {
        List<Lifecycle> hooks = holder instanceof Lifecycle lifecycle ? List.of(lifecycle) : List.of();
        return new LoadedApplication(application, hooks);
    }

    private @Nullable Field field() {
        for (Field field : type.getDeclaredFields()) {
            if (field.getName().equals(NAME) && Application.class.isAssignableFrom(field.getType())) {
                return field;
            }
        }
        return null;
    }

    private Application valueOf(Field field, @Nullable Object holder) throws NoApplication {
        try {
            field.setAccessible(true);
            Object value = field.get(holder);
            if (value == null) {
                throw new NoApplication(shown + ": its field " + NAME + " is null");
            }
            return (Application) value;
        } catch (IllegalAccessException | RuntimeException e) {
            throw new NoApplication(shown + ": its field " + NAME + " can't be read: " + e);
        }
    }

    private @Nullable Method method() {
        try {
            Method method = type.getDeclaredMethod(NAME, Environ.class, StartResponse.class);
            return Body.class.isAssignableFrom(method.getReturnType()) ? method : null;
        } catch (NoSuchMethodException e) {
            return null;
        }
    }

    private MethodHandle handle(Method method, @Nullable Object holder) throws NoApplication {
        try {
            method.setAccessible(true);
            MethodHandle handle = MethodHandles.lookup().unreflect(method);
            return (holder == null ? handle : handle.bindTo(holder)).asType(ApplicationMethod.TYPE);
        } catch (IllegalAccessException | RuntimeException e) {
            throw new NoApplication(shown + ": its method " + NAME + " can't be called: " + e);
        }
    }

    private Object instance() throws NoApplication {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        } catch (NoSuchMethodException e) {
            throw new NoApplication(shown + ": class " + type.getName() + " has no constructor without parameters");
        } catch (InstantiationException e) {
            throw new NoApplication(shown + ": class " + type.getName() + " is abstract");
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new NoApplication(shown + ": its constructor fails: " + cause, cause);
        } catch (IllegalAccessException | RuntimeException e) {
            throw new NoApplication(shown + ": its constructor can't be called: " + e);
        }
    }
}
