package dev.aerie.train.model;

import dev.aerie.AerieException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// The parts of the model that a stage speaks of.
public enum Part {
    EXPERTS,
    PROJECTOR,
    LANGUAGE,
    ALL;

    /// The part that a parameter belongs to.
    public static Part of(String parameter) {
        if (parameter.startsWith("model.vision_tower.")) {
            return EXPERTS;
        }
        return parameter.startsWith("model.mm_projector.") ? PROJECTOR : LANGUAGE;
    }

    /// As recipes write it.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Part named(String label) {
        return Arrays.stream(values())
                .filter(part -> part.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new AerieException("unknown part '" + label + "' of a model: known are "
                        + Arrays.stream(values()).map(Part::label).collect(Collectors.joining(", "))));
    }
}
