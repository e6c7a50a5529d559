package dev.aerie.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.aerie.AerieException;
import dev.aerie.text.Message;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonRecordsTest {

    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"[%s,%s,%s]", "  [ %s ,\n\t%s ,%s\r\n]\n ", "\ufeff[%s,%s,%s]\n"})
    void readsAnArrayHoweverItIsSpaced(String layout) {
        try (var records = open(layout.formatted(good(0), good(1), good(2)))) {
            assertThat(records.size()).isEqualTo(3);
            assertThat(records.get(2).id()).isEqualTo("2");
            assertThat(records.get(0)).isEqualTo(records.get(0));
            assertThat(records.get(1).image()).contains("a/1.jpg");
            assertThat(records.get(1).conversation())
                    .containsExactly(new Message("human", "<image>\nWhat, {\"id\" ]?"), new Message("gpt", "It's é\\"));
        }
    }

    @Test
    void readsLines() throws IOException {
        var text = good(0).replace("\n", "") + "\n\n" + good(1).replace("\n", "") + "\r\nnot JSON\n" + "{\"id\": 7}";
        try (var records = JsonRecords.open(Files.writeString(folder.resolve("a.jsonl"), text))) {
            assertThat(records.size()).isEqualTo(4);
            assertThat(records.get(1).id()).isEqualTo("1");
            assertThat(flaw(records, 2)).isEqualTo(Flaw.UNREADABLE);
            assertThat(flaw(records, 3)).isEqualTo(Flaw.WRONG_TYPE);
        }
    }

    /// An object as other data sets are released is one line, however large, and never decoded.
    @Test
    void anObjectOfManyMegabytesIsNoRecord() {
        try (var records = open("{\"images\": [\"" + "x".repeat(17 << 20) + "\"]}")) {
            assertThat(records.size()).isOne();
            assertThat(flaw(records, 0)).isEqualTo(Flaw.UNREADABLE);
        }
    }

    @Test
    void readsAnEmptyArray() {
        try (var records = open(" [ ] ")) {
            assertThat(records.size()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\": \"x\", \"conversations\": [{\"from\": \"human\", \"value\": \"cut",
                "{\"id\": \"x\", \"conversations\": [{\"from\": \"human\", \"value\": \"cut\"}, {\"from\": \"gpt\"",
                "{\"id\": \"x\", \"conversations\": [{\"from\": \"human\", \"value\": \"a \"quote\" in it\"}]}",
                "{\"id\": \"x\" \"conversations\": []}",
                "{\"id\": \"x\", \"conversations\": [}",
                "{\"id\": \"x\", \"conversations\": ]}",
                "{\"id\": \"x\", \"conversations\": [[[]]",
                "{id: \"x\"}",
                "nonsense and more",
                "\"a text\"} ",
                "{\"id\": \"x\", \"value\": \"bad \\q escape\"}",
                "{\"id\": \"x\"} trailing",
                "{\"id\": \"x\", \"id\": \"y\"}",
                ""
            })
    void oneBrokenRecordIsOneBrokenRecord(String broken) {
        for (var separator : List.of(",", ",\n  ")) {
            var text = "[" + String.join(separator, good(0), broken, good(1), good(2)) + "]";
            try (var records = open(text)) {
                var healthy = new ArrayList<String>();
                var flaws = new ArrayList<Flaw>();
                for (var i = 0; i < records.size(); i++) {
                    try {
                        healthy.add(records.get(i).id());
                    } catch (RecordException e) {
                        flaws.add(e.flaw());
                    }
                }
                assertThat(flaws).hasSizeBetween(1, 2).contains(Flaw.UNREADABLE);
                assertThat(healthy).contains("0", "1", "2");
            }
        }
    }

    /// Wherever a record breaks off, it is one broken record, and those around it are whole.
    @Test
    void aRecordMayBreakOffAnywhere() {
        for (var length = 1; length < good(1).length(); length++) {
            var broken = good(1).substring(0, length);
            try (var records = open("[" + String.join(", ", good(0), broken, good(2), good(3)) + "]")) {
                assertThat(records.size()).describedAs(broken).isEqualTo(4);
                assertThat(flaw(records, 1)).isEqualTo(Flaw.UNREADABLE);
                assertThat(List.of(0, 2, 3)).allMatch(i -> records.get(i).id().equals("" + i));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"[%s,%s", "[%s,%s,", "[%s,%s,{\"id\": ", "[%s,%s]]", "[%s,%s] more", "[%s,%s}"})
    void aWrongEndIsReportedAndTheRestRead(String layout) {
        try (var records = open(layout.formatted(good(0), good(1)))) {
            assertThat(records.size()).isEqualTo(3);
            assertThat(records.get(1).id()).isEqualTo("1");
            assertThat(flaw(records, 2)).isEqualTo(Flaw.UNREADABLE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "17", "nonsense", "\"[\""})
    void whatIsNoListIsRefused(String text) {
        assertThatThrownBy(() -> open(text)).isInstanceOf(AerieException.class).hasMessageContaining("data.json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1] | the record",
                "[\"text\"] | the record",
                "[{\"id\": [], \"conversations\": []}] | id of",
                "[{\"id\": 1.5, \"conversations\": []}] | id of",
                "[{\"image\": [\"a\"], \"conversations\": []}] | image of",
                "[{\"conversations\": \"text\"}] | conversations of",
                "[{\"id\": \"a\"}] | conversations of",
                "[{\"conversations\": [\"text\"]}] | from of",
                "[{\"conversations\": [{\"from\": \"gpt\", \"value\": null}]}] | value of",
            })
    void wrongTypesAreNamed(String text, String where) {
        try (var records = open(text)) {
            var error = catchThrowableOfType(RecordException.class, () -> records.get(0));
            assertThat(error.flaw()).isEqualTo(Flaw.WRONG_TYPE);
            assertThat(error).hasMessageContaining(where).hasMessageContaining("byte 1 of");
        }
    }

    @Test
    void idsMayBeNumbersAndPicturesNull() {
        try (var records = open("[{\"id\": 12, \"image\": null, \"conversations\": []}, {\"conversations\": []}]")) {
            assertThat(records.get(0)).isEqualTo(new Record("12", Optional.empty(), List.of()));
            assertThat(records.get(1).id()).isEmpty();
        }
    }

    @Test
    void lengthsCountWords() {
        var text = """
                [{"image": "a", "conversations": [{"from": "human", "value": " two\\u00a0words "}, {"from": "gpt", "value":
                 "one\\u001ctwo\\u0085three\\u200bfour"}]},
                 {"conversations": [{"from": "human", "value": "a b c"}]},
                 {"conversations": []},
                 {"conversations": 1}]""".replace("\"value\":\n", "\"value\":");
        try (var records = open(text)) {
            assertThat(IntStream.range(0, 4).map(records::length)).containsExactly(5, -3, -1, 1);
        }
    }

    /// Whatever bytes a file holds, it opens or is refused, every record is read or refused, and soon.
    @Test
    void damageNeverCrashes() {
        var bytes = ("[" + String.join(",\n", good(0), good(1), good(2)) + "]").getBytes(StandardCharsets.UTF_8);
        var random = new Random(5);
        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            for (var round = 0; round < 300; round++) {
                var copy = Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length));
                for (var i = 0; i < 3; i++) {
                    copy[random.nextInt(copy.length)] = (byte) "[]{},\":\\\0 x\200".charAt(random.nextInt(12));
                }
                var file = Files.write(folder.resolve("damaged.json"), copy);
                try (var records = JsonRecords.open(file)) {
                    for (var i = 0; i < records.size(); i++) {
                        assertThat(records.length(i)).isNotZero();
                    }
                } catch (AerieException e) {
                    assertThat(e).hasMessageContaining("damaged.json");
                }
            }
        });
    }

    /// Thousands of records that are never closed do not make the index slow.
    @Test
    void unclosedRecordsDoNotMultiply() {
        var unclosed = "{\"id\": \"x\", \"conversations\": [{\"from\": \"human\", \"value\": \"y\"},";
        var text = "[" + (unclosed + " ").repeat(50_000) + good(0) + "]";
        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            try (var records = open(text)) {
                assertThat(records.get(records.size() - 1).id()).isEqualTo("0");
            }
        });
    }

    private static String good(int id) {
        return """
            {"id": "%s", "image": "a/%s.jpg", "conversations": [{"from": "human", "value": "<image>\\nWhat, {\\"id\\" ]?"},
             {"value": "It's \\u00e9\\\\", "from": "gpt"}], "more": {"n": [1, -2.5e3, true, null]}}""".formatted(id, id);
    }

    private JsonRecords open(String text) {
        try {
            return JsonRecords.open(Files.writeString(folder.resolve("data.json"), text));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Flaw flaw(Records records, long index) {
        return catchThrowableOfType(RecordException.class, () -> records.get(index))
                .flaw();
    }
}
