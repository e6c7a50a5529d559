package dev.aerie.lab.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import dev.aerie.lab.world.Drawing;
import dev.aerie.lab.world.Setting;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PretrainingTest {

    @TempDir
    Path folder;

    /// One number that is to become 0, until a step in which the loss is none.
    private static final class Diverging implements Task {

        private final Tensor weight;
        private int steps;

        Diverging(ParameterSource source) {
            weight = source.parameter("weight", 1);
        }

        @Override
        public Tensor loss(List<Drawing> batch) {
            return weight.times(weight).times(++steps < 3 ? 1 : Double.NaN).sum();
        }

        @Override
        public double score(List<Drawing> heldOut) {
            return 0;
        }

        @Override
        public String measure() {
            return "nothing";
        }
    }

    @Test
    void aLossThatIsNoNumberEndsTheRun() {
        var made = new ArrayList<String>();
        assertThatThrownBy(() -> learn(made))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("in step 3: the loss is NaN");
        assertThat(made).isEmpty();
    }

    @Test
    void anInterruptedRunSaysSo() {
        var made = new ArrayList<String>();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> learn(made)).hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(made).isEmpty();
    }

    /// It goes on behind its newest snapshot: no step that was kept is heard twice.
    @Test
    void whatWasStoppedGoesOn() {
        var heard = new ArrayList<Long>();
        var settings = new Pretraining.Settings(Setting.FULL, 0, 5, 1, 1e-3, 1);
        Pretraining.Listener stopping = (step, _, _) -> {
            heard.add(step);
            if (step == 3 && heard.size() == 3) {
                throw new IllegalStateException("stopped on purpose");
            }
        };
        for (int run = 0; run < 2; run++) {
            try {
                Pretraining.learn(settings, 1, DType.F32, folder, Steady::new, _ -> stopping, (_, _) -> heard.add(0L));
            } catch (IllegalStateException e) {
                assertThat(run).isZero();
            }
        }
        assertThat(heard).containsExactly(1L, 2L, 3L, 3L, 4L, 5L, 0L);
    }

    /// One number that is to become 0.
    private static final class Steady implements Task {

        private final Tensor weight;

        Steady(ParameterSource source) {
            weight = source.parameter("weight", 1);
        }

        @Override
        public Tensor loss(List<Drawing> batch) {
            return weight.times(weight).sum();
        }

        @Override
        public double score(List<Drawing> heldOut) {
            return 0;
        }

        @Override
        public String measure() {
            return "nothing";
        }
    }

    private void learn(List<String> made) {
        var settings = new Pretraining.Settings(Setting.FULL, 0, 5, 1, 1e-3, 1);
        Pretraining.learn(
                settings, 1, DType.F32, folder, Diverging::new, _ -> (_, _, _) -> {}, (_, _) -> made.add("made"));
    }
}
