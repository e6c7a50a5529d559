package dev.aerie.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The numbers are the golden cases', in which the end token does not stop.
class AskCommandTest {

    private static final Path X5 = Aerie.MODELS.resolve("eagle-x5-tiny");
    private static final Path X4 = Aerie.MODELS.resolve("eagle-x4-tiny-llama3");
    private static final Path X2 = Aerie.MODELS.resolve("eagle-x2-tiny");

    @TempDir
    private Path folder = Path.of("");

    @Test
    void answersInTextAtOnceOrPieceByPiece() {
        var expected = golden(X5, "text-only");
        var question = expected.at("/turns/0/0").asString();
        for (var streaming : List.of(List.of(), List.of("--stream"))) {
            var result = ask(X5, question, streaming);
            assertThat(result.code()).isZero();
            assertThat(result.out().strip())
                    .isEqualTo(expected.get("generated_text").asString());
        }
    }

    @Test
    void answersInJson() {
        for (var model : List.of(X5, X4)) {
            var expected = golden(model, "text-only");
            check(ask(model, expected.at("/turns/0/0").asString(), List.of("--json")), expected);
        }
    }

    @Test
    void looksAtPictures() {
        for (var model : List.of(X2, X4)) {
            var expected = golden(model, "single");
            check(
                    ask(model, "What is written on the sign?", List.of("--json", "-i", picture(model, "wide.png"))),
                    expected);
        }
    }

    @Test
    void looksThroughTowersThatLieElsewhere() {
        var model = Aerie.MODELS.resolveSibling("family").resolve("mini-gemini-tiny");
        var options = List.<Object>of(
                "--json",
                "-i",
                picture(model, "a.png"),
                "--vision-tower",
                model.resolve("vision_tower"),
                "--vision-tower-aux",
                model.resolve("vision_tower_aux"),
                "--template",
                "vicuna_v1");
        var expected = golden(model, "single");
        var answer = json(ask(model, "What is written on the sign?", options).out());
        assertThat(answer.get("ids")).isEqualTo(expected.get("generated_ids"));
        assertThat(answer.get("prompt_ids")).isEqualTo(expected.get("input_ids"));
        assertThat(answer.get("text")).isEqualTo(expected.get("generated_text"));
        var without = ask(model, "What is written on the sign?", options.subList(0, 3));
        assertThat(without.code()).isNotZero();
        assertThat(without.err()).contains("--vision-tower").hasLineCount(1);
    }

    @Test
    void rawQuestionsPlaceTheirPictures() {
        var options = List.of("--json", "--raw", "-i", picture(X5, "tiny.png"));
        check(ask(X5, "Describe it.\n<image>", options), golden(X5, "small-picture"));
    }

    @Test
    void aBatchAnswersAsOneByOne() throws IOException {
        Files.copy(picture(X2, "wide.png"), folder.resolve("wide.png"));
        var file = Files.writeString(folder.resolve("questions.jsonl"), """
                {"question": "What is written on the sign?", "images": ["wide.png"]}

                {"question": "And without?"}
                """);
        var batch = Aerie.run("ask", "-m", X2, "--questions", file, "--json", "--max-tokens", 24, "--ignore-eos");
        assertThat(batch.code()).isZero();
        var answers = batch.out().lines().toList();
        assertThat(answers).hasSize(2);
        check(new Aerie.Result(0, answers.getFirst(), ""), golden(X2, "single"));
        var alone = ask(X2, "And without?", List.of("--json"));
        for (var field : List.of("ids", "prompt_ids", "text")) {
            assertThat(json(answers.getLast()).get(field))
                    .isEqualTo(json(alone.out()).get(field));
        }
    }

    /// More than are answered together.
    @Test
    void manyQuestionsAreAnsweredInTheirOrder() throws IOException {
        int last = 9;
        var lines = IntStream.rangeClosed(0, last)
                .mapToObj("{\"question\": \"What is %d + 1?\"}"::formatted)
                .toList();
        var file = Files.write(folder.resolve("questions.jsonl"), lines);
        var all = Aerie.run("ask", "-m", X2, "--questions", file, "--json", "--max-tokens", 24, "--ignore-eos");
        assertThat(all.code()).describedAs(all.err()).isZero();
        var answers = all.out().lines().toList();
        assertThat(answers).hasSize(last + 1);
        for (int i : new int[] {0, last}) {
            var alone = json(
                    ask(X2, "What is %d + 1?".formatted(i), List.of("--json")).out());
            for (var field : List.of("ids", "prompt_ids", "text")) {
                assertThat(json(answers.get(i)).get(field)).isEqualTo(alone.get(field));
            }
        }
    }

    @Test
    void mistakesInQuestionFilesAreNamed() throws IOException {
        var file = folder.resolve("questions.jsonl");
        refused("cannot read the questions", file);
        Files.writeString(file, "\n");
        refused("no questions", file);
        Files.writeString(file, "{\"question\": \"a\"}\nnonsense");
        refused("question 2", file);
        Files.writeString(file, "{\"question\": 3}");
        refused("no text", file);
        Files.writeString(file, "{\"question\": \"a\", \"images\": [\"none.png\"]}");
        refused("none.png", file);
    }

    /// A picture in a form that is not known would be asked about unseen; a damaged one keeps no other from its answer.
    @Test
    void picturesOfABatchAreSeenOrSaidToBeMissing() throws IOException {
        var file = folder.resolve("questions.jsonl");
        var good = Files.copy(picture(X2, "wide.png"), folder.resolve("good.png"));
        var bad = Files.writeString(folder.resolve("bad.png"), "no picture");
        Files.writeString(file, "{\"question\": \"?\", \"images\": \"good.png\"}");
        refused("cannot tell the pictures of question 1", file);
        Files.writeString(
                file,
                "{\"question\": \"?\", \"image\": \"%s\"}%n{\"question\": \"?\", \"images\": [\"%s\"]}%n"
                        .formatted(good.getFileName(), bad.getFileName()));
        var result = Aerie.run("ask", "-m", X2, "--questions", file, "--json", "--max-tokens", 2);
        assertThat(result.code()).isEqualTo(Main.MISTAKE);
        var lines = result.out().lines().toList();
        assertThat(lines).hasSize(2);
        assertThat(json(lines.getFirst()).get("ids")).isNotEmpty();
        assertThat(json(lines.getLast()).get("error").asString()).contains("bad.png");
        assertThat(result.err()).contains("question 2: ", "1 of 2 questions could not be answered");
    }

    @Test
    void optionsThatLeaveNoRoomForEachOtherAreRefused() {
        for (var options :
                List.of(List.of("--top-k", 5), List.of("--seed", 0), List.of("--beams", 2, "--temperature", 1))) {
            var result = ask(folder.resolve("nowhere"), "Hello?", options); // before a model is looked for
            assertThat(result.code()).isEqualTo(Main.MISTAKE);
            assertThat(result.err()).contains("--temperature").hasLineCount(1);
        }
    }

    private static void refused(String message, Path questions) {
        var result = Aerie.run("ask", "-m", X2, "--questions", questions);
        assertThat(result.code()).isEqualTo(Main.MISTAKE);
        assertThat(result.err()).contains(message).hasLineCount(1);
    }

    @Test
    void aModelWithoutEyesSaysSo() throws IOException {
        for (var file : List.of("model.safetensors", "tokenizer.model", "tokenizer_config.json")) {
            Files.copy(X2.resolve(file), folder.resolve(file));
        }
        var config = Files.readString(X2.resolve("config.json"));
        Files.writeString(folder.resolve("config.json"), config.replace("\"mm_vision_tower\"", "\"was\""));
        var result = ask(folder, "What?", List.of("-i", picture(X2, "wide.png")));
        assertThat(result.code()).isEqualTo(Main.MISTAKE);
        assertThat(result.err()).contains("no vision tower").hasLineCount(1);
    }

    private static Aerie.Result ask(Path model, String question, List<?> options) {
        var arguments =
                new ArrayList<Object>(List.of("ask", "-m", model, "--max-tokens", 24, "--ignore-eos", question));
        arguments.addAll(options);
        return Aerie.run(arguments.toArray());
    }

    private static void check(Aerie.Result result, JsonNode expected) {
        assertThat(result.code()).isZero();
        var answer = json(result.out());
        assertThat(answer.get("ids")).isEqualTo(expected.get("generated_ids"));
        assertThat(answer.get("prompt_ids")).isEqualTo(expected.get("input_ids"));
        assertThat(answer.get("text")).isEqualTo(expected.get("generated_text"));
        assertThat(answer.get("logprobs")).hasSameSizeAs(expected.get("generated_logprobs"));
        assertThat(answer.at("/timings/prompt_tokens").intValue()).isPositive();
    }

    private static Path picture(Path model, String name) {
        return model.resolve("expected/images").resolve(name);
    }

    private static JsonNode golden(Path model, String name) {
        return JsonMapper.shared()
                .readTree(model.resolve("expected").resolve(name).resolve("case.json"));
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }
}
