package dev.aerie.weights;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The zip archives of `torch.save` since 1.6: in one folder of any name a pickle `data.pkl`, each storage as
/// `data/KEY`, and the `byteorder`.
final class TorchZip implements TorchFile.Storages {

    private static final String PICKLE = "/data.pkl";
    private static final int LONGEST_BYTE_ORDER = 16;

    private final MappedFile file;
    private final ZipArchive archive;
    private final String folder;
    private final Map<String, MemorySegment> inflated = new HashMap<>();

    private TorchZip(MappedFile file, ZipArchive archive, String folder) {
        this.file = file;
        this.archive = archive;
        this.folder = folder;
    }

    static TorchFile read(MappedFile file) {
        var archive = ZipArchive.read(file);
        var zip = new TorchZip(file, archive, folder(file, archive));
        zip.checkByteOrder();
        var budget = new Budget(problem -> file.refused(problem, "save its state dict alone"));
        var input = new PickleInput(file, zip.pickle(), 0);
        var root = Unpickler.load(input, new TorchWorld(file, budget, zip::storage), budget);
        return new TorchFile(file, StateDict.of(file, root, budget), zip);
    }

    /// The folder that holds the pickle, with its slash.
    private static String folder(MappedFile file, ZipArchive archive) {
        var pickles = archive.names().stream()
                .filter(name -> name.endsWith(PICKLE) && name.indexOf('/') == name.length() - PICKLE.length())
                .toList();
        if (pickles.size() != 1) {
            throw file.refused(
                    "it is a zip archive with " + pickles.size() + " pickles FOLDER" + PICKLE
                            + ", where PyTorch writes one",
                    "give a file that torch.save wrote");
        }
        var pickle = pickles.getFirst();
        return pickle.substring(0, pickle.lastIndexOf('/') + 1);
    }

    private MemorySegment pickle() {
        var entry = archive.find(folder + PICKLE.substring(1)).orElseThrow();
        if (entry.size() > Budget.MAX_BYTES) {
            throw file.refused(
                    "its pickle has " + entry.size() + " bytes, more than the " + Budget.MAX_BYTES + " allowed",
                    "save its state dict alone");
        }
        return archive.bytes(entry);
    }

    private void checkByteOrder() {
        archive.find(folder + "byteorder").ifPresent(entry -> {
            var order = entry.size() > LONGEST_BYTE_ORDER
                    ? ""
                    : new String(archive.bytes(entry).toArray(JAVA_BYTE), StandardCharsets.US_ASCII);
            if (!order.equals("little")) {
                throw file.refused(
                        "its byte order is " + Fault.quoted(order) + ", not 'little'",
                        "save it again on a little-endian machine");
            }
        });
    }

    /// A persistent id: `('storage', class, key, device, elements)`.
    private TorchStorage storage(List<Object> id) {
        if (!(id.get(1) instanceof TorchGlobal.Storage type
                && id.get(2) instanceof String key
                && id.get(4) instanceof Long elements)) {
            throw file.damaged("its pickle has a storage without class, key or size");
        }
        var entry = archive.find(entryName(key))
                .orElseThrow(() -> file.damaged("it lacks the storage " + Fault.quoted(key)));
        var bytes = type.type().bytes();
        if (entry.size() % bytes != 0 || entry.size() / bytes != elements) {
            throw file.damaged("its storage " + Fault.quoted(key) + " has " + entry.size() + " bytes, where " + elements
                    + " elements of " + bytes + " are declared");
        }
        return new TorchStorage(key, type.type(), 0, entry.size());
    }

    private String entryName(String key) {
        return folder + "data/" + key;
    }

    @Override
    public MemorySegment bytes(String key) {
        var entry = archive.find(entryName(key)).orElseThrow();
        if (!entry.deflated()) {
            return archive.bytes(entry);
        }
        synchronized (inflated) {
            return inflated.computeIfAbsent(key, first -> archive.bytes(entry));
        }
    }
}
