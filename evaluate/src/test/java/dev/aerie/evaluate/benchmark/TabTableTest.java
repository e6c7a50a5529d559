package dev.aerie.evaluate.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TabTableTest {

    private static List<List<String>> rows(String text) throws IOException {
        var rows = new ArrayList<List<String>>();
        new TabTable(new BufferedReader(new StringReader(text))).each(rows::add);
        return rows;
    }

    @Test
    void quotedCellsHoldLinesTabsAndQuotes() throws IOException {
        assertThat(rows("index\thint\tA\n1\t\"two\n\nlines\tof \"\"words\"\"\"\t5\" tall\r\n2\t\t\n"))
                .containsExactly(
                        List.of("index", "hint", "A"),
                        List.of("1", "two\n\nlines\tof \"words\"", "5\" tall"),
                        List.of("2", "", ""));
    }

    @Test
    void anEndInTheMiddleIsAnEnd() throws IOException {
        assertThat(rows("")).isEmpty();
        assertThat(rows("a\t\"b\nc")).containsExactly(List.of("a", "b\nc"));
    }
}
