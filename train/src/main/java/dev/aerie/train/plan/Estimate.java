package dev.aerie.train.plan;

import dev.aerie.bench.Blocks;
import dev.aerie.nn.Manifest;
import dev.aerie.tensor.DType;
import dev.aerie.train.data.Loader;
import dev.aerie.train.recipe.LearningRates;
import dev.aerie.train.recipe.Stage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/// Adds up what a model takes in a stage, for given [Choices]. How training uses memory:
///
/// - frozen weights stay mapped in their stored type; where the working precision is another, a layer's
///   are converted when it computes, and kept for the backward pass where gradients pass through, or
///   until the block's is done where blocks are computed again;
/// - learned weights are copied to the working precision, and have two float32 moments, a gradient in the working
///   precision (one for each part of a micro-batch), a float32 sum of gradients where there are several, and, if they
///   are bfloat16, a float32 master copy;
/// - activations are kept for the backward pass of every part that gradients pass through: those that learn and those
///   behind them. Experts that do not learn keep nothing but the features they give;
/// - where blocks are computed again, the input of every block is kept, and all of one block at a time.
final class Estimate {

    /// The process itself: the JVM's heap, libtorch, pictures that wait.
    private static final double PROCESS = 1 << 30;

    private static final int FLOAT = Float.BYTES;

    private final ModelShape model;
    private final Stage stage;
    private final Choices choices;
    private final int row;
    private final DType precision;
    private final List<PartPlan> parts;

    /// @param row positions of a sample's row
    Estimate(ModelShape model, Stage stage, Choices choices, int row) {
        this.model = model;
        this.stage = stage;
        this.choices = choices;
        this.row = row;
        precision = choices.precision().dtype();
        parts = parts();
    }

    List<PartPlan> partList() {
        return parts;
    }

    private List<PartPlan> parts() {
        var rates = LearningRates.of(
                stage.withLora(choices.lora()), model.config().towers(), model.names(), model.layers());
        var sums = new HashMap<String, Sum>();
        for (var entry : model.entries()) {
            var sum = sums.computeIfAbsent(model.part(entry), name -> new Sum());
            switch (entry.role()) {
                case BUFFER -> {}
                case UNUSED -> sum.unused += entry.elements();
                case PARAMETER -> sum.add(entry, rates, choices.lora().filter(lora -> isAdapted(entry, lora)));
            }
        }
        var made = new ArrayList<PartPlan>();
        boolean inside = model.config().mixture().fusion().isInsideLeader()
                && sums.entrySet().stream()
                        .anyMatch(sum -> !sum.getKey().equals("language") && sum.getValue().learned > 0);
        boolean passed = false;
        for (var name : model.parts()) {
            var sum = sums.getOrDefault(name, new Sum());
            boolean expert = !name.equals("projector") && !name.equals("language");
            boolean learns = sum.learned > 0;
            boolean here = learns || passed && !expert || inside && made.isEmpty();
            double forward = model.flops(name, row);
            double share = learns ? (double) sum.learned / (sum.learned + sum.frozen) : 0;
            double blocks = model.blocks(name, row).stream()
                    .mapToDouble(each -> each.count() * each.flops())
                    .sum();
            made.add(new PartPlan(
                    name,
                    sum.learned,
                    sum.frozen,
                    sum.unused,
                    sum.rate,
                    here,
                    forward,
                    here ? forward * (1 + share) : 0,
                    here && choices.recompute() ? blocks : 0));
            passed |= learns;
        }
        return made;
    }

    private boolean isAdapted(Manifest.Entry entry, Stage.Lora lora) {
        return model.layers().contains(entry.name()) && lora.adapts(entry.name());
    }

    private static final class Sum {
        private long learned;
        private long frozen;
        private long unused;
        private double rate;

        /// @param lora the adapters, if this weight has one
        void add(Manifest.Entry entry, LearningRates rates, Optional<Stage.Lora> lora) {
            if (rates.isFrozen(entry.name())) {
                frozen += entry.elements();
            } else {
                learned += entry.elements();
                rate = Math.max(rate, rates.rate(entry.name()));
            }
            lora.ifPresent(adapter -> {
                learned += adapter.rank() * (entry.shape()[0] + entry.shape()[1]);
                rate = Math.max(rate, adapter.rate());
            });
        }
    }

    long learned() {
        return parts.stream().mapToLong(PartPlan::learned).sum();
    }

    private double frozen() {
        return parts.stream().mapToLong(PartPlan::frozen).sum();
    }

    /// Bytes of frozen weights in the working precision that are there at once, where they are stored
    /// in another.
    private double converted() {
        if (model.stored() == precision) {
            return 0;
        }
        double kept = 0;
        double passing = 0;
        for (var part : parts) {
            double bytes = (double) part.frozen() * precision.bytes();
            int blocks = model.blocks(part.name(), row).stream()
                    .mapToInt(Blocks::count)
                    .sum();
            if (part.passed() && !choices.recompute()) {
                kept += bytes;
            } else {
                passing = Math.max(passing, bytes / Math.max(1, blocks));
            }
        }
        return stage.batch().parts() * (kept + passing); // each part's thread for itself
    }

    Memory memory() {
        boolean wide = precision == DType.F32;
        int sets = stage.batch().parts();
        double sums = choices.accumulation() > 1 || sets > 1 ? FLOAT : 0;
        double learned = learned();
        var items = new ArrayList<Memory.Item>();
        add(items, "frozen weights, mapped", frozen() * model.stored().bytes(), false);
        add(items, "of them converted", converted(), false);
        add(items, "learned weights", learned * precision.bytes(), false);
        add(items, "master weights", wide ? 0 : learned * FLOAT, true);
        add(items, "moments", learned * 2 * FLOAT, true);
        add(items, "gradients", learned * (sums + sets * precision.bytes()), true);
        add(items, "averaged weights", stage.ema().isPresent() ? learned * FLOAT : 0, true);
        add(items, "activations", activations(), false);
        add(items, "logits", logits(), false);
        add(items, "pictures and features", features(), false);
        add(items, "process", PROCESS, false);
        return new Memory(items);
    }

    private void add(List<Memory.Item> items, String kind, double bytes, boolean dealtOut) {
        if (bytes > 0) {
            items.add(new Memory.Item(kind, bytes, dealtOut ? bytes / choices.devices() : bytes));
        }
    }

    /// Bytes of the micro-batch's activations, or of the experts' passing ones if those take more.
    double activations() {
        double inputs = 0;
        double all = 0;
        double largest = 0;
        double passing = 0;
        for (var part : parts) {
            for (var blocks : model.blocks(part.name(), row)) {
                if (part.passed()) {
                    double kept = Activations.kept(blocks, precision, part.learns());
                    inputs += blocks.count() * Activations.input(blocks, precision);
                    all += blocks.count() * kept;
                    largest = Math.max(largest, kept);
                } else {
                    passing = Math.max(passing, Activations.passing(blocks, precision));
                }
            }
        }
        double kept = choices.recompute() ? inputs + largest : all;
        return choices.micro() * Math.max(kept, passing);
    }

    /// Logits in the working precision and in float32, their log-softmax and their gradient, of one chunk.
    private double logits() {
        double rows = (double) choices.micro() * row;
        double chunk = choices.lossChunk() == 0 ? rows : Math.min(rows, choices.lossChunk());
        return chunk * model.config().language().vocabulary() * (precision.bytes() + 3 * FLOAT);
    }

    /// Pixels in float32, the experts' features, the projector's hidden and last layer, the row's embeddings and their
    /// gradient; and tiles that wait, since the process has room for whole pictures alone.
    private double features() {
        double hidden = model.config().language().hidden();
        int views = model.most().views();
        double view = 3.0 * model.input() * model.input();
        double fused = (double) views * model.fusion().tokens() * model.channels();
        double visual = (fused + 3 * hidden * model.tokens()) * precision.bytes();
        double each = views * view * FLOAT + visual + 2 * row * hidden * precision.bytes();
        return choices.micro() * each + Loader.ahead(choices.micro()) * (views - 1) * view;
    }

    /// Bytes of one checkpoint: float32 weights, moments and averages of what learns.
    double checkpoint() {
        return (double) learned() * (3 + (stage.ema().isPresent() ? 1 : 0)) * FLOAT;
    }

    /// Bytes of the exported model, which is written in the working precision.
    double export() {
        return model.entries().stream()
                        .filter(entry -> entry.role() != Manifest.Role.BUFFER)
                        .mapToDouble(Manifest.Entry::elements)
                        .sum()
                * precision.bytes();
    }
}
