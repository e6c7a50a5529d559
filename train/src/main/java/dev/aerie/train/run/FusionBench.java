package dev.aerie.train.run;

import dev.aerie.bench.Blocks;
import dev.aerie.bench.Stopwatch;
import dev.aerie.bench.Work;
import dev.aerie.eagle.EagleConfig;
import dev.aerie.eagle.EagleModel;
import dev.aerie.eagle.Progress;
import dev.aerie.eagle.Prompt;
import dev.aerie.fusion.FusionChoice;
import dev.aerie.fusion.Fusions;
import dev.aerie.fusion.Seen;
import dev.aerie.language.Generator;
import dev.aerie.language.KvCache;
import dev.aerie.language.Llama;
import dev.aerie.language.LlamaConfig;
import dev.aerie.nn.Fresh;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.tensor.Torch;
import dev.aerie.text.ImageSlots;
import dev.aerie.train.plan.FusionCost;
import dev.aerie.vision.Experts;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Times ways to join the experts of a published model, with random weights: one picture through all experts, the
/// fusion and the projector, and the prompt that holds it through the decoder.
///
/// @param config of the model
/// @param layers of the decoder that are really run; they stand for all. Every third and every fourth layer is one that
///               a fusion may work at, so 12 have as large a share of such as all
/// @param words  of the prompt beside the picture's tokens
/// @param runs   of which the fastest counts
public record FusionBench(EagleConfig config, DType dtype, int layers, int words, int runs) {

    private static final int CLIP_INPUT = 448;
    private static final int PACE_LAYERS = 2;
    private static final int PACE_RUNS = 4;
    private static final int PACE_ROWS = 4;

    /// What was measured.
    ///
    /// @param encode  seconds from pixels to visual tokens
    /// @param prefill seconds of the prompt, for all of the decoder's layers
    /// @param peak    resident bytes at most so far
    public record Measured(double encode, double prefill, long peak) {

        /// From pixels to the first word.
        public double seconds() {
            return encode + prefill;
        }
    }

    /// CLIP sees as many patches as the others have tokens, as in the paper's comparison: methods that keep its map
    /// have as many as channel concatenation then.
    private EagleConfig joined(Fusions method, int depth) {
        var mixture = config.mixture()
                .withInputs(Map.of(Experts.CLIP, CLIP_INPUT))
                .withFusion(new FusionChoice(method, Map.of()));
        return config.withMixture(mixture).withLanguage(config.language().withLayers(depth));
    }

    /// What the planner knows of it, for all layers.
    public FusionCost planned(Fusions method) {
        return FusionCost.of(joined(method, config.language().layers()), words);
    }

    public Measured measure(Fusions method) {
        Torch.seed(0);
        var small = joined(method, layers);
        try (var source = new Fresh(dtype);
                var _ = TensorScope.open()) {
            var model = EagleModel.of(source, small, EagleModel.CLIP_INPUT);
            var vision = model.vision().orElseThrow();
            int side = vision.tower().input();
            var pixels = Tensor.normal(1, dtype, 1, 3, side, side);
            var seen = vision.see(pixels, Progress.SILENT);
            double encode = Stopwatch.fastest(runs, () -> vision.see(pixels, Progress.SILENT));
            double prefill = prefill(model, seen);
            return new Measured(encode, prefill * config.language().layers() / layers, Torch.peakResidentBytes());
        }
    }

    /// What an operation of the decoder takes, from two layers and rows of two lengths: one as after channel
    /// concatenation and one of four times as many tokens.
    public FusionCost.Pace pace() {
        Torch.seed(0);
        var small = config.language().withLayers(PACE_LAYERS);
        int row = words + planned(Fusions.CHANNEL_CONCAT).tokens();
        var rows = new Blocks[] {Work.decoder(small, row), Work.decoder(small, PACE_ROWS * row)};
        var seconds = new double[rows.length];
        try (var source = new Fresh(dtype);
                var _ = TensorScope.open()) {
            var generator = new Generator(new Llama(source, small));
            Arrays.fill(seconds, Double.POSITIVE_INFINITY);
            for (int run = 0; run < PACE_RUNS; run++) { // in turn: a machine's pace changes within minutes
                for (int i = 0; i < rows.length; i++) {
                    var x = Tensor.normal(1, dtype, 1, (long) rows[i].tokens(), small.hidden());
                    seconds[i] = Math.min(seconds[i], prefill(generator, small, x));
                }
            }
        }
        return FusionCost.Pace.of(rows, seconds);
    }

    /// Half of the words stand before the picture.
    private double prefill(EagleModel model, Seen seen) {
        var ids = new int[words + 1];
        Arrays.fill(ids, 1);
        ids[words / 2] = ImageSlots.IMAGE;
        var prompt = new Prompt(ids, List.of(seen), List.of("picture"));
        var row = prompt.embed(model.language(), dtype);
        var generator = new Generator(model.language(), Prompt.beside(model, List.of(prompt), prompt.length(), 0));
        return prefill(generator, model.language().config(), row);
    }

    private double prefill(Generator generator, LlamaConfig language, Tensor row) {
        return Stopwatch.fastest(runs, () -> {
            try (var cache = new KvCache(language, dtype)) {
                generator.prefill(row, cache);
            }
        });
    }
}
