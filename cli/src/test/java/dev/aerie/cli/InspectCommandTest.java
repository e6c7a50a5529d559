package dev.aerie.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class InspectCommandTest {

    private static final Path X5 = Aerie.MODELS.resolve("eagle-x5-tiny");
    private static final Path X2 = Aerie.MODELS.resolve("eagle-x2-tiny");

    @TempDir
    private Path folder = Path.of("");

    @Test
    void saysWhatACheckpointIs() {
        var result = Aerie.run("inspect", X5);
        assertThat(result.code()).isZero();
        assertThat(result.out().lines().map(line -> line.replaceAll(" +", " ")))
                .contains(
                        "architecture EagleLlamaForCausalLM",
                        "towers clip-448, convnext-1024, sam-1024, det-1024, pix2struct-1024",
                        "parameters 2,378,768",
                        " language 430,720",
                        "missing none",
                        "unexpected none");
        assertThat(result.out()).contains("7.1 MB in 2 files").contains("BF16");
    }

    @Test
    void saysTheSameInJson() {
        var json =
                JsonMapper.shared().readTree(Aerie.run("inspect", X5, "--json").out());
        assertThat(json.get("parameters").longValue()).isEqualTo(2_378_768);
        assertThat(json.at("/parameters_by_part/projector").longValue()).isEqualTo(69_888);
        assertThat(json.at("/types/BF16/tensors").intValue()).isEqualTo(286);
        assertThat(json.at("/language/layers").intValue()).isEqualTo(2);
        assertThat(json.get("towers")).hasSize(5);
        assertThat(json.get("missing")).isEmpty();
    }

    @Test
    void listsTensors() {
        var all = Aerie.run("inspect", X5, "--tensors");
        assertThat(all.out()).hasLineCount(286);
        var some = Aerie.run("inspect", X5, "--tensors", "lm_?ead.*");
        assertThat(some.out().strip().split(" {2,}"))
                .containsExactly("lm_head.weight", "BF16", "[400, 128]", "model-00002-of-00002.safetensors");
        var json = Aerie.run("inspect", X5, "--tensors", "lm_head.weight", "--json");
        assertThat(json.out().strip())
                .isEqualTo("{\"name\":\"lm_head.weight\",\"dtype\":\"BF16\",\"shape\":[400,128],"
                        + "\"file\":\"model-00002-of-00002.safetensors\"}");
        var none = Aerie.run("inspect", X5, "--tensors", "[a]*");
        assertThat(none.code()).isEqualTo(Main.MISTAKE);
        assertThat(none.err()).contains("matches '[a]*'").hasLineCount(1);
    }

    @Test
    void namesWhatIsMissing() throws IOException {
        Files.copy(X2.resolve("model.safetensors"), folder.resolve("model.safetensors"));
        var config = Files.readString(X2.resolve("config.json"));
        Files.writeString(
                folder.resolve("config.json"),
                config.replace("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3")
                        .replace("\"vocab_size\": 400", "\"vocab_size\": 401"));
        var result = Aerie.run("inspect", folder);
        assertThat(result.code()).isZero();
        assertThat(result.out())
                .containsPattern("missing +9")
                .contains("model.layers.2.self_attn.q_proj.weight [64, 64]")
                .contains("--json lists all")
                .containsPattern("wrong shape +2")
                .contains("lm_head.weight [401, 64], found [400, 64]");
        var json = JsonMapper.shared()
                .readTree(Aerie.run("inspect", folder, "--json").out());
        assertThat(json.get("missing")).hasSize(9);
        assertThat(json.at("/wrong_shape/0/needed").toString()).isEqualTo("[401,64]");
    }

    @Test
    void takesSingleFiles() {
        var result =
                Aerie.run("inspect", Aerie.MODELS.resolve("eagle-x4-tiny-llama3/pytorch_model-00001-of-00002.bin"));
        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("in 1 file").doesNotContain("towers").doesNotContain("missing");
    }

    @Test
    void refusesWhatIsNotThere() {
        for (var path : new Path[] {folder, folder.resolve("none.safetensors")}) {
            var result = Aerie.run("inspect", path);
            assertThat(result.code()).isEqualTo(Main.MISTAKE);
            assertThat(result.err()).startsWith("aerie: ").hasLineCount(1);
        }
    }

    @Test
    void foreignTextCannotSteerTheTerminal() {
        assertThat(Plain.text("a\u001b[2Jb\r\n")).isEqualTo("a?[2Jb??");
        assertThat(Plain.bytes(999)).isEqualTo("999 bytes");
        assertThat(Plain.bytes(18_123_456_789L)).isEqualTo("18.1 GB");
        assertThat(Plain.bytes(286_000_000)).isEqualTo("286 MB");
    }
}
