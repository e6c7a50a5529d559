package dev.aerie.weights;

import dev.aerie.AerieException;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The stream files of `torch.save` before 1.6: pickles of a magic number, a version, the writer's system, the
/// value and the keys of its storages; then the storages in that order, each with its number of elements before
/// it.
final class TorchStream implements TorchFile.Storages, Unpickler.World {

    private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);

    /// How the magic number begins in protocols 0 and 1, which do not announce themselves.
    static final String MAGIC_AS_TEXT = "L" + MAGIC.toString().substring(0, 9);

    private static final long VERSION = 1001;

    /// A storage as the pickle declares it.
    private record Declared(TorchType type, long elements) {}

    private final MappedFile file;
    private final Map<String, Declared> declared = new HashMap<>();
    private final Map<String, MemorySegment> storages = new HashMap<>();
    private long position;

    private TorchStream(MappedFile file) {
        this.file = file;
    }

    static TorchFile read(MappedFile file) {
        var stream = new TorchStream(file);
        stream.checkHead();
        var budget = stream.budget();
        var root = stream.next(new TorchWorld(file, budget, stream::storage), budget);
        var state = StateDict.of(file, root, budget);
        stream.readStorages(stream.next(stream, stream.budget()));
        return new TorchFile(file, state, stream);
    }

    private void checkHead() {
        if (!MAGIC.equals(next(this, budget()))) {
            throw file.refused(
                    "it is a pickle, but not one of torch.save", "give a file that torch.save wrote, or safetensors");
        }
        if (!Long.valueOf(VERSION).equals(next(this, budget()))) {
            throw file.refused("it has an unknown version of PyTorch's stream format", "save it with a newer PyTorch");
        }
        if (!(next(this, budget()) instanceof Pickled.Dict system)) {
            throw file.damaged("it does not describe the system that wrote it");
        }
        if (Boolean.FALSE.equals(system.entries().get("little_endian"))) {
            throw file.refused("its byte order is big-endian", "save it again on a little-endian machine");
        }
    }

    private Object next(Unpickler.World world, Budget budget) {
        var input = new PickleInput(file, file.bytes(), position);
        var value = Unpickler.load(input, world, budget);
        position = input.position();
        return value;
    }

    private Budget budget() {
        return new Budget(problem -> file.refused(problem, "save its state dict alone"));
    }

    /// A persistent id: `('storage', class, key, device, elements, view)`, where `view` is `None` or `(key,
    /// offset, elements)` of a part of the storage.
    private TorchStorage storage(List<Object> id) {
        if (!(id.get(1) instanceof TorchGlobal.Storage type
                && id.get(2) instanceof String key
                && id.get(4) instanceof Long elements
                && elements >= 0
                && elements <= file.size())) {
            throw file.damaged("its pickle has a storage without class, key or possible size");
        }
        var declaration = new Declared(type.type(), elements);
        var before = declared.putIfAbsent(key, declaration);
        if (before != null && !before.equals(declaration)) {
            throw file.damaged("its storage " + Fault.quoted(key) + " is declared in two ways");
        }
        var bytes = type.type().bytes();
        if (id.size() > 5 && id.get(5) instanceof Pickled.Sequence view) {
            return view(key, type.type(), elements, view.items());
        }
        return new TorchStorage(key, type.type(), 0, elements * bytes);
    }

    private TorchStorage view(String key, TorchType type, long elements, List<Object> view) {
        if (!(view.size() == 3
                && view.get(1) instanceof Long offset
                && view.get(2) instanceof Long count
                && offset >= 0
                && count >= 0
                && count <= elements
                && offset <= elements - count)) {
            throw file.damaged("its pickle has an impossible view of the storage " + Fault.quoted(key));
        }
        return new TorchStorage(key, type, offset * type.bytes(), count * type.bytes());
    }

    private void readStorages(Object keys) {
        if (!(keys instanceof Pickled.Sequence sequence)) {
            throw file.damaged("it does not list its storages");
        }
        for (var key : sequence.items()) {
            readStorage(String.valueOf(key));
        }
        declared.keySet().stream()
                .filter(key -> !storages.containsKey(key))
                .findFirst()
                .ifPresent(key -> {
                    throw file.damaged("it lacks the storage " + Fault.quoted(key));
                });
    }

    private void readStorage(String key) {
        var what = "storage " + Fault.quoted(key);
        var storage = declared.get(key);
        if (storage == null || storages.containsKey(key)) {
            throw file.damaged("its " + what + " is listed twice or belongs to no tensor");
        }
        var elements = LittleEndian.signedLong(file.slice(position, Long.BYTES, "the size of " + what), 0);
        if (elements != storage.elements()) {
            throw file.damaged(
                    "its " + what + " has " + elements + " elements, where " + storage.elements() + " are declared");
        }
        var bytes = file.slice(position + Long.BYTES, elements * storage.type().bytes(), what);
        storages.put(key, bytes);
        position += Long.BYTES + bytes.byteSize();
    }

    @Override
    public MemorySegment bytes(String key) {
        return storages.getOrDefault(key, MemorySegment.NULL);
    }

    /// Nothing is called before the value itself, which has a world of its own.
    @Override
    public Object global(String module, String name) {
        throw file.refused(
                "refused to call " + Fault.shortened(module + "." + name) + " outside its state dict",
                "do not trust the file");
    }

    @Override
    public Object call(Object callable, List<Object> arguments) {
        throw outside();
    }

    @Override
    public Object persistent(Object id) {
        throw outside();
    }

    private AerieException outside() {
        return file.damaged("its pickle has a call or storage outside its state dict");
    }
}
