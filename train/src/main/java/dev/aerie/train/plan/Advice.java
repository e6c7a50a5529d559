package dev.aerie.train.plan;

import dev.aerie.train.log.TerminalLog;
import dev.aerie.train.recipe.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Looks for changes that make a stage fit. Each is planned before it is advised.
final class Advice {

    private static final int CHUNK = 1024;
    private static final int MOST_DEVICES = 4096;

    /// LLaVA's adapters (its README's training script).
    private static final Stage.Lora LORA = new Stage.Lora(128, 256, List.of("model.layers.*_proj"), 2e-4);

    private final ModelShape model;
    private final Stage stage;
    private final Hardware hardware;
    private final int row;
    private final Choices asked;

    Advice(ModelShape model, Stage stage, Hardware hardware, int row) {
        this.model = model;
        this.stage = stage;
        this.hardware = hardware;
        this.row = row;
        asked = Choices.of(stage, hardware.devices());
    }

    /// Single changes that suffice; else all that leave the result (nearly) as it is, at once, and those beside others;
    /// more devices last, where they are made up anyway.
    List<String> list() {
        var advice = new ArrayList<String>();
        var frugal = asked;
        if (!asked.recompute()) {
            add(advice, "recompute: true", asked.withRecompute());
            frugal = frugal.withRecompute();
        }
        smallerMicro(asked).ifPresent(micro -> add(advice, "batch.micro: " + micro.micro(), micro));
        frugal = frugal.withMicro(1);
        if (asked.lossChunk() == 0 || asked.lossChunk() > CHUNK) {
            add(advice, "lossChunk: " + CHUNK, asked.withLossChunk(CHUNK));
            frugal = frugal.withLossChunk(CHUNK);
        }
        if (asked.precision() == Stage.Precision.FLOAT32) {
            add(advice, "precision: bfloat16", asked.withBfloat16());
        }
        if (advice.isEmpty() && !frugal.equals(asked)) {
            add(advice, describe(frugal), frugal);
        }
        if (advice.isEmpty()) {
            var small = frugal.withBfloat16();
            if (!small.equals(frugal)) {
                add(advice, describe(frugal) + " and precision: bfloat16", small);
            }
            if (asked.lora().isEmpty() && learnsLanguage()) {
                add(
                        advice,
                        describe(small) + ", learn.language: 0 and lora: { rank: " + LORA.rank() + ", alpha: "
                                + LORA.alpha() + ", targets: " + LORA.targets() + ", rate: " + LORA.rate() + " }",
                        small.withLora(LORA));
            }
        }
        if (hardware.isMadeUp()) {
            addDevices(advice, frugal.withBfloat16());
        }
        return advice;
    }

    private void addDevices(List<String> advice, Choices smallest) {
        moreDevices(asked)
                .ifPresentOrElse(
                        more -> add(advice, more.devices() + " such devices", more),
                        () -> moreDevices(smallest)
                                .ifPresent(more -> add(
                                        advice, describe(smallest) + " on " + more.devices() + " such devices", more)));
    }

    private boolean learnsLanguage() {
        return new Estimate(model, stage, asked, row)
                .partList().stream().anyMatch(part -> part.name().equals("language") && part.learns());
    }

    private void add(List<String> advice, String change, Choices choices) {
        if (fits(choices)) {
            advice.add(String.format(Locale.ROOT, "%s (%s)", change, TerminalLog.bytes(needed(choices))));
        }
    }

    private static String describe(Choices choices) {
        return "batch.micro: " + choices.micro() + " with recompute: true and lossChunk: " + choices.lossChunk();
    }

    private double needed(Choices choices) {
        return Plan.needed(new Estimate(model, stage, choices, row).memory(), choices.devices());
    }

    private boolean fits(Choices choices) {
        return choices.divides() && needed(choices) <= hardware.memory();
    }

    /// The largest smaller micro-batch that fits and divides the global one.
    private Optional<Choices> smallerMicro(Choices choices) {
        for (int micro = choices.micro() - 1; micro >= 1; micro--) {
            if (fits(choices.withMicro(micro))) {
                return Optional.of(choices.withMicro(micro));
            }
        }
        return Optional.empty();
    }

    /// The fewest devices, doubled from those there are.
    private Optional<Choices> moreDevices(Choices choices) {
        for (int devices = 2 * choices.devices(); devices <= MOST_DEVICES; devices *= 2) {
            if (fits(choices.withDevices(devices))) {
                return Optional.of(choices.withDevices(devices));
            }
        }
        return Optional.empty();
    }
}
