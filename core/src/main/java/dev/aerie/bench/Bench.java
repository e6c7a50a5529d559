package dev.aerie.bench;

import dev.aerie.AerieException;
import dev.aerie.eagle.EagleConfig;
import dev.aerie.eagle.Progress;
import dev.aerie.eagle.PublishedModel;
import dev.aerie.fusion.ChannelConcat;
import dev.aerie.fusion.FusionSpec;
import dev.aerie.fusion.Projector;
import dev.aerie.image.Aspect;
import dev.aerie.image.ImageProcessor;
import dev.aerie.image.Picture;
import dev.aerie.language.Generator;
import dev.aerie.language.KvCache;
import dev.aerie.language.Llama;
import dev.aerie.nn.Fresh;
import dev.aerie.nn.Manifest;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.tensor.Torch;
import dev.aerie.vision.ExpertSpec;
import dev.aerie.vision.Experts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// Times the parts of a published model one by one: each is made with random weights, run and freed.
public final class Bench {

    /// Decoder layers that are really run; the time of one is what two take beyond one.
    private static final int LAYERS = 2;

    private static final int DECODE_STEPS = 8;

    private final EagleConfig config;
    private final DType dtype;
    private final int runs;
    private final int promptTokens;
    private final MachineLimits limits;
    private final Progress progress;

    /// @param promptTokens length of the prompt, pictures included
    public Bench(
            PublishedModel model, DType dtype, int runs, int promptTokens, MachineLimits limits, Progress progress) {
        config = model.config();
        this.dtype = dtype;
        this.runs = runs;
        this.promptTokens = promptTokens;
        this.limits = limits;
        this.progress = progress;
    }

    /// The names of the parts that can be timed.
    public List<String> parts() {
        var parts = new ArrayList<String>(List.of("preprocess"));
        if (config.isMixture()) {
            Experts.parse(config.towers()).forEach(expert -> parts.add(expert.tower()));
            parts.add("projector");
        }
        parts.addAll(List.of("prefill", "decode"));
        return parts;
    }

    private Set<String> known() {
        var known = new LinkedHashSet<>(parts());
        Arrays.stream(Experts.values()).map(Experts::tower).forEach(known::add);
        return known;
    }

    /// Times the parts of these names, telling each as it comes; all of the model's where none is named. Experts
    /// that the model has not got can be named, too.
    public void run(Set<String> names, Consumer<Measured> heard) {
        var chosen = new LinkedHashSet<>(names.isEmpty() ? parts() : names);
        int done = 0;
        for (var part : chosen) {
            if (!known().contains(part)) {
                throw new AerieException("unknown part '" + part + "': known are " + String.join(", ", known()));
            }
            progress.at(part, done++, chosen.size());
            try (var source = new Fresh(dtype)) {
                Torch.seed(0);
                heard.accept(time(part, source));
            }
        }
    }

    private Measured time(String part, Fresh source) {
        return switch (part) {
            case "preprocess" -> preprocess();
            case "projector" -> projector(source);
            case "prefill" -> prefill(source);
            case "decode" -> decode(source);
            default -> expert(Experts.parse(part).getFirst(), source);
        };
    }

    /// A photo of 12 megapixels to normalised pixels.
    private Measured preprocess() {
        var photo = Picture.filled(4000, 3000, 100, 120, 140);
        int side = config.isMixture() ? config.mixture().input() : Experts.CLIP.input();
        var processor = ImageProcessor.clip(side, Aspect.PAD);
        double seconds = Stopwatch.best(Math.max(runs, 3), () -> processor.normalise(processor.prepare(photo)));
        return new Measured(
                "preprocess", seconds, runs, 0, 0, 0, Torch.peakResidentBytes(), "4000x3000 to " + side + "x" + side);
    }

    private Measured expert(Experts kind, Fresh source) {
        var expert = kind.make(source, kind.input());
        try (var _ = TensorScope.open()) {
            var pixels = Tensor.normal(1, dtype, 1, 3, kind.input(), kind.input());
            double seconds = Stopwatch.best(runs, () -> expert.encode(pixels));
            return computed(kind.tower(), seconds, Work.expert(kind, kind.input()), "one picture");
        }
    }

    private FusionSpec fusion() {
        var manifest = new Manifest();
        var specs = new ArrayList<ExpertSpec>();
        for (var kind : Experts.parse(config.towers())) {
            specs.add(kind.make(manifest, kind.input()).spec());
        }
        return new ChannelConcat(specs, config.mixture().grid()).spec();
    }

    private Measured projector(Fresh source) {
        if (!config.isMixture()) {
            throw new AerieException("the part 'projector' can be timed for mixtures only");
        }
        var fusion = fusion();
        int hidden = config.language().hidden();
        var projector = Projector.of(source, config.projector(), fusion.channels(), hidden);
        try (var _ = TensorScope.open()) {
            var features = Tensor.normal(1, dtype, 1, fusion.tokens(), fusion.channels());
            double seconds = Stopwatch.best(Math.max(runs, 3), () -> projector.apply(features));
            return computed("projector", seconds, Work.projector(fusion, hidden), fusion.tokens() + " tokens");
        }
    }

    private Measured prefill(Fresh source) {
        var language = config.language();
        var generator = new Generator(new Llama(source, language.withLayers(LAYERS)));
        try (var _ = TensorScope.open()) {
            var prompt = Tensor.normal(1, dtype, 1, promptTokens, language.hidden());
            double seconds = Stopwatch.best(runs, () -> {
                try (var cache = new KvCache(language.withLayers(LAYERS), dtype)) {
                    generator.prefill(prompt, cache);
                }
            });
            double whole = seconds * language.layers() / LAYERS;
            return computed(
                    "prefill",
                    whole,
                    Work.prefill(language, promptTokens),
                    promptTokens + " tokens; " + LAYERS + " layers with head, times " + language.layers() / LAYERS);
        }
    }

    /// Per token: two layers are timed alone and with the output layer, so that each counts as often as it stands in
    /// the model.
    private Measured decode(Fresh source) {
        var language = config.language();
        var small = language.withLayers(LAYERS);
        var model = new Llama(source, small);
        var generator = new Generator(model);
        try (var _ = TensorScope.open();
                var cache = new KvCache(small, dtype)) {
            generator.prefill(Tensor.normal(1, dtype, 1, promptTokens, language.hidden()), cache);
            double both = Stopwatch.best(DECODE_STEPS * Math.max(runs, 3), () -> generator.step(new int[] {1}, cache));
            var hidden = Tensor.normal(1, DType.F32, 1, language.hidden());
            double head = Stopwatch.best(DECODE_STEPS * Math.max(runs, 3), () -> model.logits(hidden));
            double layers = (both - head) * language.layers() / LAYERS;
            double weights = Work.layerParameters(language) * language.layers()
                    + (double) language.hidden() * language.vocabulary();
            double keys = 2.0 * language.layers() * language.kvHeads() * language.headWidth() * promptTokens;
            double bytes = (weights + keys) * dtype.bytes();
            double seconds = layers + head;
            return new Measured(
                    "decode",
                    seconds,
                    runs,
                    0,
                    bytes,
                    bytes / seconds / limits.readRate(),
                    Torch.peakResidentBytes(),
                    "per token behind " + promptTokens + "; " + LAYERS + " layers times " + language.layers() / LAYERS
                            + ", and the head");
        }
    }

    private Measured computed(String part, double seconds, double flops, String note) {
        return new Measured(
                part, seconds, runs, flops, 0, flops / seconds / limits.productRate(), Torch.peakResidentBytes(), note);
    }
}
