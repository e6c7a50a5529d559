package dev.aerie.lab.eaglet;

import dev.aerie.AerieException;
import dev.aerie.image.Aspect;
import dev.aerie.image.ImageProcessor;
import dev.aerie.image.Picture;
import dev.aerie.lab.pretrain.Detection;
import dev.aerie.lab.pretrain.Spotting;
import dev.aerie.lab.words.Found;
import dev.aerie.lab.words.Wording;
import dev.aerie.lab.world.World;
import dev.aerie.nn.CheckpointSource;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.DType;
import dev.aerie.vision.Experts;
import dev.aerie.weights.Checkpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    private final Optional<Detection> detector;
    private final Optional<Spotting> reader;
    private final Wording wording;

    public Finders(Path folder) {
        wording = Wording.in(folder);
        try {
            detector = expert(folder, Experts.DET)
                    .map(file ->
                            new Detection(Miniature.EAGLET.expert(Experts.DET, source(file)), head(file), DType.F32));
            reader = expert(folder, Experts.PIX2STRUCT)
                    .map(file -> new Spotting(
                            Miniature.EAGLET.expert(Experts.PIX2STRUCT, source(file)), head(file), DType.F32));
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

    /// The expert's file, where its head lies beside it.
    private static Optional<Path> expert(Path folder, Experts kind) {
        var file = folder.resolve(kind.tower() + ".safetensors");
        return Files.exists(file) && Files.exists(Schooling.head(file)) ? Optional.of(file) : Optional.empty();
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
        var objects = detector.map(each -> each.find(prepared));
        var characters = reader.map(each -> each.find(prepared));
        return IntStream.range(0, pictures.size())
                .mapToObj(i -> wording.say(Found.of(objects.map(all -> all.get(i)), characters.map(all -> all.get(i)))))
                .toList();
    }

    /// A question about pictures, behind what was found in them.
    public String ask(List<Picture> pictures, String question) {
        return Stream.concat(say(pictures).stream(), Stream.of(question))
                .filter(each -> !each.isEmpty())
                .collect(Collectors.joining(" "));
    }

    @Override
    public void close() {
        open.forEach(CheckpointSource::close);
        open.clear();
    }
}
