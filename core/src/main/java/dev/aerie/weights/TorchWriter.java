package dev.aerie.weights;

import dev.aerie.AerieException;
import dev.aerie.files.AtomicFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Writes a dictionary of tensors as `torch.save` does, for programs that read `.bin` files: a zip archive of a
/// pickle (protocol 2) that names the tensors and of their elements, one entry each. Meant for small parts such
/// as a projector; each tensor passes through memory.
public final class TorchWriter {

    private static final String ROOT = "archive/";

    private TorchWriter() {}

    /// Writes one file; it appears whole or not at all.
    ///
    /// @throws AerieException if a tensor has a type that torch's storages lack, or the file cannot be written
    public static void write(Path file, List<TensorSource> tensors) {
        var pickle = new Pickle();
        for (int i = 0; i < tensors.size(); i++) {
            pickle.tensor(i, tensors.get(i), storage(file, tensors.get(i)));
        }
        AtomicFile.write(file, out -> {
            var zip = new ZipOutputStream(Channels.newOutputStream(out)); // closing it would close the file
            zip.setMethod(ZipOutputStream.STORED);
            store(zip, "data.pkl", pickle.bytes());
            store(zip, "byteorder", "little".getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < tensors.size(); i++) {
                store(zip, "data/" + i, elements(tensors.get(i)));
            }
            store(zip, "version", "3\n".getBytes(StandardCharsets.US_ASCII));
            zip.finish();
            zip.flush();
        });
    }

    private static byte[] elements(TensorSource tensor) throws IOException {
        var bytes = new ByteArrayOutputStream(Math.toIntExact(tensor.bytes()));
        try (var channel = Channels.newChannel((OutputStream) bytes)) {
            tensor.body().writeTo(channel);
        }
        return bytes.toByteArray();
    }

    private static void store(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        var crc = new CRC32();
        crc.update(bytes);
        var entry = new ZipEntry(ROOT + name);
        entry.setSize(bytes.length);
        entry.setCompressedSize(bytes.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(bytes);
        zip.closeEntry();
    }

    private static String storage(Path file, TensorSource tensor) {
        return TorchType.storageClass(tensor.dtype())
                .orElseThrow(() -> Fault.writing(
                        file,
                        "tensor " + Fault.quoted(tensor.name()) + " is of type " + tensor.dtype()
                                + ", which torch's storages lack",
                        "convert it to F32 or BF16, or write safetensors"));
    }

    /// `{name: _rebuild_tensor_v2(storage, 0, shape, strides, False, OrderedDict()), …}`
    private static final class Pickle {

        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Pickle() {
            bytes(0x80, 2); // PROTO 2
            bytes('}', '('); // EMPTY_DICT, MARK
        }

        void tensor(int index, TensorSource tensor, String storage) {
            long elements = Layout.elements(tensor.shape());
            text(tensor.name());
            global("torch._utils", "_rebuild_tensor_v2");
            bytes('('); // MARK: the arguments
            bytes('(');
            text("storage");
            global("torch", storage);
            text(Integer.toString(index));
            text("cpu");
            number(elements);
            bytes('t', 'Q'); // TUPLE, BINPERSID
            number(0);
            numbers(tensor.shape());
            numbers(Layout.contiguous(tensor.shape()));
            bytes(0x89); // NEWFALSE: requires no gradient
            global("collections", "OrderedDict");
            bytes(')', 'R'); // EMPTY_TUPLE, REDUCE: no hooks
            bytes('t', 'R');
        }

        byte[] bytes() {
            bytes('u', '.'); // SETITEMS, STOP
            return out.toByteArray();
        }

        private void numbers(long[] values) {
            bytes('(');
            for (long value : values) {
                number(value);
            }
            bytes('t');
        }

        private void number(long value) {
            bytes(0x8a, 8); // LONG1 of eight bytes
            for (int i = 0; i < 8; i++) {
                out.write((int) (value >> 8 * i));
            }
        }

        private void text(String value) {
            var utf8 = value.getBytes(StandardCharsets.UTF_8);
            bytes('X', utf8.length, utf8.length >> 8, utf8.length >> 16, utf8.length >> 24); // BINUNICODE
            out.writeBytes(utf8);
        }

        private void global(String module, String name) {
            bytes('c');
            out.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
        }

        private void bytes(int... values) {
            for (int value : values) {
                out.write(value);
            }
        }
    }
}
