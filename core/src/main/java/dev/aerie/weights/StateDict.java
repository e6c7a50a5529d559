package dev.aerie.weights;

import dev.aerie.AerieException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The tensors of an unpickled value by their names: the keys on the way to each, joined by dots. What is no
/// tensor goes to `leaves`, as text. `sections` are the outermost keys behind which there are tensors with names
/// of their own.
record StateDict(Map<String, TorchTensor> tensors, Map<String, String> leaves, List<String> sections) {

    private static final int MAX_DEPTH = 64;
    private static final int CHARACTERS_PER_VALUE = 16;

    static StateDict of(MappedFile file, Object root, Budget budget) {
        var walk = new Walk(file, budget);
        walk.visit("", root, 0);
        return walk.dict;
    }

    private record Walk(MappedFile file, Budget budget, StateDict dict) {

        Walk(MappedFile file, Budget budget) {
            this(file, budget, new StateDict(new LinkedHashMap<>(), new LinkedHashMap<>(), new ArrayList<>()));
        }

        void visit(String name, Object value, int depth) {
            budget.spend(1 + name.length() / CHARACTERS_PER_VALUE);
            if (depth > MAX_DEPTH) {
                throw file.refused(
                        "its values are nested deeper than " + MAX_DEPTH + " at " + Fault.quoted(name),
                        "save its state dict alone");
            }
            switch (value) {
                case TorchTensor tensor when tensor.type().dtype().isPresent() -> addTensor(named(name), tensor);
                case Pickled.Dict entries -> {
                    for (var entry : entries.entries().entrySet()) {
                        visitEntry(name, keyText(entry.getKey()), entry.getValue(), depth);
                    }
                }
                case Pickled.Sequence sequence
                when hasParts(sequence) -> {
                    for (var i = 0; i < sequence.items().size(); i++) {
                        visitEntry(name, Integer.toString(i), sequence.items().get(i), depth);
                    }
                }
                default -> addLeaf(named(name), value);
            }
        }

        private void visitEntry(String parent, String key, Object value, int depth) {
            var before = dict.tensors.size();
            visit(depth == 0 ? key : parent + "." + key, value, depth + 1);
            if (depth == 0 && dict.tensors.size() > before && !(value instanceof TorchTensor)) {
                dict.sections.add(key);
            }
        }

        private void addTensor(String name, TorchTensor tensor) {
            if (dict.tensors.put(name, tensor) != null) {
                throw twice(name);
            }
        }

        private AerieException twice(String name) {
            return file.refused("two tensors have the name " + Fault.quoted(name), "rename one of them");
        }

        private void addLeaf(String name, Object value) {
            var text = Fault.shortened(leafText(value));
            budget.spend(text.length() / CHARACTERS_PER_VALUE);
            dict.leaves.put(name, text);
        }

        /// Lists of mere numbers, such as the parameters of an optimizer, stay one leaf.
        private boolean hasParts(Pickled.Sequence sequence) {
            budget.spend(sequence.items().size() / CHARACTERS_PER_VALUE);
            return sequence.items().stream()
                    .anyMatch(item -> item instanceof TorchTensor
                            || item instanceof Pickled.Dict
                            || item instanceof Pickled.Sequence);
        }

        /// A file may hold a single value, which then has no name.
        private static String named(String name) {
            return name.isEmpty() ? "value" : name;
        }
    }

    private static String keyText(Object key) {
        return key instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : leafText(key);
    }

    /// Made in a time that does not grow with the value: a pickle can show the same one at a million places.
    private static String leafText(Object value) {
        return switch (value) {
            case String text -> text;
            case byte[] bytes -> bytes.length + " bytes";
            case BigInteger number -> "an integer of " + number.bitLength() + " bits";
            case Pickled.None none -> "None";
            case Pickled.Sequence sequence -> sequence.items().size() + " values";
            case Pickled.Dict entries -> entries.entries().size() + " entries";
            case TorchTensor tensor ->
                "a tensor of shape " + Layout.text(tensor.shape()) + " and the unsupported type "
                        + tensor.type().dtypeName();
            case TorchStorage storage -> "a storage of " + storage.length() + " bytes";
            case TorchGlobal.Dtype dtype -> "torch." + dtype.type().dtypeName();
            default -> String.valueOf(value);
        };
    }
}
