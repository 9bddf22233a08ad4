/// The article's programs in Java, a small site, a chat, a list of tasks, and what the nodes of a cluster serve.
@org.jspecify.annotations.NullMarked
module dev.loomgate.examples {
    requires static org.jspecify;
    requires transitive dev.loomgate.gateway;
    requires dev.loomgate.loop;
    requires dev.loomgate.toolkit;

    exports dev.loomgate.examples;
    exports dev.loomgate.examples.chat;
    exports dev.loomgate.examples.cluster;
    exports dev.loomgate.examples.guestbook;
    exports dev.loomgate.examples.tasks;

    // The toolkit calls the resources' methods.
    opens dev.loomgate.examples to
            dev.loomgate.toolkit;
    opens dev.loomgate.examples.chat to
            dev.loomgate.toolkit;
    opens dev.loomgate.examples.guestbook to
            dev.loomgate.toolkit;
    opens dev.loomgate.examples.tasks to
            dev.loomgate.toolkit;
}
