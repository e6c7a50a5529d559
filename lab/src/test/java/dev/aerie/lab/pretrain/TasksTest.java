package dev.aerie.lab.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import dev.aerie.lab.eaglet.Miniature;
import dev.aerie.lab.eaglet.Schooling;
import dev.aerie.lab.world.Setting;
import dev.aerie.lab.world.Split;
import dev.aerie.lab.world.WorldTokenizer;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.TensorScope;
import dev.aerie.tensor.Torch;
import dev.aerie.text.Tokenizer;
import dev.aerie.train.model.Parameters;
import dev.aerie.train.optimise.Optimiser;
import dev.aerie.train.start.Initial;
import dev.aerie.vision.Experts;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Every task teaches: on a few pictures, seen again and again, its loss falls by a good part, and its score is one.
class TasksTest {

    private static final int STEPS = 60;

    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> lossesFall() {
        return Experts.parse(Miniature.ALL).stream()
                .map(kind -> DynamicTest.dynamicTest(kind.tower(), () -> check(kind)));
    }

    private void check(Experts kind) {
        WorldTokenizer.write(folder);
        var words = Tokenizer.open(folder);
        Torch.seed(1);
        try (var initial = new Initial();
                var parameters = new Parameters(initial, _ -> true, DType.F32)) {
            var task = Schooling.of(kind).task(Miniature.EAGLET, parameters, words, DType.F32);
            var few = Pretraining.drawings(Setting.FULL, Split.TRAINING, 0, 0, 8);
            try (var optimiser = new Optimiser(parameters, Optimiser.Settings.REFERENCE)) {
                double first = 0;
                double last = 0;
                int steps = kind == Experts.INTERNVIT ? 2 * STEPS : STEPS; // its branches begin small
                for (int step = 0; step < steps; step++) {
                    try (var _ = TensorScope.open()) {
                        var loss = task.loss(few);
                        last = loss.item();
                        first = step == 0 ? last : first;
                        loss.backward();
                        optimiser.step(_ -> 1e-3, 1);
                    }
                }
                assertThat(last).isLessThan(0.85 * first);
                assertThat(task.score(few)).isBetween(0.0, 1.0);
            }
            assertThat(parameters.learned()).anyMatch(each -> Schooling.isHead(each.name()));
        }
    }

    @Test
    void picturesThatCannotBeDrawnEndALesson() {
        var settings = new Pretraining.Settings(Setting.FULL, Split.RUNS, 2, 1, 1e-3, 1);
        assertThatThrownBy(() -> Pretraining.learn(
                        settings,
                        1,
                        DType.F32,
                        folder.resolve("snapshots"),
                        source -> new Detection(
                                ExpertEye.of(Miniature.EAGLET.expert(Experts.DET, source), DType.F32), source),
                        _ -> (_, _, _) -> {},
                        (_, _) -> {}))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("cannot draw pictures of the seed");
    }
}
