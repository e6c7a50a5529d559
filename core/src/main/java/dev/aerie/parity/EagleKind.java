package dev.aerie.parity;

import dev.aerie.eagle.AnswerListener;
import dev.aerie.eagle.AnswerOptions;
import dev.aerie.eagle.Eagle;
import dev.aerie.eagle.EagleModel;
import dev.aerie.eagle.LoadOptions;
import dev.aerie.eagle.Progress;
import dev.aerie.eagle.Prompt;
import dev.aerie.eagle.Question;
import dev.aerie.fusion.Seen;
import dev.aerie.image.Aspect;
import dev.aerie.image.ImageProcessor;
import dev.aerie.image.Picture;
import dev.aerie.image.Pictures;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.tensor.Tensors;
import dev.aerie.text.ImageSlots;
import dev.aerie.text.Template;
import dev.aerie.text.Whitespace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A whole checkpoint: from prompt and pictures to the generated tokens, each step against the reference.
public final class EagleKind implements Kind {

    @Override
    public String name() {
        return "eagle";
    }

    /// The checkpoint lies two folders above the case: `NAME/expected/CASE/case.json`.
    @Override
    public List<Outcome> run(GoldenFile file) {
        var checkpoint = file.folder().resolve("../..").normalize();
        var template = Template.named(file.json().get("template").asString());
        var options = new LoadOptions(DType.F32, EagleModel.CLIP_INPUT, Optional.of(template), Progress.SILENT, false);
        try (var eagle = Eagle.open(checkpoint, options);
                var expected = GoldenTensors.open(file.folder().resolve("expected.safetensors"));
                var _ = TensorScope.open()) {
            var run = new Run(eagle, file.json(), checkpoint, expected);
            return List.of(new Outcome(
                    name(),
                    checkpoint.getFileName() + "/" + file.json().get("case").asString(),
                    run.measures()));
        }
    }

    /// One case under way.
    private static final class Run {

        private final Eagle eagle;
        private final JsonNode json;
        private final GoldenTensors expected;
        private final List<Picture> pictures = new ArrayList<>();
        private final Aspect aspect;
        private final List<Measure> measures = new ArrayList<>();

        Run(Eagle eagle, JsonNode json, Path checkpoint, GoldenTensors expected) {
            this.eagle = eagle;
            this.json = json;
            this.expected = expected;
            aspect = json.get("image_aspect_ratio").asString().equals("pad") ? Aspect.PAD : Aspect.SQUARE;
            json.get("images").forEach(image -> pictures.add(Pictures.read(checkpoint.resolve(image.asString()))));
        }

        List<Measure> measures() {
            var turns = PromptsKind.turns(json.get("turns"));
            var text = eagle.template().prompt(turns);
            measures.add(Measure.exact("prompt", json.get("prompt").asString(), text));
            var ids = ImageSlots.encode(eagle.tokenizer(), text);
            measures.add(Measure.exact("input_ids", integers("input_ids"), list(ids)));
            var visual = pictures.isEmpty() ? List.<Seen>of() : look();
            var names = pictures.stream().map(Picture::sha256).toList();
            var prompt = new Prompt(ids, visual, names);
            int steps = integers("generated_ids").size();
            compare(Greedy.of(eagle, prompt, steps));
            var question = turns.getFirst().question().replaceFirst("^(<image>\n)*", "");
            if (turns.size() == 1
                    && aspect == eagle.config().aspect()
                    && Greedy.canBeAsked(eagle, question, prompt, steps)) {
                ask(question, steps);
            }
            return measures;
        }

        /// What each picture became.
        private List<Seen> look() {
            var vision = eagle.model().vision().orElseThrow();
            var processor = ImageProcessor.clip(vision.tower().input(), aspect);
            var hashes = new ArrayList<String>();
            var rows = new ArrayList<Tensor>();
            for (var picture : pictures) {
                var prepared = processor.prepare(picture);
                hashes.add(prepared.sha256());
                rows.add(Tensor.of(processor.normalise(prepared), 1, 3, prepared.height(), prepared.width()));
            }
            var pixels = Tensors.cat(rows, 0); // [n, 3, S, S]
            measures.add(Measure.exact("pixels_u8_sha256", strings("pixels_u8_sha256"), hashes));
            compareSlice("pixel_values", pixels);
            var features = vision.tower().encode(pixels, Progress.SILENT); // [n, tokens, ΣC]
            compareTokens("image_features", features.tokens());
            var projected = features.withTokens(vision.projector().apply(features.tokens())); // [n, tokens, hidden]
            compareTokens("projected", projected.tokens());
            var visual = new ArrayList<Seen>();
            for (int i = 0; i < pictures.size(); i++) {
                visual.add(projected.picture(i));
            }
            return visual;
        }

        private void compareTokens(String field, Tensor tokens) {
            compareSlice(field, tokens);
            measures.add(expected.compare(field + "_mean", tokens.mean(1), tolerance(field)));
            if (expected.has(field + "_std")) {
                measures.add(expected.compare(field + "_std", tokens.deviation(1, true), tolerance(field)));
            }
        }

        private void compareSlice(String field, Tensor tensor) {
            var slice = field + "_slice";
            var text = json.get("slices").get(slice).asString();
            measures.add(expected.compare(slice, Slice.of(tensor, text), tolerance(field)));
        }

        /// The scores of every step, and what was chosen.
        private void compare(Greedy greedy) {
            var scores = greedy.scores();
            measures.add(expected.compare("logits", scores.getFirst(), tolerance("logits")));
            measures.add(expected.compare("logits_steps", Tensors.stack(scores, 0), tolerance("logits_steps")));
            measures.add(Measure.exact("generated_ids", integers("generated_ids"), greedy.ids()));
            var logprobs = new ArrayList<Double>();
            for (int i = 0; i < scores.size(); i++) {
                int id = greedy.ids().get(i).intValue();
                logprobs.add(scores.get(i).logSoftmax(0).select(0, id).item());
            }
            compareLogprobs(logprobs);
        }

        /// A log-probability moves at most twice as far as the scores it comes from.
        private void compareLogprobs(List<Double> actual) {
            double largest = 0;
            for (int i = 0; i < actual.size(); i++) {
                largest = Math.max(
                        largest, Math.abs(json.get("generated_logprobs").get(i).doubleValue() - actual.get(i)));
            }
            measures.add(Measure.of("generated_logprobs", largest, 2 * tolerance("logits_steps")));
        }

        /// The same as a user asks: the question without markers, its pictures beside it.
        private void ask(String question, int steps) {
            var how = AnswerOptions.DEFAULT.withMaxTokens(steps).ignoringEnd();
            var said = new StringBuilder();
            AnswerListener listener = piece -> {
                said.append(piece);
                return true;
            };
            var answer = eagle.ask(new Question(question, pictures), how, listener);
            measures.add(Measure.exact("ask: prompt ids", integers("input_ids"), list(answer.promptIds())));
            measures.add(Measure.exact("ask: ids", integers("generated_ids"), list(answer.ids())));
            var text = json.get("generated_text").asString();
            measures.add(Measure.exact("generated_text", text, answer.text()));
            measures.add(Measure.exact("streamed text", text, Whitespace.strip(said.toString())));
        }

        private double tolerance(String field) {
            return json.get("atol").get(field).doubleValue();
        }

        private List<Long> integers(String field) {
            var values = new ArrayList<Long>();
            json.get(field).forEach(value -> values.add(value.longValue()));
            return values;
        }

        private List<String> strings(String field) {
            var values = new ArrayList<String>();
            json.get(field).forEach(value -> values.add(value.asString()));
            return values;
        }

        private static List<Long> list(int[] values) {
            return Arrays.stream(values).asLongStream().boxed().toList();
        }
    }
}
