package dev.loomgate.openapi;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// What a document says of a record, an enum, a record's component or a resource's method.
///
/// ```java
/// @Description("Somebody who may log in")
/// record User(@Description(value = "As it is shown", example = "Bob") String name, int age) {}
/// ```
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.RECORD_COMPONENT, ElementType.METHOD})
public @interface Description {
    /// The text, which may be Markdown; of a method a few words.
    String value() default "";

    /// An example of a component: a text as it is, any other value as JSON. Not for types and methods.
    String example() default "";
}
