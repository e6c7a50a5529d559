package dev.aerie.cli;

import dev.aerie.bench.MachineLimits;
import dev.aerie.kernel.Gemv;
import dev.aerie.nn.Team;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/// A few seconds of work: how fast the machine multiplies and reads, and whether the results are right.
final class SelfTest {

    private static final double SECONDS = 0.7;
    private static final int SIDE = 1024;
    private static final int ROWS = 16384;
    private static final int COLUMNS = 4096;
    private static final int CHECKED_ROWS = 64;

    /// Largest error allowed, as a share of the sum of the terms' sizes: float32 and a few roundings.
    private static final double TOLERANCE = 1e-4;

    /// Bytes of weights that a token of a 7B model reads in bfloat16.
    private static final double BYTES_PER_TOKEN_7B = 2 * 6.6e9;

    private SelfTest() {}

    /// @param findings in the order of the tests
    /// @param float32 and bfloat16 products in GFLOP/s; memory and gemv in GB/s
    record Result(List<Finding> findings, double float32, double bfloat16, double memory, double gemv) {}

    static Result run(ProgressLine progress) {
        progress.at("float32 products", 0, 5);
        double float32 = products(DType.F32);
        progress.at("bfloat16 products", 1, 5);
        double bfloat16 = products(DType.BF16);
        progress.at("memory", 2, 5);
        double memory = MachineLimits.measureReading() / 1e9;
        progress.at("decode kernel", 3, 5);
        var gemv = gemv();
        progress.at("attention", 4, 5);
        var attention = attention();
        var rates = text("%.0f GFLOP/s in float32, %.0f in bfloat16", float32, bfloat16);
        var products = bfloat16 > float32
                ? Finding.good("products", rates)
                : Finding.advice("products", rates, "bfloat16 is no faster here: compute with --dtype float32");
        var reading = Finding.good(
                "reading",
                text(
                        "%.1f GB/s from memory: at most %.1f tokens/s from a 7B model in bfloat16",
                        memory, memory * 1e9 / BYTES_PER_TOKEN_7B));
        return new Result(
                List.of(products, reading, gemv.finding(), attention), float32, bfloat16, memory, gemv.rate());
    }

    private static double products(DType dtype) {
        try (var _ = TensorScope.open()) {
            var a = Tensor.normal(1, dtype, SIDE, SIDE);
            var b = Tensor.normal(1, dtype, SIDE, SIDE);
            return 2.0 * SIDE * SIDE * SIDE / 1e9 / fastest(() -> a.matmul(b).close());
        }
    }

    private record Rate(Finding finding, double rate) {}

    private static Rate gemv() {
        var random = new Random(1);
        var x = new float[COLUMNS];
        for (int i = 0; i < COLUMNS; i++) {
            x[i] = (float) random.nextGaussian();
        }
        var y = new float[ROWS];
        if (!Gemv.supports(DType.BF16)) {
            return new Rate(
                    Finding.advice("decode kernel", "not in use", "see vectors: it needs jdk.incubator.vector"), 0);
        }
        try (var _ = TensorScope.open()) {
            var weight = Tensor.normal(1, DType.BF16, ROWS, COLUMNS);
            double seconds = fastest(
                    () -> Gemv.multiply(weight.segment(), DType.BF16, ROWS, COLUMNS, x, 1, null, y, Team.workers()));
            double rate = 2.0 * ROWS * COLUMNS / 1e9 / seconds;
            double error = gemvError(
                    weight.narrow(0, ROWS - CHECKED_ROWS, CHECKED_ROWS).toFloats(), x, y);
            return new Rate(judged("decode kernel", text("%.1f GB/s of bfloat16 weights", rate), error), rate);
        }
    }

    /// The last rows against a sum in double precision.
    private static double gemvError(float[] weight, float[] x, float[] y) {
        double worst = 0;
        for (int row = 0; row < CHECKED_ROWS; row++) {
            double sum = 0;
            double size = 0;
            for (int i = 0; i < COLUMNS; i++) {
                double term = (double) weight[row * COLUMNS + i] * x[i];
                sum += term;
                size += Math.abs(term);
            }
            worst = Math.max(worst, Math.abs(sum - y[ROWS - CHECKED_ROWS + row]) / size);
        }
        return worst;
    }

    private static Finding attention() {
        int tokens = 5;
        int width = 64;
        try (var _ = TensorScope.open()) {
            var q = Tensor.normal(1, DType.F32, 1, 1, tokens, width);
            var k = Tensor.normal(1, DType.F32, 1, 1, tokens, width);
            var v = Tensor.normal(1, DType.F32, 1, 1, tokens, width);
            var mixed = Functional.attention(q, k, v, null, true, 0.125).toFloats();
            double error = attentionError(q.toFloats(), k.toFloats(), v.toFloats(), mixed, width);
            return judged("attention", "causal, " + tokens + " tokens", error);
        }
    }

    /// Causal attention in double precision.
    private static double attentionError(float[] q, float[] k, float[] v, float[] mixed, int width) {
        double worst = 0;
        for (int t = 0; t < q.length / width; t++) {
            var sum = new double[width];
            double total = 0;
            for (int s = 0; s <= t; s++) {
                double score = 0;
                for (int d = 0; d < width; d++) {
                    score += (double) q[t * width + d] * k[s * width + d];
                }
                double weight = Math.exp(score * 0.125);
                total += weight;
                for (int d = 0; d < width; d++) {
                    sum[d] += weight * v[s * width + d];
                }
            }
            for (int d = 0; d < width; d++) {
                worst = Math.max(worst, Math.abs(sum[d] / total - mixed[t * width + d]));
            }
        }
        return worst;
    }

    private static Finding judged(String name, String value, double error) {
        var text = text("%s, error %.1e", value, error);
        return error < TOLERANCE
                ? Finding.good(name, text)
                : Finding.broken(
                        name,
                        text + ", allowed are " + TOLERANCE,
                        "its results are wrong here: report it with the output of doctor --json");
    }

    /// Seconds of the fastest run, after a first one that does not count.
    private static double fastest(Runnable work) {
        work.run();
        double best = Double.MAX_VALUE;
        long end = System.nanoTime() + (long) (SECONDS * 1e9);
        do {
            long start = System.nanoTime();
            work.run();
            best = Math.min(best, (System.nanoTime() - start) / 1e9);
        } while (System.nanoTime() < end);
        return best;
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
