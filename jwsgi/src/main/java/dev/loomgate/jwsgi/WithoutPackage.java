package dev.loomgate.jwsgi;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Map;

/// Takes a package's name out of a class file, wherever the constant pool has it: in names of classes, in descriptors
/// and in signatures, all of which are UTF-8 constants.
///
/// ```text
/// ClassFile { magic u4, versions u4, count u2, constants [tag u1, ...] from 1 to count - 1, the rest }
/// ```
/// Source: the Java Virtual Machine Specification 25, sections 4.1 and 4.4.
final class WithoutPackage {
    private static final int UTF8 = 1;
    private static final int LONG = 5;
    private static final int DOUBLE = 6;

    /// How many bytes follow the tag, except that of [#UTF8].
    private static final Map<Integer, Integer> SIZES = Map.ofEntries(
            Map.entry(3, 4), // Integer
            Map.entry(4, 4), // Float
            Map.entry(LONG, 8),
            Map.entry(DOUBLE, 8),
            Map.entry(7, 2), // Class
            Map.entry(8, 2), // String
            Map.entry(9, 4), // Fieldref
            Map.entry(10, 4), // Methodref
            Map.entry(11, 4), // InterfaceMethodref
            Map.entry(12, 4), // NameAndType
            Map.entry(15, 3), // MethodHandle
            Map.entry(16, 2), // MethodType
            Map.entry(17, 4), // Dynamic
            Map.entry(18, 4), // InvokeDynamic
            Map.entry(19, 2), // Module
            Map.entry(20, 2)); // Package

    private WithoutPackage() {}

    /// The class file with `dev/example/` taken out.
    ///
    /// @param packageName `dev.example`
    /// @throws IllegalArgumentException if it has a constant of an unknown kind
    static byte[] of(byte[] classFile, String packageName) {
        String prefix = packageName.replace('.', '/') + "/";
        ByteArrayOutputStream changed = new ByteArrayOutputStream(classFile.length);
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(classFile));
                DataOutputStream out = new DataOutputStream(changed)) {
            out.writeLong(in.readLong());
            int count = in.readUnsignedShort();
            out.writeShort(count);
            for (int i = 1; i < count; i++) {
                int tag = in.readUnsignedByte();
                out.writeByte(tag);
                if (tag == UTF8) {
                    out.writeUTF(in.readUTF().replace(prefix, ""));
                    continue;
                }
                Integer size = SIZES.get(tag);
                if (size == null) {
                    throw new IllegalArgumentException(
                            "constant %d of the class file has the tag %d".formatted(i, tag));
                }
                out.write(in.readNBytes(size));
                if (tag == LONG || tag == DOUBLE) {
                    i++; // it counts as two
                }
            }
            in.transferTo(out);
        } catch (IOException e) {
            throw new IllegalArgumentException("the class file ends too early", e);
        }
        return changed.toByteArray();
    }
}
