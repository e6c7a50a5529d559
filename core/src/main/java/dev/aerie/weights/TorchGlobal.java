package dev.aerie.weights;

import java.util.Optional;

/// The names that a weight file may call, which is all that PyTorch needs to save a state dict. Nothing of
/// Python's stands behind them: what they do is written in [TorchWorld].
sealed interface TorchGlobal {

    /// A function or a class that is called.
    enum Function implements TorchGlobal {
        ORDERED_DICT,
        REBUILD_TENSOR,
        REBUILD_TENSOR_V2,
        REBUILD_TENSOR_V3,
        REBUILD_PARAMETER,
        SIZE,
        DEVICE
    }

    /// A storage class, named in persistent ids.
    record Storage(TorchType type) implements TorchGlobal {}

    /// `torch.float32` and the like.
    record Dtype(TorchType type) implements TorchGlobal {}

    /// What stands behind `module.name`; nothing where that is not to be called.
    static Optional<TorchGlobal> named(String module, String name) {
        return switch (module) {
            case "collections" -> "OrderedDict".equals(name) ? Optional.of(Function.ORDERED_DICT) : Optional.empty();
            case "torch._utils" -> rebuilding(name);
            case "torch.storage" -> untyped(name);
            case "torch", "torch.cuda" -> ofTorch(name);
            default -> Optional.empty();
        };
    }

    private static Optional<TorchGlobal> rebuilding(String name) {
        return switch (name) {
            case "_rebuild_tensor" -> Optional.of(Function.REBUILD_TENSOR);
            case "_rebuild_tensor_v2" -> Optional.of(Function.REBUILD_TENSOR_V2);
            case "_rebuild_tensor_v3" -> Optional.of(Function.REBUILD_TENSOR_V3);
            case "_rebuild_parameter", "_rebuild_parameter_with_state" -> Optional.of(Function.REBUILD_PARAMETER);
            default -> Optional.empty();
        };
    }

    private static Optional<TorchGlobal> untyped(String name) {
        return switch (name) {
            case "TypedStorage", "UntypedStorage", "_TypedStorage", "_UntypedStorage" ->
                Optional.of(new Storage(TorchType.UINT8));
            default -> Optional.empty();
        };
    }

    private static Optional<TorchGlobal> ofTorch(String name) {
        return switch (name) {
            case "Size" -> Optional.of(Function.SIZE);
            case "device" -> Optional.of(Function.DEVICE);
            default ->
                TorchType.byDtype(name)
                        .<TorchGlobal>map(Dtype::new)
                        .or(() -> TorchType.byStorageClass(name).map(Storage::new))
                        .or(() -> untyped(name));
        };
    }
}
