package dev.aerie.lab.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import dev.aerie.text.ImageSlots;
import dev.aerie.text.Labels;
import dev.aerie.text.Message;
import dev.aerie.text.Template;
import dev.aerie.text.Tokenizer;
import dev.aerie.text.Turn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorldTokenizerTest {

    private static final int BOS = 1;
    private static final int EOS = 2;
    private static final int UNKNOWN = 3;

    @TempDir
    private Path folder = Path.of("");

    private Tokenizer open() {
        WorldTokenizer.write(folder);
        return Tokenizer.open(folder);
    }

    private static List<String> tokens(Tokenizer tokenizer, String text) {
        return IntStream.of(tokenizer.encode(text)).mapToObj(tokenizer::token).toList();
    }

    @Test
    void theIdsAreThoseOfTheList() {
        var tokenizer = open();
        var tokens = WorldTokenizer.tokens();
        assertThat(tokens).doesNotHaveDuplicates().startsWith("<pad>", "<s>", "</s>", "<unk>", "<answer>");
        assertThat(tokenizer.size()).isEqualTo(tokens.size());
        for (var id = 0; id < tokens.size(); id++) {
            assertThat(tokenizer.token(id)).isEqualTo(tokens.get(id));
        }
        assertThat(tokenizer.bos()).hasValue(BOS);
        assertThat(tokenizer.eos()).hasValue(EOS);
        assertThat(tokenizer.pad()).hasValue(0);
        assertThat(tokenizer.unk()).hasValue(UNKNOWN);
        assertThat(Template.guess(tokenizer).name()).isEqualTo("eaglet");
    }

    @Test
    void whatTheWorldSaysComesBack() {
        var tokenizer = open();
        var used = new HashSet<Integer>();
        Series.of(Split.VALIDATION, 13).drawings().limit(1500).forEach(drawing -> {
            var texts = new ArrayList<>(List.of(drawing.caption(), World.CAPTION_REQUEST));
            drawing.questions().forEach(question -> texts.addAll(List.of(question.text(), question.answer())));
            for (var text : texts) {
                var ids = tokenizer.encode(text);
                assertThat(ids).as(text).doesNotContain(UNKNOWN).hasSizeLessThanOrEqualTo(48);
                assertThat(tokenizer.decode(ids, true)).isEqualTo(text);
                var streaming = tokenizer.streaming();
                var said = new StringBuilder();
                IntStream.of(ids).forEach(id -> said.append(streaming.next(id)));
                assertThat(said.append(streaming.finish()).toString()).isEqualTo(text);
                IntStream.of(ids).forEach(used::add);
            }
        });
        var words = WorldTokenizer.tokens();
        assertThat(IntStream.range(0, words.size())
                        .filter(id -> words.get(id).startsWith("▁") && !used.contains(id))
                        .mapToObj(words::get))
                .isEmpty();
    }

    /// What a picture spells is a token per character; all else, but for the article, is a token per word.
    @Test
    void onlyWhatIsSpelledIsSpelled() {
        var tokenizer = open();
        assertThat(tokens(tokenizer, "what colour is the box that says unow?"))
                .containsExactly(
                        "<s>", "▁what", "▁colour", "▁is", "▁the", "▁box", "▁that", "▁says", "▁", "u", "n", "o", "w",
                        "?");
        assertThat(tokens(tokenizer, "42")).containsExactly("<s>", "▁", "4", "2");
        assertThat(tokens(tokenizer, "redo")).containsExactly("<s>", "▁", "r", "e", "d", "o");
        Series.of(Split.VALIDATION, 14).drawings().limit(1500).forEach(drawing -> {
            var spelled = IntStream.of(tokenizer.encode(drawing.caption()))
                    .mapToObj(tokenizer::token)
                    .filter(token -> token.length() == 1 && CharacterGrid.isCharacter(token.charAt(0)))
                    .count();
            var mentionsTwice = drawing.caption().split(" to ", -1).length - 1;
            var keys = drawing.kind() == Kind.DOC ? keyLetters(drawing) : 0;
            assertThat(spelled)
                    .as(drawing.caption())
                    .isEqualTo(drawing.characters().size() + mentionsTwice - keys);
        });
    }

    private static int keyLetters(Drawing drawing) {
        return Form.KEYS.stream()
                .filter(key -> (" " + drawing.caption()).contains(" " + key + ":"))
                .mapToInt(String::length)
                .sum();
    }

    @Test
    void peopleMayTypeAsTheyLike() {
        var tokenizer = open();
        assertThat(tokenizer.encode("  What COLOUR\tis the  box ?\n"))
                .isEqualTo(tokenizer.encode("what colour is the box?"));
        assertThat(tokenizer.encode("Größe 日本 naïve!")).contains(UNKNOWN);
        assertThat(tokenizer.decode(tokenizer.encode("Naïve handsome dog's"), true))
                .isEqualTo("naive handsome dog's");
        assertThat(tokenizer.encode("")).containsExactly(BOS);
        assertThat(tokenizer.encode(" \n ")).containsExactly(BOS);
        assertThat(tokenizer.encode("x".repeat(10_000))).hasSize(10_002);
    }

    @Test
    void aConversationIsShort() {
        var tokenizer = open();
        var template = Template.named("eaglet");
        var ids = ImageSlots.encode(
                tokenizer, template, List.of(new Turn("where is the red star?", 1, "top left"), Turn.open("why?", 0)));
        assertThat(IntStream.of(ids).mapToObj(id -> id < 0 ? "<image>" : tokenizer.token(id)))
                .containsExactly(
                        "<s>",
                        "<image>",
                        "▁where",
                        "▁is",
                        "▁the",
                        "▁red",
                        "▁star",
                        "?",
                        "<answer>",
                        "▁top",
                        "▁left",
                        "</s>",
                        "▁",
                        "w",
                        "h",
                        "y",
                        "?",
                        "<answer>");
        assertThat(template.stopToken(tokenizer)).hasValue(EOS);
    }

    @Test
    void answersAndTheirEndsAreLearned() {
        var tokenizer = open();
        var drawing = World.draw(Split.TRAINING.seed(0, 4));
        var messages = new ArrayList<Message>();
        for (var question : drawing.questions()) {
            messages.add(new Message("human", (messages.isEmpty() ? "<image>\n" : "") + question.text()));
            messages.add(new Message("gpt", question.answer()));
        }
        var labelled = Labels.encode(tokenizer, Template.named("eaglet"), messages, true, 2048);
        var learned = IntStream.of(labelled.labels())
                .filter(id -> id != Labels.IGNORE)
                .toArray();
        var expected = IntStream.builder();
        for (var question : drawing.questions()) {
            Arrays.stream(tokenizer.encode(question.answer())).skip(1).forEach(expected);
            expected.add(EOS);
        }
        assertThat(learned).isEqualTo(expected.build().toArray());
    }

    @Test
    void writingAgainReplacesAndWhereNothingCanBeWrittenSaysSo() throws IOException {
        open();
        Files.writeString(folder.resolve("tokenizer.json"), "damaged");
        open();
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json");
        }
        var file = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> WorldTokenizer.write(file.resolve("below")))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining(file.toString());
    }
}
