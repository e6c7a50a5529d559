package dev.aerie.train.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import dev.aerie.nn.Between;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.vision.Clip;
import dev.aerie.vision.ConvNext;
import dev.aerie.vision.DinoV2;
import dev.aerie.vision.Eva02;
import dev.aerie.vision.EvaClip;
import dev.aerie.vision.ExpertSpec;
import dev.aerie.vision.Experts;
import dev.aerie.vision.FeatureMap;
import dev.aerie.vision.InternVit;
import dev.aerie.vision.Pix2Struct;
import dev.aerie.vision.Sam;
import dev.aerie.vision.SigLip;
import dev.aerie.vision.VisionExpert;
import dev.aerie.weights.SafetensorsWriter;
import dev.aerie.weights.TensorSource;
import dev.aerie.weights.TorchWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Small experts under the names of their origins see as they do under Eagle's.
class OriginTest {

    @TempDir
    Path folder;

    private static final int CLIP_SIDE = 28;
    private static final Function<ParameterSource, VisionExpert> CLIP = source ->
            new Clip(source.at("vision_model"), new Clip.Size(64, 2, 96, 14, 3), Clip.Form.MIXTURE, CLIP_SIDE);
    private static final Function<ParameterSource, VisionExpert> CONVNEXT =
            source -> new ConvNext(source, new ConvNext.Size(List.of(1, 2), List.of(8, 16), 5), 32);
    private static final Function<ParameterSource, VisionExpert> SAM =
            source -> new Sam(source, new Sam.Size(64, 2, 96, 4, 16, 4, 3, Set.of(1)));
    private static final Function<ParameterSource, VisionExpert> DET =
            source -> new Eva02(source, new Eva02.Size(64, 3, 40, 4, 3, 16, 3), 16);
    private static final Function<ParameterSource, VisionExpert> PIX2STRUCT =
            source -> new Pix2Struct(source, new Pix2Struct.Size(64, 2, 96, 5), 64);
    private static final Function<ParameterSource, VisionExpert> DINOV2 =
            source -> new DinoV2(source, new DinoV2.Size(64, 2, 96, 14, 3), 28);
    private static final Function<ParameterSource, VisionExpert> SIGLIP =
            source -> shown05(new SigLip(source.at("vision_model"), new SigLip.Size(64, 2, 96, 14, 2), 28));
    private static final Function<ParameterSource, VisionExpert> EVA_CLIP =
            source -> new EvaClip(source, new EvaClip.Size(64, 2, 40, 14, 3, 5), 28);
    private static final Function<ParameterSource, VisionExpert> INTERNVIT =
            source -> new InternVit(source, new InternVit.Size(64, 2, 96, 14, 3, InternVit.Form.LAYER_NORM), 28);
    private static final Function<ParameterSource, VisionExpert> INTERNVIT_6B =
            source -> new InternVit(source, new InternVit.Size(128, 2, 96, 14, 3, InternVit.Form.RMS_NORM), 28);

    /// A mixture's pixels have CLIP's mean and deviation; SigLIP knows such with 0.5.
    private static VisionExpert shown05(VisionExpert expert) {
        return new VisionExpert() {
            @Override
            public ExpertSpec spec() {
                return expert.spec();
            }

            @Override
            public FeatureMap encode(Tensor pixels, Between between) {
                var mean = Tensor.of(new float[] {0.48145466f, 0.4578275f, 0.40821073f}, 3, 1, 1);
                var deviation = Tensor.of(new float[] {0.26862954f, 0.26130258f, 0.27577711f}, 3, 1, 1);
                return expert.encode(pixels.times(deviation).plus(mean).times(2).plus(-1), between);
            }
        };
    }

    private static TensorSource noise(String name, long... shape) {
        var floats = new float[(int) Arrays.stream(shape).reduce(1, Math::multiplyExact)];
        Arrays.fill(floats, 9);
        var bytes = java.nio.ByteBuffer.allocate(4 * floats.length).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(floats);
        return new TensorSource(name, DType.F32, shape, out -> out.write(bytes.duplicate()));
    }

    private static float[] features(VisionExpert expert) {
        int side = expert.spec().input();
        var values = new float[3 * side * side];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(0.37 * i);
        }
        return expert.encode(Tensor.of(values, 1, 3, side, side), Between.NOTHING)
                .tokens()
                .toFloats();
    }

    /// Writes the expert's weights under other names, among other tensors, and looks through both.
    private void sameFeatures(
            Experts kind,
            Function<ParameterSource, VisionExpert> make,
            UnaryOperator<String> names,
            List<TensorSource> others,
            Function<List<TensorSource>, Path> write) {
        try (var recorded = new Recorded();
                var _ = TensorScope.open()) {
            var expert = make.apply(recorded);
            var expected = features(expert);
            var tensors = new ArrayList<>(recorded.named(names));
            tensors.addAll(others);
            try (var origin = Origin.expert(kind, write.apply(tensors))) {
                var seen = features(kind.make(origin, expert.spec().input()));
                assertThat(seen).describedAs(kind.tower()).isEqualTo(expected);
            }
            assertThat(expected).doesNotContain(Float.NaN);
            assertThat(Arrays.stream(new int[] {0, 1, 2})
                            .mapToObj(i -> expected[i])
                            .distinct())
                    .hasSize(3);
        }
    }

    private Path safetensors(List<TensorSource> tensors) {
        var file = folder.resolve("model.safetensors");
        SafetensorsWriter.write(file, tensors, Map.of());
        return file;
    }

    private Path torch(List<TensorSource> tensors) {
        var file = folder.resolve("model.bin");
        TorchWriter.write(file, tensors);
        return file;
    }

    @Test
    void clipFromTransformers() {
        var others = List.of(
                noise("text_model.embeddings.token_embedding.weight", 3, 2),
                noise("logit_scale"),
                noise("visual_projection.weight", 4, 4));
        sameFeatures(Experts.CLIP, CLIP, name -> name, others, this::safetensors);
        sameFeatures(Experts.CLIP, CLIP, name -> "clip." + name, others, this::torch);
    }

    @Test
    void convNextFromOpenClipAndTimm() {
        UnaryOperator<String> timm = name -> name.replaceFirst("(blocks\\.\\d+)\\.weight$", "$1.gamma");
        sameFeatures(Experts.CONVNEXT, CONVNEXT, timm, List.of(), this::safetensors);
        sameFeatures(
                Experts.CONVNEXT,
                CONVNEXT,
                name -> "visual.trunk." + timm.apply(name),
                List.of(noise("visual.head.proj.weight", 2, 2), noise("transformer.resblocks.0.ln_1.weight", 3)),
                this::torch);
        sameFeatures(Experts.CONVNEXT, CONVNEXT, name -> name, List.of(), this::safetensors);
    }

    @Test
    void samFromTransformers() {
        sameFeatures(
                Experts.SAM,
                SAM,
                name -> "vision_encoder." + name,
                List.of(
                        noise("vision_encoder.neck.conv2.weight", 4, 4, 3, 3),
                        noise("prompt_encoder.shared_embedding.positional_embedding", 2, 3),
                        noise("mask_decoder.iou_token.weight", 1, 4)),
                this::safetensors);
    }

    @Test
    void pix2StructFromTransformers() {
        sameFeatures(
                Experts.PIX2STRUCT,
                PIX2STRUCT,
                name -> "encoder." + name,
                List.of(noise("decoder.embed_tokens.weight", 3, 4), noise("decoder.final_layer_norm.weight", 4)),
                this::torch);
    }

    @Test
    void dinoV2FromTransformers() {
        sameFeatures(Experts.DINOV2, DINOV2, name -> name, List.of(), this::safetensors);
        sameFeatures(
                Experts.DINOV2,
                DINOV2,
                name -> "dinov2." + name,
                List.of(noise("classifier.weight", 2, 4)),
                this::safetensors);
    }

    @Test
    void sigLipFromTransformers() {
        sameFeatures(
                Experts.SIGLIP,
                SIGLIP,
                name -> name,
                List.of(noise("text_model.embeddings.position_embedding.weight", 3, 4)),
                this::safetensors);
    }

    @Test
    void evaClipFromItsAuthorsAndOpenClip() {
        var others = List.of(
                noise("visual.blocks.0.attn.rope.freqs_cos", 4, 64),
                noise("text.token_embedding.weight", 3, 2),
                noise("text.transformer.resblocks.0.ln_1.weight", 3),
                noise("logit_scale"));
        sameFeatures(Experts.EVA_CLIP, EVA_CLIP, name -> "visual." + name, others, this::torch);
        UnaryOperator<String> timm = name -> name.replaceFirst("attn\\.([qv])_bias", "attn.$1_proj.bias")
                .replaceFirst("inner_attn_ln|ffn_ln", "norm")
                .replaceFirst("mlp\\.w1\\.", "mlp.fc1_g.")
                .replaceFirst("mlp\\.w2\\.", "mlp.fc1_x.")
                .replaceFirst("mlp\\.w3\\.", "mlp.fc2.");
        sameFeatures(Experts.EVA_CLIP, EVA_CLIP, name -> "visual.trunk." + timm.apply(name), others, this::safetensors);
        sameFeatures(Experts.EVA_CLIP, EVA_CLIP, timm, List.of(), this::safetensors);
    }

    @Test
    void internVitFromInternVl() {
        var others = List.of(
                noise("language_model.model.layers.0.attention.wqkv.weight", 3, 2),
                noise("mlp1.1.weight", 4, 4),
                noise("vision_model.encoder.layers.2.norm1.bias", 4));
        for (var form : List.of(INTERNVIT, INTERNVIT_6B)) {
            sameFeatures(Experts.INTERNVIT, form, name -> name, List.of(), this::safetensors);
            sameFeatures(Experts.INTERNVIT, form, name -> "vision_model." + name, others, this::safetensors);
        }
    }

    /// The detector's file is a dictionary of dictionaries.
    @Test
    void eva02FromItsDetectors() {
        var others = List.of(
                noise("backbone.simfp_2.0.weight", 2, 2),
                noise("proposal_generator.anchor_generator.cell_anchors.0", 3, 4),
                noise("backbone.net.rope_win.freqs_cos", 2, 2));
        for (var section : List.of("ema_state", "module", "model")) {
            sameFeatures(
                    Experts.DET,
                    DET,
                    name -> "backbone.net." + name,
                    others,
                    tensors -> nested(torch(tensors), section));
        }
        sameFeatures(Experts.DET, DET, name -> "backbone.net." + name, others, this::torch);
    }

    @Test
    void theAveragedCopyOfADetectorIsTaken() {
        for (var copies : List.of(
                List.of("ema_state.backbone.net.", "module.backbone.net.", "backbone.net."),
                List.of("module.backbone.net.", "net.", ""))) {
            var others = copies.stream()
                    .skip(1)
                    .map(prefix -> noise(prefix + "patch_embed.proj.weight", 64, 3, 4, 4))
                    .toList();
            sameFeatures(Experts.DET, DET, name -> copies.getFirst() + name, others, this::torch);
        }
    }

    /// The detector's names are in EVA-CLIP too, which stands before it.
    @Test
    void anExpertOfAMixtureIsTakenFromItsPlace() throws IOException {
        var config = Files.readString(Path.of("../core/src/test/resources/golden/model/eagle-x2-tiny/config.json"));
        Files.writeString(
                folder.resolve("config.json"), config.replace("clip-448;convnext-1024", "eva-clip-336;det-1024"));
        var others = List.of(noise("model.vision_tower.vision_towers.0.patch_embed.proj.weight", 64, 3, 4, 4));
        sameFeatures(Experts.DET, DET, name -> "model.vision_tower.vision_towers.1." + name, others, this::safetensors);
        assertThatThrownBy(() -> Origin.expert(Experts.SAM, folder).close())
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("eva-clip-336;det-1024")
                .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1));
    }

    @Test
    void whatIsNotThereIsSaidInOneLine() {
        var file = safetensors(List.of(noise("something.else", 2)));
        for (var kind : Experts.values()) {
            assertThatThrownBy(() -> Origin.expert(kind, file).close())
                    .isInstanceOf(AerieException.class)
                    .hasMessageContaining(kind.tower())
                    .hasMessageContaining(file.toString())
                    .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1));
        }
    }

    /// The file of a dictionary becomes that of a dictionary that holds it under `key`: `{`, `(`, the key, the
    /// dictionary, `u` (SETITEMS) around what stood between PROTO and STOP.
    private Path nested(Path file, String key) {
        var nested = folder.resolve("detector.pth");
        try (var in = new ZipInputStream(Files.newInputStream(file));
                var out = new ZipOutputStream(Files.newOutputStream(nested))) {
            out.setMethod(ZipOutputStream.STORED);
            for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                var bytes = in.readAllBytes();
                store(out, entry.getName(), entry.getName().endsWith("data.pkl") ? nested(bytes, key) : bytes);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return nested;
    }

    private static byte[] nested(byte[] pickle, String key) {
        var out = new ByteArrayOutputStream();
        out.write(pickle, 0, 2);
        out.writeBytes(new byte[] {'}', '(', 'X', (byte) key.length(), 0, 0, 0});
        out.writeBytes(key.getBytes(StandardCharsets.US_ASCII));
        out.write(pickle, 2, pickle.length - 3);
        out.writeBytes(new byte[] {'u', '.'});
        return out.toByteArray();
    }

    private static void store(ZipOutputStream out, String name, byte[] bytes) throws IOException {
        var sum = new CRC32();
        sum.update(bytes);
        var entry = new ZipEntry(name);
        entry.setSize(bytes.length);
        entry.setCompressedSize(bytes.length);
        entry.setCrc(sum.getValue());
        out.putNextEntry(entry);
        out.write(bytes);
        out.closeEntry();
    }
}
