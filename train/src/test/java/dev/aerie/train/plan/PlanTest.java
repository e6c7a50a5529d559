package dev.aerie.train.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.aerie.AerieException;
import dev.aerie.eagle.PublishedModel;
import dev.aerie.nn.Manifest;
import dev.aerie.tensor.DType;
import dev.aerie.train.recipe.Recipe;
import dev.aerie.train.recipe.Stage;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class PlanTest {

    private static final ModelShape X5 = ModelShape.of(PublishedModel.EAGLE_X5_7B.config(), DType.BF16);
    private static final Hardware CLUSTER = Hardware.parse("8x80GB");
    private static final long CAPTIONS = 558_128;

    private static Stage stage(String name, String... set) {
        return Recipe.named("eagle", List.of(set)).stage(name);
    }

    private static Plan plan(String hardware, String name, String... set) {
        return Plan.of(name, stage(name, set), X5, Hardware.parse(hardware), Workload.UNKNOWN);
    }

    private static PartPlan part(Plan plan, String name) {
        return plan.parts().stream()
                .filter(part -> part.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void countsWhatLearnsInEachPart() {
        var projector = plan("8x80GB", "projector");
        assertThat(projector.parts())
                .extracting(PartPlan::name)
                .containsExactly(
                        "clip-448",
                        "convnext-1024",
                        "sam-1024",
                        "det-1024",
                        "pix2struct-1024",
                        "projector",
                        "language");
        assertThat(part(projector, "projector").learned()).isEqualTo(48_242_688);
        assertThat(part(projector, "language")).matches(part -> part.learned() == 0 && part.frozen() == 6_738_415_616L);
        // What lies in checkpoints unused: CLIP's last norm, ConvNeXt's classifier.
        assertThat(part(projector, "clip-448"))
                .matches(part -> part.frozen() + part.unused() == 303_507_456 && part.unused() == 2048);
        assertThat(part(projector, "convnext-1024").frozen()).isEqualTo(843_391_872);
        var tune = plan("8x80GB", "fine-tune");
        assertThat(tune.parts()).allMatch(part -> part.frozen() == 0 && part.rate() == 2e-5);
    }

    @Test
    void gradientsPassThroughFrozenPartsBehindLearnedOnes() {
        var projector = plan("8x80GB", "projector");
        var clip = part(projector, "clip-448");
        assertThat(clip.passed()).isFalse();
        assertThat(clip.backward()).isZero();
        var language = part(projector, "language");
        assertThat(language.passed()).isTrue();
        assertThat(language.backward()).isEqualTo(language.forward());
        assertThat(part(projector, "projector").backward())
                .isEqualTo(2 * part(projector, "projector").forward());
        assertThat(language.recompute()).isPositive().isLessThan(language.forward()); // all but the head
        var alone = plan("8x80GB", "fine-tune", "learn.experts=0", "learn.projector=0");
        assertThat(part(alone, "projector").passed()).isFalse();
        assertThat(part(alone, "language").backward())
                .isEqualTo(2 * part(alone, "language").forward());
    }

    @Test
    void operationsAreThoseOfTheModel() {
        // 2 operations a weight and token, and attention, which is small beside them.
        var language = part(plan("8x80GB", "fine-tune"), "language");
        double weights = 6_738_415_616.0 - 32_000 * 4096; // without the embedding, which is looked up
        assertThat(language.forward() / (2 * weights * 2048)).isBetween(1.0, 1.05);
        assertThat(part(plan("8x80GB", "projector"), "projector").forward())
                .isEqualTo(2.0 * 1024 * (7680 * 4096 + 4096 * 4096));
    }

    @Test
    void memoryByKind() {
        var tune = plan("8x80GB", "fine-tune");
        double learned = 9_057_444_160.0;
        assertThat(tune.memory().of("learned weights")).isEqualTo(2 * learned);
        assertThat(tune.memory().of("master weights")).isEqualTo(4 * learned);
        assertThat(tune.memory().of("moments")).isEqualTo(8 * learned);
        assertThat(tune.memory().of("gradients"))
                .isEqualTo((4 + 2) * learned); // the sum of four micro-batches, and the last
        assertThat(tune.memory().of("frozen weights, mapped")).isZero();
        assertThat(tune.memory().plain() - tune.memory().sharded()).isCloseTo(18 * learned * 7 / 8, within(1.0));
        assertThat(tune.checkpoint()).isEqualTo(12 * learned);

        var once = plan("32x80GB", "fine-tune");
        assertThat(once.accumulated()).isEqualTo(1);
        assertThat(once.memory().of("gradients")).isEqualTo(2 * learned);

        var wide = plan("8x80GB", "fine-tune", "precision=float32");
        assertThat(wide.memory().of("master weights")).isZero();
        assertThat(wide.memory().of("learned weights")).isEqualTo(4 * learned);

        var projector = plan("8x80GB", "projector");
        assertThat(projector.memory().of("frozen weights, mapped"))
                .isEqualTo(2.0
                        * projector.parts().stream().mapToLong(PartPlan::frozen).sum());
        double frozen = projector.memory().of("frozen weights, mapped");
        assertThat(projector.memory().of("of them converted")).isZero();
        var wider = plan("8x80GB", "projector", "precision=float32", "recompute=true");
        assertThat(wider.memory().of("frozen weights, mapped")).isEqualTo(frozen);
        assertThat(wider.memory().of("of them converted"))
                .as("no more than a block's at a time")
                .isBetween(frozen / 100, frozen / 5);
        var kept = plan("8x80GB", "projector", "precision=float32", "recompute=false");
        assertThat(kept.memory().of("of them converted"))
                .as("the decoder's, which gradients pass through")
                .isBetween(1.3 * frozen, 2 * frozen);
        assertThat(plan("8x80GB", "projector", "ema=0.99").memory().of("averaged weights"))
                .isEqualTo(4.0 * 48_242_688);
    }

    @Test
    void frozenExpertsKeepNothingForTheBackwardPass() {
        var frozen = plan("8x80GB", "projector", "batch.micro=1");
        // 32 inputs of 2,048 x 4,096 bfloat16 and one layer's activations.
        double inputs = 32 * 2048 * 4096 * 2.0;
        assertThat(frozen.activationsRecomputed()).isBetween(inputs, inputs + 1e9);
        assertThat(frozen.activationsKept()).isGreaterThan(10 * frozen.activationsRecomputed());
        var learned = plan("8x80GB", "projector", "batch.micro=1", "variant=v2");
        assertThat(learned.activationsRecomputed()).isGreaterThan(2 * frozen.activationsRecomputed());
        var two = plan("8x80GB", "projector", "batch.micro=2");
        assertThat(two.activationsKept()).isEqualTo(2 * frozen.activationsKept());
    }

    @Test
    void theRecipesFitWhereTheyWereRun() {
        var tune = plan("8x80GB", "fine-tune");
        assertThat(tune.fits()).isTrue();
        assertThat(tune.memory().plain()).isGreaterThan(80e9); // only because the optimiser is dealt out
        assertThat(plan("8x80GB", "projector").fits()).isTrue();
        assertThat(plan("1x24GiB", "projector", "batch.micro=1").requireFits().advice())
                .isEmpty();
    }

    @Test
    void adviceFits() {
        for (var plan : List.of(
                plan("1x24GiB", "projector"),
                plan("1x24GiB", "projector", "recompute=false", "lossChunk=0", "precision=float32"),
                plan("8x40GB", "fine-tune", "recompute=false"))) {
            assertThat(plan.fits()).isFalse();
            assertThat(plan.advice()).isNotEmpty();
            assertThatThrownBy(plan::requireFits)
                    .isInstanceOf(AerieException.class)
                    .hasMessageContaining("what would fit: " + plan.advice().getFirst())
                    .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1));
        }
        assertThat(plan("1x24GiB", "projector").advice()).first().asString().startsWith("batch.micro: 4 (");
        assertThat(plan("1x24GiB", "projector", "batch.micro=4").fits()).isTrue();
        assertThat(plan("1x80GB", "fine-tune", "learn.experts=0").advice())
                .anySatisfy(advice -> assertThat(advice).contains("lora"));
        assertThat(plan("4x80GB", "fine-tune", "batch.micro=32").advice())
                .anySatisfy(advice -> assertThat(advice).startsWith("batch.micro: "));
    }

    @Test
    void adaptersAreCounted() {
        var plan = plan(
                "1x80GB",
                "fine-tune",
                "learn={experts: 0, projector: 2e-5, language: 0}",
                "lora={rank: 8, targets: ['model.layers.*.q_proj', 'model.layers.*.down_proj'], rate: 2e-4}");
        var language = part(plan, "language");
        assertThat(language.learned()).isEqualTo(32L * 8 * (4096 + 4096 + 4096 + 11008));
        assertThat(language.frozen()).isEqualTo(6_738_415_616L);
        assertThat(language.rate()).isEqualTo(2e-4);
    }

    @Test
    void stepsAndTime() {
        var stage = stage("projector");
        var workload = Workload.UNKNOWN.withSamples(CAPTIONS);
        var slow = Plan.of("projector", stage, X5, CLUSTER, workload);
        assertThat(slow.steps()).hasValue(2181);
        assertThat(slow.seconds()).isEmpty();
        var rated = Plan.of("projector", stage, X5, CLUSTER.withRate(1e14), workload);
        assertThat(rated.seconds()).hasValue(rated.flopsPerStep() / 8e14);
        assertThat(rated.table()).anyMatch(line -> line.contains("at least"));
        var measured =
                Plan.of("projector", stage, X5, CLUSTER, workload.withSeconds(2).withRow(1100));
        assertThat(measured.total()).hasValue(4362);
        assertThat(measured.tokensPerStep()).isEqualTo(256 * 1100);
        assertThat(measured.flopsPerStep()).isLessThan(slow.flopsPerStep());
        assertThat(measured.table()).anyMatch(line -> line.contains("1 h 12 min in all (measured)"));
        assertThat(Plan.of("p", stage("projector", "schedule.steps=7"), X5, CLUSTER, Workload.UNKNOWN)
                        .steps())
                .hasValue(7);
    }

    @Test
    void diskCountsWhereItIsKnown() {
        var stage = stage("fine-tune");
        var enough = Plan.of("tune", stage, X5, CLUSTER.withDisk(400_000_000_000L), Workload.UNKNOWN);
        assertThat(enough.fits()).isTrue();
        assertThat(enough.disk()).isEqualTo(3 * 12 * 9_057_444_160.0 + 2 * (9_057_444_160.0 + 3_081_192));
        var little = Plan.of("tune", stage, X5, CLUSTER.withDisk(300_000_000_000L), Workload.UNKNOWN);
        assertThat(little.fits()).isFalse();
        assertThat(little.table()).anyMatch(line -> line.contains("344 GB of disk needed, 300 GB free"));
        assertThatThrownBy(little::requireFits)
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("344 GB of disk")
                .hasMessageContaining("keep.last: 1");
        assertThatThrownBy(little::requireDisk)
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("344 GB of disk, but 300 GB are free");
        enough.requireDisk();
        Plan.of("tune", stage, X5, CLUSTER, Workload.UNKNOWN).requireDisk(); // it is not known
    }

    @Test
    void batchesMustComeOutEven() {
        assertThatThrownBy(() -> plan("24x80GB", "fine-tune"))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("a batch of 128 cannot be dealt to 24 devices")
                .hasMessageContaining("multiple of 96");
    }

    @Test
    void eachExpertHasAPlan() {
        var runs = stage("pre-align").runs(PublishedModel.EAGLE_X5_7B.config());
        var plans = runs.stream()
                .map(run -> Plan.of(
                        run.name(), run.stage(), ModelShape.of(run.config(), DType.BF16), CLUSTER, Workload.UNKNOWN))
                .toList();
        assertThat(plans).hasSize(5).allMatch(plan -> plan.parts().size() == 3);
        assertThat(part(plans.get(2), "sam-1024").passed()).isTrue();
        assertThat(part(plans.get(0), "projector").learned()).isEqualTo(1024 * 4096 + 4096 + 4096 * 4096 + 4096);
    }

    @Test
    void checkpointsAreReadByTheirHeaders() {
        var folder = Path.of("../core/src/test/resources/golden/model/eagle-x5-tiny");
        var model = ModelShape.of(folder);
        assertThat(model.stored()).isEqualTo(DType.BF16);
        assertThat(model.parts()).hasSize(7);
        var plan = Plan.of("tiny", stage("fine-tune"), model, CLUSTER, Workload.UNKNOWN);
        assertThat(plan.fits()).isTrue();
        assertThat(part(plan, "sam-1024").forward()).isPositive().isLessThan(1e12);
        assertThat(part(plan, "clip-448").learned())
                .isEqualTo(model.entries().stream()
                        .filter(entry -> entry.name().contains("vision_towers.0."))
                        .filter(entry -> entry.role() == Manifest.Role.PARAMETER)
                        .mapToLong(Manifest.Entry::elements)
                        .sum());
    }

    @Test
    void plainModelsArePlannedToo() {
        var llava = ModelShape.of(PublishedModel.LLAVA_1_5_7B.config(), DType.F16);
        var stage = Recipe.named("llava-1.5", List.of()).stage("fine-tune");
        var plan = Plan.of("fine-tune", stage, llava, CLUSTER, Workload.UNKNOWN);
        assertThat(part(plan, "vision").learned()).isZero();
        assertThat(part(plan, "vision").forward()).isBetween(0.3e12, 0.5e12);
        assertThat(plan.memory().of("of them converted")).isPositive(); // float16 is not what it computes in
    }

    @Test
    void saysItAsTextAndAsJson() {
        var plan = plan("8x40GB", "fine-tune", "recompute=false");
        assertThat(plan.table())
                .anyMatch(line -> line.startsWith("does not fit"))
                .anyMatch(line -> line.contains("convnext-1024") && line.contains("843,391,872"))
                .anyMatch(line -> line.contains("unknown until the data is counted"))
                .allMatch(line -> line.length() <= 120 || line.contains("would fit"));
        var json = JsonMapper.shared().readTree(plan.json());
        assertThat(json.get("fits").booleanValue()).isFalse();
        assertThat(json.get("needed").longValue()).isEqualTo(Math.round(plan.needed()));
        assertThat(json.at("/memory/moments/plain").longValue()).isEqualTo(8 * 9_057_444_160L);
        assertThat(json.at("/parts/1/name").stringValue()).isEqualTo("convnext-1024");
    }
}
