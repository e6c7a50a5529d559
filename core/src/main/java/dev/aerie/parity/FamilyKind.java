package dev.aerie.parity;

import dev.aerie.eagle.AnswerListener;
import dev.aerie.eagle.AnswerOptions;
import dev.aerie.eagle.Eagle;
import dev.aerie.eagle.EagleModel;
import dev.aerie.eagle.LoadOptions;
import dev.aerie.eagle.Progress;
import dev.aerie.eagle.Prompt;
import dev.aerie.eagle.Question;
import dev.aerie.fusion.Routes;
import dev.aerie.fusion.Seen;
import dev.aerie.image.Picture;
import dev.aerie.image.Pictures;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.TensorScope;
import dev.aerie.tensor.Tensors;
import dev.aerie.text.ImageSlots;
import dev.aerie.text.Template;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A whole checkpoint of a model that Eagle is compared with, in its authors' layout. Towers that were released apart
/// lie in the folders `vision_tower` and `vision_tower_aux` of the checkpoint.
public abstract class FamilyKind implements Kind {

    /// LLaVA-1.5.
    public static final class Llava extends FamilyKind {
        public Llava() {
            super("llava-1.5");
        }
    }

    /// LLaVA-NeXT.
    public static final class LlavaNext extends FamilyKind {
        public LlavaNext() {
            super("llava-next");
        }
    }

    /// LLaVA-HR.
    public static final class LlavaHr extends FamilyKind {
        public LlavaHr() {
            super("llava-hr");
        }
    }

    /// Mini-Gemini.
    public static final class MiniGemini extends FamilyKind {
        public MiniGemini() {
            super("mini-gemini");
        }
    }

    /// Which visual tokens are kept: every 31st from the 5th on.
    private static final int FIRST = 5;

    private static final int STEP = 31;

    private final String name;

    private FamilyKind(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Outcome> run(GoldenFile file) {
        var checkpoint = file.folder().resolve("../..").normalize();
        var template = Template.named(file.json().get("template").asString());
        var towers = new LoadOptions.Towers(beside(checkpoint, "vision_tower"), beside(checkpoint, "vision_tower_aux"));
        var options = new LoadOptions(DType.F32, EagleModel.CLIP_INPUT, Optional.of(template), Progress.SILENT, false)
                .withTowers(towers);
        try (var eagle = Eagle.open(checkpoint, options);
                var expected = GoldenTensors.open(file.folder().resolve("expected.safetensors"));
                var _ = TensorScope.open()) {
            var measures = new Run(eagle, file.json(), checkpoint, expected).measures();
            var title = checkpoint.getFileName() + "/" + file.json().get("case").asString();
            return List.of(new Outcome(name, title, measures));
        }
    }

    private static Optional<Path> beside(Path checkpoint, String folder) {
        return Optional.of(checkpoint.resolve(folder)).filter(Files::isDirectory);
    }

    /// One case under way.
    private record Run(Eagle eagle, JsonNode json, Path checkpoint, GoldenTensors expected) {

        List<Measure> measures() {
            var measures = new ArrayList<Measure>();
            var turns = PromptsKind.turns(json.get("turns"));
            var text = eagle.template().prompt(turns);
            measures.add(Measure.exact("prompt", json.get("prompt").asString(), text));
            var ids = ImageSlots.encode(eagle.tokenizer(), text);
            measures.add(Measure.exact("input_ids", integers("input_ids"), list(ids)));
            var pictures = new ArrayList<Picture>();
            json.get("images").forEach(image -> pictures.add(Pictures.read(checkpoint.resolve(image.asString()))));
            var seen = pictures.stream().map(this::see).toList();
            for (int i = 0; i < seen.size(); i++) {
                compare(seen.get(i), i, measures);
            }
            var prompt =
                    new Prompt(ids, seen, pictures.stream().map(Picture::sha256).toList());
            int steps = integers("generated_ids").size();
            var greedy = Greedy.of(eagle, prompt, steps);
            measures.add(
                    expected.compare("logits_steps", Tensors.stack(greedy.scores(), 0), tolerance("logits_steps")));
            measures.add(Measure.exact("generated_ids", integers("generated_ids"), greedy.ids()));
            var question = turns.getFirst().question().replaceFirst("^(<image>\n)*", "");
            if (turns.size() == 1 && Greedy.canBeAsked(eagle, question, prompt, steps)) {
                ask(question, pictures, steps, measures);
            }
            return measures;
        }

        private Seen see(Picture picture) {
            var vision = eagle.model().vision().orElseThrow();
            return vision.look(picture, Routes.ALL, eagle.config().aspect(), DType.F32, Progress.SILENT);
        }

        private void compare(Seen seen, int picture, List<Measure> measures) {
            var tokens = seen.tokens().squeeze(0); // [N, hidden]
            measures.add(Measure.exact(
                    "visual_tokens", json.get("visual_tokens").get(picture).longValue(), tokens.size(0)));
            var field = "visual_tokens_" + picture;
            double tolerance = tolerance("visual_tokens");
            measures.add(expected.compare(field + "_slice", tokens.slice(0, FIRST, tokens.size(0), STEP), tolerance));
            measures.add(expected.compare(field + "_mean", tokens.mean(0), tolerance));
        }

        /// The same as a user asks: the question without markers, its pictures beside it.
        private void ask(String question, List<Picture> pictures, int steps, List<Measure> measures) {
            var how = AnswerOptions.DEFAULT.withMaxTokens(steps).ignoringEnd();
            var answer = eagle.ask(new Question(question, pictures), how, AnswerListener.NONE);
            measures.add(Measure.exact("ask: ids", integers("generated_ids"), list(answer.ids())));
            measures.add(
                    Measure.exact("generated_text", json.get("generated_text").asString(), answer.text()));
        }

        private double tolerance(String field) {
            return json.get("atol").get(field).doubleValue();
        }

        private List<Long> integers(String field) {
            var values = new ArrayList<Long>();
            json.get(field).forEach(value -> values.add(value.longValue()));
            return values;
        }

        private static List<Long> list(int[] values) {
            return Arrays.stream(values).asLongStream().boxed().toList();
        }
    }
}
