package dev.loomgate.toolkit.syntax.multipart;

import java.io.IOException;

/// Takes what a [MultipartDecoder] finds: for each part its head, its bytes in any number of slices, its end.
public interface MultipartSink {
    /// A part begins.
    ///
    /// @throws IOException whatever the sink wants: it ends the decoding
    void part(PartHead head) throws IOException;

    /// Bytes of the part, at least one. The array is the decoder's: copy what is to be kept.
    ///
    /// @throws IOException whatever the sink wants: it ends the decoding
    void data(byte[] bytes, int offset, int length) throws IOException;

    /// The part is complete.
    ///
    /// @throws IOException whatever the sink wants: it ends the decoding
    void partEnd() throws IOException;
}
