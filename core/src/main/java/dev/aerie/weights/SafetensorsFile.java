package dev.aerie.weights;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A safetensors file: eight bytes with the header's length, the header in JSON, the tensors' bytes without a
/// gap. The rules are those of the [format's description](https://github.com/huggingface/safetensors#format).
public final class SafetensorsFile implements WeightFile {

    /// The longest header that is read, in bytes.
    static final long MAX_HEADER = 100_000_000;

    private final MappedFile file;
    private final Map<String, String> metadata;
    private final Map<String, StoredTensor> tensors;

    private SafetensorsFile(MappedFile file, Map<String, String> metadata, Map<String, StoredTensor> tensors) {
        this.file = file;
        this.metadata = metadata;
        this.tensors = tensors;
    }

    static SafetensorsFile read(MappedFile file) {
        var length = LittleEndian.signedLong(file.bytes(), 0);
        if (length < 0 || length > file.size() - Long.BYTES) {
            throw file.damaged("its header would have " + Long.toUnsignedString(length) + " bytes, but the file has "
                    + file.size());
        }
        if (length > MAX_HEADER) {
            throw file.refused(
                    "its header has " + length + " bytes, more than the " + MAX_HEADER + " allowed",
                    "split it into shards");
        }
        var json = file.slice(Long.BYTES, length, "the header").toArray(JAVA_BYTE);
        var header = SafetensorsHeader.parse(file, json);
        return new SafetensorsFile(
                file,
                Collections.unmodifiableMap(header.metadata()),
                tensors(file, Long.BYTES + length, header.entries()));
    }

    /// Lays the tensors out in the order of their bytes, which must follow each other up to the end of the file.
    private static Map<String, StoredTensor> tensors(
            MappedFile file, long start, List<SafetensorsHeader.Entry> entries) {
        var ordered = new ArrayList<>(entries);
        ordered.sort(SafetensorsHeader.Entry.BY_OFFSET);
        var tensors = LinkedHashMap.<String, StoredTensor>newLinkedHashMap(ordered.size());
        var end = 0L;
        for (var entry : ordered) {
            if (entry.begin() != end) {
                throw file.damaged("tensor " + Fault.quoted(entry.name()) + " begins at byte " + entry.begin()
                        + " of the data, where the one before ends at " + end);
            }
            end = entry.end();
            var data = file.slice(start + entry.begin(), end - entry.begin(), "tensor " + Fault.quoted(entry.name()));
            tensors.put(
                    entry.name(),
                    new StoredTensor(entry.name(), entry.dtype(), entry.shape(), entry.strides(), data, file.path()));
        }
        if (start + end != file.size()) {
            throw file.damaged("its tensors end at byte " + (start + end) + ", but the file has " + file.size());
        }
        return tensors;
    }

    @Override
    public Path path() {
        return file.path();
    }

    @Override
    public List<String> names() {
        return List.copyOf(tensors.keySet());
    }

    @Override
    public Optional<StoredTensor> find(String name) {
        return Optional.ofNullable(tensors.get(name));
    }

    @Override
    public Optional<TensorHeader> header(String name) {
        return find(name).map(found -> new TensorHeader(name, found.dtype(), found.shape(), found.file()));
    }

    @Override
    public Map<String, String> metadata() {
        return metadata;
    }

    @Override
    public void close() {
        file.close();
    }
}
