package dev.aerie.train.parity;

import dev.aerie.AerieException;
import dev.aerie.eagle.EagleConfig;
import dev.aerie.eagle.EagleModel;
import dev.aerie.image.Aspect;
import dev.aerie.image.ImageProcessor;
import dev.aerie.image.Pictures;
import dev.aerie.nn.CheckpointSource;
import dev.aerie.parity.GoldenFile;
import dev.aerie.parity.GoldenTensors;
import dev.aerie.parity.Kind;
import dev.aerie.parity.Measure;
import dev.aerie.parity.Outcome;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.text.Labels;
import dev.aerie.text.Message;
import dev.aerie.text.Template;
import dev.aerie.text.Tokenizer;
import dev.aerie.train.data.Sample;
import dev.aerie.train.data.Shown;
import dev.aerie.train.data.Viewing;
import dev.aerie.train.model.Batch;
import dev.aerie.train.model.Parameters;
import dev.aerie.train.model.Part;
import dev.aerie.train.model.TrainingModel;
import dev.aerie.train.optimise.Optimiser;
import dev.aerie.weights.Checkpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Whole stages of training on a small checkpoint: the rows that are learned from, losses, gradients, and the weights
/// after the last step. Each stage is run twice, with and without recomputed activations.
///
/// Adam's first step moves every weight by the full rate, however small its gradient: where a gradient is rounding
/// noise, the noise decides the direction. What comes after is therefore allowed [#DRIFT] times the case's tolerance.
/// (The reference's formulas in float64 end up 3e-5 from its float32 losses and 7e-4 from its norms; in float32 on
/// another machine, 5e-4 to the other side.) For the same reason weights whose gradient is nothing but noise, such as
/// a key's bias, which softmax does not see, are not compared.
public final class TrainKind implements Kind {

    private static final double DRIFT = 30;

    /// Below this share of the norm of all gradients together, that of one parameter is rounding noise.
    private static final double NOISE = 1e-6;

    @Override
    public String name() {
        return "train";
    }

    /// The checkpoint lies beside the folder of the kind: `train/CASE/case.json` and `model/CHECKPOINT`.
    @Override
    public List<Outcome> run(GoldenFile file) {
        var json = file.json();
        var checkpoint = file.folder()
                .resolve("../../model")
                .resolve(json.path("checkpoint").stringValue())
                .normalize();
        var outcomes = new ArrayList<Outcome>();
        try (var expected = GoldenTensors.open(file.folder().resolve("gradients.safetensors"))) {
            for (var stage : json.path("stages").properties()) {
                for (boolean recompute : new boolean[] {false, true}) {
                    var run = new Run(file.folder(), checkpoint, stage.getKey(), stage.getValue(), json, expected);
                    var label = json.path("checkpoint").stringValue() + " " + stage.getKey()
                            + (recompute ? ", recomputed" : "");
                    outcomes.add(new Outcome(name(), label, run.measures(recompute)));
                }
            }
        }
        return outcomes;
    }

    /// One stage under way.
    private record Run(
            Path folder, Path checkpoint, String name, JsonNode stage, JsonNode json, GoldenTensors expected) {

        List<Measure> measures(boolean recompute) {
            var config = EagleConfig.open(checkpoint);
            var parts = Arrays.stream(stage.path("trainable").stringValue().split("\\+"))
                    .map(Part::named)
                    .collect(Collectors.toSet());
            try (var source = new CheckpointSource(Checkpoint.open(checkpoint));
                    var parameters = new Parameters(source, name -> learns(parts, name), DType.F32)) {
                var eagle = EagleModel.of(parameters, config, EagleModel.CLIP_INPUT);
                var tower = eagle.vision()
                        .orElseThrow(() -> new AerieException(checkpoint + " has no vision tower"))
                        .tower();
                var aspect = stage.path("image_aspect_ratio").stringValue().equals("pad") ? Aspect.PAD : Aspect.SQUARE;
                var processor = ImageProcessor.clip(tower.input(), aspect);
                var viewing = new Viewing(processor, tower.tokens());
                var model =
                        new TrainingModel(eagle, DType.F32, viewing, _ -> parts.contains(Part.EXPERTS), recompute, 256);
                var samples = samples(viewing);
                var measures = new ArrayList<Measure>();
                measures.add(rows("input_ids", samples.stream().map(Sample::ids).toList()));
                measures.add(rows("labels", samples.stream().map(Sample::labels).toList()));
                var batch = Batch.of(samples, config.maxLength());
                measures.add(Measure.exact(
                        "length", stage.path("logits_shape").get(1).intValue(), batch.tokens()));
                steps(model, parameters, batch, measures);
                return measures;
            }
        }

        private static boolean learns(Set<Part> parts, String name) {
            return parts.contains(Part.ALL) || parts.contains(Part.of(name));
        }

        private List<Sample> samples(Viewing viewing) {
            var tokenizer = Tokenizer.open(checkpoint);
            var template = Template.named(stage.path("template").stringValue());
            var samples = new ArrayList<Sample>();
            var records = JsonMapper.shared()
                    .readTree(folder.resolve(stage.path("data").stringValue()).toFile());
            for (var record : records) {
                var conversation = record.path("conversations")
                        .valueStream()
                        .map(m -> new Message(
                                m.path("from").stringValue(), m.path("value").stringValue()))
                        .toList();
                boolean sees = record.has("image");
                var row = Labels.encode(tokenizer, template, conversation, sees, Integer.MAX_VALUE);
                var picture = sees
                        ? Optional.of(viewing.show(Pictures.read(checkpoint
                                .resolve("expected/images")
                                .resolve(record.path("image").stringValue()))))
                        : Optional.<Shown>empty();
                samples.add(new Sample(
                        record.path("id").stringValue(), row.ids(), row.labels(), new int[row.ids().length], picture));
            }
            return samples;
        }

        /// Rows as the reference pads them: with the padding token or −100, which are of no account here.
        private Measure rows(String field, List<int[]> rows) {
            var theirs = new ArrayList<List<Integer>>();
            var ours = new ArrayList<List<Integer>>();
            for (int b = 0; b < rows.size(); b++) {
                int n = rows.get(b).length;
                theirs.add(stage.path(field)
                        .path(b)
                        .valueStream()
                        .limit(n)
                        .map(JsonNode::intValue)
                        .toList());
                ours.add(Arrays.stream(rows.get(b)).boxed().toList());
            }
            return Measure.exact(field, theirs, ours);
        }

        private void steps(TrainingModel model, Parameters parameters, Batch batch, List<Measure> measures) {
            var betas = stage.path("betas");
            var settings = new Optimiser.Settings(
                    betas.get(0).doubleValue(),
                    betas.get(1).doubleValue(),
                    stage.path("eps").doubleValue(),
                    stage.path("weight_decay").doubleValue());
            int steps = stage.path("steps").intValue();
            var losses = new ArrayList<Double>();
            var norms = new ArrayList<Double>();
            try (var optimiser = new Optimiser(parameters, settings)) {
                for (int step = 0; step < steps; step++) {
                    losses.add(model.learn(batch, 1).mean());
                    norms.add(optimiser.norm());
                    if (step == 0) {
                        gradients(parameters, norms.getFirst(), measures);
                    }
                    double rate = stage.path("lrs").get(step).doubleValue();
                    optimiser.step(_ -> rate, 1);
                }
                losses.add(model.learn(batch, 1).mean());
            }
            int still = frozenSteps();
            losses(measures, losses, 0, still, 1);
            losses(measures, losses, still, steps + 1, DRIFT);
            norms(measures, norms, 0, still, 1);
            norms(measures, norms, still, steps, DRIFT);
            after(parameters, measures);
        }

        /// The steps up to which the weights are as they were loaded.
        private int frozenSteps() {
            int n = 0;
            while (stage.path("lrs").path(n).doubleValue() == 0) {
                n++;
            }
            return n + 1;
        }

        private void losses(List<Measure> measures, List<Double> ours, int from, int to, double drift) {
            var theirs = new ArrayList<>(numbers("losses"));
            theirs.add(stage.path("final_loss").doubleValue());
            measures.add(relative("losses", theirs.subList(from, to), ours.subList(from, to), drift));
        }

        private void norms(List<Measure> measures, List<Double> ours, int from, int to, double drift) {
            measures.add(
                    relative("grad_norms", numbers("grad_norms").subList(from, to), ours.subList(from, to), drift));
        }

        private List<Double> numbers(String field) {
            return stage.path(field).valueStream().map(JsonNode::doubleValue).toList();
        }

        private Measure relative(String field, List<Double> theirs, List<Double> ours, double drift) {
            double largest = 0;
            for (int i = 0; i < theirs.size(); i++) {
                double off = Math.abs(theirs.get(i) - ours.get(i)) / Math.abs(theirs.get(i));
                largest = off <= largest ? largest : off;
            }
            return Measure.of(field, largest, tolerance(field) * drift);
        }

        private double tolerance(String field) {
            return json.path("rtol").path(field).doubleValue();
        }

        private void gradients(Parameters parameters, double norm, List<Measure> measures) {
            var actual = new TreeMap<String, Tensor>();
            for (var parameter : parameters.learned()) {
                actual.put(
                        parameter.name(),
                        parameter
                                .working()
                                .gradient()
                                .orElseGet(() -> Tensor.zeros(
                                        DType.F32, parameter.master().shape())));
            }
            measures.add(compare("gradients", name + "/", actual, NOISE * norm, tolerance("gradients")));
        }

        private void after(Parameters parameters, List<Measure> measures) {
            var actual = new TreeMap<String, Tensor>();
            double noise = NOISE * numbers("grad_norms").getFirst();
            for (var parameter : parameters.learned()) {
                var gradient = expected.get(name + "/" + parameter.name()).toFloats();
                if (gradient[gradient.length - 1] > noise) {
                    actual.put(parameter.name(), parameter.master());
                }
            }
            measures.add(compare("after", name + "/after/", actual, 0, DRIFT * tolerance("after")));
        }

        /// The first 16 values and the norm of each tensor, relative to the larger of the value and the tensor's
        /// root mean square, which counts as `least` at least.
        private Measure compare(
                String field, String prefix, Map<String, Tensor> actual, double least, double tolerance) {
            double largest = 0;
            var worst = "";
            for (var each : actual.entrySet()) {
                if (!expected.has(prefix + each.getKey())) {
                    return Measure.failed(field, "nothing is expected of " + each.getKey());
                }
                try (var _ = TensorScope.open()) {
                    var theirs = expected.get(prefix + each.getKey()).toFloats();
                    var tensor = each.getValue().detach().to(DType.F32);
                    long n = tensor.elements();
                    double size = Math.max(theirs[theirs.length - 1] / Math.sqrt(n), least);
                    var flat = tensor.contiguous().reshape(n);
                    var first = flat.narrow(0, 0, theirs.length - 1L).toFloats();
                    for (int i = 0; i < first.length; i++) {
                        double off = Math.abs(first[i] - theirs[i]) / Math.max(Math.abs(theirs[i]), size);
                        if (!(off <= largest)) {
                            largest = off;
                            worst = each.getKey() + "[" + i + "]: expected " + theirs[i] + ", got " + first[i];
                        }
                    }
                    double norm = Math.sqrt(flat.times(flat).sum().item());
                    double expectedNorm = theirs[theirs.length - 1];
                    double off = Math.abs(norm - expectedNorm) / Math.max(expectedNorm, size * Math.sqrt(n));
                    if (!(off <= largest)) {
                        largest = off;
                        worst = "norm of " + each.getKey() + ": expected " + expectedNorm + ", got " + norm;
                    }
                }
            }
            return new Measure(field, largest, tolerance, largest <= tolerance ? "" : worst);
        }
    }
}
