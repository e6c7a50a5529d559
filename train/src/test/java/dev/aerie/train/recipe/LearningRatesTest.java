package dev.aerie.train.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LearningRatesTest {

    private static final String TOWERS = "clip-448;sam-1024";
    private static final String CLIP = "model.vision_tower.vision_towers.0.vision_tower.pos";
    private static final String SAM = "model.vision_tower.vision_towers.1.vision_tower.pos";
    private static final String PROJECTOR = "model.mm_projector.0.weight";
    private static final String QUERY = "model.layers.0.self_attn.q_proj.weight";
    private static final String NORM = "model.norm.weight";
    private static final List<String> NAMES = List.of(CLIP, SAM, PROJECTOR, QUERY, NORM);

    private static final Set<String> LAYERS = Set.of(PROJECTOR, QUERY);

    private static Stage stage(String... set) {
        var alone = "stage: s\ndata: d\nbatch: { global: 1, micro: 1 }\n";
        return Recipe.parse("test", alone, List.of(set)).stage("s");
    }

    @Test
    void partsExpertsAndPatterns() {
        var rates = LearningRates.of(
                stage("learn={experts: 1, sam-1024: 2, projector: 3, language: 0, model.layers.*: 4}"),
                TOWERS,
                NAMES,
                LAYERS);
        assertThat(rates.byName().values()).containsExactly(1.0, 2.0, 3.0, 4.0, 0.0);
        assertThat(rates.learned()).containsExactly(CLIP, SAM, PROJECTOR, QUERY);
        assertThat(rates.isFrozen(NORM)).isTrue();
        assertThat(rates.rate(QUERY)).isEqualTo(4);
        assertThatThrownBy(() -> rates.rate("lm_head")).hasMessageContaining("lm_head");
    }

    @Test
    void theLastMatchCounts() {
        var first = LearningRates.of(stage("learn={model.layers.*: 4, '*': 1}"), TOWERS, NAMES, LAYERS);
        assertThat(first.rate(QUERY)).isEqualTo(1);
        var last = LearningRates.of(stage("learn={'*': 1, model.layers.*: 4}"), TOWERS, NAMES, LAYERS);
        assertThat(last.rate(QUERY)).isEqualTo(4);
    }

    @Test
    void adaptersFreezeWhatTheyChange() {
        var rates = LearningRates.of(
                stage("learn={'*': 1}", "lora={rank: 2, targets: ['model.layers.*_proj'], rate: 1e-4}"),
                TOWERS,
                NAMES,
                LAYERS);
        assertThat(rates.learned()).containsExactly(CLIP, SAM, PROJECTOR, NORM);
        var all = LearningRates.of(
                stage("learn={'*': 1}", "lora={rank: 2, targets: ['model.*'], rate: 1e-4}"), TOWERS, NAMES, LAYERS);
        assertThat(all.learned()).as("what is no linear layer keeps its rate").containsExactly(CLIP, SAM, NORM);
    }

    @Test
    void namesWithoutAKeyAndKeysWithoutANameAreErrors() {
        assertThatThrownBy(() -> LearningRates.of(stage("learn={experts: 1, projector: 1}"), TOWERS, NAMES, LAYERS))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining(QUERY)
                .hasMessageContaining("experts, projector");
        assertThatThrownBy(() -> LearningRates.of(stage("learn={'*': 1, modle.*: 1}"), TOWERS, NAMES, LAYERS))
                .hasMessageContaining("'modle.*' of 'learn' matches nothing");
        assertThatThrownBy(() -> LearningRates.of(stage("learn={'*': 1, det-1024: 1}"), TOWERS, NAMES, LAYERS))
                .hasMessageContaining("'det-1024'");
        assertThatThrownBy(() -> LearningRates.of(
                        stage("learn={'*': 1}", "lora={rank: 2, targets: [q_proj], rate: 1e-4}"),
                        TOWERS,
                        NAMES,
                        LAYERS))
                .hasMessageContaining("'q_proj' of 'lora' matches no linear layer")
                .hasMessageContaining("model.layers.0.self_attn.q_proj");
        assertThatThrownBy(() -> LearningRates.of(
                        stage("learn={'*': 0}", "lora={rank: 2, targets: [model.norm], rate: 1e-4}"),
                        TOWERS,
                        NAMES,
                        LAYERS))
                .hasMessageContaining("'model.norm' of 'lora' matches no linear layer");
        assertThatThrownBy(() -> LearningRates.of(stage("learn={'*': 0}"), TOWERS, NAMES, LAYERS))
                .hasMessageContaining("nothing would learn");
    }

    @Test
    void otherExpertsHaveRunsOfTheirOwn() {
        var each = stage("learn={'*': 1, sam-1024: 2}", "each=expert");
        var alone = List.of(CLIP, PROJECTOR, QUERY, NORM);
        assertThat(LearningRates.of(each, "clip-448", alone, LAYERS).rate(CLIP)).isEqualTo(1);
        assertThat(LearningRates.of(each, "sam-1024", alone, LAYERS).rate(CLIP)).isEqualTo(2);
    }
}
