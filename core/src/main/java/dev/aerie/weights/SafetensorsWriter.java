package dev.aerie.weights;

import dev.aerie.AerieException;
import dev.aerie.files.DiskSpace;
import dev.aerie.files.Replacement;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Writes weights as safetensors, one tensor at a time. Files appear whole or not at all: each is written beside
/// its place and moved there once it is on the disk, so that a failure leaves what was there before.
///
/// Within a file, wider element types come first, which keeps each tensor aligned to its own; otherwise the order
/// is the caller's.
public final class SafetensorsWriter {

    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final Pattern ANY = Pattern.compile("model(-\\d{5}-of-\\d{5})?\\.safetensors");

    private SafetensorsWriter() {}

    /// Writes one file. The metadata gets `format: pt`, by which readers know whose tensors they are, unless it
    /// says otherwise.
    ///
    /// @throws AerieException if two tensors have the same name, one writes another number of bytes than its
    ///     shape has, the disk has too little room or the file cannot be written
    public static void write(Path file, List<TensorSource> tensors, Map<String, String> metadata) {
        checkNames(file, tensors);
        try (var replacement = new Replacement()) {
            stage(replacement, file, tensors, metadata);
            replacement.commit();
        }
    }

    /// Writes a checkpoint into a folder as Hugging Face does: `model.safetensors`, or, above `shardBytes` bytes
    /// of tensors, `model-00001-of-0000N.safetensors` with `model.safetensors.index.json`. Once all files are
    /// written, an earlier checkpoint of these names is removed; until then it stays as it was. (The moves
    /// themselves, of several files, are one after the other.)
    ///
    /// @param shardBytes the most bytes of tensors in one file; a single larger tensor has a file of its own
    /// @return the files, in the order of their names
    /// @throws AerieException as for [#write]
    public static List<Path> writeSharded(
            Path folder, List<TensorSource> tensors, long shardBytes, Map<String, String> metadata) {
        checkNames(folder, tensors);
        DiskSpace.require(folder, bytes(tensors));
        var shards = shards(tensors, shardBytes);
        var files = new ArrayList<Path>();
        try (var replacement = new Replacement()) {
            if (shards.size() <= 1) {
                files.add(folder.resolve(SINGLE));
                stage(replacement, files.getFirst(), tensors, metadata);
            } else {
                var places = new TreeMap<String, String>();
                for (var i = 0; i < shards.size(); i++) {
                    var name = "model-%05d-of-%05d.safetensors".formatted(i + 1, shards.size());
                    files.add(folder.resolve(name));
                    stage(replacement, files.getLast(), shards.get(i), metadata);
                    shards.get(i).forEach(tensor -> places.put(tensor.name(), name));
                }
                files.add(folder.resolve(INDEX));
                replacement.stage(
                        files.getLast(),
                        out -> RowMajor.writeAll(ByteBuffer.wrap(SafetensorsText.index(tensors, places)), out));
            }
            replacement.commit();
            replacement.removeOthers(
                    folder, name -> name.equals(INDEX) || ANY.matcher(name).matches());
        }
        return files.stream().sorted().toList();
    }

    private static long bytes(List<TensorSource> tensors) {
        return tensors.stream().mapToLong(TensorSource::bytes).reduce(0, SafetensorsWriter::plus);
    }

    /// More than a `long` holds is more than any disk does.
    private static long plus(long one, long other) {
        return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
    }

    private static List<List<TensorSource>> shards(List<TensorSource> tensors, long shardBytes) {
        var shards = new ArrayList<List<TensorSource>>();
        var room = 0L;
        for (var tensor : tensors) {
            if (shards.isEmpty() || tensor.bytes() > room) {
                shards.add(new ArrayList<>());
                room = shardBytes;
            }
            shards.getLast().add(tensor);
            room -= tensor.bytes();
        }
        return shards;
    }

    private static void checkNames(Path target, List<TensorSource> tensors) {
        var names = new HashSet<String>();
        for (var tensor : tensors) {
            if (!names.add(tensor.name()) || tensor.name().equals(SafetensorsHeader.METADATA)) {
                throw Fault.writing(
                        target,
                        "the tensor name " + Fault.quoted(tensor.name()) + " is reserved or there twice",
                        "give each tensor a name of its own");
            }
        }
    }

    private static void stage(
            Replacement replacement, Path file, List<TensorSource> tensors, Map<String, String> metadata) {
        var ordered = tensors.stream()
                .sorted(Comparator.comparingInt(
                                (TensorSource tensor) -> tensor.dtype().bytes())
                        .reversed())
                .toList();
        var header = SafetensorsText.header(ordered, metadata);
        replacement.stage(file, plus(header.length, bytes(tensors)), out -> {
            RowMajor.writeAll(ByteBuffer.wrap(header), out);
            for (var tensor : ordered) {
                ExactChannel.write(file, tensor, out);
            }
        });
    }
}
