package dev.aerie.kernel;

import static dev.aerie.kernel.Storage.FLOATS;
import static dev.aerie.kernel.Storage.LANES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

class LanesTest {

    private static float exp(float x) {
        return Lanes.exp(FloatVector.broadcast(FLOATS, x)).lane(LANES - 1);
    }

    @Test
    void exponentialIsExactToTwoInTheLastPlace() {
        for (float x = -87.25f; x < 88.25f; x += 0.0137f) {
            double exact = Math.exp(x);
            assertThat((double) exp(x)).describedAs("e^" + x).isCloseTo(exact, within(2.0 * Math.ulp((float) exact)));
        }
        assertThat(exp(0)).isEqualTo(1);
    }

    @Test
    void exponentialOfWhatIsFarBelowIsZeroAndOfNoNumberNone() {
        assertThat(exp(-100)).isZero();
        assertThat(exp(Float.NEGATIVE_INFINITY)).isZero();
        assertThat(exp(Float.NaN)).isNaN();
    }

    /// Bit for bit in whichever way the virtual machine runs it: halves are added first, always.
    @Test
    void sumAddsHalves() {
        var random = new Random(3);
        for (int round = 0; round < 20_000; round++) {
            var values = new float[LANES];
            for (int i = 0; i < LANES; i++) {
                values[i] = random.nextFloat() * 100 - 50;
            }
            float sum = Lanes.sum(FloatVector.fromArray(FLOATS, values, 0));
            for (int half = LANES / 2; half > 0; half /= 2) {
                for (int i = 0; i < half; i++) {
                    values[i] += values[i + half];
                }
            }
            assertThat(sum).isEqualTo(values[0]);
        }
    }
}
