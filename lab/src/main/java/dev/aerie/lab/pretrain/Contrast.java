package dev.aerie.lab.pretrain;

import dev.aerie.lab.world.Drawing;
import dev.aerie.nn.Attention;
import dev.aerie.nn.Between;
import dev.aerie.nn.LayerNorm;
import dev.aerie.nn.Linear;
import dev.aerie.nn.Mlp;
import dev.aerie.nn.ParameterSource;
import dev.aerie.nn.PreNormBlock;
import dev.aerie.nn.Stack;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Gradients;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.tensor.Tensors;
import dev.aerie.vision.VisionExpert;
import java.util.List;
import java.util.function.Function;

/// Pictures and captions that belong together (CLIP, Radford et al., 2021): each picture must find its caption among
/// those of the batch, and the other way round.
public final class Contrast implements Task {

    private static final int WIDTH = 128;
    private static final int HEADS = 2;
    private static final int BLOCKS = 2;
    private static final int JOINT = 128;
    private static final int LONGEST = 64;
    private static final double EPSILON = 1e-5;
    /// log of the temperature's inverse at the start; it learns, and is held below the other.
    private static final double SCALE = 2.3;

    private static final double LARGEST_SCALE = 50;

    private final VisionExpert expert;
    private final Pixels pixels;
    private final DType precision;
    private final Function<String, int[]> encode;
    private final Mlp picture;
    private final Tensor words;
    private final Tensor places;
    private final Stack blocks;
    private final Linear text;
    private final Tensor scale;

    /// @param head       at the names of the text tower and the projections, which the finished expert does without
    /// @param vocabulary number of tokens that `encode` gives
    public Contrast(
            VisionExpert expert,
            ParameterSource head,
            DType precision,
            int vocabulary,
            Function<String, int[]> encode) {
        this.expert = expert;
        this.precision = precision;
        this.encode = encode;
        pixels = new Pixels(expert.spec().input(), precision);
        long width = 5L * expert.spec().channels();
        picture = new Mlp(
                new Linear(head.at("picture.0"), width, 2L * JOINT),
                Functional::gelu,
                new Linear(head.at("picture.2"), 2L * JOINT, JOINT));
        words = head.parameter("embed_tokens.weight", vocabulary, WIDTH);
        places = head.parameter("position_embedding.weight", LONGEST, WIDTH);
        blocks = new Stack(head.at("blocks"), BLOCKS, (_, block) -> block(block));
        text = new Linear(head.at("text"), WIDTH, JOINT);
        scale = head.parameter("scale.bias", 1);
    }

    private static PreNormBlock block(ParameterSource block) {
        return new PreNormBlock(
                new LayerNorm(block.at("norm1"), WIDTH, EPSILON)::apply,
                new Attention(
                        new Linear(block.at("query"), WIDTH, WIDTH),
                        new Linear(block.at("key"), WIDTH, WIDTH),
                        new Linear(block.at("value"), WIDTH, WIDTH),
                        new Linear(block.at("output"), WIDTH, WIDTH),
                        HEADS,
                        1 / Math.sqrt((double) WIDTH / HEADS))::apply,
                new LayerNorm(block.at("norm2"), WIDTH, EPSILON)::apply,
                new Mlp(
                        new Linear(block.at("fc1"), WIDTH, 4L * WIDTH),
                        Functional::gelu,
                        new Linear(block.at("fc2"), 4L * WIDTH, WIDTH))::apply);
    }

    /// `[B, JOINT]`, of length 1: from the mean of all tokens and of those of each quarter.
    private Tensor pictures(List<Drawing> batch) {
        var map = expert.encode(pixels.of(batch)); // [B, h·w, C]
        long b = batch.size();
        long c = map.channels();
        var square = map.tokens().reshape(b, 2, map.height() / 2, 2, map.width() / 2, c);
        var quarters = square.mean(4).mean(2).reshape(b, 4 * c); // [B, 4C]
        var whole = map.tokens().mean(1); // [B, C]
        return unit(picture.apply(Tensors.cat(List.of(whole, quarters), 1)));
    }

    /// `[B, JOINT]`, of length 1: from the mean over the caption's tokens.
    private Tensor captions(List<Drawing> batch) {
        var ids = batch.stream().map(drawing -> encode.apply(drawing.caption())).toList();
        int longest =
                Math.min(LONGEST, ids.stream().mapToInt(row -> row.length).max().orElseThrow());
        var flat = new long[batch.size() * longest];
        var share = new float[flat.length];
        for (int b = 0; b < batch.size(); b++) {
            int n = Math.min(longest, ids.get(b).length);
            for (int t = 0; t < n; t++) {
                flat[b * longest + t] = ids.get(b)[t];
                share[b * longest + t] = 1f / n;
            }
        }
        var table = places.narrow(0, 0, longest);
        var x = Functional.embedding(Tensor.of(flat, batch.size(), longest), words)
                .plus(table)
                .to(precision);
        var hidden = blocks.apply(x, Between.NOTHING).to(DType.F32); // [B, T, D]
        var mean = hidden.times(Tensor.of(share, batch.size(), longest, 1)).sum(1);
        return unit(text.apply(mean.to(precision)));
    }

    private static Tensor unit(Tensor x) {
        var wide = x.to(DType.F32);
        var length = wide.times(wide).sum(1).plus(1e-8).sqrt().unsqueeze(1);
        return wide.divide(length);
    }

    @Override
    public Tensor loss(List<Drawing> batch) {
        var factor = scale.to(DType.F32).plus(SCALE).exp().atMost(LARGEST_SCALE);
        var scores = pictures(batch).matmul(captions(batch).transpose(0, 1)).times(factor); // [B, B]
        var truth = Tensor.range(batch.size());
        return Functional.crossEntropySum(scores, truth)
                .plus(Functional.crossEntropySum(scores.transpose(0, 1), truth))
                .divide(2.0 * batch.size());
    }

    /// The share of pictures that are nearest to their own caption.
    @Override
    public double score(List<Drawing> heldOut) {
        return Gradients.without(() -> {
            try (var _ = TensorScope.open()) {
                var nearest = pictures(heldOut)
                        .matmul(captions(heldOut).transpose(0, 1))
                        .argmax(1)
                        .toLongs();
                long right = 0;
                for (int i = 0; i < nearest.length; i++) {
                    right += nearest[i] == i ? 1 : 0;
                }
                return (double) right / nearest.length;
            }
        });
    }

    @Override
    public String measure() {
        return "retrieval@1";
    }
}
