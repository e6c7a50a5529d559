package dev.aerie.train.model;

import dev.aerie.AerieException;
import java.util.function.Predicate;

/// Which linear layers learn by a change of low rank instead of by their weights (LoRA, Hu et al., 2021).
///
/// @param rank    of the change
/// @param alpha   the change counts `alpha / rank` times
/// @param targets tells by the name of a weight whether its layer is one of them
public record Lora(int rank, double alpha, Predicate<String> targets) {

    public Lora {
        if (rank < 1) {
            throw new AerieException("cannot learn by changes of rank " + rank + ": expected 1 or more");
        }
    }

    double scale() {
        return alpha / rank;
    }

    /// The name of a factor, as the PEFT library has it: `….q_proj.weight` to `….q_proj.lora_A.weight`.
    static String factor(String weight, char factor) {
        return weight.substring(0, weight.length() - "weight".length()) + "lora_" + factor + ".weight";
    }
}
