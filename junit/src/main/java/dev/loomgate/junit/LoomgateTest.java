package dev.loomgate.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/// A test class of an application, which is started once for all its tests and stopped after the last one.
///
/// ```java
/// @LoomgateTest(Board.class)
/// class BoardTest {
///     @Test
///     void nothingIsThereAtFirst(Client client) {
///         assertEquals("0 notes", client.get("/").send().text());
///     }
/// }
/// ```
///
/// Methods and constructors of the class take these parameters:
///
/// | type | is |
/// |---|---|
/// | [dev.loomgate.toolkit.test.Client] | a client of the application |
/// | [java.net.URI] | its address, such as `http://127.0.0.1:40123`; only with [#http] |
///
/// Each test has a new client, without cookies, together with its constructor and `@BeforeEach`; `@BeforeAll` and
/// `@AfterAll` share another one. All of them are closed for it.
///
/// Nested classes are tests of the same application, unless they have an annotation of their own.
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(LoomgateExtension.class)
public @interface LoomgateTest {
    /// The class that has the application, in one of these forms, the first that fits; nothing in it has to be public:
    ///
    /// | the class | the application |
    /// |---|---|
    /// | has a static method `application` without parameters | what it returns: one for each test class |
    /// | has a static field `application` | its value: the same in all test classes |
    /// | is a gateway Application | an instance, made by its constructor without parameters |
    ///
    /// By default it is the test class itself.
    Class<?> value() default void.class;

    /// Whether the application is served on a free port, over HTTP and on a loop, and not called directly in the
    /// test's thread. It needs a server on the class path: `loomgate-server`.
    boolean http() default false;
}
