package dev.aerie.lab.radio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.aerie.lab.pretrain.ExpertEye;
import dev.aerie.lab.pretrain.Eye;
import dev.aerie.lab.pretrain.Pretraining;
import dev.aerie.lab.pretrain.Tally;
import dev.aerie.lab.world.Drawing;
import dev.aerie.lab.world.Setting;
import dev.aerie.lab.world.Split;
import dev.aerie.nn.CheckpointSource;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.TensorScope;
import dev.aerie.tensor.Torch;
import dev.aerie.train.model.Parameters;
import dev.aerie.train.optimise.Optimiser;
import dev.aerie.train.start.Initial;
import dev.aerie.vision.Experts;
import dev.aerie.weights.Checkpoint;
import dev.aerie.weights.SafetensorsWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DistillationTest {

    private static final int STEPS = 60;
    private static final List<Drawing> FEW = Pretraining.drawings(Setting.FULL, Split.TRAINING, 0, 0, 6);

    @TempDir
    Path folder;

    private Frozen teacher(Experts kind) {
        var file = ExpertFile.of(TinyExperts.write(folder, kind), kind);
        return Frozen.open(file, DType.F32, PhiS.of(Frozen.moments(file, DType.F32, List.of(FEW))));
    }

    /// One teacher with a grid and a summary of its own, one with neither: a student that sees the same few pictures
    /// again and again says more and more of both, and its heads, as they are kept, say the teachers' own features.
    @Test
    void theStudentSaysWhatItsTeachersSee() {
        Torch.seed(1);
        try (var clip = teacher(Experts.CLIP);
                var det = teacher(Experts.DET);
                var initial = new Initial();
                var parameters = new Parameters(initial, _ -> true, DType.F32)) {
            var student = ExpertEye.of(Radio.student(parameters), DType.F32);
            var distillation = new Distillation(student, parameters, List.of(clip, det));
            var losses = learn(distillation, parameters);
            assertThat(losses[STEPS - 1]).isLessThan(0.8 * losses[0]);

            var explained = distillation.explained(FEW);
            assertThat(explained).containsOnlyKeys("clip-448", "det-1024");
            assertThat(explained.values()).allSatisfy(tallies -> {
                assertThat(tallies).hasSameSizeAs(FEW);
                assertThat(Tally.share(tallies)).isBetween(0.2, 1.0);
            });
            assertThat(distillation.score(FEW)).isBetween(0.2, 1.0);

            keptHeadsSayTheTeachersOwn(distillation, parameters, student, det);
        }
    }

    private static double[] learn(Distillation distillation, Parameters parameters) {
        var losses = new double[STEPS];
        try (var optimiser = new Optimiser(parameters, Optimiser.Settings.REFERENCE)) {
            for (int step = 0; step < STEPS; step++) {
                try (var _ = TensorScope.open()) {
                    var loss = distillation.loss(FEW);
                    losses[step] = loss.item();
                    loss.backward();
                    optimiser.step(_ -> 1e-3, 1);
                }
            }
        }
        return losses;
    }

    private void keptHeadsSayTheTeachersOwn(
            Distillation distillation, Parameters parameters, Eye student, Frozen teacher) {
        var kept = folder.resolve("heads.safetensors");
        try (var _ = TensorScope.open()) {
            SafetensorsWriter.write(kept, distillation.heads(parameters), Map.of());
        }
        try (var source = new CheckpointSource(Checkpoint.open(kept));
                var _ = TensorScope.open()) {
            var head = new Head(
                    source.at("det-1024").at("features"), student.spec().channels(), 128, 1, 128);
            var seen = student.look(FEW);
            var standardised = teacher.standard().apply(head.apply(seen.tokens()));
            var matching = Matching.of(seen.withTokens(standardised), teacher.look(FEW));
            var wanted = matching.wanted();
            double explained =
                    1 - matching.loss().item() / wanted.times(wanted).mean().item();
            var before = distillation.explained(FEW).getOrDefault("det-1024", List.of());
            assertThat(explained).isCloseTo(Tally.share(before), within(1e-3));
            assertThat(source.unexpected()).allMatch(name -> name.startsWith("clip-448."));
            assertThat(source.unexpected()).anyMatch(name -> name.startsWith("clip-448.summary."));
        }
    }

    /// However many ask for a batch, it is looked at once; the next is another.
    @Test
    void aBatchIsLookedAtOnce() {
        try (var frozen = teacher(Experts.DET)) {
            var first = frozen.look(FEW).tokens();
            assertThat(frozen.look(FEW).tokens()).isSameAs(first);
            assertThat(first.requiresGradient()).isFalse();
            var values = first.toFloats();
            var others = Pretraining.drawings(Setting.FULL, Split.TRAINING, 0, 6, 6);
            assertThat(frozen.look(others).tokens().toFloats()).isNotEqualTo(values);
            assertThat(frozen.look(FEW).tokens().toFloats()).isEqualTo(values);
        }
    }
}
