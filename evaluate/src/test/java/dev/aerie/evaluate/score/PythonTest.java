package dev.aerie.evaluate.score;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Expected values are Python's.
class PythonTest {

    @Test
    void floatsAreWrittenAsPythonWritesThem() {
        assertThat(Python.text(100)).isEqualTo("100.0");
        assertThat(Python.text(1e16)).isEqualTo("1e+16");
        assertThat(Python.text(123456789012345680.0)).isEqualTo("1.2345678901234568e+17");
        assertThat(Python.text(0.0001)).isEqualTo("0.0001");
        assertThat(Python.text(0.00001)).isEqualTo("1e-05");
        assertThat(Python.text(-0.0)).isEqualTo("-0.0");
        assertThat(Python.text(9999999999999998.0)).isEqualTo("9999999999999998.0");
    }

    @Test
    void roundingIsOfTheExactBinaryValue() {
        assertThat(Python.round(2.675, 2)).isEqualTo(2.67);
        assertThat(Python.round(0.125, 2)).isEqualTo(0.12);
        assertThat(Python.text(Python.round(-0.001, 2))).isEqualTo("-0.0");
    }

    @Test
    void numbersAreReadAsPythonReadsThem() {
        assertThat(Python.number(" 1_000.5 ").getAsDouble()).isEqualTo(1000.5);
        assertThat(Python.number("2\u2003\n").getAsDouble()).isEqualTo(2);
        assertThat(Python.number("\u0664").getAsDouble()).isEqualTo(4);
        assertThat(Python.number("-Infinity").getAsDouble()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(Python.number("0".repeat(100_000)).getAsDouble()).isZero();
        for (var text : new String[] {"", "1__0", "1,000", "0x10", "1f", "1d", "e5", ".", "2\u001c", "1 2"}) {
            assertThat(Python.number(text)).describedAs(text).isEmpty();
        }
    }

    @Test
    void sigmaIsAnotherLetterAtTheEndOfAWord() {
        assertThat(Python.lower("ΑΣ ΑΣ٣ ΑΣ.Β Σ ΣΑ İ")).isEqualTo("ας ας٣ ασ.β σ σα i̇");
    }

    @Test
    void textsAreSplitAndCapitalisedAsInPython() {
        assertThat(Python.split("\u00a0a\u2028b\u0085c ")).containsExactly("a", "b", "c");
        assertThat(Python.capitalize("\u01c6ABC")).isEqualTo("\u01c5abc");
        assertThat(Python.capitalize("\u00dfA")).isEqualTo("Ssa");
        assertThat(Python.capitalize("\u0149A")).isEqualTo("\u02bcNa");
        assertThat(Python.capitalize("ΑΣ x")).isEqualTo("Ας x");
    }
}
