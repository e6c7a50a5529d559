package dev.aerie.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class DoctorCommandTest {

    @Test
    void examinesThisMachine() {
        var result = Aerie.run("doctor", "--json");
        assertThat(result.code()).isZero();
        var json = JsonMapper.shared().readTree(result.out());
        assertThat(json.get("fit").booleanValue()).isTrue();
        assertThat(json.get("findings").findValuesAsString("name"))
                .contains("java", "processor", "vectors", "libtorch", "memory", "disk", "products", "attention");
        assertThat(json.get("float32_gflops").doubleValue()).isPositive();
        assertThat(json.get("memory_gb_per_s").doubleValue()).isPositive();
    }

    @Test
    void onlyWhatIsBrokenMakesAMachineUnfit() {
        var good = Finding.good("a", "b");
        var advice = Finding.advice("a", "b", "c");
        assertThat(DoctorCommand.isBroken(List.of(good, advice))).isFalse();
        assertThat(DoctorCommand.isBroken(List.of(good, Finding.broken("a", "b", "c"))))
                .isTrue();
    }
}
