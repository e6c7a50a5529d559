package dev.aerie.train.model;

import dev.aerie.AerieException;
import dev.aerie.fusion.Fusions;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// The parts of the model that a stage speaks of.
public enum Part {
    EXPERTS,
    PROJECTOR,
    LANGUAGE,
    ALL;

    /// The part that a parameter belongs to; a fusion is one with the projector.
    public static Part of(String parameter) {
        if (Fusions.owns(parameter)) {
            return PROJECTOR;
        }
        return parameter.startsWith("model.vision_tower.") ? EXPERTS : LANGUAGE;
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
