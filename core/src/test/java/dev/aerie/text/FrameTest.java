package dev.aerie.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class FrameTest {

    @Test
    void framesStandAroundEachOther() {
        var frame = read("""
                {"type": "Sequence", "processors": [
                  {"type": "ByteLevel"},
                  {"type": "BertProcessing", "cls": ["c", 3], "sep": ["s", 4]},
                  {"type": "TemplateProcessing",
                   "single": [{"SpecialToken": {"id": "b"}}, {"Sequence": {"id": "A"}}, {"SpecialToken": {"id": "e"}}],
                   "special_tokens": {"b": {"ids": [1, 2]}, "e": {"ids": [9]}}}]}""");
        assertThat(frame.around(new int[] {7, 7})).containsExactly(1, 2, 3, 7, 7, 4, 9);
    }

    @Test
    void nothingStandsAroundWithoutAProcessor() {
        assertThat(read("null").around(new int[] {7})).containsExactly(7);
    }

    private static Frame read(String json) {
        return Frame.read(new JsonMapper().readTree(json), "tokenizer.json");
    }
}
