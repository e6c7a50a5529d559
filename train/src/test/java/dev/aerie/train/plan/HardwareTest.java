package dev.aerie.train.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HardwareTest {

    @Test
    void devicesAsPeopleWriteThem() {
        assertThat(Hardware.parse("8x80GB")).isEqualTo(new Hardware("8x80GB", 8, 80_000_000_000L, 0, 0));
        assertThat(Hardware.parse("1x24GiB").memory()).isEqualTo(24L << 30);
        assertThat(Hardware.here(5).devices()).isEqualTo(1);
        assertThat(Hardware.here(5).memory()).isGreaterThan(1L << 28);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "8", "8x80", "0x80GB", "8x0GB", "x80GB", "8x80TB", "-1x2GB", "9999999999x1GB"})
    void refusesOthers(String text) {
        assertThatThrownBy(() -> Hardware.parse(text))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("cannot plan for");
    }
}
