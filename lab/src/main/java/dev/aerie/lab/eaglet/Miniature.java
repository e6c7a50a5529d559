package dev.aerie.lab.eaglet;

import dev.aerie.AerieException;
import dev.aerie.eagle.ConfigWriter;
import dev.aerie.eagle.EagleConfig;
import dev.aerie.eagle.Mixture;
import dev.aerie.image.Aspect;
import dev.aerie.lab.world.World;
import dev.aerie.lab.world.WorldTokenizer;
import dev.aerie.language.LlamaConfig;
import dev.aerie.language.Rope;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.DType;
import dev.aerie.text.Tokenizer;
import dev.aerie.vision.Clip;
import dev.aerie.vision.ConvNext;
import dev.aerie.vision.DinoV2;
import dev.aerie.vision.Eva02;
import dev.aerie.vision.EvaClip;
import dev.aerie.vision.Experts;
import dev.aerie.vision.InternVit;
import dev.aerie.vision.Pix2Struct;
import dev.aerie.vision.Sam;
import dev.aerie.vision.VisionExpert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The sizes of a miniature: 128 pixels stand for the published 1,024, and the experts are those of `core`, only
/// smaller.
///
/// @param grid  side of the grid of visual tokens
/// @param rows  positions of a row at most: the picture, its caption and all its questions
/// @param eyes  the experts
/// @param words the decoder
public record Miniature(int grid, int rows, Eyes eyes, Decoder words) {

    /// Eaglet: a visual token stands for 8 pixels, so that at most one character has its middle in it, and reading on
    /// is attending to the next token.
    public static final Miniature EAGLET = new Miniature(
            16,
            640,
            new Eyes(
                    new Clip.Size(128, 4, 512, 8, 6),
                    new ConvNext.Size(List.of(1, 1, 2), List.of(48, 96, 192), 0),
                    new Sam.Size(64, 3, 256, 32, 8, 16, 14, new TreeSet<>(Set.of(0, 1, 2))),
                    new Eva02.Size(128, 4, 352, 16, 8, 16, 3),
                    new DinoV2.Size(128, 3, 512, 8, 16),
                    new Pix2Struct.Size(128, 4, 352, 17)),
            new Decoder(192, 4, 3, 512));

    /// That of studies: a visual token stands for 16 pixels, so that there are a quarter as many, and all is smaller.
    public static final Miniature STUDY = new Miniature(
            8,
            384,
            new Eyes(
                    new Clip.Size(64, 4, 256, 8, 6),
                    new ConvNext.Size(List.of(1, 1, 1), List.of(32, 64, 96), 0),
                    new Sam.Size(64, 2, 192, 16, 8, 16, 14, new TreeSet<>(Set.of(0, 1))),
                    new Eva02.Size(64, 3, 176, 16, 8, 16, 3),
                    new DinoV2.Size(64, 3, 256, 16, 8),
                    new Pix2Struct.Size(128, 3, 352, 9)),
            new Decoder(128, 3, 2, 352));

    /// @param hidden width of the SwiGLU
    public record Decoder(int width, int layers, int heads, int hidden) {}

    /// The experts' sizes.
    public record Eyes(
            Clip.Size clip,
            ConvNext.Size convnext,
            Sam.Size sam,
            Eva02.Size det,
            DinoV2.Size dino,
            Pix2Struct.Size pix2struct) {}

    /// The mixture of five, in the paper's order.
    public static final String X5 = "clip-448;convnext-1024;sam-1024;det-1024;pix2struct-1024";

    /// With the self-supervised expert, which adds little (§3.4 of the paper).
    public static final String X6 = X5 + ";dinov2-448";

    /// All that the miniature has.
    public static final String ALL = X6 + ";eva-clip-336;internvit-448";

    private static final String LAST_OF_START = "tokenizer_config.json";

    /// CLIP is trained at 48 pixels and looks at 64, as the published one at 336 and 448.
    private static final int CLIP_TRAINED = 48;

    private static final int CLIP_INPUT = 64;

    /// Pix2Struct's patches always have 16 pixels: its pictures are as large as it takes to give one for every token.
    private static final int PIX2STRUCT_PATCH = 16;

    /// The sizes of a mixture.
    public Mixture.Shape shape() {
        var inputs = new EnumMap<Experts, Integer>(Experts.class);
        for (var kind : Experts.values()) {
            inputs.put(kind, input(kind));
        }
        return new Mixture.Shape(World.SIDE, grid, Map.copyOf(inputs));
    }

    private int input(Experts kind) {
        return switch (kind) {
            case CLIP -> CLIP_INPUT;
            case PIX2STRUCT -> PIX2STRUCT_PATCH * grid;
            default -> World.SIDE;
        };
    }

    /// An expert of the miniature's size, for pictures of the size that it is trained with alone.
    public VisionExpert expert(Experts kind, ParameterSource source) {
        return switch (kind) {
            case CLIP -> new Clip(source.at("vision_model"), eyes.clip, Clip.Form.MIXTURE, CLIP_TRAINED);
            case CONVNEXT -> new ConvNext(source, eyes.convnext, World.SIDE);
            case SAM -> new Sam(source, eyes.sam);
            case DET -> new Eva02(source, eyes.det, World.SIDE);
            case PIX2STRUCT -> new Pix2Struct(source, eyes.pix2struct, input(kind));
            case DINOV2 -> new DinoV2(source, eyes.dino, World.SIDE);
            case EVA_CLIP -> new EvaClip(source, evaClip(), World.SIDE);
            case INTERNVIT -> new InternVit(source, internVit(), World.SIDE);
            default -> throw unknown(kind);
        };
    }

    /// As wide and deep as the detector, of whose family it is, with a patch for each visual token.
    private EvaClip.Size evaClip() {
        return new EvaClip.Size(eyes.det.width(), eyes.det.layers(), eyes.det.mlp(), World.SIDE / grid, grid, 0);
    }

    /// As wide and deep as CLIP, with a patch for each visual token.
    private InternVit.Size internVit() {
        var clip = eyes.clip;
        return new InternVit.Size(
                clip.width(), clip.layers(), clip.mlp(), World.SIDE / grid, grid, InternVit.Form.LAYER_NORM);
    }

    static AerieException unknown(Experts kind) {
        return new AerieException("the miniature has no " + kind.tower() + "; expected some of " + ALL);
    }

    /// @throws AerieException if there is no such expert in the miniature
    static void require(Experts kind) {
        if (!Experts.parse(ALL).contains(kind)) {
            throw unknown(kind);
        }
    }

    /// Writes a folder that a fresh model begins with, if it is not there: the decoder's sizes and the vocabulary.
    public void writeStart(Path folder) {
        if (Files.exists(folder.resolve(LAST_OF_START))) {
            return;
        }
        try {
            Files.createDirectories(folder);
            var scratch = Files.createTempDirectory(folder.toAbsolutePath().getParent(), ".start");
            WorldTokenizer.write(scratch);
            var tokenizer = Tokenizer.open(scratch);
            var special = new ConfigWriter.SpecialIds(
                    tokenizer.bos().orElse(0),
                    tokenizer.eos().orElse(0),
                    tokenizer.pad().orElse(0));
            new ConfigWriter(decoder(tokenizer), DType.BF16, special, 0).writeTo(scratch);
            try (var files = Files.list(scratch)) {
                for (var file :
                        files.filter(each -> !each.endsWith(LAST_OF_START)).toList()) {
                    move(file, folder);
                }
            }
            move(scratch.resolve(LAST_OF_START), folder);
            Files.delete(scratch);
        } catch (IOException e) {
            throw new AerieException("cannot write " + folder + " (" + e + "); check permissions and free space", e);
        }
    }

    private static void move(Path file, Path folder) throws IOException {
        Files.move(
                file,
                folder.resolve(file.getFileName()),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    /// The decoder alone, with what a mixture around it looks like.
    public EagleConfig decoder(Tokenizer tokenizer) {
        return new EagleConfig(
                "LlamaForCausalLM",
                language(tokenizer.size()),
                "",
                shape(),
                "identity",
                Aspect.PAD,
                tokenizer.eos().stream().boxed().collect(Collectors.toSet()),
                rows);
    }

    /// The decoder's sizes.
    ///
    /// @param vocabulary number of tokens
    public LlamaConfig language(int vocabulary) {
        return new LlamaConfig(
                words.width,
                words.layers,
                words.heads,
                words.heads,
                words.width / words.heads,
                words.hidden,
                vocabulary,
                1e-5,
                new Rope(words.width / words.heads, 10_000, Rope.Scaling.NONE),
                rows,
                true,
                false,
                false);
    }
}
