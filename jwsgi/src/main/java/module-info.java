/// JWSGI, uWSGI's Java interface: its programs as applications, and the class `uwsgi` that they use.
@org.jspecify.annotations.NullMarked
module dev.loomgate.jwsgi {
    requires static transitive org.jspecify;
    requires transitive dev.loomgate.gateway;

    exports dev.loomgate.jwsgi;

    provides dev.loomgate.gateway.kind.ApplicationKind with
            dev.loomgate.jwsgi.JwsgiKind;
}
