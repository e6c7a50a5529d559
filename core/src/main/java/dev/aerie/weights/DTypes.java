package dev.aerie.weights;

import dev.aerie.tensor.DType;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/// The names that safetensors gives to element types.
final class DTypes {

    private DTypes() {}

    static Optional<DType> bySafetensorsName(String name) {
        return Arrays.stream(DType.values())
                .filter(type -> type.name().equals(name))
                .findFirst();
    }

    static String known() {
        return Arrays.stream(DType.values()).map(DType::name).collect(Collectors.joining(", "));
    }
}
