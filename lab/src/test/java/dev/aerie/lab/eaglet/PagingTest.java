package dev.aerie.lab.eaglet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.eagle.EagleConfig;
import dev.aerie.fusion.FusionChoice;
import dev.aerie.fusion.Fusions;
import dev.aerie.fusion.Routes;
import dev.aerie.lab.world.Setting;
import dev.aerie.tensor.DType;
import dev.aerie.train.recipe.Recipe;
import dev.aerie.train.recipe.Stage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PagingTest {

    private static final Path EAGLET = Path.of("../models/eaglet-x5");

    @TempDir
    Path folder;

    @Test
    void tokensOfACoarserMapSayLargerCells() {
        assertThat(Paging.cell(8, 256)).isEqualTo(8);
        assertThat(Paging.cell(8, 3 * 256)).isEqualTo(8); // three maps in a row
        assertThat(Paging.cell(8, 64)).isEqualTo(16);
        for (int tokens : new int[] {33, 36, 128, 400}) {
            assertThatThrownBy(() -> Paging.cell(8, tokens)).hasMessageContaining(tokens + " tokens");
        }
    }

    @Test
    void pagesAreTaughtToFewerTokens() {
        var said = new ArrayList<String>();
        run(new FusionChoice(Fusions.CHANNEL_CONCAT, Map.of("shuffle", 2)), said);
        assertThat(said).anyMatch(line -> line.startsWith("paging: F1"));
        assertThat(EagleConfig.open(folder.resolve("paged")).mixture().fusion().sizes())
                .isEqualTo(Map.of("shuffle", 2));
    }

    @Test
    void tokensThatAreNoMapAreRefused() {
        assertThatThrownBy(() -> run(new FusionChoice(Fusions.Q_FORMER, Map.of("queries", 33)), new ArrayList<>()))
                .hasMessageContaining("33 tokens")
                .hasMessageContaining("fine-tune.from.checkpoint=projector");
    }

    private void run(FusionChoice fusion, List<String> said) {
        var settings = PagingRun.settings(Setting.FULL, 0, 2);
        new PagingRun(settings, true, DType.F32, task -> new TaskReport("paging", task, settings, 2, said::add))
                .run(EAGLET, Optional.of(fusion), _ -> Routes.ALL, folder.resolve("run"), folder.resolve("paged"));
    }

    @Test
    void expertsStayAsTheyAreAllOrNone() {
        assertThat(PagingRun.frozen(stage("fine-tune.learn.experts=0"))).isTrue();
        assertThat(PagingRun.frozen(stage("fine-tune.learn.experts=1.0e-4"))).isFalse();
        assertThatThrownBy(() -> PagingRun.frozen(stage("fine-tune.learn.det-1024=0")))
                .hasMessageContaining("det-1024 alone");
    }

    private static Stage stage(String setting) {
        return Recipe.find("eaglet", List.of(setting)).stage("fine-tune");
    }
}
