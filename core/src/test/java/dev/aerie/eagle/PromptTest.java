package dev.aerie.eagle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aerie.fusion.Places.Place;
import dev.aerie.fusion.Seen;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import dev.aerie.text.ImageSlots;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Where pictures stand in a row, and what is left of them where it is cut.
class PromptTest {

    private static final Seen FOUR = Seen.of(Tensor.shapeOnly(DType.F32, 1, 4, 8));
    private static final Prompt PROMPT = new Prompt(
            new int[] {1, ImageSlots.IMAGE, 2, 3, ImageSlots.IMAGE}, List.of(FOUR, FOUR), List.of("one", "two"));

    @Test
    void wholePicturesBehindPadding() {
        assertThat(PROMPT.length()).isEqualTo(11).isEqualTo(PROMPT.positions().size());
        assertThat(PROMPT.places(5, 16, 3)).containsExactly(new Place(6, 4, 3), new Place(12, 4, 4));
    }

    @Test
    void whatWasCutOffStandsNowhere() {
        assertThat(PROMPT.places(5, 13, 3)).containsExactly(new Place(6, 4, 3), new Place(12, 1, 4));
        assertThat(PROMPT.places(5, 12, 3)).containsExactly(new Place(6, 4, 3));
        assertThat(PROMPT.places(0, 3, 0)).containsExactly(new Place(1, 2, 0));
    }
}
