package dev.aerie.lab.radio;

import dev.aerie.AerieException;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.tensor.Tensors;
import dev.aerie.weights.Checkpoint;
import dev.aerie.weights.SafetensorsWriter;
import dev.aerie.weights.TensorSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Mean and scatter of feature vectors in float64; those of parts add up to those of the whole (Chan, Golub and
/// LeVeque, 1983).
///
/// @param count   vectors
/// @param mean    `[C]`
/// @param scatter `[C, C]`: the sum of `(y − mean)(y − mean)ᵀ`
@SuppressWarnings("ArrayRecordComponent") // made once per batch
record Moments(long count, double[] mean, double[] scatter) {

    /// @param rows `[N, C]`
    static Moments of(Tensor rows) {
        try (var _ = TensorScope.open()) {
            var wide = rows.to(DType.F64);
            var mean = wide.mean(0); // [C]
            var centred = wide.minus(mean.unsqueeze(0)); // [N, C]
            var scatter = centred.transpose(0, 1).matmul(centred); // [C, C]
            return new Moments(rows.size(0), mean.toDoubles(), scatter.toDoubles());
        }
    }

    Moments plus(Moments other) {
        int n = mean.length;
        long all = count + other.count;
        var joined = new double[n];
        var sum = new double[n * n];
        double share = (double) other.count / all;
        for (int i = 0; i < n; i++) {
            joined[i] = mean[i] + share * (other.mean[i] - mean[i]);
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double apart = (other.mean[i] - mean[i]) * (other.mean[j] - mean[j]);
                sum[i * n + j] = scatter[i * n + j] + other.scatter[i * n + j] + apart * count * share;
            }
        }
        return new Moments(all, joined, sum);
    }

    /// `[C, C]`
    double[] covariance() {
        var covariance = new double[scatter.length];
        for (int i = 0; i < covariance.length; i++) {
            covariance[i] = scatter[i] / Math.max(1, count - 1);
        }
        return covariance;
    }

    /// Writes one file of float64 tensors.
    void writeTo(Path file) {
        long n = mean.length;
        try (var _ = TensorScope.open()) {
            SafetensorsWriter.write(
                    file,
                    List.of(
                            source("count", Tensor.of(new double[] {count}, 1)),
                            source("mean", Tensor.of(mean, n)),
                            source("scatter", Tensor.of(scatter, n, n))),
                    Map.of());
        }
    }

    private static TensorSource source(String name, Tensor values) {
        return TensorSource.of(name, DType.F64, values.shape(), values.segment());
    }

    static Moments read(Path file) {
        try (var stored = Checkpoint.open(file)) {
            return new Moments((long) values(stored, "count")[0], values(stored, "mean"), values(stored, "scatter"));
        }
    }

    private static double[] values(Checkpoint file, String name) {
        var stored = file.find(name)
                .orElseThrow(() -> new AerieException("cannot read the statistics in " + file.path()
                        + ": there is no tensor " + name + "; remove the file to have them taken again"));
        try (var _ = TensorScope.open()) {
            return Tensors.over(stored.data(), stored.dtype(), stored.shape(), stored.strides())
                    .toDoubles();
        }
    }
}
