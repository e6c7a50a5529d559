package dev.aerie.train.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aerie.eagle.EagleConfig;
import dev.aerie.eagle.PublishedModel;
import dev.aerie.fusion.FusionChoice;
import dev.aerie.fusion.Fusions;
import dev.aerie.nn.Manifest;
import dev.aerie.train.recipe.Recipe;
import dev.aerie.train.recipe.Stage;
import dev.aerie.vision.Experts;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The models of stages of which none has run.
class StageModelsTest {

    private static final Path X2 = Path.of("../core/src/test/resources/golden/model/eagle-x2-tiny");
    private static final FusionChoice SUM = new FusionChoice(Fusions.SUM, Map.of("width", 16));

    private static Recipe recipe(String head, String stages) {
        return Recipe.parse("staged", """
                recipe: staged
                %s
                common:
                  learn: { "*": 1.0e-3 }
                  data: { mixture: none.json }
                  batch: { global: 1, micro: 1 }
                  schedule: { steps: 1 }
                stages:
                %s""".formatted(head, stages), List.of());
    }

    private static long size(StageModels models, Stage stage) {
        var run = stage.runs(models.config(stage)).getFirst();
        return models.shape(run).entries().stream()
                .mapToLong(Manifest.Entry::elements)
                .sum();
    }

    @Test
    void aStageBehindAnotherHasItsModel() {
        var recipe = recipe("", """
                  - stage: first
                    from: { checkpoint: %s }
                  - stage: same
                  - stage: other
                    from: { fusion: { method: sum, width: 16 } }
                  - stage: named
                    from: { checkpoint: first, inputs: { clip-448: 224 } }
                """.formatted(X2));
        var models = new StageModels(recipe);
        var own = EagleConfig.open(X2);
        assertThat(models.config(recipe.stage("first"))).isEqualTo(own);
        assertThat(models.config(recipe.stage("same"))).isEqualTo(own);
        assertThat(size(models, recipe.stage("same")))
                .isEqualTo(size(models, recipe.stage("first")))
                .isLessThan(10_000_000); // those of the tiny checkpoint, not the published ones
        assertThat(models.config(recipe.stage("other")).mixture())
                .isEqualTo(own.mixture().withFusion(SUM));
        assertThat(models.config(recipe.stage("named")).mixture())
                .isEqualTo(own.mixture().withInputs(Map.of(Experts.CLIP, 224)));
    }

    @Test
    void whatIsNotThereIsAsPublished() {
        var recipe = recipe("model: eagle-x4-7b", """
                  - stage: each
                    each: expert
                    from: { language: nowhere, experts: { clip-448: none, sam-1024: none }, inputs: { clip-448: 448 } }
                  - stage: together
                    from: { fusion: { method: sum, width: 16 } }
                """);
        var models = new StageModels(recipe);
        var published = PublishedModel.EAGLE_X4_7B.config();
        assertThat(models.config(recipe.stage("each")).language()).isEqualTo(published.language());
        assertThat(recipe.stage("each").runs(models.config(recipe.stage("each"))))
                .extracting(Stage.Run::name)
                .containsExactly("each/clip-448", "each/sam-1024");
        var together = models.config(recipe.stage("together"));
        assertThat(together.towers()).isEqualTo("clip-448;sam-1024");
        assertThat(together.mixture())
                .isEqualTo(published.mixture().withFusion(SUM).withInputs(Map.of(Experts.CLIP, 448)));
    }
}
