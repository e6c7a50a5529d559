package dev.aerie.train.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import dev.aerie.eagle.PublishedModel;
import dev.aerie.image.Aspect;
import dev.aerie.tiling.TilingChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecipeTest {

    static final List<String> SHIPPED = Recipe.SHIPPED;

    private static final String SMALL = """
            recipe: small
            common:
              batch: { global: 8, micro: 2 }
              data: { mixture: a.yaml, template: v1 }
              learn: { "*": 0 }
            stages:
              - stage: one
                learn: { projector: 1e-3 }
              - stage: two
                learn: { language: 2e-5 }
                data: { mixture: b.yaml }
            variants:
              slow: { two: { schedule: { steps: 7 } } }
            """;

    @Test
    void eagleHasThePublishedNumbers() {
        var recipe = Recipe.named("eagle", List.of());
        assertThat(recipe.stages()).extracting(Stage::name).containsExactly("pre-align", "projector", "fine-tune");

        var projector = recipe.stage("projector");
        assertThat(projector.learn()).isEqualTo(Map.of("experts", 0.0, "projector", 1e-3, "language", 0.0));
        assertThat(projector.batch()).isEqualTo(new Stage.BatchSize(256, 8));
        assertThat(projector.data().template()).contains("plain");
        assertThat(projector.data().aspect()).isEqualTo(Aspect.SQUARE);
        assertThat(projector.data().order()).isEqualTo(Stage.Order.SHUFFLE);
        assertThat(projector.pace().schedule(2180)).isEqualTo(new Schedule(Schedule.Kind.COSINE, 66, 2180, 0));
        assertThat(projector.from().isPrevious()).isTrue();

        var tune = recipe.stage("fine-tune");
        assertThat(tune.learn().values()).containsOnly(2e-5);
        assertThat(tune.batch().global()).isEqualTo(128);
        assertThat(tune.batch().accumulation(32)).isEqualTo(1);
        assertThat(tune.batch().accumulation(8)).isEqualTo(4);
        assertThat(tune.data().maxLength()).isEqualTo(2048);
        assertThat(tune.data().order()).isEqualTo(Stage.Order.MODALITY_LENGTH);
        assertThat(tune.optimiser()).isEqualTo(new Stage.Optimiser(0.9, 0.999, 1e-8, 0));
        assertThat(tune.clip()).isZero();
        assertThat(tune.precision()).isEqualTo(Stage.Precision.BFLOAT16);
        assertThat(tune.seed()).isEqualTo(42);
    }

    @Test
    void preAlignmentRunsEachExpertAlone() {
        var stage = Recipe.named("pre-align", List.of()).stage("pre-align");
        var runs = stage.runs(PublishedModel.EAGLE_X4_7B.config());
        assertThat(runs)
                .extracting(Stage.Run::name)
                .containsExactly(
                        "pre-align/clip-448",
                        "pre-align/convnext-1024",
                        "pre-align/det-1024",
                        "pre-align/pix2struct-1024");
        assertThat(runs.get(1).config().towers()).isEqualTo("convnext-1024");
        var joined = Recipe.named("projector", List.of()).stage("projector");
        assertThat(joined.runs(PublishedModel.EAGLE_X4_7B.config())).hasSize(1);
    }

    @Test
    void theSecondVersionAlsoTrainsTheExpertsInTheSecondStage() {
        var first = Recipe.named("eagle", List.of("variant=v1"));
        var second = Recipe.named("eagle", List.of("variant=v2"));
        assertThat(first).isEqualTo(Recipe.named("eagle", List.of()));
        assertThat(first.stage("projector").learn()).containsEntry("experts", 0.0);
        assertThat(second.stage("projector").learn())
                .containsEntry("experts", 2e-5)
                .containsEntry("projector", 1e-3);
        assertThat(second.stage("fine-tune")).isEqualTo(first.stage("fine-tune"));
    }

    @ParameterizedTest
    @FieldSource("SHIPPED")
    void whatIsWrittenReadsBack(String name) {
        var recipe = Recipe.named(name, List.of("ema=0.999"));
        assertThat(Recipe.parse("copy", recipe.yaml(), List.of())).isEqualTo(recipe);
    }

    @Test
    void everySettingReadsBack() {
        var recipe = Recipe.parse(
                "small",
                SMALL,
                List.of(
                        "ema=0.99",
                        "each=expert",
                        "lora={rank: 4, targets: ['model.layers.*_proj'], rate: 1e-4}",
                        "schedule.steps=12",
                        "schedule.warmup=3",
                        "schedule.kind=linear",
                        "schedule.floor=0.03",
                        "two.from={experts: {clip-448: a, sam-1024: b}, language: c, projector: d, projectorKind: linear}",
                        "validation={mixture: held.yaml, every: 10, count: 5, maxLength: 99}",
                        "one.from={fresh: start, projectorKind: linear}",
                        "keep={last: 3, best: false, every: 9}",
                        "to=out",
                        "data.rows=independent-turns",
                        "data.folder=pictures",
                        "clip=1"));
        assertThat(Recipe.parse("copy", recipe.yaml(), List.of())).isEqualTo(recipe);
        assertThat(recipe.stage("two").from().towers()).isEqualTo("clip-448;sam-1024");
        assertThat(recipe.stage("two").ema()).isEqualTo(OptionalDouble.of(0.99));
        assertThat(recipe.stage("one").pace())
                .isEqualTo(new Pace(Schedule.Kind.LINEAR, new Pace.Warmup.Steps(3), 0.03, new Pace.Length.Steps(12)));
    }

    @Test
    void stagesShareCommonSettingsAndSetTheirOwn() {
        var recipe = Recipe.parse("small", SMALL, List.of("variant=slow"));
        assertThat(recipe.stage("one").learn()).containsExactly(Map.entry("*", 0.0), Map.entry("projector", 1e-3));
        assertThat(recipe.stage("two").data().mixture()).isEqualTo("b.yaml");
        assertThat(recipe.stage("two").data().template()).contains("v1");
        assertThat(recipe.stage("two").pace().length()).isEqualTo(new Pace.Length.Steps(7));
        assertThat(recipe.stage("one").pace().length()).isEqualTo(new Pace.Length.Epochs(1));
    }

    @Test
    void theCommandLineSetsOneStageOrAll() {
        var recipe = Recipe.parse(
                "small",
                SMALL,
                List.of(
                        "batch.micro=4",
                        "two.batch.micro=1",
                        "one.schedule.steps=5",
                        "one.schedule.epochs=2",
                        "two.learn.model.layers.0.*=3e-4",
                        "learn.*=1e-6",
                        "from=start",
                        "from.projector=p.bin",
                        "recipe=other"));
        assertThat(recipe.name()).isEqualTo("other");
        assertThat(recipe.stage("one").batch().micro()).isEqualTo(4);
        assertThat(recipe.stage("two").batch().micro()).isEqualTo(1);
        assertThat(recipe.stage("one").pace().length()).isEqualTo(new Pace.Length.Epochs(2));
        assertThat(recipe.stage("two").learn().keySet()).containsExactly("language", "model.layers.0.*", "*");
        assertThat(recipe.stage("two").from().checkpoint()).contains(Path.of("start"));
        assertThat(recipe.stage("two").from().projector()).contains(Path.of("p.bin"));
    }

    @Test
    void whatASkippedStageWouldDoIsLeftOut() {
        var recipe = Recipe.parse("small", SMALL, List.of("one.skip=true"));
        assertThat(recipe.stages()).extracting(Stage::name).containsExactly("two");
        assertThatThrownBy(() -> Recipe.parse("small", SMALL, List.of("skip=true")))
                .hasMessageContaining("all of its stages are skipped");
    }

    @Test
    void aKeyWithoutAValueIsTakenBack() {
        var recipe = Recipe.parse("small", SMALL, List.of("one.learn.projector=null"));
        assertThat(recipe.stage("one").learn()).containsExactly(Map.entry("*", 0.0));
    }

    @Test
    void theKindOfAFreshProjectorIsKeptWhereTheRestComesFromTheStageBefore() {
        var recipe = Recipe.parse("small", SMALL, List.of("two.from={projectorKind: linear}"));
        assertThat(recipe.stage("two").from().isPrevious()).isTrue();
        assertThat(Recipe.parse("copy", recipe.yaml(), List.of())).isEqualTo(recipe);
    }

    @Test
    void aStageMayJoinTheExpertsInAnotherWay() {
        for (var choice : List.of("sum", "{method: sva, layers: 1, every: 0}")) {
            var recipe = Recipe.parse("small", SMALL, List.of("two.from={fusion: " + choice + "}"));
            assertThat(recipe.stage("two").from().isPrevious()).isTrue();
            assertThat(recipe.stage("two").from().fusion()).isPresent();
            assertThat(Recipe.parse("copy", recipe.yaml(), List.of())).isEqualTo(recipe);
        }
        assertThatThrownBy(() -> Recipe.parse("small", SMALL, List.of("two.from={fusion: blend}")))
                .hasMessageContaining("'blend'")
                .hasMessageContaining("mini-gemini");
        assertThatThrownBy(() -> Recipe.parse("small", SMALL, List.of("two.from={fusion: {method: sum, depth: 1}}")))
                .hasMessageContaining("depth");
    }

    /// Every key that the documentation explains is one.
    @Test
    void theDocumentedRecipeCanBeRead() throws IOException {
        var text = Files.readString(Path.of("../docs/recipes.md"));
        var yaml = text.substring(text.indexOf("```yaml\n") + 8, text.indexOf("\n```", text.indexOf("```yaml")));
        var stage = Recipe.parse("documented", yaml, List.of()).stage("fine-tune");
        assertThat(stage.lora()).isPresent();
        assertThat(stage.ema()).isPresent();
        assertThat(stage.validation()).isPresent();
        assertThat(stage.from().tiling()).isPresent();
        assertThat(Recipe.parse("documented", yaml, List.of("variant=quick")).stages())
                .hasSize(1);
    }

    @Test
    void aStageMayLookAtTiles() {
        var recipe = Recipe.parse("small", SMALL, List.of("two.from={tiling: 'internvl:6'}"));
        assertThat(recipe.stage("two").from().isPrevious()).isTrue();
        assertThat(recipe.stage("two").from().tiling()).contains(TilingChoice.of("internvl:6"));
        assertThat(Recipe.parse("copy", recipe.yaml(), List.of())).isEqualTo(recipe);
        for (var wrong : List.of("mosaic", "'internvl:0'", "'internvl:six'", "6")) {
            assertThatThrownBy(() -> Recipe.parse("small", SMALL, List.of("two.from={tiling: " + wrong + "}")))
                    .hasMessageContaining("from.tiling");
        }
    }

    @Test
    void oneStageMayStandAtTheTop() {
        var recipe = Recipe.parse("alone", """
                stage: pre-align
                learn: { experts: 2e-5, projector: 2e-5, language: 0 }
                each: expert
                data: sft-934k.yaml
                batch: { global: 128, micro: 4 }
                schedule: { kind: cosine, warmup: 0.03, epochs: 1 }
                """, List.of());
        assertThat(recipe.stages()).singleElement().satisfies(stage -> {
            assertThat(stage.eachExpert()).isTrue();
            assertThat(stage.data().mixture()).isEqualTo("sft-934k.yaml");
            assertThat(stage.learn()).containsEntry("experts", 2e-5);
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            batch.micro=3                  | one.batch.micro is 3, expected a divisor of global, which is 8
            batch.micro=0                  | one.batch.micro is 0, expected a whole number 1 to 1048576
            batch.mirco=2                  | one.batch has the unknown key 'mirco'; known are global, micro
            stag=2                         | one has the unknown key 'stag'; known are batch, clip
            two.clip=-1                    | two.clip is -1, expected the largest norm of the gradients
            clip=1e999                     | one.clip is
            schedule.kind=cosin            | one.schedule.kind is "cosin", expected cosine or linear or constant
            schedule.warmup=1.5            | one.schedule.warmup is 1.5, expected a share of all steps below 1
            schedule={steps: 1, epochs: 1} | one.schedule.steps is 1, expected steps or epochs, not both
            schedule.epochs=0              | one.schedule.epochs is 0, expected passes over the data
            learn=[1]                      | one.learn is [1], expected keys and values
            learn.projector=fast           | one.learn.projector is "fast", expected a learning rate
            learn.projector=-1             | one.learn.projector is -1, expected a learning rate
            optimiser.betas=[0.9, 1]       | one.optimiser.betas is [0.9,1], expected two decays
            data.template=vicuna           | one.data.template is "vicuna", expected one of
            data.maxLength=9999999         | one.data.maxLength is 9999999, expected a whole number 1 to 1048576
            precision=float16              | one.precision is "float16", expected float32 or bfloat16
            recompute=1                    | one.recompute is 1, expected true or false
            each=tower                     | one.each is "tower", expected expert
            lora={rank: 4}                 | one.lora.targets is missing, expected patterns
            from={language: x, checkpoin: y} | one.from has the unknown key 'checkpoin'; known are checkpoint
            from={experts: {clip-448: a}}  | one.from.language is missing
            from={experts: {clap: a}}      | unknown vision expert 'clap'
            from={fresh: a, language: b}   | one.from.fresh is "a", expected fresh weights, a language model
            two.skip=1                     | two.skip is 1, expected true or false
            ema=1                          | one.ema is 1, expected a decay
            to=''                          | one.to is "", expected a text
            variant=quick                  | variant is 'quick', expected one of slow
            stages.one.clip=1              | cannot set 'stages.one.clip=1': expected a key of a stage
            batch                          | cannot set 'batch': expected key.path=value
            batch=[1                       | cannot set 'batch=[1': the value is not YAML
            """)
    void saysWhatIsWrongInOneLine(String set, String message) {
        assertThatThrownBy(() -> Recipe.parse("small.yaml", SMALL, List.of(set)))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining(message)
                .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "a: [",
                "stages: {}",
                "stages: []",
                "stages: [1]",
                "stages: [{learn: {}}]",
                "stages: [{stage: 'a b'}]",
                "stage: a\nstage: b",
                "stage: a\ncommon: 7",
                "recipe: x\nstages: [{stage: a, learn: {'*': 1}, data: d, batch: {global: 1, micro: 1}},"
                        + " {stage: a, learn: {'*': 1}, data: d, batch: {global: 1, micro: 1}}]",
                "stages: [{stage: a}]\nextra: 1",
                "stage: \0",
                "stage: &a [*a, *a]"
            })
    void refusesWhatIsNoRecipe(String yaml) {
        assertThatThrownBy(() -> Recipe.parse("broken.yaml", yaml, List.of()))
                .isInstanceOf(AerieException.class)
                .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1).contains("broken.yaml"));
    }

    @Test
    void deepNestingIsAnError() {
        assertThatThrownBy(() -> Recipe.parse("deep.yaml", "stage: " + "[".repeat(100_000), List.of()))
                .isInstanceOf(AerieException.class);
    }

    @Test
    void findsFilesAndShippedNames(@TempDir Path folder) throws IOException {
        var file = Files.writeString(folder.resolve("small.yaml"), SMALL);
        assertThat(Recipe.find(file.toString(), List.of()).stages()).hasSize(2);
        assertThat(Recipe.find("llava-1.5", List.of()).stage("projector").from().towers())
                .isEqualTo("openai/clip-vit-large-patch14-336");
        assertThatThrownBy(() -> Recipe.find(folder.resolve("none.yaml").toString(), List.of()))
                .hasMessageContaining("none.yaml")
                .hasMessageContaining("eagle, pre-align");
        assertThatThrownBy(() -> Recipe.named("eagel", List.of())).hasMessageContaining("there is no recipe 'eagel'");
        assertThatThrownBy(() -> Recipe.named("eagle", List.of()).stage("sft"))
                .hasMessageContaining("it has pre-align, projector, fine-tune");
    }
}
