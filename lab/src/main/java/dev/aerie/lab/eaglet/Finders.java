package dev.aerie.lab.eaglet;

import dev.aerie.AerieException;
import dev.aerie.eagle.Question;
import dev.aerie.image.Aspect;
import dev.aerie.image.ImageProcessor;
import dev.aerie.image.Picture;
import dev.aerie.lab.pretrain.Detection;
import dev.aerie.lab.pretrain.ExpertEye;
import dev.aerie.lab.pretrain.Eye;
import dev.aerie.lab.pretrain.Spotting;
import dev.aerie.lab.words.Found;
import dev.aerie.lab.words.Wording;
import dev.aerie.lab.world.World;
import dev.aerie.nn.CheckpointSource;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Gradients;
import dev.aerie.tensor.TensorScope;
import dev.aerie.vision.Experts;
import dev.aerie.weights.Checkpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The miniature's detector and its text reader, each with the head that it learned its own task with, say what they
/// find. They lie in a folder as [Schooling#run] leaves them, `det-1024.safetensors` beside `det-1024.head.safetensors`
/// and the same of `pix2struct-1024`; one of the two may be missing. A `words.json` there says how it is worded, see
/// [Wording]. Used by one thread at a time.
public final class Finders implements AutoCloseable {

    private static final ImageProcessor PROCESSOR = ImageProcessor.clip(World.SIDE, Aspect.PAD);

    private final List<CheckpointSource> open = new ArrayList<>();
    private final Optional<Finder<Detection>> detector;
    private final Optional<Finder<Spotting>> reader;
    private final Wording wording;

    private record Finder<T>(ExpertEye eye, T task) {}

    public Finders(Path folder) {
        wording = Wording.in(folder);
        try {
            detector = finder(folder, Experts.DET, Detection::new);
            reader = finder(folder, Experts.PIX2STRUCT, Spotting::new);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
        if (detector.isEmpty() && reader.isEmpty()) {
            throw new AerieException("cannot find anything with " + folder + ": expected det-1024.safetensors or"
                    + " pix2struct-1024.safetensors there, each with its .head.safetensors, as 'aerie lab eaglet' makes"
                    + " them in DIR/experts");
        }
    }

    /// Whether a folder holds one of the experts that can be finders, with its head or without.
    static boolean someIn(Path folder) {
        return Stream.of(Experts.DET, Experts.PIX2STRUCT).anyMatch(kind -> Files.exists(file(folder, kind)));
    }

    private static Path file(Path folder, Experts kind) {
        return folder.resolve(kind.tower() + ".safetensors");
    }

    /// The expert with its task, where the head lies beside it.
    private <T> Optional<Finder<T>> finder(Path folder, Experts kind, BiFunction<Eye, ParameterSource, T> task) {
        var file = file(folder, kind);
        if (!Files.exists(file) || !Files.exists(Schooling.head(file))) {
            return Optional.empty();
        }
        var eye = ExpertEye.of(Miniature.EAGLET.expert(kind, source(file)), DType.F32);
        return Optional.of(new Finder<>(eye, task.apply(eye, head(file))));
    }

    private ParameterSource source(Path file) {
        var source = new CheckpointSource(Checkpoint.open(file));
        open.add(source);
        return source;
    }

    private ParameterSource head(Path expert) {
        return Schooling.head(source(Schooling.head(expert)));
    }

    /// What is found in each picture, in words; pictures of any size are padded and resized.
    public List<String> say(List<Picture> pictures) {
        var prepared = pictures.stream().map(PROCESSOR::prepare).toList();
        return Gradients.without(() -> {
            try (var _ = TensorScope.open()) {
                var objects = detector.map(each -> each.task().find(each.eye().lookAt(prepared)));
                var characters = reader.map(each -> each.task().find(each.eye().lookAt(prepared)));
                return IntStream.range(0, pictures.size())
                        .mapToObj(i -> wording.say(
                                Found.of(objects.map(all -> all.get(i)), characters.map(all -> all.get(i)))))
                        .toList();
            }
        });
    }

    /// A question behind what was found in its pictures.
    public Question behindFound(Question question) {
        return question.behind(say(question.pictures()).stream()
                .filter(each -> !each.isEmpty())
                .collect(Collectors.joining(" ")));
    }

    @Override
    public void close() {
        open.forEach(CheckpointSource::close);
        open.clear();
    }
}
