package dev.aerie.lab.study;

import dev.aerie.eagle.EagleConfig;
import dev.aerie.eagle.EagleModel;
import dev.aerie.eagle.LoadOptions;
import dev.aerie.eagle.Progress;
import dev.aerie.fusion.FusionChoice;
import dev.aerie.lab.pretrain.Pixels;
import dev.aerie.lab.world.Kind;
import dev.aerie.lab.world.Setting;
import dev.aerie.lab.world.Split;
import dev.aerie.nn.CheckpointSource;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Gradients;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.weights.Checkpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/// Which expert a visual token listens to, where channels lie side by side: the projector's first layer is a sum over
/// the experts, `W f = Σ W_e f_e`. An expert's part in a token is the length of its summand's distance from that
/// summand's mean over all tokens (what is the same everywhere says nothing), as a share of the lengths of all
/// experts.
final class Listening {

    /// The weight of the projector's first layer, in an MLP and where there is only one.
    private static final List<String> FIRST = List.of("model.mm_projector.0.weight", "model.mm_projector.weight");

    private Listening() {}

    /// The shares of one picture's tokens.
    ///
    /// @param seed   of the picture
    /// @param expert its tower
    /// @param shares row by row, a digit each: thirty-fifths, to the base 36
    record Map(long seed, String expert, String shares) {}

    /// One picture of each kind of the setting; nothing for a model of one expert, of another fusion, or
    /// without a projector.
    static List<Map> of(Path checkpoint, Setting setting, long run) {
        var config = EagleConfig.open(checkpoint);
        if (!config.isMixture()
                || !config.mixture().fusion().equals(FusionChoice.CHANNEL_CONCAT)
                || config.towers().split(";").length < 2) {
            return List.of();
        }
        var seeds =
                setting.kinds().stream().map(kind -> first(setting, kind, run)).toList();
        try (var source = new CheckpointSource(Checkpoint.open(checkpoint))) {
            return Gradients.without(() -> {
                try (var _ = TensorScope.open()) {
                    return of(source, config, setting, seeds);
                }
            });
        }
    }

    private static long first(Setting setting, Kind kind, long run) {
        return LongStream.range(0, 1000)
                .map(i -> Split.SCORING.seed(run, i))
                .filter(seed -> setting.draw(seed).kind() == kind)
                .findFirst()
                .orElseThrow();
    }

    private static List<Map> of(CheckpointSource source, EagleConfig config, Setting setting, List<Long> seeds) {
        var first =
                FIRST.stream().filter(name -> source.stored(name).isPresent()).findFirst();
        if (first.isEmpty()) {
            return List.of();
        }
        var shape = source.stored(first.get()).orElseThrow();
        var weight = source.parameter(first.get(), shape).to(DType.F32); // [H, ΣC]
        var tower = EagleModel.of(source, config, LoadOptions.DEFAULT.clipInput())
                .vision()
                .orElseThrow()
                .tower();
        var pixels = new Pixels(tower.input(), DType.F32)
                .of(seeds.stream().map(setting::draw).toList());
        var tokens = tower.encode(pixels, Progress.SILENT).tokens().to(DType.F32); // [B, N, ΣC]
        int n = (int) tokens.size(1);
        var lengths = new ArrayList<float[]>();
        long from = 0;
        for (var expert : tower.experts()) {
            lengths.add(lengths(tokens, weight, from, expert.channels()));
            from += expert.channels();
        }
        var maps = new ArrayList<Map>();
        for (int b = 0; b < seeds.size(); b++) {
            for (int e = 0; e < lengths.size(); e++) {
                var shares = new StringBuilder();
                for (int i = b * n; i < (b + 1) * n; i++) {
                    int at = i;
                    double all = lengths.stream().mapToDouble(each -> each[at]).sum();
                    double share = all == 0 ? 0 : lengths.get(e)[i] / all;
                    shares.append(Character.forDigit(
                            (int) Math.round(share * (Character.MAX_RADIX - 1)), Character.MAX_RADIX));
                }
                maps.add(new Map(seeds.get(b), tower.experts().get(e).name(), shares.toString()));
            }
        }
        return maps;
    }

    /// `[B · N]` lengths of one expert's summands.
    private static float[] lengths(Tensor tokens, Tensor weight, long from, long channels) {
        var summand = tokens.narrow(2, from, channels)
                .flatten(0, 1)
                .matmul(weight.narrow(1, from, channels).transpose(0, 1)); // [B · N, H]
        var away = summand.minus(summand.mean(0).unsqueeze(0));
        return away.times(away).sum(1).sqrt().toFloats();
    }
}
