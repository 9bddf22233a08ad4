package dev.loomgate.toolkit.files;

import dev.loomgate.toolkit.MimeTypes;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.headers.ETag;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/// A file that [StaticFiles] found.
sealed interface StaticFile {
    /// The name that its type is told by, which for a compressed sibling is the other's.
    String name();

    Instant modified();

    /// What names this version of it, without quotes.
    String tag();

    /// All of it, 200, without its type.
    Response whole();

    /// The response with the whole file.
    ///
    /// @param coding how it is compressed; or empty
    /// @param types of endings, before those that are built in
    default Response response(String coding, Map<String, String> types) {
        Response response = whole().header("Content-Type", MimeTypes.contentType(type(types)))
                .etag(ETag.strong(coding.isEmpty() ? tag() : tag() + "-" + coding))
                .lastModified(modified());
        return coding.isEmpty() ? response : response.header("Content-Encoding", coding);
    }

    /// Its type, without a charset.
    ///
    /// @param types as above
    default String type(Map<String, String> types) {
        String ending = name().substring(name().lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        String type = types.get(ending);
        return type == null || ending.length() == name().length() ? MimeTypes.ofFile(name()) : type;
    }

    /// Where it is, as rules name it.
    String place();

    /// One on disk.
    record OnDisk(String name, Path path, Instant modified, long length) implements StaticFile {
        @Override
        public String place() {
            return path.toString();
        }

        @Override
        public String tag() {
            return Long.toHexString(modified.toEpochMilli()) + "-" + Long.toHexString(length);
        }

        @Override
        public Response whole() {
            return Response.file(path, length);
        }
    }

    /// One from the class path, kept in memory.
    @SuppressWarnings("ArrayRecordComponent")
    record InMemory(String name, String resource, byte[] content, Instant modified, String tag) implements StaticFile {
        @Override
        public String place() {
            return resource;
        }

        @Override
        public Response whole() {
            return Response.bytes(content, "application/octet-stream");
        }
    }
}
