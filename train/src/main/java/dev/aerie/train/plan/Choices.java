package dev.aerie.train.plan;

import dev.aerie.train.recipe.Stage;
import java.util.Optional;

/// What of a stage and its machine can be changed to make it fit without another result, or with nearly the same.
record Choices(
        int global,
        int micro,
        boolean recompute,
        int lossChunk,
        Stage.Precision precision,
        Optional<Stage.Lora> lora,
        int devices) {

    static Choices of(Stage stage, int devices) {
        return new Choices(
                stage.batch().global(),
                stage.batch().micro(),
                stage.recompute(),
                stage.lossChunk(),
                stage.precision(),
                stage.lora(),
                devices);
    }

    int accumulation() {
        return new Stage.BatchSize(global, micro).accumulation(devices);
    }

    /// Whether a global batch comes out even.
    boolean divides() {
        return global % ((long) micro * devices) == 0;
    }

    Choices withMicro(int other) {
        return new Choices(global, other, recompute, lossChunk, precision, lora, devices);
    }

    Choices withRecompute() {
        return new Choices(global, micro, true, lossChunk, precision, lora, devices);
    }

    Choices withoutRecompute() {
        return new Choices(global, micro, false, lossChunk, precision, lora, devices);
    }

    Choices withLossChunk(int other) {
        return new Choices(global, micro, recompute, other, precision, lora, devices);
    }

    Choices withBfloat16() {
        return new Choices(global, micro, recompute, lossChunk, Stage.Precision.BFLOAT16, lora, devices);
    }

    Choices withLora(Stage.Lora other) {
        return new Choices(global, micro, recompute, lossChunk, precision, Optional.of(other), devices);
    }

    Choices withDevices(int other) {
        return new Choices(global, micro, recompute, lossChunk, precision, lora, other);
    }
}
