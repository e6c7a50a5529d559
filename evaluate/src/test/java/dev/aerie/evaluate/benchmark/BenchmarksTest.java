package dev.aerie.evaluate.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchmarksTest {

    @Test
    void anUnknownNameIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> Benchmarks.named("gqq"))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("'gqq'")
                .hasMessageContaining("gqa, vqav2");
    }

    @Test
    void namesAreUnique() {
        assertThat(Benchmarks.ALL).extracting(each -> each.card().name()).doesNotHaveDuplicates();
    }

    /// A question counts if it is right in every rotation; one whose first rotation was not asked does not count.
    @Test
    void mmbenchIsCircular() {
        var groups = List.of(
                List.of(scored("1", 1), scored("1000001", 1)),
                List.of(scored("2", 1), scored("1000002", 0)),
                List.of(scored("1000003", 1)));
        assertThat(Benchmarks.named("mmbench")
                        .figures(groups, Scoring.REFERENCE)
                        .getFirst()
                        .value())
                .isEqualTo(50);
    }

    private static Scored scored(String id, double score) {
        return new Scored(1, 1, id, "g", "", "", "", List.of(), "", score, "", 0, 0, 0, "");
    }

    @Test
    void pythonsListsAreRead() {
        assertThat(PythonList.parse("['a', \"b's\", 'c\\'d', '\\u00e9\\\\', ]"))
                .contains(List.of("a", "b's", "c'd", "é\\"));
        assertThat(PythonList.parse("[]")).contains(List.of());
        for (var wrong : new String[] {"", "['a'", "['a' 'b']", "[a]", "['a']x", "['\\u00e']", "['a\\"}) {
            assertThat(PythonList.parse(wrong)).describedAs(wrong).isEmpty();
        }
    }
}
