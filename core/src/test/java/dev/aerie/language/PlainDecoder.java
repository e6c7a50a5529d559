package dev.aerie.language;

/// A Llama decoder in plain loops and float64, without a cache: what [Llama] is compared with.
final class PlainDecoder {

    private final LlamaConfig config;
    private final RandomSource weights;

    PlainDecoder(LlamaConfig config, RandomSource weights) {
        this.config = config;
        this.weights = weights;
    }

    /// The scores of the token after the last of `ids`.
    double[] scores(int... ids) {
        int hidden = config.hidden();
        var embedding = weights.values("model.embed_tokens.weight");
        var x = new double[ids.length][hidden];
        for (int t = 0; t < ids.length; t++) {
            for (int c = 0; c < hidden; c++) {
                x[t][c] = embedding[ids[t] * hidden + c];
            }
        }
        for (int i = 0; i < config.layers(); i++) {
            layer("model.layers." + i + ".", x);
        }
        var last = norm("model.norm.weight", x[ids.length - 1]);
        return linear(config.tied() ? "model.embed_tokens" : "lm_head", last, config.vocabulary(), false);
    }

    static double[] logSoftmax(double[] scores) {
        double max = Double.NEGATIVE_INFINITY;
        for (double score : scores) {
            max = Math.max(max, score);
        }
        double sum = 0;
        for (double score : scores) {
            sum += Math.exp(score - max);
        }
        var result = new double[scores.length];
        for (int i = 0; i < scores.length; i++) {
            result[i] = scores[i] - max - Math.log(sum);
        }
        return result;
    }

    private void layer(String name, double[][] x) {
        int tokens = x.length;
        int width = config.headWidth();
        var q = new double[tokens][];
        var k = new double[tokens][];
        var v = new double[tokens][];
        for (int t = 0; t < tokens; t++) {
            var normed = norm(name + "input_layernorm.weight", x[t]);
            q[t] = linear(name + "self_attn.q_proj", normed, config.heads() * width, config.attentionBias());
            k[t] = linear(name + "self_attn.k_proj", normed, config.kvHeads() * width, config.attentionBias());
            v[t] = linear(name + "self_attn.v_proj", normed, config.kvHeads() * width, config.attentionBias());
            turn(q[t], t, tokens);
            turn(k[t], t, tokens);
        }
        for (int t = 0; t < tokens; t++) {
            var mixed = new double[config.heads() * width];
            for (int head = 0; head < config.heads(); head++) {
                attend(q[t], k, v, t, head, mixed);
            }
            add(x[t], linear(name + "self_attn.o_proj", mixed, config.hidden(), config.attentionBias()));
            var normed = norm(name + "post_attention_layernorm.weight", x[t]);
            var gate = linear(name + "mlp.gate_proj", normed, config.mlp(), config.mlpBias());
            var up = linear(name + "mlp.up_proj", normed, config.mlp(), config.mlpBias());
            for (int i = 0; i < gate.length; i++) {
                gate[i] = gate[i] / (1 + Math.exp(-gate[i])) * up[i];
            }
            add(x[t], linear(name + "mlp.down_proj", gate, config.hidden(), config.mlpBias()));
        }
    }

    private void attend(double[] q, double[][] k, double[][] v, int t, int head, double[] mixed) {
        int width = config.headWidth();
        int source = head / (config.heads() / config.kvHeads()) * width;
        var scores = new double[t + 1];
        for (int s = 0; s <= t; s++) {
            for (int d = 0; d < width; d++) {
                scores[s] += q[head * width + d] * k[s][source + d] / Math.sqrt(width);
            }
        }
        var shares = logSoftmax(scores);
        for (int s = 0; s <= t; s++) {
            for (int d = 0; d < width; d++) {
                mixed[head * width + d] += Math.exp(shares[s]) * v[s][source + d];
            }
        }
    }

    private void turn(double[] x, int position, int length) {
        int width = config.headWidth();
        int half = width / 2;
        for (int start = 0; start < x.length; start += width) {
            for (int j = 0; j < half; j++) {
                double angle = position * frequency(config.rope(), j, length);
                double a = x[start + j];
                double b = x[start + half + j];
                x[start + j] = a * Math.cos(angle) - b * Math.sin(angle);
                x[start + half + j] = b * Math.cos(angle) + a * Math.sin(angle);
            }
        }
    }

    /// The formulas of `transformers`, `modeling_rope_utils`.
    static double frequency(Rope rope, int j, int length) {
        double plain = Math.pow(rope.theta(), -2.0 * j / rope.width());
        return switch (rope.scaling()) {
            case Rope.Scaling.Linear(double factor) -> plain / factor;
            case Rope.Scaling.Dynamic(double factor, int trained) -> {
                double seen = Math.max(length, trained);
                double base = rope.theta()
                        * Math.pow(factor * seen / trained - (factor - 1), rope.width() / (rope.width() - 2.0));
                yield Math.pow(base, -2.0 * j / rope.width());
            }
            case Rope.Scaling.Llama3(double factor, double low, double high, int trained) -> {
                double wavelength = 2 * Math.PI / plain;
                double kept = Math.clamp((trained / wavelength - low) / (high - low), 0, 1);
                yield kept * plain + (1 - kept) * plain / factor;
            }
        };
    }

    private double[] norm(String name, double[] x) {
        var weight = weights.values(name);
        double squares = 0;
        for (double value : x) {
            squares += value * value;
        }
        double scale = 1 / Math.sqrt(squares / x.length + config.rmsEpsilon());
        var y = new double[x.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = x[i] * scale * weight[i];
        }
        return y;
    }

    private double[] linear(String name, double[] x, int outputs, boolean biased) {
        var weight = weights.values(name + ".weight");
        var y = new double[outputs];
        for (int o = 0; o < outputs; o++) {
            double sum = biased ? weights.values(name + ".bias")[o] : 0;
            for (int i = 0; i < x.length; i++) {
                sum += weight[o * x.length + i] * x[i];
            }
            y[o] = sum;
        }
        return y;
    }

    private static void add(double[] x, double[] y) {
        for (int i = 0; i < x.length; i++) {
            x[i] += y[i];
        }
    }
}
