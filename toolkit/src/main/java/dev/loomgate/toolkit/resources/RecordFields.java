package dev.loomgate.toolkit.resources;

import dev.loomgate.toolkit.MultiMap;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.UploadedFile;
import dev.loomgate.toolkit.values.Faults;
import dev.loomgate.toolkit.values.RecordReader;
import dev.loomgate.toolkit.values.RecordShape;
import java.util.List;
import java.util.Optional;

/// Makes a record from what a client has sent by names: a form's fields, a query's parameters, or header
/// fields, as [RecordReader] makes one from texts.
final class RecordFields {
    private final RecordShape shape;
    private final Faults.Input input;

    /// @param input what the texts are of
    RecordFields(RecordShape shape, Faults.Input input) {
        this.shape = shape;
        this.input = input;
    }

    private record Sent(MultiMap<String> texts, MultiMap<UploadedFile> files) implements RecordReader.Source {
        private MultiMap<?> of(Class<?> type) {
            return type == UploadedFile.class ? files : texts;
        }

        @Override
        public Optional<?> first(String name, Class<?> type) {
            return of(type).first(name);
        }

        @Override
        public List<?> all(String name, Class<?> type) {
            return of(type).all(name);
        }
    }

    /// A record's shape.
    ///
    /// @param method who wants it
    /// @throws ResourceError if it isn't accessible
    static RecordShape shape(Class<?> type, String method) {
        try {
            return RecordShape.of(type);
        } catch (ReflectiveOperationException e) {
            throw new ResourceError(method + ": the record " + type.getName() + " is not accessible", e);
        }
    }

    /// Whether texts can be made into all of the components.
    ///
    /// @param files whether there may be uploaded files among them
    static boolean canMake(RecordShape shape, boolean files) {
        return RecordReader.strangers(shape, type -> files && type == UploadedFile.class)
                .isEmpty();
    }

    /// The record.
    ///
    /// @param request whose validator looks at the record
    /// @throws dev.loomgate.toolkit.exceptions.HttpException if values are missing, none of their type,
    /// or refused by the record's constructor or the validator; it tells of all of them
    Object read(Request request, MultiMap<String> texts, MultiMap<UploadedFile> files) {
        Faults faults = new Faults(input);
        Record made = RecordReader.read(shape, new Sent(texts, files), faults);
        request.violations(made)
                .forEach(violation -> faults.violated(shape.type(), violation.path(), violation.message()));
        faults.check();
        return made;
    }
}
