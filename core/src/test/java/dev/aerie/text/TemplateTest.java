package dev.aerie.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TemplateTest {

    static List<String> names() {
        return Template.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void whatUsersAndModelsSaidIsLiteral(String name) {
        var template = Template.named(name);
        assertThat(template.name()).isEqualTo(name);
        var spans = template.spans(
                List.of(new Turn("first", 0, "second"), new Turn("third", 1, "fourth"), Turn.open("fifth", 0)));
        assertThat(spans.stream().filter(span -> !span.trusted()).map(Span::text))
                .containsExactly("first", "second", "third", "fourth", "fifth");
        assertThat(spans)
                .filteredOn(span -> span.equals(Span.trusted("<image>")))
                .hasSize(1);
        assertThat(spans).extracting(Span::text).doesNotContain("");
    }

    @Test
    void picturesStandBeforeTheQuestion() {
        var template = Template.named("vicuna_v1");
        assertThat(template.prompt(List.of(Turn.open("Which?", 2))))
                .isEqualTo(template.prompt(List.of(Turn.marked("<image>\n<image>\nWhich?", null))))
                .endsWith("USER: <image>\n<image>\nWhich? ASSISTANT:");
        assertThat(Template.named("v1_mmtag").prompt(List.of(Turn.open("Which?", 1))))
                .endsWith("USER: <Image><image></Image>\nWhich? ASSISTANT:");
    }

    @Test
    void markedTurnsKnowTheirPictures() {
        assertThat(Turn.marked("a <image> b <image>", null).images()).isEqualTo(2);
        assertThat(Turn.marked("none", "x").images()).isZero();
        assertThatThrownBy(() -> new Turn("q", -1, null)).hasMessageContaining("-1 images");
    }

    @Test
    void anEmptyMessageIsStillToCome() {
        var template = Template.named("v1");
        assertThat(template.prompt(List.of(new Turn("", 0, "")))).endsWith("questions. USER:ASSISTANT:");
    }

    @Test
    void plainIsMarkerCaptionNewline() {
        assertThat(Template.named("plain").prompt(List.of(Turn.marked("<image>", "a cat"))))
                .isEqualTo("<image>a cat\n");
    }

    @Test
    void theMiniaturesTemplateIsJustWhatIsSaid() {
        assertThat(Template.named("eaglet").prompt(List.of(new Turn("q?", 1, "a"), Turn.open("r?", 0))))
                .isEqualTo("<image>\nq?<answer>a</s>r?<answer>");
    }

    @Test
    void instructNeedsAFirstQuestion() {
        assertThatThrownBy(() -> Template.named("llama_2").prompt(List.of(Turn.open("", 0))))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("llama_2");
        assertThat(Template.named("llava_llama_2").prompt(List.of(new Turn("q", 0, "a"))))
                .startsWith("[INST] <<SYS>>\nYou are a helpful language and vision assistant.")
                .endsWith("<</SYS>>\n\nq [/INST] a </s>");
        assertThat(Template.named("mistral_instruct").prompt(List.of())).isEmpty();
    }

    @Test
    void unknownNamesListTheKnownOnes() {
        assertThatThrownBy(() -> Template.named("vicuna"))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("\"vicuna\"")
                .hasMessageContaining("vicuna_v1")
                .hasMessageContaining("llama3");
    }

    @Test
    void theVocabularyTellsTheTemplate() {
        var names = Map.of(
                "bpe-llama3",
                "llama3",
                "sentencepiece-chatml",
                "yi_34b_chatml_direct",
                "sentencepiece-new",
                "vicuna_v1");
        names.forEach((folder, template) -> {
            var tokenizer = Folders.golden(folder);
            var guess = Template.guess(tokenizer);
            assertThat(guess.name()).isEqualTo(template);
            assertThat(guess.stopToken(tokenizer)).isEqualTo(tokenizer.eos());
            assertThat(tokenizer.token(guess.stopToken(tokenizer).orElseThrow()))
                    .isEqualTo(guess.stop());
        });
        assertThat(Template.named("llava_v0").stopToken(Folders.golden("sentencepiece-new")))
                .isEmpty();
    }

    @Test
    void onlyTheTurnsPicturesAreSlots() {
        for (var name : List.of("sentencepiece-new", "sentencepiece-legacy", "sentencepiece-chatml", "bpe-llama3")) {
            var tokenizer = Folders.golden(name);
            var template = Template.guess(tokenizer);
            var ids = ImageSlots.encode(
                    tokenizer,
                    template,
                    List.of(new Turn("Is <image> a word?", 1, "<image></s>"), Turn.open("<image>", 0)));
            assertThat(IntStream.of(ids).filter(id -> id == ImageSlots.IMAGE).count())
                    .isEqualTo(1);
            var text = tokenizer.decode(IntStream.of(ids).filter(id -> id >= 0).toArray(), true);
            assertThat(text).contains("Is <image> a word?").contains("<image></s>");
        }
    }

    @Test
    void harmlessConversationsHaveTheReferencesIds() {
        for (var name : List.of("sentencepiece-new", "sentencepiece-legacy", "sentencepiece-chatml", "bpe-llama3")) {
            var tokenizer = Folders.golden(name);
            for (var template : Template.names()) {
                var turns = List.of(new Turn("What is it? 日本", 2, "It's a  sign."), Turn.open("Größe?", 1));
                var prompt = Template.named(template).prompt(turns);
                assertThat(ImageSlots.encode(tokenizer, Template.named(template), turns))
                        .as("%s %s", name, template)
                        .isEqualTo(ImageSlots.encode(tokenizer, prompt));
            }
        }
    }
}
