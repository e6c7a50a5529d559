package dev.aerie.fusion;

import dev.aerie.AerieException;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A method of fusion and its sizes, as configurations and recipes write it.
///
/// @param sizes those that are not the method's usual ones, see [Fusions#sizes]; usual ones are left out
public record FusionChoice(Fusions method, Map<String, Integer> sizes) {

    /// Eagle's.
    public static final FusionChoice CHANNEL_CONCAT = new FusionChoice(Fusions.CHANNEL_CONCAT, Map.of());

    private static final String ADAPTERS = "adapters";

    public FusionChoice {
        for (var size : new TreeMap<>(sizes).entrySet()) {
            if (!method.sizes().containsKey(size.getKey())) {
                var known = method.sizes().isEmpty()
                        ? "it has none"
                        : "expected one of " + String.join(", ", method.sizes().keySet());
                throw new AerieException(
                        "the fusion " + method.label() + " has no size '" + size.getKey() + "': " + known);
            }
            int least = method.mayBeZero(size.getKey()) ? 0 : 1;
            int most = most(size.getKey());
            if (size.getValue() < least || size.getValue() > most) {
                throw new AerieException("the fusion " + method.label() + " cannot have " + size.getKey() + " "
                        + size.getValue() + ": expected a whole number from " + least + " to " + most);
            }
        }
        sizes = sizes.entrySet().stream()
                .filter(size -> !size.getValue().equals(method.sizes().get(size.getKey())))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /// The largest size that is taken: far above what is published, and small enough that products of sizes do not
    /// overflow. What is counted in layers, or along a side of a grid, is less than what is counted in channels.
    private static int most(String size) {
        return switch (size) {
            case ADAPTERS -> LlavaHr.STAGES - 1;
            case "grid", "pool", "shuffle", "down", "layers", "every", "experts", "points" -> 256;
            default -> 65_536;
        };
    }

    void requireHeads(int width, int heads) {
        if (width % heads != 0) {
            throw new AerieException(
                    "cannot fuse by " + method.label() + ": " + heads + " heads do not divide a width of " + width);
        }
    }

    /// Whether weights of one choice fit the other, as far as both have them: LLaVA-HR's first stage has no adapters.
    public boolean continues(FusionChoice other) {
        return method == other.method && withoutAdapters().equals(other.withoutAdapters());
    }

    private Map<String, Integer> withoutAdapters() {
        var others = new TreeMap<>(sizes);
        others.remove(ADAPTERS);
        return others;
    }

    /// Whether it has parts between the blocks of the first expert.
    public boolean isInsideLeader() {
        return size(ADAPTERS) > 0;
    }

    /// One of the method's sizes.
    int size(String name) {
        return sizes.getOrDefault(name, method.sizes().getOrDefault(name, 0));
    }
}
