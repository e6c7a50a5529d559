package dev.aerie.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Which shard holds which tensor: Hugging Face's `*.index.json`. `path` is the index, or the only file where
/// there is none and `places` is empty.
record ShardIndex(Path path, List<Path> shards, Map<String, String> places) {

    private static final long MAX_BYTES = SafetensorsFile.MAX_HEADER;

    /// The index of a single file, which tells nothing.
    static ShardIndex of(Path file) {
        return new ShardIndex(file, List.of(file), Map.of());
    }

    static ShardIndex read(Path path) {
        var places = new LinkedHashMap<String, String>();
        StrictJson.parse(path, "the index", bytes(path), json -> {
            json.object(field -> {
                if (field.equals("weight_map")) {
                    json.object(name -> places.put(name, json.string()));
                } else {
                    json.skip();
                }
            });
            return places;
        });
        if (places.isEmpty()) {
            throw Fault.reading(path, "the index has no weight_map", "fetch it again");
        }
        var folder = Objects.requireNonNull(path.toAbsolutePath().getParent());
        var shards = new TreeSet<>(places.values())
                .stream().map(name -> shard(path, folder, name)).toList();
        return new ShardIndex(path, shards, places);
    }

    private static byte[] bytes(Path path) {
        try {
            if (Files.size(path) > MAX_BYTES) {
                throw Fault.reading(path, "the index has more than " + MAX_BYTES + " bytes", "fetch it again");
            }
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw Fault.reading(path, "the index cannot be read (" + e + ")", "check the path", e);
        }
    }

    /// A shard lies beside its index; a name that leads elsewhere is not followed.
    private static Path shard(Path index, Path folder, String name) {
        var plain = !name.isEmpty() && name.chars().allMatch(c -> c >= ' ' && c != '/' && c != '\\' && c != ':');
        if (!plain || name.equals("..") || name.equals(".")) {
            throw Fault.reading(index, "the index names the shard " + Fault.quoted(name), "use a plain file name");
        }
        var shard = folder.resolve(name);
        if (!Files.isRegularFile(shard)) {
            throw Fault.reading(index, "the shard " + Fault.quoted(name) + " that it names is missing", "fetch it too");
        }
        return shard;
    }

    /// The file of each tensor, in the order of the files, all checked against the index.
    Map<String, WeightFile> owners(List<WeightFile> files) {
        var owners = new LinkedHashMap<String, WeightFile>();
        for (var file : files) {
            for (var name : file.names()) {
                var other = owners.put(name, file);
                if (other != null) {
                    throw Fault.reading(
                            file.path(),
                            "the tensor " + Fault.quoted(name) + " is also in "
                                    + other.path().getFileName(),
                            "remove one of the two");
                }
            }
        }
        if (!places.isEmpty()) {
            check(owners);
        }
        return owners;
    }

    private void check(Map<String, WeightFile> owners) {
        var unseen = new LinkedHashMap<>(owners);
        places.forEach((name, shard) -> {
            @Nullable WeightFile owner = unseen.remove(name);
            if (owner == null || !String.valueOf(owner.path().getFileName()).equals(shard)) {
                throw Fault.reading(
                        path,
                        "the tensor " + Fault.quoted(name) + " is not in the shard " + Fault.quoted(shard)
                                + " that the index names",
                        "fetch index and shards of the same checkpoint");
            }
        });
        unseen.forEach((name, owner) -> {
            throw Fault.reading(
                    path,
                    "the index does not name the tensor " + Fault.quoted(name) + " of the shard "
                            + owner.path().getFileName(),
                    "fetch index and shards of the same checkpoint");
        });
    }
}
