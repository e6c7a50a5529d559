package dev.aerie.lab.radio;

import dev.aerie.lab.pretrain.Eye;
import dev.aerie.lab.pretrain.Tally;
import dev.aerie.lab.pretrain.Task;
import dev.aerie.lab.world.Drawing;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Gradients;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.train.model.Parameters;
import dev.aerie.vision.Experts;
import dev.aerie.vision.FeatureMap;
import dev.aerie.weights.TensorSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A student learns to say what several teachers see, each through heads of its own (AM-RADIO §3.4, PHI-S §3):
///
///     L = Σ teachers  mean (x − y)²  +  λ (1 − cos(mean x', mean y))
///
/// `y` are a teacher's standardised features and `x` what its feature head makes of the student's; where grids differ
/// the smaller is brought to the larger. The summary `x'` is its summary head's. λ is 1 for teachers who learned from
/// captions and 0 for the others, as published for CLIP and SAM; DINOv2 has a summary there.
///
/// The published summary is a class token's. Neither side has one here: the mean over all places stands for it.
final class Distillation implements Task {

    private static final String HEADS = "radio_heads";
    private static final String LAST_LAYER = ".features.final.2";

    private static final int HIDDEN = 128;
    private static final int BLOCKS = 1;
    private static final Set<Experts> WITH_SUMMARY =
            EnumSet.of(Experts.CLIP, Experts.CONVNEXT, Experts.EVA_CLIP, Experts.INTERNVIT);

    private record Lesson(Frozen teacher, Head features, Optional<Head> summary) {

        Matching matching(FeatureMap seen, List<Drawing> batch) {
            var said = features.apply(seen.tokens()).to(DType.F32); // [B, n, D]
            return Matching.of(seen.withTokens(said), teacher.look(batch));
        }

        Tensor loss(FeatureMap seen, List<Drawing> batch) {
            var loss = matching(seen, batch).loss();
            return summary.map(head -> loss.plus(summaryLoss(head, seen, batch)))
                    .orElse(loss);
        }

        private Tensor summaryLoss(Head head, FeatureMap seen, List<Drawing> batch) {
            var said = head.apply(seen.tokens().mean(1)).to(DType.F32); // [B, D]
            return Matching.summaryLoss(said, teacher.look(batch).tokens().mean(1));
        }
    }

    private final Eye student;
    private final List<Lesson> lessons = new ArrayList<>();

    /// @param heads at the names of the heads, which the finished student does without
    Distillation(Eye student, ParameterSource heads, List<Frozen> teachers) {
        this.student = student;
        long width = student.spec().channels();
        for (var teacher : teachers) {
            var own = heads.at(HEADS).at(teacher.name());
            long channels = teacher.spec().channels();
            lessons.add(new Lesson(
                    teacher,
                    new Head(own.at("features"), width, HIDDEN, BLOCKS, channels),
                    WITH_SUMMARY.contains(teacher.file().kind())
                            ? Optional.of(new Head(own.at("summary"), width, HIDDEN, BLOCKS, channels))
                            : Optional.empty()));
        }
    }

    @Override
    public Tensor loss(List<Drawing> batch) {
        var seen = student.look(batch); // [B, n, C]
        return lessons.stream()
                .map(lesson -> lesson.loss(seen, batch))
                .reduce(Tensor::plus)
                .orElseThrow();
    }

    /// How much of each teacher's variance the student says, picture by picture: `1 − Σ (x − y)² / Σ y²`.
    Map<String, List<Tally>> explained(List<Drawing> heldOut) {
        return Gradients.without(() -> {
            try (var _ = TensorScope.open()) {
                var seen = student.look(heldOut);
                var explained = new LinkedHashMap<String, List<Tally>>();
                for (var lesson : lessons) {
                    var matching = lesson.matching(seen, heldOut);
                    var missed = squares(matching.away());
                    var all = squares(matching.wanted());
                    var tallies = new ArrayList<Tally>();
                    for (int i = 0; i < all.length; i++) {
                        tallies.add(new Tally((double) all[i] - missed[i], all[i]));
                    }
                    explained.put(lesson.teacher.name(), tallies);
                }
                return explained;
            }
        });
    }

    /// Of each picture `[B, n, D]`.
    private static float[] squares(Tensor x) {
        return x.times(x).flatten(1).sum(1).toFloats();
    }

    @Override
    public double score(List<Drawing> heldOut) {
        return explained(heldOut).values().stream()
                .mapToDouble(Tally::share)
                .average()
                .orElseThrow();
    }

    @Override
    public String measure() {
        return "share of the teachers' variance";
    }

    /// Whether a parameter belongs to the heads and not to the student.
    static boolean isHead(String parameter) {
        return parameter.startsWith(HEADS + ".");
    }

    /// The heads as they are kept: `TOWER.features.…` gives the teacher's own features, the standardisation being taken
    /// back by its last layer; `TOWER.summary.…` gives the direction of its standardised summary.
    List<TensorSource> heads(Parameters parameters) {
        return parameters.contents(DType.F32, inTeachersSpace(parameters)).stream()
                .filter(tensor -> isHead(tensor.name()))
                .map(tensor -> new TensorSource(
                        tensor.name().substring(HEADS.length() + 1), tensor.dtype(), tensor.shape(), tensor.body()))
                .toList();
    }

    private Map<String, Tensor> inTeachersSpace(Parameters parameters) {
        var better = new HashMap<String, Tensor>();
        for (var lesson : lessons) {
            var last = HEADS + "." + lesson.teacher.name() + LAST_LAYER;
            for (var parameter : parameters.learned()) {
                var own = parameter.master().detach();
                if (parameter.name().equals(last + ".weight")) {
                    better.put(parameter.name(), lesson.teacher.standard().unturned(own));
                } else if (parameter.name().equals(last + ".bias")) {
                    better.put(parameter.name(), lesson.teacher.standard().unturnedBias(own));
                }
            }
        }
        return better;
    }
}
