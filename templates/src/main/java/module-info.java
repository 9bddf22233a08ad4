/// Templates: pages by jte or Pebble, with what a page needs of its request. An application adds the engine that it
/// uses.
@org.jspecify.annotations.NullMarked
module dev.loomgate.templates {
    requires static transitive org.jspecify;
    requires transitive dev.loomgate.toolkit;
    requires static transitive gg.jte; // for dev.loomgate.templates.jte alone
    requires static transitive gg.jte.runtime;
    requires static transitive io.pebbletemplates; // for dev.loomgate.templates.pebble alone

    exports dev.loomgate.templates;
    exports dev.loomgate.templates.jte;
    exports dev.loomgate.templates.pebble;
}
