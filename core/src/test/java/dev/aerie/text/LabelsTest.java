package dev.aerie.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelsTest {

    private static final List<Message> TWO_TURNS =
            List.of(human("<image>\nWhat?"), gpt("A sign."), human("And?"), gpt("It reads open."));

    private static Message human(String value) {
        return new Message("human", value);
    }

    private static Message gpt(String value) {
        return new Message("gpt", value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "llava_v0", "llama3", "mpt", "llama_2", "mistral_instruct"})
    void theAnswersAndTheirEndsAreLearned(String name) {
        var tokenizer = Folders.golden("bpe-llama3");
        var template = Template.named(name);
        var sample = Labels.encode(tokenizer, template, TWO_TURNS, true, 4096);
        var learned =
                IntStream.of(sample.labels()).filter(id -> id != Labels.IGNORE).toArray();
        var end = template.style() == Template.Style.INSTRUCT ? " " + template.stop() : template.stop();
        var space = template.style() == Template.Style.TAGGED ? "" : " ";
        assertThat(tokenizer.decode(learned, false))
                .isEqualTo(space + "A sign." + end + space + "It reads open." + end);
        for (var i = 0; i < sample.ids().length; i++) {
            assertThat(sample.labels()[i]).isIn(Labels.IGNORE, sample.ids()[i]);
        }
    }

    @Test
    void cutsIdsAndLabelsAlike() {
        var tokenizer = Folders.golden("sentencepiece-new");
        var template = Template.named("v1");
        var whole = Labels.encode(tokenizer, template, TWO_TURNS, true, 4096);
        for (var length = 0; length <= whole.ids().length + 1; length++) {
            var cut = Labels.encode(tokenizer, template, TWO_TURNS, true, length);
            var expected = Math.min(length, whole.ids().length);
            assertThat(cut.ids()).isEqualTo(Arrays.copyOf(whole.ids(), expected));
            assertThat(cut.labels()).isEqualTo(Arrays.copyOf(whole.labels(), expected));
        }
    }

    @Test
    void aTokenBehindEveryTextDoesNotShiftTheLabels() {
        // This tokenizer ends every text with </s>.
        var tokenizer = Folders.own("llama-fast");
        var sample = Labels.encode(tokenizer, Template.named("mpt"), List.of(human("a"), gpt("the fox")), false, 4096);
        var first = IntStream.range(0, sample.labels().length)
                .filter(i -> sample.labels()[i] != Labels.IGNORE)
                .findFirst()
                .orElseThrow();
        var learned =
                IntStream.of(sample.labels()).filter(id -> id != Labels.IGNORE).toArray();
        assertThat(tokenizer.decode(learned, true)).startsWith("the fox");
        assertThat(sample.labels()[first - 1]).isEqualTo(Labels.IGNORE);
    }

    @Test
    void markersGoToTheFront() {
        var template = Template.named("v1");
        assertThat(Labels.withMarkers(
                        List.of(human("a <image> b <image>\u00A0"), gpt("c"), human("<image>")), template))
                .containsExactly(human("<image>\na  b"), gpt("c"), human("<image>"));
        assertThat(Labels.withMarkers(List.of(human(" no marker "), gpt(" c ")), template))
                .containsExactly(human("<image>\nno marker"), gpt(" c "));
        assertThat(Labels.withMarkers(List.of(human("<image>")), Template.named("v0_mmtag")))
                .containsExactly(human("<Image><image></Image>"));
    }

    @Test
    void withoutAPictureTheMarkerIsAWord() {
        var tokenizer = Folders.golden("sentencepiece-new");
        var sample = Labels.encode(tokenizer, Template.named("v1"), TWO_TURNS, false, 4096);
        assertThat(sample.ids()).doesNotContain(ImageSlots.IMAGE);
    }

    @Test
    void refusesWhatDoesNotFit() {
        refuse("v1", List.of(), "without messages");
        refuse("v1", List.of(human("a"), human("b")), "message 2", "\"human\"");
        refuse("v1", List.of(gpt("a"), gpt("b")), "message 2", "human was expected");
        refuse("v1", List.of(human("a"), new Message("system", "b")), "\"system\"");
        refuse("plain", List.of(human("a"), gpt("b")), "<image>");
        refuse("plain", TWO_TURNS, "4 messages");
    }

    private static void refuse(String template, List<Message> conversation, String... parts) {
        var tokenizer = Folders.golden("sentencepiece-new");
        var thrown = assertThatThrownBy(
                        () -> Labels.encode(tokenizer, Template.named(template), conversation, false, 4096))
                .isInstanceOf(AerieException.class)
                .hasMessageStartingWith("cannot ");
        Arrays.stream(parts).forEach(thrown::hasMessageContaining);
    }
}
