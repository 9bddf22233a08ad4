package dev.loomgate.toolkit.values;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.NopAnnotationIntrospector;

/// Tells Jackson which components of a record must have a value. It looks before it calls the constructor, which
/// may rely on them, and at records within records just the same.
public final class RequiredComponents extends NopAnnotationIntrospector {
    private static final long serialVersionUID = 1;

    @Override
    public JsonSetter.@Nullable Value findSetterInfo(MapperConfig<?> config, Annotated annotated) {
        if (!(annotated instanceof AnnotatedParameter parameter)
                || !parameter.getDeclaringClass().isRecord()) {
            return null;
        }
        RecordComponent[] components = parameter.getDeclaringClass().getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        if (!(parameter.getOwner().getMember() instanceof java.lang.reflect.Constructor<?> constructor)
                || !Arrays.equals(constructor.getParameterTypes(), types)) {
            // A creator of its own, which knows what it needs.
            return null;
        }
        RecordComponent component = components[parameter.getIndex()];
        return JsonSetter.Value.construct(
                Components.mayBeNull(component) ? null : Nulls.FAIL,
                Components.mayHoldNull(component) ? null : Nulls.FAIL);
    }
}
