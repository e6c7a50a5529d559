package dev.aerie.lab.eaglet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aerie.image.Aspect;
import dev.aerie.image.ImageProcessor;
import dev.aerie.lab.world.Page;
import dev.aerie.lab.world.Setting;
import dev.aerie.lab.world.Split;
import dev.aerie.lab.world.World;
import dev.aerie.lab.world.WorldTokenizer;
import dev.aerie.text.Template;
import dev.aerie.text.Tokenizer;
import dev.aerie.train.data.RowForm;
import dev.aerie.train.data.SampleMaker;
import dev.aerie.train.data.Viewing;
import dev.aerie.train.model.Batch;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageExamplesTest {

    private static final int TOKENS = Page.side(Setting.FULL.cell()) * Page.side(Setting.FULL.cell());
    private static final int LONGEST = TOKENS + 128;

    @TempDir
    Path folder;

    /// Position by position the row that the picture will have: what is learned, and which turn it belongs to.
    @Test
    void aPageStandsForItsPicture() {
        WorldTokenizer.write(folder);
        var words = Tokenizer.open(folder);
        var maker = new SampleMaker(
                words,
                Template.guess(words),
                new Viewing(ImageProcessor.clip(World.SIDE, Aspect.PAD), TOKENS),
                RowForm.INDEPENDENT_TURNS,
                LONGEST);
        var seen = new WorldExamples(Setting.FULL, Split.VALIDATION, 3, 20, maker, true);
        var read = new PageExamples(seen, true);
        for (int i = 0; i < 20; i++) {
            var picture = Batch.of(List.of(seen.get(i)), LONGEST);
            var page = read.get(i);
            assertThat(page.picture()).isEmpty();
            assertThat(page.labels()).isEqualTo(picture.labels()[0]);
            assertThat(page.turns()).isEqualTo(picture.turns()[0]);
            assertThat(read.kinds(i)).isEqualTo(seen.kinds(i));
            int differ = 0;
            for (int t = 0; t < page.ids().length; t++) {
                differ += page.ids()[t] == picture.ids()[0][t] ? 0 : 1;
            }
            assertThat(differ).isEqualTo(TOKENS);
            long also = Arrays.stream(page.also())
                    .filter(further -> further.length > 0)
                    .count();
            long several = Page.of(seen.drawing(i), Setting.FULL.cell()).cells().stream()
                    .filter(cell -> cell.size() > 1)
                    .count();
            assertThat(also).isEqualTo(several).isPositive();
        }
    }
}
