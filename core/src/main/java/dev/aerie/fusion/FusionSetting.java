package dev.aerie.fusion;

import dev.aerie.AerieException;
import dev.aerie.vision.ExpertSpec;
import java.util.List;

/// What a fusion is made for.
///
/// @param experts   in the mixture's order. Where one leads and the others add to it, the first leads
/// @param grid      side of the mixture's common grid
/// @param projector kind of projector, see [Projector]
/// @param decoder   that reads the tokens
public record FusionSetting(List<ExpertSpec> experts, int grid, String projector, DecoderShape decoder) {

    public FusionSetting {
        experts = List.copyOf(experts);
    }

    ExpertSpec leader() {
        return experts.getFirst();
    }

    /// All but the first.
    List<ExpertSpec> others(Fusions method) {
        if (experts.size() < 2) {
            throw new AerieException("cannot fuse by " + method.label() + ": it adds what other experts see to what the"
                    + " first sees, but the mixture has only " + leader().name() + "; name a second expert");
        }
        return experts.subList(1, experts.size());
    }
}
