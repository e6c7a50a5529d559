package dev.aerie.damage;

import dev.aerie.eagle.AnswerListener;
import dev.aerie.eagle.AnswerOptions;
import dev.aerie.eagle.Eagle;
import dev.aerie.eagle.Question;
import dev.aerie.image.Aspect;
import dev.aerie.image.ImageProcessor;
import dev.aerie.image.Pictures;
import dev.aerie.text.Tokenizer;
import dev.aerie.weights.WeightFiles;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A file that is damaged, and how it is then used.
///
/// @param kind   `weights`, `checkpoint`, `tokenizer`, `config` or `picture`
/// @param folder the files it lies among; they are copied with it
record Victim(String kind, Path folder, String name) {

    Path file() {
        return folder.resolve(name);
    }

    static List<Victim> all(Path resources) throws IOException {
        var victims = new ArrayList<Victim>();
        var models = resources.resolve("golden/model");
        add(victims, "weights", resources.resolve("weights"), ".*\\.(pt|pth)");
        victims.add(new Victim("weights", models.resolve("eagle-x4-tiny-llama3"), "pytorch_model-00001-of-00002.bin"));
        victims.add(new Victim("weights", models.resolve("eagle-x2-tiny"), "model.safetensors"));
        victims.add(new Victim("weights", resources.resolve("golden/vision/clip-336"), "expected.safetensors"));
        victims.add(new Victim("checkpoint", models.resolve("eagle-x2-tiny"), "model.safetensors"));
        for (var model : List.of("eagle-x2-tiny", "eagle-x5-tiny", "eagle-x4-tiny-llama3")) {
            add(victims, "config", models.resolve(model), ".*config\\.json|.*index\\.json|special_tokens_map\\.json");
        }
        for (var text : List.of("sentencepiece-new", "sentencepiece-legacy", "sentencepiece-chatml", "bpe-llama3")) {
            add(victims, "tokenizer", resources.resolve("golden/text").resolve(text), "(tokenizer|special).*");
        }
        add(victims, "picture", resources.resolve("golden/image/files"), ".*");
        return victims;
    }

    private static void add(List<Victim> victims, String kind, Path folder, String names) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(Files::isRegularFile)
                    .map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.matches(names))
                    .sorted()
                    .forEach(name -> victims.add(new Victim(kind, folder, name)));
        }
    }

    /// Uses the damaged copy in `place` as far as a user would.
    void use(Path place) {
        switch (kind) {
            case "weights" -> read(place.resolve(name));
            case "tokenizer" -> {
                var tokenizer = Tokenizer.open(place);
                tokenizer.decode(tokenizer.encode("What is written on the sign? ünï 猫 <image></s>"), true);
            }
            case "picture" -> ImageProcessor.clip(64, Aspect.PAD).prepare(Pictures.read(place.resolve(name)));
            default -> {
                try (var eagle = Eagle.open(place)) {
                    eagle.ask(
                            new Question("Is there a cat?", List.of()),
                            AnswerOptions.DEFAULT.withMaxTokens(2),
                            AnswerListener.NONE);
                }
            }
        }
    }

    private static void read(Path path) {
        try (var file = WeightFiles.open(path)) {
            for (var name : file.names()) {
                var data = file.find(name).orElseThrow().data();
                for (long at = 0; at < data.byteSize(); at += 512) {
                    data.get(ValueLayout.JAVA_BYTE, at);
                }
            }
        }
    }
}
