package dev.aerie.lab.radio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.aerie.AerieException;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.tensor.Torch;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Features of 24 channels that differ a hundredfold in size and depend on each other.
class PhiSTest {

    private static final int N = 500;
    private static final int C = 24;

    @TempDir
    Path folder;

    private TensorScope scope = TensorScope.open();
    private Tensor features = Tensor.zeros(DType.F32, 1, 1);

    @BeforeEach
    void make() {
        scope.close();
        scope = TensorScope.open();
        Torch.seed(3);
        var sizes = new float[C];
        for (int i = 0; i < C; i++) {
            sizes[i] = (float) Math.pow(100, i / (C - 1.0));
        }
        features = Tensor.normal(1, DType.F32, N, C)
                .times(Tensor.of(sizes, 1, C))
                .matmul(Tensor.normal(0.3, DType.F32, C, C))
                .plus(5);
    }

    @AfterEach
    void free() {
        scope.close();
    }

    private static double[] diagonal(double[] matrix) {
        var diagonal = new double[C];
        Arrays.setAll(diagonal, i -> matrix[i * C + i]);
        return diagonal;
    }

    @Test
    void everyChannelHasMeanZeroAndVarianceOne() {
        var before = diagonal(Moments.of(features).covariance());
        assertThat(Arrays.stream(before).max().orElseThrow())
                .isGreaterThan(2 * Arrays.stream(before).min().orElseThrow());

        try (var phi = PhiS.of(Moments.of(features))) {
            var after = Moments.of(phi.apply(features));
            assertThat(diagonal(after.covariance())).containsExactly(ones(), within(1e-4));
            assertThat(after.mean()).containsExactly(new double[C], within(1e-4));
        }
    }

    private static double[] ones() {
        var ones = new double[C];
        Arrays.fill(ones, 1);
        return ones;
    }

    /// All distances shrink alike, as they would not if channels were scaled one by one.
    @Test
    void distancesKeepTheirProportions() {
        try (var phi = PhiS.of(Moments.of(features))) {
            var turned = phi.apply(features);
            double ratio = distance(turned, 0, 1) / distance(features, 0, 1);
            for (int i = 2; i < 20; i++) {
                assertThat(distance(turned, 0, i) / distance(features, 0, i)).isCloseTo(ratio, within(1e-4 * ratio));
            }
        }
    }

    private static double distance(Tensor rows, int i, int j) {
        var away = rows.select(0, i).minus(rows.select(0, j));
        return away.times(away).sum().sqrt().item();
    }

    /// A layer that gives standardised features gives the teacher's own once it is turned back.
    @Test
    void canBeTakenBackInALayer() {
        try (var phi = PhiS.of(Moments.of(features))) {
            var weight = Tensor.normal(1, DType.F32, C, 7);
            var bias = Tensor.normal(1, DType.F32, C);
            var hidden = Tensor.normal(1, DType.F32, 5, 7);
            var standard = hidden.matmul(weight.transpose(0, 1)).plus(bias);
            var own = hidden.matmul(phi.unturned(weight).transpose(0, 1)).plus(phi.unturnedBias(bias));
            assertThat(phi.apply(own).toFloats()).containsExactly(standard.toFloats(), within(1e-3f));
        }
    }

    @Test
    void momentsOfPartsAreThoseOfTheWhole() {
        var whole = Moments.of(features);
        var parts = Moments.of(features.narrow(0, 0, 37)).plus(Moments.of(features.narrow(0, 37, N - 37)));
        assertThat(parts.count()).isEqualTo(N);
        assertThat(parts.mean()).containsExactly(whole.mean(), within(1e-9));
        assertThat(parts.scatter()).containsExactly(whole.scatter(), within(1e-6));

        var file = folder.resolve("moments.safetensors");
        parts.writeTo(file);
        var read = Moments.read(file);
        assertThat(read.count()).isEqualTo(N);
        assertThat(read.mean()).isEqualTo(parts.mean());
        assertThat(read.scatter()).isEqualTo(parts.scatter());
    }

    @Test
    void eigenvectorsMakeTheMatrixAgain() {
        var matrix = Moments.of(features).covariance();
        var eigen = SymmetricEigen.of(matrix, C);
        double largest = Arrays.stream(eigen.values()).max().orElseThrow();
        for (int i = 0; i < C; i++) {
            for (int j = 0; j < C; j++) {
                double sum = 0;
                double product = 0;
                for (int k = 0; k < C; k++) {
                    double both = eigen.vectors()[i * C + k] * eigen.vectors()[j * C + k];
                    sum += both * eigen.values()[k];
                    product += both;
                }
                assertThat(sum).isCloseTo(matrix[i * C + j], within(1e-10 * largest));
                assertThat(product).isCloseTo(i == j ? 1 : 0, within(1e-10));
            }
        }
    }

    @Test
    void refusesFeaturesThatDoNotVary() {
        var same = Moments.of(Tensor.full(2, DType.F32, 9, 4));
        assertThatThrownBy(() -> PhiS.of(same))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("variance 0");
    }
}
