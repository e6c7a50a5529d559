package dev.aerie.weights;

import dev.aerie.AerieException;
import java.util.List;
import java.util.function.Function;

/// What the pickle of a PyTorch file can reach: the names of [TorchGlobal] and the file's storages.
final class TorchWorld implements Unpickler.World {

    /// Bytes that a tensor may have through repeating its storage, whatever the file's size.
    private static final long MOST_REPEATED = 1L << 20;

    private final MappedFile file;
    private final Budget budget;
    private final Function<List<Object>, TorchStorage> storages;

    /// `storages` finds the storage of a persistent id, a tuple that begins with `storage`.
    TorchWorld(MappedFile file, Budget budget, Function<List<Object>, TorchStorage> storages) {
        this.file = file;
        this.budget = budget;
        this.storages = storages;
    }

    @Override
    public Object global(String module, String name) {
        return TorchGlobal.named(module, name)
                .orElseThrow(() -> file.refused(
                        "refused to call " + Fault.shortened(module + "." + name)
                                + ", since weights need nothing but tensors",
                        "do not trust the file, or save its state dict alone, best as safetensors"));
    }

    @Override
    public Object persistent(Object id) {
        if (!(id instanceof Pickled.Sequence tuple
                && tuple.items().size() >= 5
                && "storage".equals(tuple.items().getFirst()))) {
            throw file.damaged("its pickle has a persistent id that is no storage");
        }
        return storages.apply(tuple.items());
    }

    @Override
    public Object call(Object callable, List<Object> arguments) {
        if (!(callable instanceof TorchGlobal.Function function)) {
            throw malformed("a call of what is no function");
        }
        return switch (function) {
            case ORDERED_DICT -> orderedDict(arguments);
            case REBUILD_TENSOR -> tensor(arguments, storage(arguments).type(), 4);
            case REBUILD_TENSOR_V2 -> tensor(arguments, storage(arguments).type(), 6);
            case REBUILD_TENSOR_V3 -> tensor(arguments, dtype(arguments), 7);
            case REBUILD_PARAMETER -> parameter(arguments);
            case SIZE, DEVICE -> argument(arguments, 0);
        };
    }

    /// Python 2 gives all entries as a list of pairs; Python 3 none, and sets them afterwards.
    private Pickled.Dict orderedDict(List<Object> arguments) {
        var dict = new Pickled.Dict();
        if (arguments.isEmpty()) {
            return dict;
        }
        if (!(arguments.getFirst() instanceof Pickled.Sequence pairs)) {
            throw malformed("an OrderedDict of what is no list");
        }
        budget.spend(2L * pairs.items().size());
        for (var item : pairs.items()) {
            if (!(item instanceof Pickled.Sequence pair && pair.items().size() == 2)) {
                throw malformed("an OrderedDict of what are no pairs");
            }
            dict.put(pair.items().getFirst(), pair.items().getLast());
        }
        return dict;
    }

    private Object parameter(List<Object> arguments) {
        if (!(argument(arguments, 0) instanceof TorchTensor tensor)) {
            throw malformed("a parameter that is no tensor");
        }
        return tensor;
    }

    private TorchStorage storage(List<Object> arguments) {
        if (!(argument(arguments, 0) instanceof TorchStorage storage)) {
            throw malformed("a tensor without a storage");
        }
        return storage;
    }

    private TorchType dtype(List<Object> arguments) {
        if (!(argument(arguments, 6) instanceof TorchGlobal.Dtype dtype)) {
            throw malformed("a tensor without a type");
        }
        return dtype.type();
    }

    /// Arguments: storage, offset, sizes, strides, then what only matters to autograd; at `properties`, if there,
    /// what makes the tensor a view that negates or conjugates.
    private TorchTensor tensor(List<Object> arguments, TorchType type, int properties) {
        if (arguments.size() > properties
                && arguments.get(properties) instanceof Pickled.Dict views
                && (Boolean.TRUE.equals(views.entries().get("neg"))
                        || Boolean.TRUE.equals(views.entries().get("conj")))) {
            throw file.refused(
                    "it holds a tensor that is a negated or conjugated view",
                    "save it after resolve_neg, resolve_conj");
        }
        var shape = sizes(argument(arguments, 2), "sizes");
        var strides = sizes(argument(arguments, 3), "strides");
        budget.spend(shape.length + strides.length);
        if (!(argument(arguments, 1) instanceof Long offset && offset >= 0 && shape.length == strides.length)) {
            throw malformed("a tensor with " + shape.length + " sizes, " + strides.length + " strides and the offset "
                    + Fault.shortened(String.valueOf(argument(arguments, 1))));
        }
        var tensor = new TorchTensor(storage(arguments), type, offset, shape, strides);
        checkWithinStorage(tensor);
        return tensor;
    }

    private void checkWithinStorage(TorchTensor tensor) {
        try {
            var reach = Math.addExact(tensor.offset(), Layout.reach(tensor.shape(), tensor.strides()));
            if (Math.multiplyExact(reach, (long) tensor.type().bytes())
                    > tensor.storage().length()) {
                throw malformed(text(tensor) + " beyond the " + tensor.storage().length() + " bytes of its storage");
            }
            var bytes = Math.multiplyExact(
                    Layout.elements(tensor.shape()), (long) tensor.type().bytes());
            // A stride of 0 repeats elements: whoever copies such a tensor must not need more than the file promises.
            if (bytes > Math.max(file.size(), MOST_REPEATED)) {
                throw malformed(text(tensor) + ", which repeats its storage to more bytes than the file has");
            }
        } catch (ArithmeticException e) {
            throw malformed(text(tensor) + ", which no memory holds");
        }
    }

    private static String text(TorchTensor tensor) {
        return "a tensor of shape " + Layout.text(tensor.shape()) + ", strides " + Layout.text(tensor.strides())
                + " and offset " + tensor.offset();
    }

    private long[] sizes(Object value, String what) {
        if (!(value instanceof Pickled.Sequence sequence && sequence.items().size() <= Layout.MAX_RANK)) {
            throw malformed("a tensor without " + what);
        }
        var sizes = new long[sequence.items().size()];
        for (var i = 0; i < sizes.length; i++) {
            var item = sequence.items().get(i);
            if (!(item instanceof Long size && size >= 0)) {
                throw malformed("a tensor with the " + what + " " + Fault.shortened(String.valueOf(item)));
            }
            sizes[i] = size;
        }
        return sizes;
    }

    private Object argument(List<Object> arguments, int index) {
        if (index >= arguments.size()) {
            throw malformed("a call without argument " + index);
        }
        return arguments.get(index);
    }

    private AerieException malformed(String what) {
        return file.damaged("its pickle has " + what);
    }
}
